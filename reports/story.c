#include "reports/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a job had completed in its current run, in order of time; savepoints are no `latest`. */
struct story_truth {
    struct completed {
        int64_t at_us, id;
    } * items;
    size_t count, capacity;
};

/* Room for what the witness names is kept back from what merely happened beside it. */
enum { KEPT_BACK = 16 };
static const int64_t width_at_first_us = 1000;

bool story_property(const struct judgement *judgement, enum property *property)
{
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        *property = (enum property)i;
        if (judgement->claim.claimed[i] && judgement->properties[i].verdict == VERDICT_FAIL)
            return true;
    }
    return false;
}

/* The witness with an eighth of its length on both sides, and no less than 20 ms. */
static void set_span(struct story *story)
{
    const struct property_verdict *verdict = &story->judgement->properties[story->property];
    if (verdict->witness_count == 0) {
        story->from_us = 0;
        story->until_us = INT64_MAX;
        return;
    }
    const int64_t first_us = verdict->witness[0].at_us;
    int64_t last_us = first_us;
    for (size_t i = 0; i < verdict->witness_count; i++) {
        if (verdict->witness[i].at_us > last_us)
            last_us = verdict->witness[i].at_us;
    }
    int64_t beside_us = (last_us - first_us) / 8;
    if (beside_us < 20000)
        beside_us = 20000;
    story->from_us = first_us > beside_us ? first_us - beside_us : 0;
    story->until_us = last_us > INT64_MAX - beside_us ? INT64_MAX : last_us + beside_us;
}

struct story *story_new(const struct judgement *judgement)
{
    struct story *story = calloc(1, sizeof *story);
    if (!story)
        return NULL;
    story->judgement = judgement;
    story->series.width_us = width_at_first_us;
    story->exchanges = calloc(STORY_EXCHANGES_MAX, sizeof *story->exchanges);
    story->calls = calloc(STORY_CALLS_MAX, sizeof *story->calls);
    story->marks = calloc(STORY_MARKS_MAX, sizeof *story->marks);
    story->truths = calloc(STORY_JOBS_MAX, sizeof *story->truths);
    if (!story->exchanges || !story->calls || !story->marks || !story->truths) {
        story_free(story);
        return NULL;
    }
    story_property(judgement, &story->property);
    set_span(story);
    return story;
}

static void free_truths(struct story *story)
{
    for (size_t i = 0; story->truths && i < STORY_JOBS_MAX; i++)
        free(story->truths[i].items);
    free(story->truths);
    story->truths = NULL;
}

void story_free(struct story *story)
{
    if (!story)
        return;
    for (size_t i = 0; i < story->exchange_count; i++) {
        free(story->exchanges[i].headers);
        free(story->exchanges[i].body);
    }
    free_truths(story);
    free(story->exchanges);
    free(story->calls);
    free(story->marks);
    free(story);
}

void story_name_job(struct story *story, struct id id, const char *name)
{
    if (story->job_count == STORY_JOBS_MAX)
        return;
    struct story_job *job = &story->jobs[story->job_count++];
    job->id = id;
    snprintf(job->name, sizeof job->name, "%.*s", (int)sizeof job->name - 1, name);
}

/* SIZE_MAX: it is no job, or one too many. */
static size_t find_job(struct story *story, struct id id)
{
    const struct id none = {0, 0};
    char digits[ID_DIGITS + 1];
    if (id_equal(id, none))
        return SIZE_MAX;
    for (size_t i = 0; i < story->job_count; i++) {
        if (id_equal(story->jobs[i].id, id))
            return i;
    }
    if (story->job_count == STORY_JOBS_MAX)
        return SIZE_MAX;
    id_format(id, digits);
    digits[8] = '\0';
    story_name_job(story, id, digits);
    return story->job_count - 1;
}

/* --- what was true ------------------------------------------------------------------------- */

static bool add_completion(struct story_truth *truth, const struct fact *fact)
{
    if (truth->count == truth->capacity) {
        const size_t capacity = truth->capacity ? 2 * truth->capacity : 64;
        struct completed *items = realloc(truth->items, capacity * sizeof *items);
        if (!items)
            return false;
        truth->items = items;
        truth->capacity = capacity;
    }
    truth->items[truth->count++] = (struct completed){fact->at_us, fact->checkpoint};
    return true;
}

static bool is_known(const struct story_truth *truth, int64_t checkpoint)
{
    for (size_t i = truth->count; i > 0; i--) {
        if (truth->items[i - 1].id == checkpoint)
            return true;
    }
    return false;
}

/* What had completed before an answer's request was sent, and since when it lacked something. */
static void compare_with_truth(const struct story_truth *truth, struct story_exchange *exchange)
{
    exchange->lacked_us = -1;
    for (size_t i = truth->count; i > 0; i--) {
        const struct completed *completed = &truth->items[i - 1];
        if (completed->at_us >= exchange->sent_us)
            continue;
        if (exchange->newest < completed->id)
            exchange->newest = completed->id;
        if (completed->id <= exchange->shown)
            break;
        exchange->lacked_us = completed->at_us;
    }
}

/* Twice the width in half as many spans. */
static void widen(struct story_series *series)
{
    for (size_t i = 0; i < STORY_BUCKETS_MAX; i++) {
        const size_t a = 2 * i, b = 2 * i + 1;
        int64_t worst_us = a < series->count ? series->worst_us[a] : -1;
        if (b < series->count && series->worst_us[b] > worst_us)
            worst_us = series->worst_us[b];
        series->worst_us[i] = worst_us;
    }
    series->count = (series->count + 1) / 2;
    series->width_us *= 2;
}

static void add_staleness(struct story_series *series, int64_t at_us, int64_t stale_us)
{
    if (at_us < 0)
        return;
    while (at_us / series->width_us >= STORY_BUCKETS_MAX)
        widen(series);
    const size_t bucket = (size_t)(at_us / series->width_us);
    while (series->count <= bucket)
        series->worst_us[series->count++] = -1;
    if (stale_us > series->worst_us[bucket])
        series->worst_us[bucket] = stale_us;
}

/* --- what happened ------------------------------------------------------------------------- */

static bool is_outside(const struct story *story, int64_t from_us, int64_t until_us)
{
    return until_us < story->from_us || from_us > story->until_us;
}

static struct story_call *find_call(struct story *story, uint64_t fetch)
{
    for (size_t i = story->call_count; i > 0; i--) {
        if (story->calls[i - 1].fetch == fetch)
            return &story->calls[i - 1];
    }
    return NULL;
}

/* A place among the calls; where there is none left, that of one that ended before the story began.
 * (An entry that a call brought long ago may be what the story is about: the latest are kept.) */
static struct story_call *place_for_call(struct story *story)
{
    if (story->call_count < STORY_CALLS_MAX)
        return &story->calls[story->call_count++];
    if (story->calls[0].ended_us < 0 || story->calls[0].ended_us >= story->from_us) {
        story->left_out++;
        return NULL;
    }
    memmove(story->calls, story->calls + 1, (STORY_CALLS_MAX - 1) * sizeof *story->calls);
    return &story->calls[STORY_CALLS_MAX - 1];
}

static void hear_call(struct story *story, const struct fact *fact)
{
    if (fact->kind == FACT_CALL_SENT) {
        struct story_call *call = fact->at_us <= story->until_us ? place_for_call(story) : NULL;
        if (call)
            *call = (struct story_call){.fetch = fact->fetch,
                                        .kind = fact->call,
                                        .job = find_job(story, fact->job),
                                        .sent_us = fact->at_us,
                                        .taken_us = -1,
                                        .ended_us = -1};
        return;
    }
    struct story_call *call = find_call(story, fact->fetch);
    if (!call)
        return;
    if (fact->kind == FACT_CALL_TAKEN) {
        call->taken_us = fact->at_us;
        call->version = fact->version;
    } else {
        call->ended_us = fact->at_us;
        call->failed = fact->call_failed;
        call->outcome = fact->call_outcome;
    }
}

static void hear_mark(struct story *story, const struct fact *fact)
{
    if (fact->at_us > story->until_us || fact->kind == FACT_ENTRIES)
        return;
    if (story->mark_count == STORY_MARKS_MAX) {
        if (story->marks[0].at_us >= story->from_us) {
            story->left_out++;
            return;
        }
        story->mark_count--;
        memmove(story->marks, story->marks + 1, story->mark_count * sizeof *story->marks);
    }
    story->marks[story->mark_count++] = (struct story_mark){.kind = fact->kind,
                                                            .at_us = fact->at_us,
                                                            .job = find_job(story, fact->job),
                                                            .run = fact->run,
                                                            .checkpoint = fact->checkpoint,
                                                            .is_savepoint = fact->is_savepoint,
                                                            .is_concluded = fact->evidence != NULL};
}

static bool hear_fact(void *context, const struct fact *fact)
{
    struct story *story = context;
    if (fact->kind == FACT_CALL_SENT || fact->kind == FACT_CALL_TAKEN ||
        fact->kind == FACT_CALL_ENDED) {
        hear_call(story, fact);
        return true;
    }
    const size_t job = find_job(story, fact->job);
    if (job != SIZE_MAX && fact->kind == FACT_COMPLETED && fact->evidence &&
        is_known(&story->truths[job], fact->checkpoint))
        return true;
    hear_mark(story, fact);
    if (job == SIZE_MAX)
        return true;
    if (fact->kind == FACT_RUN_BEGAN)
        story->truths[job].count = 0;
    return fact->kind != FACT_COMPLETED || fact->is_savepoint ||
           add_completion(&story->truths[job], fact);
}

static bool is_witness(const struct story *story, uint64_t seq)
{
    const struct property_verdict *verdict = &story->judgement->properties[story->property];
    for (size_t i = 0; i < verdict->witness_count; i++) {
        if (seq != 0 && verdict->witness[i].seq == seq)
            return true;
    }
    return false;
}

/* The call that brought an answer: that of the state it shows; of a path that tells no such number,
 * the last that had ended. */
static uint64_t fetch_of(const struct story *story, const struct story_exchange *exchange)
{
    const bool by_version = exchange->path == PATH_STATISTICS;
    for (size_t i = story->call_count; i > 0; i--) {
        const struct story_call *call = &story->calls[i - 1];
        if (call->job != exchange->job || call->ended_us < 0 || call->ended_us > exchange->left_us)
            continue;
        if (by_version ? call->kind != CALL_OTHER && call->version == exchange->version
                       : exchange->path == PATH_JOB && call->kind == CALL_GRAPH)
            return call->fetch;
    }
    return 0;
}

static void copy_text(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static bool copy_bytes(char **to, const char *from, size_t length)
{
    const size_t kept = length < STORY_BODY_MAX ? length : STORY_BODY_MAX;
    *to = malloc(kept + 1);
    if (!*to)
        return false;
    memcpy(*to, from, kept);
    (*to)[kept] = '\0';
    return true;
}

static bool copy_raw(struct story_exchange *exchange, const struct raw_exchange *raw)
{
    copy_text(exchange->method, sizeof exchange->method, raw->method);
    copy_text(exchange->cache_control, sizeof exchange->cache_control, raw->cache_control);
    if (!exchange->is_witness)
        return true;
    exchange->body_length = raw->body_length;
    if (raw->headers && !copy_bytes(&exchange->headers, raw->headers, strlen(raw->headers)))
        return false;
    if (!raw->body || copy_bytes(&exchange->body, raw->body, raw->body_length))
        return true;
    free(exchange->headers);
    return false;
}

static struct story_exchange as_told(struct story *story, const struct exchange *told)
{
    struct story_exchange exchange = {
        .seq = told->seq,
        .path = told->path,
        .job = find_job(story, told->job),
        .sent_us = told->sent_us,
        .left_us = told->left_us > told->sent_us ? told->left_us : told->done_us,
        .done_us = told->done_us,
        .age_us = told->age_us,
        .status = told->status,
        .lacked_us = -1,
        .is_witness = is_witness(story, told->seq),
    };
    if (!told->seen || told->seen->kind != OBSERVED_STATISTICS)
        return exchange;
    exchange.shows_latest = true;
    exchange.shown = told->seen->has_latest_completed ? told->seen->latest_completed.id : 0;
    exchange.version = told->seen->version;
    if (exchange.job != SIZE_MAX)
        compare_with_truth(&story->truths[exchange.job], &exchange);
    return exchange;
}

/* A trigger operation that is done says of a checkpoint that it is complete; recordings may have no
 * other word of it in time. */
static bool hear_trigger(struct story *story, const struct exchange *told)
{
    const struct observation *seen = told->seen;
    if (!seen || seen->kind != OBSERVED_TRIGGER_STATUS || !seen->trigger_done ||
        seen->trigger_failed || seen->trigger_checkpoint <= 0)
        return true;
    const size_t job = find_job(story, told->job);
    if (job == SIZE_MAX || is_known(&story->truths[job], seen->trigger_checkpoint))
        return true;
    const struct fact fact = {.kind = FACT_COMPLETED,
                              .at_us = told->done_us,
                              .job = told->job,
                              .checkpoint = seen->trigger_checkpoint,
                              .evidence = "a trigger operation that is done"};
    return hear_fact(story, &fact);
}

static bool hear_exchange(void *context, const struct exchange *told,
                          const struct raw_exchange *raw)
{
    struct story *story = context;
    struct story_exchange exchange = as_told(story, told);
    if (exchange.shows_latest)
        add_staleness(&story->series, exchange.done_us,
                      exchange.lacked_us < 0 ? 0 : exchange.sent_us - exchange.lacked_us);
    if (!hear_trigger(story, told))
        return false;
    if (is_outside(story, exchange.sent_us, exchange.done_us) && !exchange.is_witness)
        return true;
    const size_t room = STORY_EXCHANGES_MAX - (exchange.is_witness ? 0 : KEPT_BACK);
    if (story->exchange_count >= room) {
        story->left_out++;
        return true;
    }
    copy_text(exchange.client, sizeof exchange.client, told->client);
    copy_text(exchange.target, sizeof exchange.target, told->target);
    exchange.fetch = fetch_of(story, &exchange);
    if (!copy_raw(&exchange, raw))
        return false;
    story->exchanges[story->exchange_count++] = exchange;
    return true;
}

struct listener story_listener(struct story *story)
{
    return (struct listener){.context = story, .fact = hear_fact, .exchange = hear_exchange};
}

/* Without a witness the story is all that was heard. */
static int64_t last_heard_us(const struct story *story)
{
    int64_t last_us = 1;
    if (story->exchange_count > 0)
        last_us = story->exchanges[story->exchange_count - 1].done_us;
    if (story->mark_count > 0 && story->marks[story->mark_count - 1].at_us > last_us)
        last_us = story->marks[story->mark_count - 1].at_us;
    return last_us;
}

void story_finish(struct story *story)
{
    free_truths(story);
    story->judgement = NULL;
    if (story->until_us == INT64_MAX)
        story->until_us = last_heard_us(story);
}
