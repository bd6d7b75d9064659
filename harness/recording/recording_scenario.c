#include "harness/recording/recording_scenario.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "harness/recording/recording_internal.h"

enum { JOB_NAME_MAX = 24 };

/* One job, as far as answers tell of its life. */
struct job_life {
    struct id id;
    bool was_seen;     /* some answer was about it, and no error */
    bool has_start;    /* GET /jobs/:jobid told when it began */
    int64_t start_us;  /* or when it was first seen */
    int64_t alive_us;  /* last seen in a state that is not terminal; INT64_MIN: never */
    const char *ended; /* phrase; NULL: it was not seen to end */
};

enum deed_kind { DEED_RUNS, DEED_TRIGGERS, DEED_COMPLETES, DEED_ENDS };

/* Something that a job does. */
struct deed {
    int64_t at_us;
    size_t job;
    enum deed_kind kind;
    int64_t checkpoint;
};

struct scenario_writing {
    struct recording *recording;
    struct job_life *jobs;
    size_t job_count, job_capacity;
    struct digest_table job_indices;
    struct deed *deeds;
    size_t deed_count;
    int64_t shift_us; /* scenarios have no times before their start */
    struct buffer clients;
    size_t reads, left_out;
};

static bool job_index(struct scenario_writing *writing, struct id id, size_t *index)
{
    struct digest digest = digest_start();
    digest_add_number(&digest, id.high);
    digest_add_number(&digest, id.low);
    if (digest_table_find(&writing->job_indices, digest, index))
        return true;
    struct job_life *jobs =
        recording_grow(writing->jobs, writing->job_count, &writing->job_capacity, sizeof(*jobs));
    if (!jobs)
        return false;
    writing->jobs = jobs;
    *index = writing->job_count;
    jobs[writing->job_count] = (struct job_life){.id = id, .alive_us = INT64_MIN};
    if (!digest_table_put(&writing->job_indices, digest, *index))
        return false;
    writing->job_count++;
    return true;
}

static const char *ending_of(const struct observation *seen)
{
    if (strcmp(seen->job_state, "FINISHED") == 0)
        return "finishes";
    return strcmp(seen->job_state, "CANCELED") == 0 ? "is cancelled" : "fails";
}

static bool is_read(const struct recorded_exchange *exchange)
{
    return exchange->path == PATH_STATISTICS || exchange->path == PATH_DETAILS ||
           exchange->path == PATH_JOB || exchange->path == PATH_CONFIG;
}

static void note_job(const struct recording *recording, struct job_life *job,
                     const struct recorded_exchange *exchange)
{
    const struct observation *seen = &exchange->body->seen;
    if (seen->kind == OBSERVED_ERROR || exchange->status != 200)
        return;
    if (!job->was_seen)
        job->start_us = exchange->sent_us;
    job->was_seen = true;
    if (seen->kind != OBSERVED_JOB)
        return;
    if (!job->has_start && seen->job_start_ms > 0 && seen->job_start_ms < INT64_C(9000000000000)) {
        job->has_start = true;
        job->start_us = 1000 * seen->job_start_ms - recording->time0_us;
    }
    if (seen->job_terminal && !job->ended)
        job->ended = ending_of(seen);
    else if (!seen->job_terminal && exchange->order.done_us > job->alive_us)
        job->alive_us = exchange->order.done_us;
}

/* The first visit: who there is, and when the earliest request was sent. */
static bool visit_jobs(void *context, const struct recorded_exchange *exchange)
{
    struct scenario_writing *writing = context;
    size_t index;
    if (exchange->path == PATH_OTHER)
        return true;
    if (!job_index(writing, exchange->job, &index))
        return false;
    note_job(writing->recording, &writing->jobs[index], exchange);
    if (is_read(exchange) && -exchange->sent_us > writing->shift_us)
        writing->shift_us = -exchange->sent_us;
    return true;
}

static void job_name(size_t index, char name[JOB_NAME_MAX])
{
    if (index < 26)
        snprintf(name, JOB_NAME_MAX, "%c", (char)('A' + index));
    else
        snprintf(name, JOB_NAME_MAX, "J%zu", index + 1);
}

static void write_time(struct buffer *out, int64_t us)
{
    if (us % 1000 == 0)
        buffer_printf(out, "%" PRId64 " ms", us / 1000);
    else
        buffer_printf(out, "%" PRId64 ".%03" PRId64 " ms", us / 1000, us % 1000);
}

/* The second visit: each read is a client of its own, as it is for the judge. */
static bool visit_reads(void *context, const struct recorded_exchange *exchange)
{
    struct scenario_writing *writing = context;
    struct buffer *out = &writing->clients;
    size_t index;
    char name[JOB_NAME_MAX];
    if (!is_read(exchange)) {
        writing->left_out++;
        return true;
    }
    if (!job_index(writing, exchange->job, &index))
        return false;
    job_name(index, name);
    writing->reads++;
    buffer_printf(out, "  seq-%" PRIu64 ": {at ", exchange->order.seq);
    write_time(out, exchange->sent_us + writing->shift_us);
    if (exchange->path == PATH_STATISTICS)
        buffer_printf(out, ": checkpoint statistics of %s}\n", name);
    else if (exchange->path == PATH_DETAILS)
        buffer_printf(out, ": %s of checkpoint %" PRId64 " of %s}\n",
                      strstr(exchange->target, "/subtasks/") ? "subtasks" : "details",
                      exchange->checkpoint, name);
    else
        buffer_printf(out, ": %s %s}\n",
                      exchange->path == PATH_JOB ? "job" : "checkpoint configuration of", name);
    return !out->failed;
}

static bool ack_us(const struct recording *recording, int64_t ms, int64_t *us)
{
    return !__builtin_mul_overflow(ms, INT64_C(1000), us) &&
           !__builtin_sub_overflow(*us, recording->time0_us, us) &&
           *us < INT64_C(9000000000000000) && *us > -INT64_C(9000000000000000);
}

static void add_deed(struct scenario_writing *writing, const struct deed *deed)
{
    writing->deeds[writing->deed_count++] = *deed;
    if (-deed->at_us > writing->shift_us)
        writing->shift_us = -deed->at_us;
}

/* Completions and what they began with; a job runs before its first checkpoint. */
static bool add_completions(struct scenario_writing *writing)
{
    for (size_t i = 0; i < writing->recording->completion_count; i++) {
        const struct recorded_completion *completion = &writing->recording->completions[i];
        int64_t triggered_us, completed_us;
        size_t job;
        if (!job_index(writing, completion->job, &job))
            return false;
        if (!ack_us(writing->recording, completion->latest_ack_ms, &completed_us) ||
            !ack_us(writing->recording, completion->trigger_ms, &triggered_us))
            continue;
        if (triggered_us > completed_us)
            triggered_us = completed_us;
        struct job_life *life = &writing->jobs[job];
        if (triggered_us < life->start_us)
            life->start_us = triggered_us;
        if (completed_us > life->alive_us)
            life->alive_us = completed_us;
        add_deed(writing, &(struct deed){triggered_us, job, DEED_TRIGGERS, completion->checkpoint});
        add_deed(writing,
                 &(struct deed){completed_us, job, DEED_COMPLETES, completion->checkpoint});
    }
    return true;
}

static void add_lives(struct scenario_writing *writing)
{
    for (size_t i = 0; i < writing->job_count; i++) {
        const struct job_life *job = &writing->jobs[i];
        if (!job->was_seen)
            continue;
        add_deed(writing, &(struct deed){job->start_us, i, DEED_RUNS, 0});
        const int64_t alive_us = job->alive_us > job->start_us ? job->alive_us : job->start_us;
        if (job->ended)
            add_deed(writing, &(struct deed){alive_us + 1, i, DEED_ENDS, 0});
    }
}

static int by_job_and_time(const void *left, const void *right)
{
    const struct deed *a = left, *b = right;
    if (a->job != b->job)
        return a->job < b->job ? -1 : 1;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->checkpoint < b->checkpoint ? -1 : a->checkpoint > b->checkpoint;
}

static void write_deed(const struct scenario_writing *writing, const struct deed *deed,
                       struct buffer *out)
{
    switch (deed->kind) {
    case DEED_RUNS:
        buffer_text(out, "runs");
        break;
    case DEED_TRIGGERS:
        buffer_printf(out, "triggers %" PRId64, deed->checkpoint);
        break;
    case DEED_COMPLETES:
        buffer_printf(out, "completes %" PRId64, deed->checkpoint);
        break;
    case DEED_ENDS:
        buffer_text(out, writing->jobs[deed->job].ended);
        break;
    }
}

/* Deeds from `first` on of one job; returns the first of the next. */
static size_t write_job(const struct scenario_writing *writing, size_t job, size_t first,
                        struct buffer *out)
{
    char name[JOB_NAME_MAX], digits[ID_DIGITS + 1];
    size_t next = first;
    job_name(job, name);
    id_format(writing->jobs[job].id, digits);
    buffer_printf(out, "  %s:\n    id: \"%s\"\n", name, digits);
    if (!writing->jobs[job].was_seen)
        buffer_text(out, "    exists: later\n");
    while (next < writing->deed_count && writing->deeds[next].job == job) {
        const int64_t at_us = writing->deeds[next].at_us;
        buffer_text(out, "    at ");
        write_time(out, at_us + writing->shift_us);
        buffer_text(out, ": [");
        for (const char *comma = "";
             next < writing->deed_count && writing->deeds[next].job == job &&
             writing->deeds[next].at_us == at_us;
             next++, comma = ", ") {
            buffer_text(out, comma);
            write_deed(writing, &writing->deeds[next], out);
        }
        buffer_text(out, "]\n");
    }
    return next;
}

static void write_settings(const struct settings *settings, struct buffer *out)
{
    const struct {
        const char *option;
        int64_t value;
        bool is_given;
    } rows[] = {
        {settings->refresh_interval_by_old_name ? "jobmanager.web.refresh-interval"
                                                : "web.refresh-interval",
         settings->refresh_interval_us, settings->refresh_interval_given},
        {"rest.cache.checkpoint-statistics.timeout", settings->stats_timeout_us,
         settings->stats_timeout_given},
        {"rest.cache.execution-graph.timeout", settings->graph_timeout_us,
         settings->graph_timeout_given},
    };
    const char *comma = "";
    buffer_text(out, "flink: {");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!rows[i].is_given)
            continue;
        const bool is_ms = rows[i].value % 1000 == 0;
        buffer_printf(out, "%s%s: %" PRId64 " %s", comma, rows[i].option,
                      is_ms ? rows[i].value / 1000 : rows[i].value, is_ms ? "ms" : "micros");
        comma = ", ";
    }
    if (settings->history_count_given)
        buffer_printf(out, "%sweb.checkpoints.history: %" PRId64, comma,
                      settings->history_count_max);
    buffer_text(out, "}\n");
}

static bool is_decided(const struct judgement *judgement, size_t property)
{
    return judgement->claim.claimed[property] &&
           judgement->properties[property].verdict != VERDICT_UNKNOWN;
}

/* What could be decided is claimed; what failed is expected to. */
static void write_claims(const struct judgement *judgement, const char *implementation,
                         struct buffer *out)
{
    const char *comma = "";
    buffer_text(out, "claims: [");
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!is_decided(judgement, i))
            continue;
        buffer_text(out, comma);
        if (i == PROPERTY_BOUNDED_AGE)
            buffer_printf(out, "{bounded-age: %" PRId64 " us}", judgement->claim.bound_us);
        else
            buffer_text(out, property_id((enum property)i));
        comma = ", ";
    }
    buffer_text(out, "]\n");
    comma = "";
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!is_decided(judgement, i) || judgement->properties[i].verdict != VERDICT_FAIL)
            continue;
        if (!*comma)
            buffer_printf(out, "expect:\n  %s: {", implementation);
        buffer_printf(out, "%s%s: as in the recording", comma, property_id((enum property)i));
        comma = ", ";
    }
    if (*comma)
        buffer_text(out, "}\n");
}

static void write_scenario(const struct scenario_writing *writing,
                           const struct judgement *judgement, const char *implementation,
                           struct buffer *out)
{
    struct json_writer json = {.out = out};
    size_t next = 0;
    buffer_text(out, "title: ");
    json_text(&json, writing->recording->name);
    buffer_text(out, "\nwhy: it came about in a cluster of Flink ");
    buffer_text(out, implementation + (strncmp(implementation, "flink-", 6) == 0 ? 6 : 0));
    buffer_printf(out, "\nsource: a recording; its time 0 is %" PRId64 " us after the start\n",
                  writing->shift_us);
    write_settings(&writing->recording->settings, out);
    buffer_text(out, "jobmanager:\n");
    for (size_t i = 0; i < writing->job_count; i++)
        next = write_job(writing, i, next, out);
    buffer_text(out, "clients:\n");
    buffer_append(out, writing->clients.bytes, writing->clients.length);
    write_claims(judgement, implementation, out);
}

static const char *gather(struct scenario_writing *writing)
{
    const char *wrong = recording_each(writing->recording, visit_jobs, writing);
    if (wrong)
        return wrong;
    if (writing->job_count == 0)
        return "it asks for no job, so there is nothing to bring about again";
    writing->deeds = calloc(2 * (writing->recording->completion_count + writing->job_count),
                            sizeof(*writing->deeds));
    if (!writing->deeds || !add_completions(writing))
        return recording_no_memory;
    add_lives(writing);
    qsort(writing->deeds, writing->deed_count, sizeof(*writing->deeds), by_job_and_time);
    wrong = recording_each(writing->recording, visit_reads, writing);
    if (!wrong && writing->reads == 0)
        wrong = "nobody reads anything in it, so there is nothing to bring about again";
    return wrong;
}

const char *recording_scenario(struct recording *recording, const struct judgement *judgement,
                               const char *implementation, struct buffer *out, size_t *left_out)
{
    struct scenario_writing writing = {.recording = recording};
    const char *wrong = gather(&writing);
    if (!wrong)
        write_scenario(&writing, judgement, implementation, out);
    if (!wrong && out->failed)
        wrong = recording_no_memory;
    *left_out = writing.left_out;
    buffer_free(&writing.clients);
    digest_table_free(&writing.job_indices);
    free(writing.deeds);
    free(writing.jobs);
    return wrong;
}
