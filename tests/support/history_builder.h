#ifndef FRESHCHECK_TESTS_HISTORY_BUILDER_H
#define FRESHCHECK_TESTS_HISTORY_BUILDER_H

#include <stdio.h>
#include <string.h>

#include "harness/judge/judge.h"
#include "tests/support/test_prelude.h"

/*
 * Histories in few words, for tests of the judge. Times are milliseconds. All is `static inline`,
 * because tests that do not link the judge have this folder, too.
 */
struct history {
    struct judge *judge;
    struct claim claim;
    uint64_t seq, serial, fetch;
    bool failed; /* feeding ran out of memory */
    struct judgement judgement;
};

static const struct id JOB_A = {0xaaaaaaaaaaaaaaaa, 0x1111111111111111};
static const struct id JOB_B = {0xbbbbbbbbbbbbbbbb, 0x2222222222222222};

enum { MS = 1000, SHOWN_MAX = 12 };

static inline struct claim claim_all(int64_t bound_ms)
{
    struct claim claim = {.bound_us = bound_ms * MS,
                          .refresh_interval_us = 3000 * MS,
                          .in_flight_max = 2,
                          .restore_window_us = 0};
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        claim.claimed[i] = true;
    claim.claimed[PROPERTY_RESTORE_WINDOW] = claim.claimed[PROPERTY_CONVERGES] = false;
    return claim;
}

static inline void history_start(struct history *h, const struct claim *claim)
{
    *h = (struct history){.claim = *claim, .judge = judge_new(claim)};
    h->failed =
        !h->judge || !judge_name_job(h->judge, JOB_A, "A") || !judge_name_job(h->judge, JOB_B, "B");
}

static inline void history_end(struct history *h)
{
    judge_free(h->judge);
    h->judge = NULL;
}

static inline void path_of(struct id job, int64_t checkpoint, char path[64])
{
    snprintf(path, 64, "file:/%s/chk-%lld", id_equal(job, JOB_A) ? "a" : "b",
             (long long)checkpoint);
}

/* Each run has trigger times of its own. */
static inline int64_t trigger_of(uint64_t run, int64_t checkpoint)
{
    return (int64_t)run * 1000000 + checkpoint;
}

static inline void feed_fact(struct history *h, const struct fact *fact)
{
    h->failed = h->failed || !judge_fact(h->judge, fact);
}

static inline void fact_of_run(struct history *h, enum fact_kind kind, int64_t at_ms, struct id job,
                               uint64_t run, int64_t checkpoint)
{
    char path[64];
    path_of(job, checkpoint, path);
    feed_fact(h, &(struct fact){.kind = kind,
                                .at_us = at_ms * MS,
                                .job = job,
                                .run = run,
                                .checkpoint = checkpoint,
                                .trigger_ms = trigger_of(run, checkpoint),
                                .path = checkpoint ? path : NULL});
}

static inline void fact(struct history *h, enum fact_kind kind, int64_t at_ms, int64_t checkpoint)
{
    fact_of_run(h, kind, at_ms, JOB_A, 1, checkpoint);
}

static inline void run_begins(struct history *h, int64_t at_ms, uint64_t run)
{
    feed_fact(
        h, &(struct fact){.kind = FACT_RUN_BEGAN, .at_us = at_ms * MS, .job = JOB_A, .run = run});
}

/* A completion in three facts. */
static inline void completes(struct history *h, int64_t at_ms, int64_t checkpoint)
{
    fact(h, FACT_BEGAN, at_ms, checkpoint);
    fact(h, FACT_COMPLETED, at_ms, checkpoint);
}

/* What an answer shows: `latest` and the two before it, all completed. */
struct shown {
    uint64_t run;
    int64_t latest;
    uint64_t version; /* 0: as many as `latest` */
    bool discarded;   /* latest is marked so */
    const char *contradiction;
    int64_t restored_ms;
};

struct shown_answer {
    struct observation seen;
    struct seen_checkpoint entries[3];
    char paths[3][64];
    char contradiction[64];
};

static inline void show(const struct shown *shown, struct id job, struct shown_answer *answer)
{
    struct observation *seen = &answer->seen;
    memset(answer, 0, sizeof *answer);
    seen->kind = OBSERVED_STATISTICS;
    seen->completed = seen->total = shown->latest;
    seen->version = shown->version ? shown->version : (uint64_t)shown->latest;
    seen->history = answer->entries;
    for (int64_t id = shown->latest; id > 0 && seen->history_count < 3; id--) {
        size_t at = seen->history_count++;
        path_of(job, id, answer->paths[at]);
        answer->entries[at] = (struct seen_checkpoint){.id = id,
                                                       .status = SEEN_COMPLETED,
                                                       .trigger_ms = trigger_of(shown->run, id),
                                                       .state_size = 100 * id,
                                                       .path = answer->paths[at]};
    }
    seen->has_latest_completed = shown->latest > 0;
    answer->entries[0].discarded = shown->discarded;
    seen->latest_completed = answer->entries[0];
    seen->has_latest_restored = shown->restored_ms > 0;
    seen->restored_ms = shown->restored_ms;
    if (shown->contradiction) {
        snprintf(answer->contradiction, sizeof answer->contradiction, "%s", shown->contradiction);
        seen->contradiction = answer->contradiction;
    }
}

static inline void exchange_parts(struct history *h, struct exchange *exchange, const char *client,
                                  enum exchange_path path, struct id job, int64_t sent_ms,
                                  int64_t done_ms)
{
    static const char *const targets[] = {
        [PATH_STATISTICS] = "/v1/jobs/aaaaaaaaaaaaaaaa1111111111111111/checkpoints",
        [PATH_DETAILS] = "/v1/jobs/aaaaaaaaaaaaaaaa1111111111111111/checkpoints/details/1",
        [PATH_JOB] = "/v1/jobs/aaaaaaaaaaaaaaaa1111111111111111",
        [PATH_TRIGGER_STATUS] = "/v1/jobs/aaaaaaaaaaaaaaaa1111111111111111/checkpoints/t",
        [PATH_OTHER] = "/v1/config"};
    *exchange = (struct exchange){.seq = ++h->seq,
                                  .client = client,
                                  .client_index = client ? (size_t)client[0] : SIZE_MAX,
                                  .path = path,
                                  .target = targets[path],
                                  .job = job,
                                  .sent_us = sent_ms * MS,
                                  .done_us = done_ms * MS,
                                  .left_us = done_ms * MS,
                                  .bound_us = -1,
                                  .status = 200};
}

static inline void feed_exchange(struct history *h, const struct exchange *exchange)
{
    h->failed = h->failed || !judge_exchange(h->judge, exchange);
}

static inline void read_shown(struct history *h, const char *client, struct id job, int64_t sent_ms,
                              int64_t done_ms, const struct shown *shown)
{
    struct shown_answer answer;
    struct exchange exchange;
    show(shown, job, &answer);
    exchange_parts(h, &exchange, client, PATH_STATISTICS, job, sent_ms, done_ms);
    exchange.seen = &answer.seen;
    exchange.seen_serial = h->serial;
    feed_exchange(h, &exchange);
}

/* Answered at once with `latest` of run 1. */
static inline void reads(struct history *h, const char *client, int64_t at_ms, int64_t latest)
{
    read_shown(h, client, JOB_A, at_ms, at_ms, &(struct shown){.run = 1, .latest = latest});
}

static inline void answered_error(struct history *h, const char *client, enum exchange_path path,
                                  int64_t sent_ms, int64_t done_ms, int status,
                                  enum observed_error error)
{
    struct exchange exchange;
    const struct observation seen = {.kind = OBSERVED_ERROR, .error = error};
    exchange_parts(h, &exchange, client, path, JOB_A, sent_ms, done_ms);
    exchange.status = status;
    exchange.seen = status ? &seen : NULL;
    feed_exchange(h, &exchange);
}

static inline void answered_job(struct history *h, const char *client, struct id job,
                                int64_t sent_ms, int64_t done_ms, const char *state)
{
    struct exchange exchange;
    struct observation seen = {.kind = OBSERVED_JOB};
    snprintf(seen.job_state, sizeof seen.job_state, "%s", state);
    seen.job_initializing = strcmp(state, "INITIALIZING") == 0;
    seen.job_terminal = strcmp(state, "FINISHED") == 0;
    exchange_parts(h, &exchange, client, PATH_JOB, job, sent_ms, done_ms);
    exchange.seen = &seen;
    feed_exchange(h, &exchange);
}

static inline void answered_details(struct history *h, struct id job, int64_t asked,
                                    int64_t sent_ms, const struct seen_checkpoint *shown)
{
    struct exchange exchange;
    const struct observation seen = {.kind = OBSERVED_DETAILS, .latest_completed = *shown};
    exchange_parts(h, &exchange, "d", PATH_DETAILS, job, sent_ms, sent_ms);
    exchange.checkpoint = asked;
    exchange.seen = &seen;
    feed_exchange(h, &exchange);
}

static inline void trigger_says(struct history *h, int64_t sent_ms, int64_t done_ms,
                                int64_t checkpoint)
{
    struct exchange exchange;
    const struct observation seen = {
        .kind = OBSERVED_TRIGGER_STATUS, .trigger_done = true, .trigger_checkpoint = checkpoint};
    exchange_parts(h, &exchange, "t", PATH_TRIGGER_STATUS, JOB_A, sent_ms, done_ms);
    exchange.seen = &seen;
    feed_exchange(h, &exchange);
}

static inline void sends(struct history *h, const char *client, enum exchange_path path,
                         int64_t at_ms)
{
    struct exchange exchange;
    exchange_parts(h, &exchange, client, path, JOB_A, at_ms, at_ms);
    h->failed = h->failed || !judge_sent(h->judge, &exchange);
}

static inline uint64_t call_leaves(struct history *h, enum call_kind call, int64_t at_ms)
{
    feed_fact(h, &(struct fact){.kind = FACT_CALL_SENT,
                                .at_us = at_ms * MS,
                                .job = JOB_A,
                                .call = call,
                                .fetch = ++h->fetch});
    return h->fetch;
}

static inline void call_taken(struct history *h, enum call_kind call, uint64_t fetch, int64_t at_ms,
                              uint64_t version)
{
    feed_fact(h, &(struct fact){.kind = FACT_CALL_TAKEN,
                                .at_us = at_ms * MS,
                                .job = JOB_A,
                                .call = call,
                                .fetch = fetch,
                                .version = version});
}

static inline void call_ends(struct history *h, enum call_kind call, uint64_t fetch, int64_t at_ms,
                             uint64_t version, const char *failure)
{
    feed_fact(h, &(struct fact){.kind = FACT_CALL_ENDED,
                                .at_us = at_ms * MS,
                                .job = JOB_A,
                                .call = call,
                                .fetch = fetch,
                                .version = version,
                                .call_failed = failure != NULL,
                                .call_outcome = failure});
}

/* A call that takes no time. */
static inline void call_at(struct history *h, enum call_kind call, int64_t at_ms, uint64_t version)
{
    uint64_t fetch = call_leaves(h, call, at_ms);
    call_taken(h, call, fetch, at_ms, version);
    call_ends(h, call, fetch, at_ms, version, NULL);
}

static inline const struct property_verdict *verdict_on(struct history *h, enum property property)
{
    assert_false(h->failed);
    judge_verdicts(h->judge, &h->judgement);
    return &h->judgement.properties[property];
}

#define expect_verdict(h, property, expected, violated)                                    \
    do {                                                                                   \
        const struct property_verdict *got_ = verdict_on(h, property);                     \
        if (got_->verdict != (expected) || got_->violations != (violated))                 \
            print_error("%s: %s, %llu violations: %s\n", property_id(property),            \
                        verdict_name(got_->verdict), (unsigned long long)got_->violations, \
                        got_->cause);                                                      \
        assert_int_equal(got_->verdict, expected);                                         \
        assert_int_equal(got_->violations, violated);                                      \
    } while (0)

#define expect_pass(h, property) expect_verdict(h, property, VERDICT_PASS, 0)
#define expect_fail(h, property, violated) expect_verdict(h, property, VERDICT_FAIL, violated)
#define expect_unknown(h, property) expect_verdict(h, property, VERDICT_UNKNOWN, 0)

static inline void expect_event(const struct property_verdict *verdict, size_t at, int64_t at_ms,
                                const char *who, const char *what)
{
    assert_true(at < verdict->witness_count);
    assert_int_equal(verdict->witness[at].at_us, at_ms * MS);
    assert_string_equal(verdict->witness[at].who, who);
    assert_string_equal(verdict->witness[at].what, what);
}

/* This event, and no other, is the one from which on the last of them was wrong. */
static inline void expect_since(const struct property_verdict *verdict, size_t at)
{
    for (size_t i = 0; i < verdict->witness_count; i++)
        assert_int_equal(verdict->witness[i].since, i == at);
}

/* Nothing claimed fails. */
static inline void expect_no_alarm(struct history *h)
{
    verdict_on(h, PROPERTY_FRESH);
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (h->judgement.properties[i].verdict == VERDICT_FAIL)
            print_error("%s: %s\n", property_id((enum property)i),
                        h->judgement.properties[i].cause);
        assert_int_not_equal(h->judgement.properties[i].verdict, VERDICT_FAIL);
    }
}

#endif
