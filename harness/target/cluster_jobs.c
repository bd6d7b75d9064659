#include "harness/target/cluster_jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

enum { JOB_PATH_MAX = 80 };

/* --- lists ----------------------------------------------------------------------------------- */

static int64_t count_at(const struct node *tasks, const char *name)
{
    const struct node *count = node_get(tasks, name);
    return node_is(count, NODE_INTEGER) ? count->as.integer : 0;
}

static bool has_ended(const struct node *state)
{
    static const char *const ends[] = {"FINISHED", "CANCELED", "FAILED"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (node_says(state, ends[i]))
            return true;
    return false;
}

/* Source: Flink JobDetails. */
static enum call read_job(const struct node *line, struct cluster_job *job)
{
    const struct node *id = node_get(line, "jid"), *state = node_get(line, "state");
    const struct node *name = node_get(line, "name"), *tasks = node_get(line, "tasks");
    if (!node_is(id, NODE_TEXT) || !node_is(state, NODE_TEXT) ||
        !id_parse(id->as.text.bytes, id->as.text.length, &job->id))
        return CALL_REFUSED;
    const int64_t total = count_at(tasks, "total");
    job->has_ended = has_ended(state);
    job->runs = node_says(state, "RUNNING") && total > 0 && count_at(tasks, "running") == total;
    job->name = node_is(name, NODE_TEXT) ? node_copy(name) : text_copy("");
    return job->name ? CALL_ANSWERED : CALL_NO_MEMORY;
}

static enum call read_jobs(const struct node *list, struct cluster_jobs *jobs)
{
    if (!node_is(list, NODE_LIST))
        return CALL_REFUSED;
    jobs->jobs = calloc(list->as.count + 1, sizeof *jobs->jobs);
    if (!jobs->jobs)
        return CALL_NO_MEMORY;
    const struct node *line = node_first(list);
    enum call outcome = CALL_ANSWERED;
    for (size_t i = 0; i < list->as.count && outcome == CALL_ANSWERED; i++, line = node_next(line))
        outcome = read_job(line, &jobs->jobs[jobs->count++]);
    return outcome;
}

enum call cluster_jobs_list(struct target target, struct cluster_jobs *jobs, const char **why)
{
    struct json_tree tree = {0};
    *jobs = (struct cluster_jobs){0};
    enum call outcome = call_get(target, "/jobs/overview", &tree, why);
    if (outcome == CALL_ANSWERED)
        outcome = read_jobs(node_get(tree.nodes, "jobs"), jobs);
    if (outcome == CALL_NO_MEMORY)
        *why = "out of memory";
    json_tree_free(&tree);
    return outcome;
}

void cluster_jobs_free(struct cluster_jobs *jobs)
{
    for (size_t i = 0; i < jobs->count; i++)
        free(jobs->jobs[i].name);
    free(jobs->jobs);
    *jobs = (struct cluster_jobs){0};
}

const struct cluster_job *cluster_jobs_find(const struct cluster_jobs *jobs, struct id id)
{
    for (size_t i = 0; i < jobs->count; i++)
        if (id_equal(jobs->jobs[i].id, id))
            return &jobs->jobs[i];
    return NULL;
}

/* --- single jobs ----------------------------------------------------------------------------- */

static void print_path(struct id job, const char *rest, char path[JOB_PATH_MAX])
{
    char digits[ID_DIGITS + 1];
    id_format(job, digits);
    snprintf(path, JOB_PATH_MAX, "/jobs/%s%s", digits, rest);
}

/* Source: Flink CheckpointConfigInfo: Long.MAX_VALUE where it takes none by itself. */
enum call cluster_job_interval(struct target target, struct id job, int64_t *interval_us,
                               const char **why)
{
    struct json_tree tree = {0};
    char path[JOB_PATH_MAX];
    print_path(job, "/checkpoints/config", path);
    enum call outcome = call_get(target, path, &tree, why);
    if (outcome == CALL_ANSWERED) {
        const struct node *interval = node_get(tree.nodes, "interval");
        const bool is_known = node_is(interval, NODE_INTEGER) && interval->as.integer > 0;
        outcome = is_known ? CALL_ANSWERED : CALL_REFUSED;
        if (is_known && __builtin_mul_overflow(interval->as.integer, 1000, interval_us))
            *interval_us = INT64_MAX;
    }
    json_tree_free(&tree);
    return outcome;
}

static enum call ask(struct target target, const struct target_request *request, int status,
                     const char **why)
{
    struct json_tree tree = {0};
    const enum call outcome = call_target(target, request, status, &tree, why);
    json_tree_free(&tree);
    return outcome;
}

enum call cluster_job_start(struct target target, const char *jar, const char *order,
                            const char **why)
{
    struct buffer path = {0};
    buffer_printf(&path, "%s/run", jar);
    buffer_char(&path, '\0');
    *why = "out of memory";
    if (path.failed)
        return CALL_NO_MEMORY;
    const struct target_request request = {.method = "POST", .path = path.bytes, .body = order};
    const enum call outcome = ask(target, &request, 200, why);
    if (outcome == CALL_REFUSED)
        *why = "the target did not start a job from the jar";
    buffer_free(&path);
    return outcome;
}

enum call cluster_job_cancel(struct target target, struct id job, const char **why)
{
    char path[JOB_PATH_MAX];
    print_path(job, "?mode=cancel", path);
    const struct target_request request = {.method = "PATCH", .path = path};
    return ask(target, &request, 202, why);
}

/* --- jars ------------------------------------------------------------------------------------ */

/* The id is what the file is called there. Source: Flink JarUploadResponseBody. */
static enum call read_upload(const struct node *answer, char **path)
{
    const struct node *name = node_get(answer, "filename");
    struct buffer text = {0};
    if (!node_is(name, NODE_TEXT))
        return CALL_REFUSED;
    node_decode(name, &text);
    char *file = buffer_take(&text);
    if (!file)
        return CALL_NO_MEMORY;
    const char *slash = strrchr(file, '/');
    buffer_printf(&text, "/jars/%s", slash ? slash + 1 : file);
    free(file);
    *path = buffer_take(&text);
    return *path ? CALL_ANSWERED : CALL_NO_MEMORY;
}

enum call cluster_jar_upload(struct target target, const char *name, const char *bytes,
                             size_t length, char **path, const char **why)
{
    const struct target_request request = {.method = "POST",
                                           .path = "/jars/upload",
                                           .upload_name = name,
                                           .upload = bytes,
                                           .upload_length = length};
    struct json_tree tree = {0};
    *path = NULL;
    enum call outcome = call_target(target, &request, 200, &tree, why);
    if (outcome == CALL_ANSWERED)
        outcome = read_upload(tree.nodes, path);
    if (outcome == CALL_REFUSED)
        *why = "the target did not take the jar";
    if (outcome == CALL_NO_MEMORY)
        *why = "out of memory";
    json_tree_free(&tree);
    return outcome;
}

enum call cluster_jar_delete(struct target target, const char *path, const char **why)
{
    const struct target_request request = {.method = "DELETE", .path = path};
    return ask(target, &request, 200, why);
}
