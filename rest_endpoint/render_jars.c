#include "rest_endpoint/render_internal.h"

#include "rest_endpoint/jars_internal.h"
#include "rest_endpoint/render.h"

/* Source: Flink JarUploadResponseBody. */
void render_jar_upload(const struct jar *jar, struct buffer *out)
{
    struct json_writer json = {.out = out};
    struct buffer path = {0};

    buffer_text(&path, JAR_FOLDER "/");
    buffer_text(&path, jar->id);
    json_begin_object(&json);
    json_key(&json, "filename");
    render_text_and_free(&json, &path);
    json_member_text(&json, "status", "success");
    json_end_object(&json);
}

/* No jar is opened here, so the entry class of one that was uploaded is not known. */
static void render_jar(struct json_writer *json, const char *id, const char *name,
                       int64_t uploaded_ms, const char *entry_class)
{
    json_begin_object(json);
    json_member_text(json, "id", id);
    json_member_text(json, "name", name);
    json_member_int64(json, "uploaded", uploaded_ms);
    json_member_array(json, "entry");
    if (entry_class) {
        json_begin_object(json);
        json_member_text(json, "name", entry_class);
        json_member_null(json, "description");
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
}

/* The newest comes first, the one that is always there last. Source: Flink JarListInfo. */
void render_jars(const struct jars *jars, const char *address, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    json_member_text(&json, "address", address);
    json_member_array(&json, "files");
    for (struct list *link = jars->uploaded.next; link != &jars->uploaded; link = link->next) {
        const struct jar *jar = CONTAINER_OF(link, struct jar, in_uploaded);
        render_jar(&json, jar->id, jar->name, jar->uploaded_ms, NULL);
    }
    render_jar(&json, JAR_PRETEND, JAR_PRETEND, 0, "PretendJob");
    json_end_array(&json);
    json_end_object(&json);
}

/* An application of one job has the job's id. Source: Flink JarRunResponseBody. */
void render_jar_run(struct id job, const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    render_member_id(&json, "jobid", job);
    if (wire->applications)
        render_member_id(&json, "applicationId", job);
    json_end_object(&json);
}
