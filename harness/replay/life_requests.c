#include <string.h>

#include "harness/replay/life_internal.h"

/* How far from its request a checkpoint may have been triggered. */
static const int64_t trigger_before_us = 5000, trigger_after_us = 1000000;

/* How long one took that no answer shows. */
enum { UNSEEN_TAKES_MS = 20 };

struct operation_fact {
    const char *rest; /* "/checkpoints", "/savepoints", "/stop" */
    const char *id;
    int64_t asked_us;
    int64_t undone_us, done_us;
    int64_t checkpoint;   /* 0: not told */
    const char *location; /* NULL: not told */
    bool failed;
};

static bool is_trigger(const struct transcript_exchange *exchange, struct id *job,
                       const char **rest)
{
    return exchange_is(exchange, "POST", 202) && path_job(exchange->path, job, rest) &&
           (strcmp(*rest, "/checkpoints") == 0 || strcmp(*rest, "/savepoints") == 0 ||
            strcmp(*rest, "/stop") == 0);
}

/* A trigger id that was used before triggers nothing. */
static bool is_repeated(const struct life *life, size_t exchange, const char *operation)
{
    for (size_t i = 0; i < exchange; i++) {
        const char *earlier = json_text_at(life->transcript->exchanges[i].body, "request-id");
        if (earlier && strcmp(earlier, operation) == 0)
            return true;
    }
    return false;
}

static void take_status(struct operation_fact *fact, const json_t *body, int64_t asked_us)
{
    const char *status = json_text_at(body, "status/id");
    if (!status)
        return;
    if (strcmp(status, "COMPLETED") != 0) {
        if (asked_us > fact->undone_us)
            fact->undone_us = asked_us;
        return;
    }
    if (asked_us < fact->done_us)
        fact->done_us = asked_us;
    fact->checkpoint = json_number_at(body, "operation/checkpointId", 0);
    fact->location = json_text_at(body, "operation/location");
    fact->failed = fact->checkpoint == 0 && !fact->location;
}

/* What the polls of its status tell. */
static void follow(const struct life *life, size_t exchange, const struct job_fact *job,
                   struct operation_fact *fact)
{
    for (size_t i = exchange + 1; i < life->transcript->count; i++) {
        const struct transcript_exchange *poll = &life->transcript->exchanges[i];
        struct id id;
        const char *rest;
        if (!exchange_is(poll, "GET", 200) || !path_job(poll->path, &id, &rest) ||
            !id_equal(id, job->id))
            continue;
        const char *operation = strrchr(rest, '/');
        if (operation && strcmp(operation + 1, fact->id) == 0)
            take_status(fact, poll->body, life->asked_us[i]);
    }
}

static bool is_candidate(const struct life *life, const struct checkpoint_fact *checkpoint,
                         const struct operation_fact *fact)
{
    const bool wants_savepoint = strcmp(fact->rest, "/checkpoints") != 0;
    const int64_t trigger_us = life_time_us(life, checkpoint->trigger_ms);
    if (checkpoint->by_client || checkpoint->trigger_ms == 0 ||
        checkpoint_type_is_savepoint(checkpoint->type) != wants_savepoint)
        return false;
    if (fact->location && checkpoint->path)
        return strcmp(fact->location, checkpoint->path) == 0;
    return trigger_us >= fact->asked_us - trigger_before_us &&
           trigger_us <= fact->asked_us + trigger_after_us;
}

/* The first one after an operation that may be what it made; NULL: there is none. */
static struct checkpoint_fact *find_candidate(const struct life *life, struct job_fact *job,
                                              const struct operation_fact *fact)
{
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        struct checkpoint_fact *checkpoint = &job->checkpoints[i];
        const bool fits = !fact->failed || checkpoint->status == CHECKPOINT_FAILED;
        if (fits && is_candidate(life, checkpoint, fact))
            return checkpoint;
    }
    return NULL;
}

/* The checkpoint that an operation made: by its id, its path, or as the first one after it. NULL:
 * out of memory. */
static struct checkpoint_fact *find_made(const struct life *life, struct job_fact *job,
                                         const struct operation_fact *fact)
{
    if (fact->checkpoint > 0)
        return checkpoint_fact(job, fact->checkpoint);
    struct checkpoint_fact *candidate = find_candidate(life, job, fact);
    if (candidate)
        return candidate;
    /* No answer shows it: it has the id after all that were triggered before. */
    int64_t last = job->restored_first;
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        if (life_time_us(life, job->checkpoints[i].trigger_ms) <= fact->asked_us)
            last = job->checkpoints[i].id;
    }
    return checkpoint_fact(job, last + 1);
}

/* Then nothing came of it. */
static bool has_ended(const struct life *life, const struct job_fact *job, int64_t at_us)
{
    for (enum job_status state = 0; state < JOB_STATUS_COUNT; state++) {
        if (job_status_is_terminal(state) && job->entered_ms[state] > 0 &&
            life_time_us(life, job->entered_ms[state]) < at_us)
            return true;
    }
    return false;
}

static enum checkpoint_type type_of_unseen(const char *rest)
{
    if (strcmp(rest, "/stop") == 0)
        return CHECKPOINT_SYNC_SAVEPOINT;
    return strcmp(rest, "/savepoints") == 0 ? CHECKPOINT_SAVEPOINT : CHECKPOINT_ALIGNED;
}

static bool take_trigger(struct life *life, size_t exchange, struct job_fact *job, const char *rest)
{
    struct operation_fact fact = {
        .rest = rest,
        .id = json_text_at(life->transcript->exchanges[exchange].body, "request-id"),
        .asked_us = life->asked_us[exchange],
        .undone_us = -1,
        .done_us = INT64_MAX,
    };
    if (!fact.id || is_repeated(life, exchange, fact.id))
        return true;
    follow(life, exchange, job, &fact);
    /* One that failed before anything was pending made nothing. */
    if (has_ended(life, job, fact.asked_us) || (fact.failed && !find_candidate(life, job, &fact)))
        return true;
    struct checkpoint_fact *made = find_made(life, job, &fact);
    if (!made)
        return false;
    made->by_client = true;
    made->undone_us = fact.undone_us;
    made->done_us = fact.done_us;
    if (made->trigger_ms == 0) { /* known from the operation alone */
        made->trigger_ms = (fact.asked_us + life->epoch_us) / 1000;
        made->status = CHECKPOINT_COMPLETED;
        made->end_ms = made->trigger_ms + UNSEEN_TAKES_MS;
        made->type = type_of_unseen(rest);
    }
    if (strcmp(rest, "/stop") == 0)
        job->stopped_by = made->id;
    life_ask_at(life, exchange, life_time_us(life, made->trigger_ms));
    return true;
}

static bool is_cancellation(const struct transcript_exchange *exchange, struct id *job)
{
    const char *rest;
    if (!path_job(exchange->path, job, &rest))
        return false;
    return exchange_is(exchange, "PATCH", 202) ||
           (exchange_is(exchange, "GET", 202) && strcmp(rest, "/yarn-cancel") == 0);
}

/* A job that is cancelling has not been since before it was asked to. */
static void take_cancellation(struct life *life, size_t exchange, struct job_fact *job)
{
    if (job->cancelled)
        return;
    job->cancelled = true;
    if (job->entered_ms[JOB_CANCELLING] > 0)
        life_ask_at(life, exchange, life_time_us(life, job->entered_ms[JOB_CANCELLING]));
}

bool life_gather_requests(struct life *life)
{
    for (size_t i = 0; i < life->transcript->count; i++) {
        const struct transcript_exchange *exchange = &life->transcript->exchanges[i];
        struct id id;
        const char *rest;
        struct job_fact *job;
        if (is_trigger(exchange, &id, &rest)) {
            job = life_job(life, id);
            if (job && !take_trigger(life, i, job, rest))
                return false;
        } else if (is_cancellation(exchange, &id) && (job = life_job(life, id))) {
            take_cancellation(life, i, job);
        }
    }
    for (size_t i = 0; i < life->job_count; i++) {
        const struct job_fact *job = &life->jobs[i];
        if (job->run != SIZE_MAX && job->entered_ms[JOB_INITIALIZING] > 0)
            life_ask_at(life, job->run, life_time_us(life, job->entered_ms[JOB_INITIALIZING]));
    }
    return true;
}
