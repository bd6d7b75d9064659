/* rooms: harness/observer harness/clients harness/recording harness/client_models harness/judge rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "harness/observer/migration_log.h"
#include "harness/observer/observer.h"
#include "rest_endpoint/body_internal.h"
#include "tests/support/conversation.h"

/* An observer beside a run that the test makes up: bodies come from snapshots written by hand. */

static const struct job_plan jobs[] = {
    {.id = {UINT64_C(0xaaaaaaaaaaaaaaaa), UINT64_C(0xaaaaaaaaaaaaaaaa)}, .name = "J"},
    {.id = {UINT64_C(0xbbbbbbbbbbbbbbbb), UINT64_C(0xbbbbbbbbbbbbbbbb)}, .name = "K"}};

static struct plan plan_of(void)
{
    struct plan plan = {.jobs = jobs, .job_count = 2, .end_us = 1000 * MS};
    plan.claim.claimed[PROPERTY_FRESH] = true;
    plan.claim.claimed[PROPERTY_AVAILABLE] = true;
    plan.claim.in_flight_max = 1;
    return plan;
}

struct stage {
    struct plan plan;
    struct observer *observer;
    struct body_maker maker;
};

static void open_stage(struct stage *stage, uint32_t parse_every)
{
    *stage = (struct stage){.plan = plan_of()};
    stage->observer = observer_new(&stage->plan, parse_every);
    assert_non_null(stage->observer);
}

static void close_stage(struct stage *stage)
{
    observer_free(stage->observer);
}

static struct client_action action_of(uint64_t request, enum exchange_path what)
{
    return (struct client_action){.request = {.id = request, .target = CHECKPOINTS_OF_A},
                                  .what = what,
                                  .client = "reader",
                                  .client_index = 3,
                                  .bound_us = -1};
}

static void send_for(struct stage *stage, int64_t at_ms, uint64_t request, enum exchange_path what)
{
    const struct client_action action = action_of(request, what);
    assert_true(observer_sent(stage->observer, at_ms * MS, &action));
}

static void send(struct stage *stage, int64_t at_ms, uint64_t request)
{
    send_for(stage, at_ms, request, PATH_STATISTICS);
}

/* A body of a snapshot with checkpoints `latest` down to 1. NULL: out of memory. */
static struct body *statistics_body(struct body_maker *maker, int64_t latest)
{
    struct checkpoint_stats *stats = stats_of(JOB_A, 1, latest, 1, "file:/a");
    if (!stats)
        return NULL;
    const struct body_source source = {.kind = BODY_STATISTICS, .stats = stats};
    struct body *body = body_new(maker, &source);
    checkpoint_stats_release(stats);
    return body;
}

static struct body *text_body(struct stage *stage, const char *text)
{
    struct buffer bytes = {0};
    buffer_text(&bytes, text);
    return body_new_text(&stage->maker, &bytes);
}

static struct observed_answer answer_body(struct stage *stage, int64_t at_ms, uint64_t request,
                                          int status, struct body *body)
{
    struct observed_answer answer = {0};
    assert_true(observer_answered(stage->observer, at_ms * MS, request, status, body, &answer));
    return answer;
}

static void answer_latest_of(struct stage *stage, int64_t at_ms, uint64_t request, int64_t latest)
{
    struct body *body = statistics_body(&stage->maker, latest);
    assert_non_null(body);
    answer_body(stage, at_ms, request, 200, body);
    body_release(body);
}

static void assert_refused(struct stage *stage, uint64_t request, int status, struct body *body,
                           const char *sentence)
{
    struct observed_answer answer;
    assert_false(observer_answered(stage->observer, 50 * MS, request, status, body, &answer));
    assert_string_equal(observer_failure(stage->observer), sentence);
}

static struct run_result result_of(struct stage *stage, const struct clients *clients)
{
    struct run_result result;
    observer_result(stage->observer, clients, &result);
    return result;
}

static const char *const nobody_asked =
    "the implementation answered a request that was not waiting";

/* --- requests and answers -------------------------------------------------------------------- */

static void an_answer_tells_whose_it_is_and_what_it_says(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    send(&stage, 10, 1);
    assert_int_equal(observer_waiting(stage.observer), 1);
    struct body *body = statistics_body(&stage.maker, 4);
    const struct observed_answer answer = answer_body(&stage, 11, 1, 200, body);
    assert_int_equal(answer.client_index, 3);
    assert_int_equal(answer.seen->kind, OBSERVED_STATISTICS);
    assert_int_equal(answer.seen->latest_completed.id, 4);
    assert_int_equal(answer.seen->history_count, 4);
    assert_int_equal(observer_waiting(stage.observer), 0);
    assert_null(observer_failure(stage.observer));
    assert_int_equal(result_of(&stage, NULL).reads, 1);
    body_release(body);
    close_stage(&stage);
}

static void what_is_seen_is_the_same_from_snapshot_and_from_bytes(void **state)
{
    (void)state;
    struct stage parsed, spared;
    open_stage(&parsed, 1);
    open_stage(&spared, 0);
    for (uint64_t request = 1; request <= 3; request++) {
        send(&parsed, 10, request);
        send(&spared, 10, request);
        struct body *body = statistics_body(&parsed.maker, request == 3 ? 5 : 4);
        const struct observed_answer a = answer_body(&parsed, 11, request, 200, body);
        const struct observed_answer b = answer_body(&spared, 11, request, 200, body);
        assert_int_equal(a.seen->latest_completed.id, b.seen->latest_completed.id);
        assert_int_equal(a.seen->version, b.seen->version);
        assert_int_equal(a.seen->history_count, b.seen->history_count);
        body_release(body);
    }
    close_stage(&parsed);
    close_stage(&spared);
}

static void one_body_for_many_requests_is_fine(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 2);
    struct body *body = statistics_body(&stage.maker, 4);
    for (uint64_t request = 1; request <= 5; request++) {
        send(&stage, 10, request);
        assert_int_equal(answer_body(&stage, 11, request, 200, body).seen->latest_completed.id, 4);
    }
    body_release(body);
    close_stage(&stage);
}

static void more_bodies_than_are_remembered_are_each_read_right(void **state)
{
    (void)state;
    struct stage stage;
    struct body *bodies[300];
    open_stage(&stage, 0);
    for (size_t i = 0; i < 300; i++)
        bodies[i] =
            i % 2 ? statistics_body(&stage.maker, (int64_t)(i % 9) + 1) : text_body(&stage, "{}");
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 300; i++) {
            send_for(&stage, 10, 1, i % 2 ? PATH_STATISTICS : PATH_OTHER);
            const struct observed_answer answer = answer_body(&stage, 11, 1, 200, bodies[i]);
            if (i % 2)
                assert_int_equal(answer.seen->latest_completed.id, (int64_t)(i % 9) + 1);
            else
                assert_int_equal(answer.seen->kind, OBSERVED_OTHER);
        }
    }
    for (size_t i = 0; i < 300; i++)
        body_release(bodies[i]);
    close_stage(&stage);
}

static void an_answer_that_nobody_waits_for_makes_the_run_worthless(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {2, 0, 65, UINT64_MAX}; /* 65 would stand where 1 does */
    for (size_t i = 0; i < 4; i++) {
        struct stage stage;
        open_stage(&stage, 1);
        send(&stage, 10, 1);
        struct body *body = statistics_body(&stage.maker, 1);
        assert_refused(&stage, numbers[i], 200, body, nobody_asked);
        body_release(body);
        close_stage(&stage);
    }
}

static void a_second_answer_makes_the_run_worthless(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    send(&stage, 10, 1);
    struct body *body = statistics_body(&stage.maker, 1);
    answer_body(&stage, 11, 1, 200, body);
    assert_refused(&stage, 1, 200, body, nobody_asked);
    body_release(body);
    close_stage(&stage);
}

/* A body whose bytes were written before its snapshot was changed under it. */
static struct body *lying_body(struct body_maker *maker, void (*alter)(struct checkpoint_stats *))
{
    struct checkpoint_stats *stats = stats_of(JOB_A, 1, 3, 1, "file:/a");
    assert_non_null(stats);
    stats->latest_restored = calloc(1, sizeof *stats->latest_restored);
    assert_non_null(stats->latest_restored);
    stats->latest_failed = completed_checkpoint(9, "file:/a");
    stats->latest_failed->status = CHECKPOINT_FAILED;
    const struct body_source source = {.kind = BODY_STATISTICS, .stats = stats};
    struct body *body = body_new(maker, &source);
    size_t length;
    assert_non_null(body);
    assert_non_null(body_bytes(body, &length));
    alter(stats);
    checkpoint_stats_release(stats);
    return body;
}

static void count_one_more(struct checkpoint_stats *stats)
{
    stats->counts.in_progress++;
}

static void change_an_entry(struct checkpoint_stats *stats)
{
    stats->history[1]->state_size++;
}

static void change_a_path(struct checkpoint_stats *stats)
{
    stats->history[2]->external_path->bytes[0]++;
}

static void lose_the_oldest(struct checkpoint_stats *stats)
{
    checkpoint_release(stats->history[--stats->history_count]);
}

static void forget_the_latest(struct checkpoint_stats *stats)
{
    checkpoint_release(stats->latest_completed);
    stats->latest_completed = NULL;
}

static void change_the_failed_one(struct checkpoint_stats *stats)
{
    stats->latest_failed->trigger_ms++;
}

static void change_the_restored_one(struct checkpoint_stats *stats)
{
    stats->latest_restored->id++;
}

static void a_body_that_disagrees_with_its_snapshot_makes_the_run_worthless(void **state)
{
    (void)state;
    static void (*const alterations[])(struct checkpoint_stats *) = {
        count_one_more,    change_an_entry,       change_a_path,           lose_the_oldest,
        forget_the_latest, change_the_failed_one, change_the_restored_one,
    };
    for (size_t i = 0; i < sizeof alterations / sizeof alterations[0]; i++) {
        struct stage stage;
        open_stage(&stage, 1);
        send(&stage, 10, 1);
        struct body *body = lying_body(&stage.maker, alterations[i]);
        assert_refused(&stage, 1, 200, body,
                       "a body says something else than the snapshot it is written from");
        body_release(body);
        close_stage(&stage);
    }
}

/* Whether the answer to the `turn`th request is held against its snapshot, all before being right. */
static bool is_compared(uint32_t every, uint64_t first, uint64_t turn)
{
    struct stage stage;
    struct observed_answer answer;
    open_stage(&stage, every);
    observer_parse_first(stage.observer, first);
    for (uint64_t request = 1; request < turn; request++) {
        send(&stage, 10, request);
        answer_latest_of(&stage, 11, request, 1);
    }
    send(&stage, 20, turn);
    struct body *body = lying_body(&stage.maker, count_one_more);
    const bool refused = !observer_answered(stage.observer, 21 * MS, turn, 200, body, &answer);
    body_release(body);
    close_stage(&stage);
    return refused;
}

static void bodies_are_held_against_their_snapshots_as_often_as_was_asked_for(void **state)
{
    (void)state;
    for (uint64_t turn = 1; turn <= 7; turn++) {
        assert_false(is_compared(0, turn, turn));
        for (uint32_t every = 1; every <= 3; every++)
            for (uint64_t first = 0; first <= 4; first++)
                assert_int_equal(is_compared(every, first, turn),
                                 turn > first % every && (turn - 1 - first % every) % every == 0);
    }
}

static void bodies_are_read_for_who_goes_by_names(void **state)
{
    (void)state;
    for (int by_names = 0; by_names <= 1; by_names++) {
        struct stage stage;
        struct observed_answer answer;
        struct client_action action = action_of(1, PATH_STATISTICS);
        action.goes_by_names = by_names;
        open_stage(&stage, 0);
        assert_true(observer_sent(stage.observer, 10 * MS, &action));
        struct body *body = lying_body(&stage.maker, count_one_more);
        assert_int_equal(observer_answered(stage.observer, 11 * MS, 1, 200, body, &answer),
                         !by_names);
        body_release(body);
        close_stage(&stage);
    }
}

static void a_body_that_was_compared_is_remembered_until_another_is(void **state)
{
    (void)state;
    struct stage stage;
    struct observed_answer answer;
    open_stage(&stage, 1);
    struct body *body = statistics_body(&stage.maker, 5);
    struct body *other = statistics_body(&stage.maker, 7);
    struct body *const bodies[] = {body, body, other, body};
    static const int64_t ids[] = {5, 5, 7, 5};
    for (uint64_t i = 0; i < 4; i++) {
        send(&stage, 10, i + 1);
        assert_true(observer_answered(stage.observer, 11 * MS, i + 1, 200, bodies[i], &answer));
        assert_int_equal(answer.seen->latest_completed.id, ids[i]);
    }
    body_release(body);
    body_release(other);
    close_stage(&stage);
}

static void a_200_that_cannot_be_read_makes_the_run_worthless_and_an_error_does_not(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    struct body *body = text_body(&stage, "{\"errors\":");
    send_for(&stage, 10, 1, PATH_JOB);
    const struct observed_answer answer = answer_body(&stage, 11, 1, 500, body);
    assert_int_equal(answer.seen->kind, OBSERVED_ERROR);
    struct body *job = text_body(&stage, "{\"errors\":");
    send_for(&stage, 10, 2, PATH_JOB);
    assert_refused(&stage, 2, 200, job, "the body is no valid JSON");
    send_for(&stage, 12, 3, PATH_JOB);
    assert_refused(&stage, 3, 200, job, "the body is no valid JSON"); /* nor is it remembered */
    body_release(body);
    body_release(job);
    close_stage(&stage);
}

static void the_first_failure_is_the_one_that_is_told(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    struct body *body = text_body(&stage, "no JSON");
    assert_refused(&stage, 1, 200, body, nobody_asked);
    send_for(&stage, 10, 1, PATH_JOB);
    assert_refused(&stage, 1, 200, body, nobody_asked);
    body_release(body);
    close_stage(&stage);
}

static void thousands_may_wait_and_be_answered_in_any_order(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    struct stage stage;
    open_stage(&stage, 0);
    struct body *body = statistics_body(&stage.maker, 1);
    for (uint64_t request = 1; request <= COUNT; request++)
        send(&stage, 10, request);
    assert_int_equal(observer_waiting(stage.observer), COUNT);
    for (uint64_t i = 0; i < COUNT; i++)
        answer_body(&stage, 11, 1 + i * 1777 % COUNT, 200, body);
    assert_int_equal(observer_waiting(stage.observer), 0);
    assert_int_equal(result_of(&stage, NULL).reads, COUNT);
    body_release(body);
    close_stage(&stage);
}

static void one_that_waits_long_is_found_after_thousands_of_others(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 0);
    struct body *body = statistics_body(&stage.maker, 1);
    send(&stage, 10, 1);
    for (uint64_t request = 2; request <= 3000; request++) {
        send(&stage, 11, request);
        answer_body(&stage, 11, request, 200, body);
    }
    assert_int_equal(observer_waiting(stage.observer), 1);
    answer_body(&stage, 12, 1, 200, body);
    assert_int_equal(observer_waiting(stage.observer), 0);
    body_release(body);
    close_stage(&stage);
}

static void giving_up_ends_what_waits_and_counts_no_reads(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    for (uint64_t request = 1; request <= 100; request++)
        send(&stage, 10, request);
    answer_latest_of(&stage, 11, 50, 1);
    assert_true(observer_give_up(stage.observer, 900 * MS));
    assert_int_equal(observer_waiting(stage.observer), 0);
    assert_int_equal(result_of(&stage, NULL).reads, 1);
    assert_null(observer_failure(stage.observer));
    assert_true(observer_give_up(stage.observer, 900 * MS)); /* nothing is left to give up on */
    close_stage(&stage);
}

/* --- details and jobs ------------------------------------------------------------------------ */

static struct body *details_body(struct body_maker *maker, struct checkpoint **checkpoint)
{
    *checkpoint = completed_checkpoint(7, "file:/a");
    assert_non_null(*checkpoint);
    const struct body_source source = {.kind = BODY_DETAILS, .checkpoint = *checkpoint};
    struct body *body = body_new(maker, &source);
    checkpoint_release(*checkpoint); /* the body holds it */
    assert_non_null(body);
    return body;
}

static struct body *job_body(struct body_maker *maker, struct execution_graph **graph)
{
    *graph = graph_of(JOB_A, 5000, stats_of(JOB_A, 1, 3, 1, "file:/a"));
    assert_non_null(*graph);
    (*graph)->start_ms = 4000;
    (*graph)->state = JOB_FINISHED;
    const struct body_source source = {.kind = BODY_JOB, .graph = *graph, .now_ms = 6000};
    struct body *body = body_new(maker, &source);
    execution_graph_release(*graph);
    assert_non_null(body);
    return body;
}

/* Read off the data, and with every body off its bytes too. */
static void details_are_seen_the_same_from_data_and_from_bytes(void **state)
{
    (void)state;
    for (uint32_t every = 0; every <= 1; every++) {
        struct stage stage;
        struct checkpoint *checkpoint;
        open_stage(&stage, every);
        struct body *body = details_body(&stage.maker, &checkpoint);
        send_for(&stage, 10, 1, PATH_DETAILS);
        const struct observation *seen = answer_body(&stage, 11, 1, 200, body).seen;
        assert_int_equal(seen->kind, OBSERVED_DETAILS);
        assert_int_equal(seen->borrows, every == 0);
        assert_int_equal(seen->latest_completed.id, 7);
        assert_int_equal(seen->latest_completed.status, SEEN_COMPLETED);
        assert_string_equal(seen->latest_completed.path, "file:/a");
        body_release(body);
        close_stage(&stage);
    }
}

static void jobs_are_seen_the_same_from_data_and_from_bytes(void **state)
{
    (void)state;
    for (uint32_t every = 0; every <= 1; every++) {
        struct stage stage;
        struct execution_graph *graph;
        open_stage(&stage, every);
        struct body *body = job_body(&stage.maker, &graph);
        send_for(&stage, 10, 1, PATH_JOB);
        const struct observation *seen = answer_body(&stage, 11, 1, 200, body).seen;
        assert_int_equal(seen->kind, OBSERVED_JOB);
        assert_int_equal(seen->borrows, every == 0);
        assert_string_equal(seen->job_state, "FINISHED");
        assert_true(seen->job_terminal && !seen->job_initializing);
        assert_int_equal(seen->job_start_ms, 4000);
        assert_int_equal(seen->job_now_ms, 6000);
        body_release(body);
        close_stage(&stage);
    }
}

static void details_that_disagree_with_their_checkpoint_make_the_run_worthless(void **state)
{
    (void)state;
    struct stage stage;
    struct checkpoint *checkpoint;
    size_t length;
    open_stage(&stage, 1);
    struct body *body = details_body(&stage.maker, &checkpoint);
    assert_non_null(body_bytes(body, &length));
    checkpoint->discarded = true;
    send_for(&stage, 10, 1, PATH_DETAILS);
    assert_refused(&stage, 1, 200, body,
                   "a body says something else than the snapshot it is written from");
    body_release(body);
    close_stage(&stage);
}

static void finish_later(struct execution_graph *graph)
{
    graph->state = JOB_RUNNING;
}

static void start_later(struct execution_graph *graph)
{
    graph->start_ms++;
}

static void a_job_that_disagrees_with_its_graph_makes_the_run_worthless(void **state)
{
    (void)state;
    static void (*const alterations[])(struct execution_graph *) = {finish_later, start_later};
    for (size_t i = 0; i < sizeof alterations / sizeof alterations[0]; i++) {
        struct stage stage;
        struct execution_graph *graph;
        size_t length;
        open_stage(&stage, 1);
        struct body *body = job_body(&stage.maker, &graph);
        assert_non_null(body_bytes(body, &length));
        alterations[i](graph);
        send_for(&stage, 10, 1, PATH_JOB);
        assert_refused(&stage, 1, 200, body,
                       "a body says something else than the snapshot it is written from");
        body_release(body);
        close_stage(&stage);
    }
}

static void a_body_of_another_path_is_read_as_what_was_asked_for(void **state)
{
    (void)state;
    struct stage stage;
    struct execution_graph *graph;
    open_stage(&stage, 0);
    struct body *body = job_body(&stage.maker, &graph);
    send_for(&stage, 10, 1, PATH_DETAILS);
    assert_refused(&stage, 1, 200, body, "\"id\" is missing or is no 64-bit integer");
    body_release(body);
    close_stage(&stage);
}

static void nothing_is_written_where_nothing_is_read(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    struct body *body = text_body(&stage, "no JSON");
    send_for(&stage, 10, 1, PATH_CONFIG);
    assert_int_equal(answer_body(&stage, 11, 1, 200, body).seen->kind, OBSERVED_OTHER);
    body_release(body);
    close_stage(&stage);
}

/* --- over the wire --------------------------------------------------------------------------- */

static void answers_from_the_wire_are_read_from_their_bytes(void **state)
{
    (void)state;
    struct stage stage;
    struct observed_answer answer;
    size_t length = 0;
    open_stage(&stage, 1);
    struct body *body = statistics_body(&stage.maker, 4);
    const char *bytes = body_bytes(body, &length);
    send(&stage, 10, 1);
    send(&stage, 10, 2);
    send(&stage, 10, 3);
    assert_true(observer_answered_bytes(stage.observer, 11 * MS, 1, 200, bytes, length, &answer));
    assert_int_equal(answer.seen->latest_completed.id, 4);
    assert_int_equal(answer.client_index, 3);
    assert_true(observer_answered_bytes(stage.observer, 12 * MS, 2, 0, NULL, 0, &answer));
    assert_null(answer.seen); /* the connection failed */
    assert_int_equal(result_of(&stage, NULL).reads, 1);
    assert_false(
        observer_answered_bytes(stage.observer, 13 * MS, 3, 200, bytes, length - 1, &answer));
    assert_non_null(observer_failure(stage.observer));
    body_release(body);
    close_stage(&stage);
}

static void an_answer_from_the_wire_that_nobody_waits_for_makes_the_run_worthless(void **state)
{
    (void)state;
    struct stage stage;
    struct observed_answer answer;
    open_stage(&stage, 1);
    assert_false(observer_answered_bytes(stage.observer, 11 * MS, 1, 200, "{}", 2, &answer));
    assert_string_equal(observer_failure(stage.observer),
                        "an answer came for a request that was not waiting");
    close_stage(&stage);
}

/* --- the judge's history --------------------------------------------------------------------- */

static void tell(struct stage *stage, enum fact_kind kind, int64_t at_ms, int64_t checkpoint)
{
    const struct fact fact = {.kind = kind,
                              .at_us = at_ms * MS,
                              .job = JOB_A,
                              .run = 1,
                              .checkpoint = checkpoint,
                              .trigger_ms = checkpoint * 1000};
    assert_true(observer_fact(stage->observer, &fact));
}

static void complete(struct stage *stage, int64_t at_ms, int64_t checkpoint)
{
    tell(stage, FACT_BEGAN, at_ms, checkpoint);
    tell(stage, FACT_COMPLETED, at_ms, checkpoint);
}

static void facts_and_answers_make_a_verdict_with_the_plans_names(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    tell(&stage, FACT_RUN_BEGAN, 0, 0);
    tell(&stage, FACT_CALL_SENT, 5, 0);
    complete(&stage, 10, 1);
    complete(&stage, 20, 2);
    send(&stage, 30, 1);
    answer_latest_of(&stage, 31, 1, 1);
    const struct run_result result = result_of(&stage, NULL);
    const struct property_verdict *fresh = &result.judgement.properties[PROPERTY_FRESH];
    assert_int_equal(result.judgement.whole, VERDICT_FAIL);
    assert_int_equal(fresh->verdict, VERDICT_FAIL);
    assert_int_equal(result.fetches, 1);
    assert_int_equal(result.measure_count, 0);
    bool named = false, reader = false;
    for (size_t i = 0; i < fresh->witness_count; i++) {
        named |= strcmp(fresh->witness[i].who, "J") == 0;
        reader |= strcmp(fresh->witness[i].who, "reader") == 0;
    }
    assert_true(named && reader);
    close_stage(&stage);
}

static void a_fresh_answer_passes(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    tell(&stage, FACT_RUN_BEGAN, 0, 0);
    complete(&stage, 10, 1);
    send(&stage, 30, 1);
    answer_latest_of(&stage, 31, 1, 1);
    assert_int_equal(result_of(&stage, NULL).judgement.properties[PROPERTY_FRESH].verdict,
                     VERDICT_PASS);
    close_stage(&stage);
}

static void an_action_of_no_job_has_no_job(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1);
    struct client_action action = action_of(1, PATH_OTHER);
    action.job = SIZE_MAX;
    assert_true(observer_sent(stage.observer, 0, &action));
    struct body *body = text_body(&stage, "{}");
    assert_int_equal(answer_body(&stage, 1, 1, 200, body).seen->kind, OBSERVED_OTHER);
    body_release(body);
    close_stage(&stage);
}

static void a_path_may_name_a_job_that_the_plan_does_not(void **state)
{
    (void)state;
    static const char *const targets[] = {"/jobs/000000000000000000000000000000a1/checkpoints",
                                          "/jobs/000000000000000000000000000000a2?x=1"};
    struct stage stage = {.plan = plan_of()};
    stage.plan.claim.claimed[PROPERTY_BOUNDED_MEMORY] = true;
    stage.plan.claim.settings_known = true;
    stage.plan.claim.settings_timeout_us = 100 * MS;
    stage.plan.claim.stats_entry_count_max = 10;
    stage.observer = observer_new(&stage.plan, 1);
    assert_non_null(stage.observer);
    for (uint64_t i = 0; i < 2; i++) {
        struct client_action action = action_of(i + 1, PATH_OTHER);
        action.job = SIZE_MAX;
        action.request.target = targets[i];
        assert_true(observer_sent(stage.observer, 10 * MS, &action));
    }
    for (uint64_t count = 2; count <= 3; count++) {
        const struct fact entries = {
            .kind = FACT_ENTRIES, .at_us = 20 * MS, .call = CALL_STATISTICS, .entry_count = count};
        assert_true(observer_fact(stage.observer, &entries));
    }
    const struct run_result result = result_of(&stage, NULL);
    assert_int_equal(result.judgement.properties[PROPERTY_BOUNDED_MEMORY].violations, 1);
    close_stage(&stage);
}

/* --- migrations ------------------------------------------------------------------------------ */

static const struct client_plan mover = {.name = "mover",
                                         .kind = CLIENT_MIGRATION,
                                         .count = 1,
                                         .job = 0,
                                         .to_job = 1,
                                         .from_us = 300 * MS};

struct migration {
    struct plan plan;
    struct clients *clients;
    struct migration_log log;
    uint64_t ticket;
};

/* The migration reads at 300 ms, and cancels at once. `chosen` 0: it was shown none. */
static void begin_migration(struct migration *migration, int status, int64_t chosen)
{
    char path[] = "file:/a";
    const struct observation seen = {
        .kind = OBSERVED_STATISTICS,
        .has_latest_completed = chosen != 0,
        .latest_completed = {.id = chosen, .trigger_ms = chosen * 1000, .path = path}};
    *migration = (struct migration){.plan = plan_of()};
    migration->plan.clients = &mover;
    migration->plan.client_count = 1;
    migration->clients = clients_new(&migration->plan, 1, &migration->ticket);
    assert_non_null(migration->clients);
    migration_log_start(&migration->log, &migration->plan);
    assert_int_equal(clients_due(migration->clients, NULL), 300 * MS);
    const struct client_action *read = clients_next(migration->clients, 300 * MS);
    assert_true(clients_answered(migration->clients, 300 * MS, read->request.id, 0, status, &seen));
    if (status == 200) {
        assert_true(clients_due(migration->clients, NULL) <= 400 * MS);
        clients_next(migration->clients, 400 * MS);
    }
}

static void log_completion(struct migration *migration, int64_t at_ms, int64_t checkpoint,
                           struct id job, bool is_savepoint)
{
    const struct fact fact = {.kind = FACT_COMPLETED,
                              .at_us = at_ms * MS,
                              .job = job,
                              .checkpoint = checkpoint,
                              .trigger_ms = checkpoint * 1000,
                              .is_savepoint = is_savepoint};
    assert_true(migration_log_fact(&migration->log, &fact));
}

static struct run_result end_migration(struct migration *migration)
{
    struct run_result result = {0};
    migration_log_measure(&migration->log, migration->clients, &result);
    migration_log_free(&migration->log);
    clients_free(migration->clients);
    return result;
}

static void assert_measures(const struct run_result *result, double lost_ms, double behind)
{
    assert_int_equal(result->measure_count, 2);
    assert_string_equal(result->measures[0].name, "reprocessed needlessly");
    assert_string_equal(result->measures[0].unit, "ms");
    assert_true(result->measures[0].value == lost_ms);
    assert_string_equal(result->measures[1].name, "behind");
    assert_string_equal(result->measures[1].unit, "checkpoints");
    assert_true(result->measures[1].value == behind);
}

static void what_had_completed_before_the_cancel_and_was_not_chosen_is_lost(void **state)
{
    (void)state;
    struct migration migration;
    begin_migration(&migration, 200, 2);
    log_completion(&migration, 100, 1, JOB_A, false);
    log_completion(&migration, 150, 2, JOB_A, false);
    log_completion(&migration, 200, 4, JOB_A, false);
    log_completion(&migration, 250, 3, JOB_A, false); /* later, and yet not newer */
    log_completion(&migration, 260, 8, JOB_A, true);  /* a savepoint is not what it looks for */
    log_completion(&migration, 270, 9, JOB_B, false);
    log_completion(&migration, 301, 5, JOB_A, false); /* after the cancel */
    const struct run_result result = end_migration(&migration);
    assert_measures(&result, 2000, 2);
}

static void a_migration_from_the_newest_loses_nothing(void **state)
{
    (void)state;
    struct migration migration;
    begin_migration(&migration, 200, 20);
    for (int64_t checkpoint = 1; checkpoint <= 20; checkpoint++)
        log_completion(&migration, 100 + checkpoint, checkpoint, JOB_A, false);
    const struct run_result result = end_migration(&migration);
    assert_measures(&result, 0, 0);
}

static void a_migration_that_was_shown_none_is_behind_all_of_them(void **state)
{
    (void)state;
    struct migration migration;
    begin_migration(&migration, 200, 0);
    log_completion(&migration, 100, 1, JOB_A, false);
    log_completion(&migration, 150, 2, JOB_A, false);
    const struct run_result result = end_migration(&migration);
    assert_measures(&result, 0, 2);
}

static void a_migration_that_gave_up_has_no_measures(void **state)
{
    (void)state;
    struct migration migration;
    begin_migration(&migration, 500, 1);
    log_completion(&migration, 100, 1, JOB_A, false);
    assert_int_equal(end_migration(&migration).measure_count, 0);
}

static void without_a_migration_nothing_is_kept(void **state)
{
    (void)state;
    const struct plan plan = plan_of();
    struct migration_log log;
    const struct fact fact = {.kind = FACT_COMPLETED, .job = JOB_A, .checkpoint = 1};
    struct run_result result = {0};
    migration_log_start(&log, &plan);
    assert_true(migration_log_fact(&log, &fact));
    assert_int_equal(log.line_count, 0);
    migration_log_measure(&log, NULL, &result);
    assert_int_equal(result.measure_count, 0);
    migration_log_free(&log);
}

static void the_measures_are_part_of_the_result(void **state)
{
    (void)state;
    struct stage stage;
    struct migration migration;
    begin_migration(&migration, 200, 1);
    stage = (struct stage){.plan = migration.plan};
    stage.observer = observer_new(&stage.plan, 1);
    assert_non_null(stage.observer);
    complete(&stage, 100, 1);
    complete(&stage, 200, 2);
    const struct run_result result = result_of(&stage, migration.clients);
    assert_measures(&result, 1000, 1);
    close_stage(&stage);
    end_migration(&migration);
}

/* --- memory ---------------------------------------------------------------------------------- */

static void watch(void *context, bool may_fail)
{
    struct plan plan = plan_of();
    struct body_maker maker = {0};
    struct observed_answer answer;
    (void)context;
    plan.clients = &mover;
    plan.client_count = 1;
    struct body *body = statistics_body(&maker, 2);
    struct observer *observer = observer_new(&plan, 2);
    bool fine = body && observer;
    const struct fact fact = {
        .kind = FACT_COMPLETED, .at_us = 1, .job = JOB_A, .run = 1, .checkpoint = 2};
    fine = fine && observer_fact(observer, &fact);
    for (uint64_t request = 1; fine && request <= 70; request++) {
        const struct client_action action = action_of(request, PATH_STATISTICS);
        fine = observer_sent(observer, 5, &action);
    }
    for (uint64_t request = 1; fine && request <= 3; request++)
        fine = observer_answered(observer, 6, request, 200, body, &answer);
    fine = fine && observer_answered_bytes(observer, 7, 4, 404,
                                           "{\"errors\":[\"Job x not found\"]}", 30, &answer);
    fine = fine && observer_give_up(observer, 9);
    assert_true(fine || may_fail);
    if (!fine && observer && body)
        assert_string_equal(observer_failure(observer), "out of memory");
    observer_free(observer);
    body_release(body);
}

static void short_of_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(watch, NULL) > 10);
    observer_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_tells_whose_it_is_and_what_it_says),
        cmocka_unit_test(what_is_seen_is_the_same_from_snapshot_and_from_bytes),
        cmocka_unit_test(one_body_for_many_requests_is_fine),
        cmocka_unit_test(more_bodies_than_are_remembered_are_each_read_right),
        cmocka_unit_test(an_answer_that_nobody_waits_for_makes_the_run_worthless),
        cmocka_unit_test(a_second_answer_makes_the_run_worthless),
        cmocka_unit_test(a_body_that_disagrees_with_its_snapshot_makes_the_run_worthless),
        cmocka_unit_test(bodies_are_held_against_their_snapshots_as_often_as_was_asked_for),
        cmocka_unit_test(bodies_are_read_for_who_goes_by_names),
        cmocka_unit_test(a_body_that_was_compared_is_remembered_until_another_is),
        cmocka_unit_test(a_200_that_cannot_be_read_makes_the_run_worthless_and_an_error_does_not),
        cmocka_unit_test(the_first_failure_is_the_one_that_is_told),
        cmocka_unit_test(thousands_may_wait_and_be_answered_in_any_order),
        cmocka_unit_test(one_that_waits_long_is_found_after_thousands_of_others),
        cmocka_unit_test(details_are_seen_the_same_from_data_and_from_bytes),
        cmocka_unit_test(jobs_are_seen_the_same_from_data_and_from_bytes),
        cmocka_unit_test(details_that_disagree_with_their_checkpoint_make_the_run_worthless),
        cmocka_unit_test(a_job_that_disagrees_with_its_graph_makes_the_run_worthless),
        cmocka_unit_test(a_body_of_another_path_is_read_as_what_was_asked_for),
        cmocka_unit_test(nothing_is_written_where_nothing_is_read),
        cmocka_unit_test(giving_up_ends_what_waits_and_counts_no_reads),
        cmocka_unit_test(answers_from_the_wire_are_read_from_their_bytes),
        cmocka_unit_test(an_answer_from_the_wire_that_nobody_waits_for_makes_the_run_worthless),
        cmocka_unit_test(facts_and_answers_make_a_verdict_with_the_plans_names),
        cmocka_unit_test(a_fresh_answer_passes),
        cmocka_unit_test(an_action_of_no_job_has_no_job),
        cmocka_unit_test(a_path_may_name_a_job_that_the_plan_does_not),
        cmocka_unit_test(what_had_completed_before_the_cancel_and_was_not_chosen_is_lost),
        cmocka_unit_test(a_migration_from_the_newest_loses_nothing),
        cmocka_unit_test(a_migration_that_was_shown_none_is_behind_all_of_them),
        cmocka_unit_test(a_migration_that_gave_up_has_no_measures),
        cmocka_unit_test(without_a_migration_nothing_is_kept),
        cmocka_unit_test(the_measures_are_part_of_the_result),
        cmocka_unit_test(short_of_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
