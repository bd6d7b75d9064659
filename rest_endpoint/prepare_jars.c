#include "rest_endpoint/prepare_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/duration.h"
#include "base/text.h"
#include "rest_endpoint/render.h"

static const struct id NOBODY = {0};

static enum admission refuse(struct endpoint *endpoint, struct reply *reply, const char *sentence)
{
    *reply = reply_error(&endpoint->maker, NOBODY, &error_bad_request, "%s", sentence);
    return REPLIED;
}

/* Without the folders that a client may send along. Source: Flink FileUploadHandler. */
static struct span base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return (struct span){name, strlen(name)};
}

static bool is_jar(const struct span *name)
{
    return name->length >= 4 && memcmp(name->text + name->length - 4, ".jar", 4) == 0;
}

/* Source: Flink JarUploadHandler. */
enum admission prepare_jar_upload(struct endpoint *endpoint, struct inquiry *inquiry,
                                  struct reply *reply)
{
    const struct upload *upload = inquiry->request->upload;
    const size_t count = upload ? upload->file_count : 0;
    if (count != 1) {
        *reply = reply_error(&endpoint->maker, NOBODY, &error_bad_request,
                             "Exactly 1 file must be sent, received %zu.", count);
        return REPLIED;
    }
    const struct span name = base_name(upload->file_name);
    if (!is_jar(&name))
        return refuse(endpoint, reply, "Only Jar files are allowed.");
    const struct jar *jar = jars_add(&endpoint->jars, &name, make_up_id(endpoint, inquiry),
                                     inquiry->moment->wall_us / 1000);
    if (!jar)
        return NOT_ADMITTED;
    struct buffer bytes = {0};
    render_jar_upload(jar, &bytes);
    return reply_at_once(endpoint, &bytes, reply);
}

static const char *configured(const struct endpoint *endpoint, const char *key,
                              const char *otherwise)
{
    for (size_t i = 0; i < endpoint->config.configuration_count; i++) {
        if (strcmp(endpoint->config.configuration[i].key, key) == 0)
            return endpoint->config.configuration[i].value;
    }
    return otherwise;
}

/* Source: Flink JarListHandler. */
enum admission prepare_jar_list(struct endpoint *endpoint, struct inquiry *inquiry,
                                struct reply *reply)
{
    struct buffer bytes = {0};
    struct buffer address = {0};
    (void)inquiry;
    buffer_printf(&address, "http://%s:%s", configured(endpoint, "rest.address", "localhost"),
                  configured(endpoint, "rest.port", "8081"));
    buffer_char(&address, '\0');
    if (address.failed) {
        buffer_free(&address);
        return NOT_ADMITTED;
    }
    render_jars(&endpoint->jars, address.bytes, &bytes);
    buffer_free(&address);
    return reply_at_once(endpoint, &bytes, reply);
}

static const struct span *jar_id(const struct inquiry *inquiry)
{
    return &inquiry->target.segments[1];
}

/* Source: Flink JarDeleteHandler. */
enum admission prepare_jar_removal(struct endpoint *endpoint, struct inquiry *inquiry,
                                   struct reply *reply)
{
    static const struct error_kind kept = {
        500, ERROR_HANDLER, "org.apache.flink.runtime.rest.handler.RestHandlerException"};
    const struct span *id = jar_id(inquiry);
    struct buffer bytes = {0};
    if (jars_remove(&endpoint->jars, id)) {
        render_empty(&bytes);
        return reply_at_once(endpoint, &bytes, reply);
    }
    if (jars_have(&endpoint->jars, id))
        *reply = reply_error(&endpoint->maker, NOBODY, &kept, "Failed to delete jar %s/%.*s.",
                             JAR_FOLDER, (int)id->length, id->text);
    else
        *reply =
            reply_error(&endpoint->maker, NOBODY, &error_bad_request,
                        "File %.*s does not exist in %s.", (int)id->length, id->text, JAR_FOLDER);
    return REPLIED;
}

enum query_text { TEXT_ABSENT, TEXT_GIVEN, TEXT_REFUSED, TEXT_NO_MEMORY };

/* One value of the query, as a text of its own. Source: Flink
 * HandlerRequestUtils.getQueryParameter. */
static enum query_text query_text(struct endpoint *endpoint, struct inquiry *inquiry,
                                  const char *name, char **text, struct reply *reply)
{
    struct span all;
    const enum parameter_outcome outcome = target_parameter(&inquiry->target, name, &all);
    if (outcome != PARAMETER_GIVEN)
        return outcome == PARAMETER_ABSENT ? TEXT_ABSENT : TEXT_NO_MEMORY;
    struct span rest = all;
    struct span value;
    if (!next_value(&rest, &value))
        return TEXT_ABSENT;
    if (rest.text) {
        *reply = reply_error(&endpoint->maker, NOBODY, &error_bad_request,
                             "Expected only one value [%.*s].", (int)all.length, all.text);
        return TEXT_REFUSED;
    }
    *text = text_copy_length(value.text, value.length);
    return *text ? TEXT_GIVEN : TEXT_NO_MEMORY;
}

/* What the query says counts where the body is silent; an empty text is as good as none.
 * Source: Flink HandlerRequestUtils.fromRequestBodyOrQueryParameter. */
static enum admission complete_text(struct endpoint *endpoint, struct inquiry *inquiry,
                                    const char *name, char **text, struct reply *reply)
{
    if (*text && **text)
        return ADMITTED;
    free(*text);
    *text = NULL;
    switch (query_text(endpoint, inquiry, name, text, reply)) {
    case TEXT_REFUSED:
        return REPLIED;
    case TEXT_NO_MEMORY:
        return NOT_ADMITTED;
    case TEXT_ABSENT:
    case TEXT_GIVEN:
        break;
    }
    if (*text && !**text) {
        free(*text);
        *text = NULL;
    }
    return ADMITTED;
}

/* Source: Flink AllowNonRestoredStateQueryParameter (Java Boolean.valueOf). */
static enum admission complete_flag(struct endpoint *endpoint, struct inquiry *inquiry,
                                    struct reply *reply)
{
    struct given_boolean *flag = &inquiry->body.allow_non_restored_state;
    char *text = NULL;
    if (flag->given)
        return ADMITTED;
    const enum admission admission =
        complete_text(endpoint, inquiry, "allowNonRestoredState", &text, reply);
    flag->value = text && strcasecmp(text, "true") == 0;
    free(text);
    return admission;
}

static enum admission complete(struct endpoint *endpoint, struct inquiry *inquiry,
                               struct reply *reply)
{
    struct request_body *body = &inquiry->body;
    enum admission admission =
        complete_text(endpoint, inquiry, "savepointPath", &body->savepoint_path, reply);
    if (admission == ADMITTED)
        admission = complete_text(endpoint, inquiry, "entry-class", &body->entry_class, reply);
    if (admission == ADMITTED && endpoint->config.quirks.takes_program_args)
        admission =
            complete_text(endpoint, inquiry, "program-args", &body->program_arguments, reply);
    return admission == ADMITTED ? complete_flag(endpoint, inquiry, reply) : admission;
}

/* Two forms of one thing. Source: Flink JarHandlerUtils.getProgramArgs. */
static bool has_both_arguments(const struct endpoint *endpoint, struct inquiry *inquiry)
{
    struct span listed;
    if (!endpoint->config.quirks.takes_program_args || !inquiry->body.program_arguments)
        return false;
    return inquiry->body.arguments.count > 0 ||
           target_parameter(&inquiry->target, "programArg", &listed) != PARAMETER_ABSENT;
}

/* Source: Flink ConfigurationUtils.convertValue. */
static bool read_interval(struct job_order *order, const char *text)
{
    int64_t interval_us;
    if (!text)
        return true;
    if (duration_parse(text, strlen(text), &interval_us))
        return false;
    order->interval_ms = interval_us / 1000;
    return true;
}

static enum admission fill_order(struct endpoint *endpoint, struct inquiry *inquiry,
                                 struct reply *reply)
{
    struct request_body *body = &inquiry->body;
    struct job_order *order = inquiry->order;
    if (!read_interval(order, body->interval)) {
        *reply = reply_error(
            &endpoint->maker, NOBODY, &error_bad_request,
            "Could not execute application." CAUSED_BY(
                "java.lang.IllegalArgumentException") "Could not parse value '%s' for key "
                                                      "'execution.checkpointing.interval'.",
            body->interval);
        return REPLIED;
    }
    const int32_t parallelism =
        body->parallelism.given ? body->parallelism.value : inquiry->route.parallelism;
    order->parallelism = parallelism > 0 ? parallelism : 0;
    order->allows_non_restored_state = body->allow_non_restored_state.value;
    order->savepoint_path = body->savepoint_path;
    body->savepoint_path = NULL;
    order->name = body->job_name;
    body->job_name = NULL;
    order->arguments = body->arguments.texts;
    order->arguments_length = body->arguments.length;
    body->arguments = (struct given_texts){0};
    return ADMITTED;
}

/* Source: Flink JarRunHandler, JarHandlerUtils. */
enum admission prepare_run(struct endpoint *endpoint, struct inquiry *inquiry, struct reply *reply)
{
    const struct span *id = jar_id(inquiry);
    const enum admission admission = complete(endpoint, inquiry, reply);
    if (admission != ADMITTED)
        return admission;
    if (has_both_arguments(endpoint, inquiry))
        return refuse(endpoint, reply,
                      "Confusing request: programArgs and programArgsList are specified, please, "
                      "use only programArgsList");
    if (!jars_have(&endpoint->jars, id)) {
        *reply =
            reply_error(&endpoint->maker, NOBODY, &error_bad_request,
                        "Jar file %s/%.*s does not exist", JAR_FOLDER, (int)id->length, id->text);
        return REPLIED;
    }
    inquiry->order = job_order_new();
    if (!inquiry->order)
        return NOT_ADMITTED;
    const struct given_id *job = &inquiry->body.job;
    inquiry->route.job = job->given ? job->value : make_up_id(endpoint, inquiry);
    return fill_order(endpoint, inquiry, reply);
}
