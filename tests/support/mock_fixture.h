#ifndef FRESHCHECK_TESTS_MOCK_FIXTURE_H
#define FRESHCHECK_TESTS_MOCK_FIXTURE_H

#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "mock_jobmanager/jobmanager.h"

/* A mock JobManager under test, and everything it wrote into its journal so far. */
struct mock {
    struct jobmanager_config config;
    struct jobmanager *jobmanager;
    uint64_t ticket;
    struct journal_entry *log;
    size_t log_count, log_capacity;
    uint64_t next_fetch;
};

enum { MS = 1000 };

static const struct job_vertex mock_vertices[] = {
    {{0xaaaa, 1}, "Source", 2},
    {{0xbbbb, 2}, "Sink", 1},
};

static const struct job_plan mock_job_j = {
    .id = {UINT64_C(0x1309239b681e474d), UINT64_C(0x9fce933559e350b1)},
    .name = "J",
    .exists_at_start = true,
    .checkpointing = true,
    .state_size = 100,
    .vertices = mock_vertices,
    .vertex_count = 2,
};

#define MOCK_J_PATH(id) "file:/flink/checkpoints/1309239b681e474d9fce933559e350b1/chk-" #id

/* One job J, no latency, time 0 at epoch 1,000,000 ms; change what a test is about. */
static inline struct jobmanager_config mock_config(const struct job_plan *jobs, size_t job_count,
                                                   const struct job_event *events,
                                                   size_t event_count)
{
    return (struct jobmanager_config){
        .jobs = jobs,
        .job_count = job_count,
        .events = events,
        .event_count = event_count,
        .call_timeout_us = INT64_C(600) * 1000 * MS,
        .history_count_max = 10,
        .retained_count = 1,
        .epoch_us = INT64_C(1000000) * MS,
        .quirks = {.late_savepoint_is_checkpoint = true},
    };
}

static inline void mock_drain(struct mock *mock)
{
    const struct journal_entry *entry;
    while ((entry = jobmanager_next_entry(mock->jobmanager)) != NULL) {
        if (mock->log_count == mock->log_capacity) {
            mock->log_capacity = mock->log_capacity ? 2 * mock->log_capacity : 64;
            mock->log = realloc(mock->log, mock->log_capacity * sizeof *mock->log);
            assert_non_null(mock->log);
        }
        mock->log[mock->log_count++] = *entry;
    }
}

static inline void mock_start(struct mock *mock, const struct jobmanager_config *config)
{
    *mock = (struct mock){.config = *config};
    mock->config.ticket = &mock->ticket;
    mock->jobmanager = jobmanager_new(&mock->config);
    assert_non_null(mock->jobmanager);
    mock_drain(mock);
}

static inline void mock_stop(struct mock *mock)
{
    jobmanager_free(mock->jobmanager);
    free(mock->log);
}

/* Runs everything that is due at `until_us` or before. */
static inline void mock_run(struct mock *mock, int64_t until_us)
{
    while (jobmanager_due(mock->jobmanager, NULL) <= until_us) {
        assert_true(jobmanager_advance(mock->jobmanager, until_us));
        mock_drain(mock);
    }
}

static inline uint64_t mock_send(struct mock *mock, int64_t now_us,
                                 const struct fetch_request *request)
{
    const uint64_t fetch = ++mock->next_fetch;
    mock_run(mock, now_us);
    assert_true(jobmanager_call(mock->jobmanager, now_us, fetch, request));
    mock_drain(mock);
    return fetch;
}

/* Asks with no latency at `now_us`. The result is the caller's to clear. */
static inline struct fetch_result mock_ask(struct mock *mock, int64_t now_us, enum fetch_kind kind,
                                           struct id job, struct id trigger)
{
    const uint64_t sent = mock_send(
        mock, now_us, &(struct fetch_request){.kind = kind, .job = job, .trigger = trigger});
    mock_run(mock, now_us);
    uint64_t fetch = 0;
    struct fetch_result result = {0};
    assert_true(jobmanager_next_delivery(mock->jobmanager, &fetch, &result));
    assert_int_equal(fetch, sent);
    return result;
}

static inline struct fetch_result mock_statistics(struct mock *mock, int64_t now_us, struct id job)
{
    return mock_ask(mock, now_us, FETCH_CHECKPOINT_STATS, job, (struct id){0});
}

/* The `nth` (from 0) line of a kind about a checkpoint; -1 means any checkpoint. NULL: none. */
static inline const struct journal_entry *mock_line(const struct mock *mock, enum journal_kind kind,
                                                    int64_t checkpoint, size_t nth)
{
    for (size_t i = 0; i < mock->log_count; i++) {
        const struct journal_entry *const entry = &mock->log[i];
        if (entry->kind == kind && (checkpoint < 0 || entry->checkpoint == checkpoint) &&
            nth-- == 0)
            return entry;
    }
    return NULL;
}

static inline size_t mock_count(const struct mock *mock, enum journal_kind kind)
{
    size_t count = 0;
    while (mock_line(mock, kind, -1, count))
        count++;
    return count;
}

/* The kinds of all lines about one checkpoint, in order, must be these. */
static inline void mock_assert_course(const struct mock *mock, int64_t checkpoint,
                                      const enum journal_kind *kinds, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < mock->log_count; i++) {
        if (mock->log[i].checkpoint != checkpoint)
            continue;
        assert_true(found < count);
        assert_int_equal(mock->log[i].kind, kinds[found++]);
    }
    assert_int_equal(found, count);
}

#endif
