#include "harness/target/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/recording/recording_writer.h"
#include "rest_endpoint/endpoint.h"

enum { JOB_NAME_DIGITS = 8, CLIENT_NAME_MAX = 40 };

struct recorder_names {
    char job[JOB_NAME_DIGITS + 1];
    char reader[CLIENT_NAME_MAX];
    char triggerer[CLIENT_NAME_MAX];
};

struct recorder {
    struct plan plan;
    struct job_plan *jobs;
    struct client_plan *clients;
    struct recorder_names *names; /* one for each job */

    char *name, *flink_version;
    struct written_setting *settings;
    char **setting_texts; /* two of each */
    size_t setting_count;

    struct recording_writer *writer;
    struct written_header *headers;
    size_t header_capacity;
    int failure;
    struct recorder_counts counts;
};

/* --- the plan -------------------------------------------------------------------------------- */

/* Clients of several jobs are told apart by the job's place: ids may begin alike. */
static void name_clients(struct recorder_names *names, size_t job, bool is_only_job)
{
    char before[CLIENT_NAME_MAX - 12] = "";
    if (!is_only_job)
        snprintf(before, sizeof before, "job%zu-", job + 1);
    snprintf(names->reader, sizeof names->reader, "%sreader", before);
    snprintf(names->triggerer, sizeof names->triggerer, "%strigger", before);
}

static void name_job(struct recorder_names *names, struct id job)
{
    char digits[ID_DIGITS + 1];
    id_format(job, digits);
    memcpy(names->job, digits, JOB_NAME_DIGITS);
}

/* Polls are spread over their whole period, so that no client is in step with a cache, a timer or
 * another client. */
static struct client_plan reader(const struct recorder_options *options, size_t job,
                                 const char *name)
{
    struct client_plan client = {
        .name = name,
        .kind = CLIENT_POLLER,
        .count = options->client_count,
        .job = job,
        .until_us = options->duration_us,
        .every_us = options->every_us,
        .jitter_us = options->every_us,
    };
    memcpy(client.shares, options->shares, sizeof client.shares);
    return client;
}

static struct client_plan triggerer(const struct recorder_options *options, size_t job,
                                    const char *name)
{
    return (struct client_plan){
        .name = name,
        .kind = CLIENT_TRIGGERER,
        .count = 1,
        .job = job,
        .until_us = options->duration_us,
        .every_us = options->trigger_every_us,
    };
}

static bool make_plan(struct recorder *recorder, const struct recorder_options *options)
{
    struct plan *plan = &recorder->plan;
    recorder->jobs = calloc(options->job_count, sizeof *recorder->jobs);
    recorder->clients = calloc(2 * options->job_count, sizeof *recorder->clients);
    recorder->names = calloc(options->job_count, sizeof *recorder->names);
    if (!recorder->jobs || !recorder->clients || !recorder->names)
        return false;
    plan->file = plan->name = plan->title = recorder->name;
    plan->settings = options->cluster->settings;
    plan->jobs = recorder->jobs;
    plan->clients = recorder->clients;
    plan->end_us = options->duration_us;
    for (size_t i = 0; i < options->job_count; i++) {
        struct recorder_names *names = &recorder->names[i];
        name_job(names, options->jobs[i].id);
        name_clients(names, i, options->job_count == 1);
        recorder->jobs[plan->job_count++] =
            (struct job_plan){.id = options->jobs[i].id, .name = names->job};
        recorder->clients[plan->client_count++] = reader(options, i, names->reader);
        if (options->trigger_every_us > 0)
            recorder->clients[plan->client_count++] = triggerer(options, i, names->triggerer);
    }
    return true;
}

static bool copy_head(struct recorder *recorder, const struct recorder_options *options)
{
    const struct discovered *cluster = options->cluster;
    recorder->name = text_copy(options->name);
    recorder->flink_version = text_copy(cluster->flink_version);
    recorder->settings = calloc(cluster->option_count + 1, sizeof *recorder->settings);
    recorder->setting_texts = calloc(2 * cluster->option_count + 1, sizeof(char *));
    if (!recorder->name || !recorder->flink_version || !recorder->settings ||
        !recorder->setting_texts)
        return false;
    recorder->setting_count = cluster->option_count;
    for (size_t i = 0; i < cluster->option_count; i++) {
        char *option = text_copy(cluster->options[i].option);
        char *value = text_copy(cluster->options[i].value);
        recorder->setting_texts[2 * i] = option;
        recorder->setting_texts[2 * i + 1] = value;
        recorder->settings[i] = (struct written_setting){option, value};
        if (!option || !value)
            return false;
    }
    return true;
}

struct recorder *recorder_new(const struct recorder_options *options)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    if (recorder && copy_head(recorder, options) && make_plan(recorder, options))
        return recorder;
    recorder_free(recorder);
    return NULL;
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    recording_writer_free(recorder->writer);
    for (size_t i = 0; i < 2 * recorder->setting_count; i++)
        free(recorder->setting_texts[i]);
    free(recorder->setting_texts);
    free(recorder->settings);
    free(recorder->headers);
    free(recorder->name);
    free(recorder->flink_version);
    free(recorder->names);
    free(recorder->jobs);
    free(recorder->clients);
    free(recorder);
}

const struct plan *recorder_plan(const struct recorder *recorder)
{
    return &recorder->plan;
}

/* --- the file -------------------------------------------------------------------------------- */

static bool fails(struct recorder *recorder, int why)
{
    recorder->failure = why;
    return false;
}

bool recorder_began(struct recorder *recorder, int file, int64_t epoch_us)
{
    const struct written_head head = {
        .name = recorder->name,
        .flink_version = recorder->flink_version,
        .settings = recorder->settings,
        .setting_count = recorder->setting_count,
        .time0_us = epoch_us,
    };
    recorder->writer = recording_writer_new(file, &head);
    return recorder->writer || fails(recorder, errno);
}

/* The headers in the writer's shape. False: out of memory. */
static bool copy_headers(struct recorder *recorder, const struct landing *landing)
{
    if (landing->header_count > recorder->header_capacity) {
        struct written_header *headers =
            realloc(recorder->headers, landing->header_count * sizeof *headers);
        if (!headers)
            return false;
        recorder->headers = headers;
        recorder->header_capacity = landing->header_count;
    }
    for (size_t i = 0; i < landing->header_count; i++)
        recorder->headers[i] =
            (struct written_header){landing->headers[i].name, landing->headers[i].value};
    return true;
}

static void count(struct recorder_counts *counts, const struct target_exchange *exchange)
{
    const struct landing *landing = exchange->landing;
    const struct observation *seen = exchange->seen;
    counts->written++;
    counts->bytes += landing->length;
    if (landing->status == 0) {
        counts->unanswered++;
        counts->failure = landing->failure;
    }
    counts->errors += landing->status >= 400 || (landing->status != 0 && !seen);
    if (seen && seen->kind == OBSERVED_STATISTICS && seen->has_latest_completed &&
        seen->latest_completed.id > counts->newest)
        counts->newest = seen->latest_completed.id;
}

bool recorder_ended(struct recorder *recorder, const struct target_exchange *exchange)
{
    static const char *const methods[] = {
        [METHOD_GET] = "GET",       [METHOD_POST] = "POST",     [METHOD_PATCH] = "PATCH",
        [METHOD_DELETE] = "DELETE", [METHOD_OTHER] = "OPTIONS",
    };
    const struct landing *landing = exchange->landing;
    const struct client_action *asked = exchange->asked;
    if (exchange->cut_off)
        return true;
    if (!copy_headers(recorder, landing))
        return fails(recorder, ENOMEM);
    const struct written_exchange written = {
        .sent_us = exchange->sent_us,
        .done_us = exchange->done_us,
        .method = methods[asked->request.method],
        .path = asked->request.target,
        .request = asked->request.body,
        .request_length = asked->request.body ? strlen(asked->request.body) : 0,
        .status = landing->status,
        .headers = recorder->headers,
        .header_count = landing->header_count,
        .body = landing->bytes,
        .body_length = landing->length,
        .client = asked->client,
    };
    if (!recording_writer_exchange(recorder->writer, &written))
        return fails(recorder, errno);
    count(&recorder->counts, exchange);
    return true;
}

int recorder_failure(const struct recorder *recorder)
{
    return recorder->failure;
}

const struct recorder_counts *recorder_counts(const struct recorder *recorder)
{
    return &recorder->counts;
}
