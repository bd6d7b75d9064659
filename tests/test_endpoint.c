/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "rest_endpoint/error_memo_internal.h"
#include "tests/support/conversation.h"

/* The reference's own behaviour, and what every implementation answers. */

#define TIMEOUT "rest.cache.checkpoint-statistics.timeout"

static void an_answer_is_used_before_its_timeout_and_fetched_anew_at_it(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "3 s", NULL);
    get(&talk, 1000, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1500, 0, 7);
    get(&talk, 3999, 2, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(latest_of(&talk, 2), 7);
    get(&talk, 4000, 3, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    assert_false(has_reply(&talk, 3));
    answer_latest(&talk, 4001, 1, 8);
    assert_int_equal(latest_of(&talk, 3), 8);
    finish(&talk);
}

static void answers_from_one_fetch_share_one_body(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 1, 2, CHECKPOINTS_OF_A "/");
    answer_latest(&talk, 2, 0, 7);
    get(&talk, 3, 3, "/v1" CHECKPOINTS_OF_A "?x=1");
    assert_int_equal(talk.fetch_count, 1);
    assert_ptr_equal(reply_to(&talk, 1)->body, reply_to(&talk, 2)->body);
    assert_ptr_equal(reply_to(&talk, 1)->body, reply_to(&talk, 3)->body);
    finish(&talk);
}

static void a_new_fetch_brings_a_body_with_a_higher_serial(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 2, 2, CHECKPOINTS_OF_A);
    answer_latest(&talk, 3, 1, 7);
    assert_true(body_serial(reply_to(&talk, 2)->body) > body_serial(reply_to(&talk, 1)->body));
    finish(&talk);
}

static void an_error_that_is_said_again_is_written_once_for_each_job_and_text(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_failure(&talk, 1, 0, OUTCOME_JOB_NOT_FOUND);
    get(&talk, 2, 2, CHECKPOINTS_OF_A);
    answer_failure(&talk, 3, 1, OUTCOME_JOB_NOT_FOUND);
    assert_ptr_equal(reply_to(&talk, 1)->body, reply_to(&talk, 2)->body);
    get(&talk, 4, 3, CHECKPOINTS_OF_B);
    answer_failure(&talk, 5, 2, OUTCOME_JOB_NOT_FOUND);
    assert_string_not_equal(text_of(&talk, 1), text_of(&talk, 3));
    get(&talk, 6, 4, CHECKPOINTS_OF_A);
    answer_failure(&talk, 7, 3, OUTCOME_TIMED_OUT);
    assert_string_not_equal(text_of(&talk, 1), text_of(&talk, 4));
    get(&talk, 8, 5, "/one");
    get(&talk, 8, 6, "/another");
    get(&talk, 8, 7, "/one");
    assert_string_not_equal(text_of(&talk, 5), text_of(&talk, 6));
    assert_ptr_equal(reply_to(&talk, 5)->body, reply_to(&talk, 7)->body);
    finish(&talk);
}

static void an_error_that_was_forgotten_is_written_again_as_it_was(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, "/one");
    for (uint64_t i = 0; i < ERRORS_KEPT; i++) {
        char target[32];
        snprintf(target, sizeof target, "/other-%d", (int)i);
        get(&talk, 1, 2 + i, target);
    }
    get(&talk, 2, 100, "/one");
    assert_ptr_not_equal(reply_to(&talk, 1)->body, reply_to(&talk, 100)->body);
    assert_string_equal(text_of(&talk, 1), text_of(&talk, 100));
    finish(&talk);
}

static void at_timeout_0_requests_during_a_fetch_share_the_next_one(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 0, 2, CHECKPOINTS_OF_A);
    get(&talk, 5, 3, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 1);
    answer_latest(&talk, 10, 0, 7);
    assert_int_equal(latest_of(&talk, 1), 7);
    assert_false(has_reply(&talk, 2));
    assert_false(has_reply(&talk, 3));
    assert_int_equal(talk.fetch_count, 2);
    answer_latest(&talk, 20, 1, 8);
    assert_int_equal(latest_of(&talk, 2), 8);
    assert_int_equal(latest_of(&talk, 3), 8);
    get(&talk, 20, 4, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 3);
    finish(&talk);
}

static void a_fetch_is_joined_while_within_the_timeout_and_the_next_one_after(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "100 ms", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 99, 2, CHECKPOINTS_OF_A);
    get(&talk, 100, 3, CHECKPOINTS_OF_A);
    answer_latest(&talk, 500, 0, 7);
    assert_int_equal(latest_of(&talk, 2), 7);
    assert_false(has_reply(&talk, 3));
    assert_int_equal(talk.fetch_count, 2);
    get(&talk, 599, 4, CHECKPOINTS_OF_A);
    assert_int_equal(usage_of(&talk).fetches_in_flight, 1);
    answer_latest(&talk, 600, 1, 8);
    assert_int_equal(latest_of(&talk, 3), 8);
    assert_int_equal(latest_of(&talk, 4), 8);
    finish(&talk);
}

static void a_failure_reaches_those_who_waited_and_nobody_else(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "60 s", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 1, 2, CHECKPOINTS_OF_A);
    answer_failure(&talk, 10, 0, OUTCOME_JOB_NOT_FOUND);
    assert_int_equal(status_of(&talk, 1), 404);
    assert_int_equal(status_of(&talk, 2), 404);
    assert_says(&talk, 1,
                "org.apache.flink.runtime.rest.NotFoundException: Job " JOB_A_ID " not found");
    get(&talk, 11, 3, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    assert_int_equal(usage_of(&talk).stats_entries, 0);
    finish(&talk);
}

static void a_failed_fetch_leaves_the_last_answer_in_its_place(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "10 s", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get_with(&talk, 5000, 2, CHECKPOINTS_OF_A, "no-cache");
    get(&talk, 5001, 3, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 3), 7);
    answer_failure(&talk, 5002, 1, OUTCOME_TIMED_OUT);
    assert_int_equal(status_of(&talk, 2), 500);
    get(&talk, 9999, 4, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 4), 7);
    finish(&talk);
}

static void the_dashboard_and_the_checkpoints_have_fetches_of_their_own(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", "rest.cache.execution-graph.timeout", "1 s", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 1, 2, DASHBOARD_OF_A);
    get(&talk, 2, 3, CHECKPOINTS_OF_A "/config");
    assert_int_equal(talk.fetch_count, 2);
    assert_int_equal(talk.fetches[0].what.kind, FETCH_CHECKPOINT_STATS);
    assert_int_equal(talk.fetches[1].what.kind, FETCH_EXECUTION_GRAPH);
    answer_latest(&talk, 5, 0, 7);
    answer_latest(&talk, 6, 1, 7);
    assert_int_equal(status_of(&talk, 2), 200);
    assert_int_equal(status_of(&talk, 3), 200);
    assert_says(&talk, 3, "\"mode\":");
    get(&talk, 1000, 4, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    assert_ptr_equal(reply_to(&talk, 2)->body, reply_to(&talk, 4)->body);
    get(&talk, 1001, 5, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 3);
    finish(&talk);
}

static void two_jobs_do_not_share_an_entry(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 0, 2, CHECKPOINTS_OF_B);
    assert_int_equal(talk.fetch_count, 2);
    assert_true(id_equal(talk.fetches[0].what.job, JOB_A));
    assert_true(id_equal(talk.fetches[1].what.job, JOB_B));
    answer_latest(&talk, 1, 1, 2);
    answer_latest(&talk, 2, 0, 1);
    assert_int_equal(latest_of(&talk, 1), 1);
    assert_int_equal(latest_of(&talk, 2), 2);
    finish(&talk);
}

static void answer_range(struct conversation *talk, int64_t at_ms, size_t index, uint64_t run,
                         int64_t from, int64_t to)
{
    const struct id job = talk->fetches[index].what.job;
    struct fetch_result result = {.stats = stats_of(job, run, from, to, "file:/of-this-run")};
    answer_with(talk, at_ms, index, result);
}

static void details_come_from_the_shared_snapshot_and_name_what_is_missing(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/3");
    get(&talk, 0, 2, CHECKPOINTS_OF_A "/details/9");
    get(&talk, 0, 3, CHECKPOINTS_OF_A "/details/2/subtasks/" VERTEX_ID);
    get(&talk, 0, 4, CHECKPOINTS_OF_A "/details/2/subtasks/" JOB_A_ID);
    get(&talk, 0, 5, CHECKPOINTS_OF_A);
    answer_range(&talk, 1, 0, 1, 3, 2);
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(status_of(&talk, 1), 200);
    assert_says(&talk, 1, "\"id\":3");
    assert_int_equal(status_of(&talk, 2), 404);
    assert_says(&talk, 2,
                "RestHandlerException: Could not find checkpointing statistics for "
                "checkpoint 9.");
    assert_int_equal(status_of(&talk, 3), 200);
    assert_says(&talk, 3, "\"subtasks\":[");
    assert_int_equal(status_of(&talk, 4), 404);
    assert_says(&talk, 4,
                "NotFoundException: There is no checkpoint statistics for task " JOB_A_ID);
    assert_int_equal(latest_of(&talk, 5), 3);
    finish(&talk);
}

static void details_outlive_the_history_for_their_own_job_and_run_only(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1");
    answer_range(&talk, 1, 0, 1, 2, 1);
    get(&talk, 2, 2, CHECKPOINTS_OF_A "/details/1");
    answer_range(&talk, 3, 1, 1, 6, 5);
    assert_int_equal(status_of(&talk, 2), 200);
    assert_says(&talk, 2, "\"id\":1");
    get(&talk, 4, 3, CHECKPOINTS_OF_B "/details/1");
    answer_range(&talk, 5, 2, 1, 6, 5);
    assert_int_equal(status_of(&talk, 3), 404);
    get(&talk, 6, 4, CHECKPOINTS_OF_A "/details/1");
    answer_range(&talk, 7, 3, 2, 6, 5);
    assert_int_equal(status_of(&talk, 4), 404);
    finish(&talk);
}

static void kept_details_show_that_the_checkpoint_was_discarded_since(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1");
    struct checkpoint_stats *stats = stats_of(JOB_A, 1, 1, 1, "file:/a");
    struct checkpoint *first = checkpoint_retain(stats->history[0]);
    answer_with(&talk, 1, 0, (struct fetch_result){.stats = stats});
    first->changed = checkpoint_copy(first);
    first->changed->discarded = true;
    get(&talk, 2, 2, CHECKPOINTS_OF_A "/details/1");
    answer_range(&talk, 3, 1, 1, 6, 5);
    assert_says(&talk, 1, "\"discarded\":false");
    assert_says(&talk, 2, "\"discarded\":true");
    checkpoint_release(first);
    finish(&talk);
}

static void a_history_of_0_keeps_no_details_and_one_of_1_keeps_the_last_used(void **state)
{
    (void)state;
    for (int size = 0; size < 2; size++) {
        struct conversation talk;
        start(&talk, "reference", "web.checkpoints.history", size ? "1" : "0", NULL);
        get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1");
        answer_range(&talk, 1, 0, 1, 2, 1);
        get(&talk, 2, 2, CHECKPOINTS_OF_A "/details/2");
        get(&talk, 3, 3, CHECKPOINTS_OF_A "/details/1");
        assert_int_equal(usage_of(&talk).detail_entries, size);
        get_with(&talk, 4, 4, CHECKPOINTS_OF_A "/details/1", "no-cache");
        answer_range(&talk, 5, 1, 1, 6, 5);
        assert_int_equal(status_of(&talk, 4), size ? 200 : 404);
        get(&talk, 6, 5, CHECKPOINTS_OF_A "/details/2");
        assert_int_equal(status_of(&talk, 5), 404);
        finish(&talk);
    }
}

static void details_that_are_looked_at_again_stay_longer(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", "web.checkpoints.history", "2", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1");
    answer_range(&talk, 1, 0, 1, 3, 1);
    get(&talk, 2, 2, CHECKPOINTS_OF_A "/details/2");
    get(&talk, 3, 3, CHECKPOINTS_OF_A "/details/1");
    get(&talk, 4, 4, CHECKPOINTS_OF_A "/details/3");
    get_with(&talk, 5, 5, CHECKPOINTS_OF_A "/details/1", "no-cache");
    answer_range(&talk, 6, 1, 1, 9, 8);
    get(&talk, 7, 6, CHECKPOINTS_OF_A "/details/2");
    assert_int_equal(status_of(&talk, 5), 200);
    assert_int_equal(status_of(&talk, 6), 404);
    finish(&talk);
}

static void each_task_of_a_checkpoint_has_a_body_of_its_own(void **state)
{
    (void)state;
    const struct task_layout layout[] = {{VERTEX, 1}, {JOB_B, 3}};
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1/subtasks/" VERTEX_ID);
    get(&talk, 0, 2, CHECKPOINTS_OF_A "/details/1/subtasks/" JOB_B_ID);
    struct checkpoint_stats *stats = checkpoint_stats_new(JOB_A, 1, 1);
    stats->enabled = true;
    stats->history[0] = checkpoint_new(1, CHECKPOINT_ALIGNED, 1000, layout, 2);
    answer_with(&talk, 1, 0, (struct fetch_result){.stats = stats});
    assert_says(&talk, 1, "\"num_subtasks\":1,");
    assert_says(&talk, 2, "\"num_subtasks\":3,");
    finish(&talk);
}

static void a_checkpoint_in_progress_is_shown_but_not_kept(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1");
    struct checkpoint_stats *stats = stats_of(JOB_A, 1, 1, 1, "file:/a");
    stats->history[0]->status = CHECKPOINT_IN_PROGRESS;
    answer_with(&talk, 1, 0, (struct fetch_result){.stats = stats});
    assert_int_equal(status_of(&talk, 1), 200);
    assert_int_equal(usage_of(&talk).detail_entries, 0);
    finish(&talk);
}

static void a_job_without_checkpoint_settings_is_told_so_in_three_ways(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 0, 2, CHECKPOINTS_OF_A "/details/1");
    get(&talk, 0, 3, CHECKPOINTS_OF_A "/config");
    answer_with(&talk, 1, 0, (struct fetch_result){.stats = checkpoint_stats_new(JOB_A, 1, 0)});
    struct checkpoint_stats *none = checkpoint_stats_new(JOB_A, 1, 0);
    answer_with(&talk, 1, 1, (struct fetch_result){.graph = graph_of(JOB_A, 1, none)});
    for (uint64_t id = 1; id <= 3; id++)
        assert_int_equal(status_of(&talk, id), 404);
    assert_says(&talk, 1, "RestHandlerException: Checkpointing has not been enabled.");
    assert_says(&talk, 2, "Checkpointing was not enabled for job " JOB_A_ID ".");
    assert_says(&talk, 3, "Checkpointing is not enabled for this job (" JOB_A_ID ").");
    get(&talk, 2, 4, CHECKPOINTS_OF_A);
    assert_int_equal(status_of(&talk, 4), 404);
    finish(&talk);
}

static void every_failure_of_the_gateway_has_its_status_and_words(void **state)
{
    (void)state;
    static const struct {
        enum fetch_outcome outcome;
        int status;
        const char *says;
    } cases[] = {
        {OUTCOME_JOB_NOT_FOUND, 404, "NotFoundException: Job " JOB_A_ID " not found"},
        {OUTCOME_JOB_INITIALIZING, 500,
         "UnavailableDispatcherOperationException: Unable to get JobMasterGateway for "
         "initializing job."},
        {OUTCOME_TIMED_OUT, 500, "java.util.concurrent.TimeoutException: "},
        {OUTCOME_NO_LEADER, 503,
         "{\"errors\":[\"Service temporarily unavailable due to an ongoing leader election. "
         "Please refresh.\"]}"},
        {OUTCOME_FAILED, 500, "org.apache.flink.runtime.rpc.exceptions.RpcException: "},
        {OUTCOME_OK, 500, "org.apache.flink.runtime.rpc.exceptions.RpcException: "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct conversation talk;
        start(&talk, "reference", NULL);
        get(&talk, 0, 1, CHECKPOINTS_OF_A);
        get(&talk, 0, 2, DASHBOARD_OF_A);
        answer_failure(&talk, 1, 0, cases[i].outcome);
        answer_failure(&talk, 1, 1, cases[i].outcome);
        for (uint64_t id = 1; id <= 2; id++) {
            assert_int_equal(status_of(&talk, id), cases[i].status);
            assert_says(&talk, id, cases[i].says);
        }
        finish(&talk);
    }
}

static void post(struct conversation *talk, uint64_t id, const char *body)
{
    const struct request request = {
        .method = METHOD_POST, .target = CHECKPOINTS_OF_A, .body = body};
    ask_fully(talk, (int64_t)id, id, &request);
}

static void a_trigger_uses_the_clients_id_or_makes_one_up(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    post(&talk, 1, "{\"triggerId\":\"" VERTEX_ID "\",\"checkpointType\":\"FULL\"}");
    post(&talk, 2, NULL);
    post(&talk, 3, "{}");
    assert_int_equal(talk.fetch_count, 3);
    assert_int_equal(talk.fetches[0].what.kind, FETCH_TRIGGER_CHECKPOINT);
    assert_true(id_equal(talk.fetches[0].what.trigger, VERTEX));
    assert_false(id_equal(talk.fetches[1].what.trigger, talk.fetches[2].what.trigger));
    answer_failure(&talk, 5, 0, OUTCOME_OK);
    answer_failure(&talk, 5, 1, OUTCOME_OK);
    assert_int_equal(status_of(&talk, 1), 202);
    assert_string_equal(text_of(&talk, 1), "{\"request-id\":\"" VERTEX_ID "\"}");
    char digits[ID_DIGITS + 1];
    id_format(talk.fetches[1].what.trigger, digits);
    assert_says(&talk, 2, digits);
    finish(&talk);
}

static void made_up_trigger_ids_differ_even_for_equal_requests_at_one_instant(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    post(&talk, 1, NULL);
    answer_failure(&talk, 1, 0, OUTCOME_OK);
    post(&talk, 1, NULL);
    assert_int_equal(talk.fetch_count, 2);
    assert_false(id_equal(talk.fetches[0].what.trigger, talk.fetches[1].what.trigger));
    finish(&talk);
}

static void a_trigger_that_cannot_be_read_or_is_incremental_is_refused(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    post(&talk, 1, "{not json");
    post(&talk, 2, "{\"checkpointType\":\"INCREMENTAL\"}");
    assert_int_equal(talk.fetch_count, 0);
    assert_int_equal(status_of(&talk, 1), 400);
    assert_says(&talk, 1, "Request did not match expected format CheckpointTriggerRequestBody.");
    assert_int_equal(status_of(&talk, 2), 500);
    assert_says(&talk, 2, "java.lang.IllegalStateException");
    assert_says(&talk, 2, "FLINK-33723");
    finish(&talk);
    start(&talk, "flink-1.18", NULL);
    post(&talk, 3, "{\"checkpointType\":\"INCREMENTAL\"}");
    assert_int_equal(talk.fetch_count, 1);
    finish(&talk);
}

static void a_bad_body_is_blamed_before_a_bad_job_id(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    struct request request = {
        .method = METHOD_POST, .target = "/jobs/x/checkpoints", .body = "{not json"};
    ask_fully(&talk, 1, 1, &request);
    request.body = "{\"checkpointType\":\"INCREMENTAL\"}";
    ask_fully(&talk, 2, 2, &request);
    assert_says(&talk, 1, "Request did not match expected format");
    assert_int_equal(status_of(&talk, 2), 400);
    assert_says(&talk, 2, "Cannot resolve path parameter (jobid) from value \\\"x\\\".");
    finish(&talk);
}

static void the_status_of_a_trigger_is_passed_on_and_an_unknown_one_not_found(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    for (uint64_t id = 1; id <= 4; id++)
        get(&talk, (int64_t)id, id, CHECKPOINTS_OF_A "/" VERTEX_ID);
    assert_int_equal(talk.fetch_count, 4);
    assert_true(id_equal(talk.fetches[0].what.trigger, VERTEX));
    answer_with(&talk, 5, 0, (struct fetch_result){.operation = {.done = false}});
    answer_with(&talk, 5, 1,
                (struct fetch_result){.operation = {.done = true, .checkpoint_id = 123}});
    answer_failure(&talk, 5, 2, OUTCOME_UNKNOWN_OPERATION);
    answer_failure(&talk, 5, 3, OUTCOME_TIMED_OUT);
    assert_says(&talk, 1, "IN_PROGRESS");
    assert_says(&talk, 2, "\"checkpointId\":123");
    assert_int_equal(status_of(&talk, 3), 404);
    assert_says(&talk, 3,
                "There is no checkpoint operation with triggerId=" VERTEX_ID " for job " JOB_A_ID);
    assert_int_equal(status_of(&talk, 4), 500);
    finish(&talk);
}

static void cancelling_a_job_answers_as_flink_does(void **state)
{
    (void)state;
    static const struct {
        enum fetch_outcome outcome;
        enum job_status state;
        int status;
        const char *says;
    } cases[] = {
        {OUTCOME_OK, JOB_RUNNING, 202, "{}"},
        {OUTCOME_JOB_NOT_FOUND, JOB_RUNNING, 404, "Job could not be found."},
        {OUTCOME_ALREADY_TERMINAL, JOB_CANCELED, 202, "{}"},
        {OUTCOME_ALREADY_TERMINAL, JOB_FINISHED, 409,
         "Job cancellation failed because the job has already reached another terminal state "
         "(FINISHED)."},
        {OUTCOME_TIMED_OUT, JOB_RUNNING, 408, "Job cancellation timed out."},
        {OUTCOME_FAILED, JOB_RUNNING, 500, "Job cancellation failed: "},
        {OUTCOME_NO_LEADER, JOB_RUNNING, 503, "leader election"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct conversation talk;
        start(&talk, "reference", NULL);
        const struct request request = {.method = METHOD_PATCH,
                                        .target = DASHBOARD_OF_A "?mode=cancel"};
        ask_fully(&talk, 0, 1, &request);
        assert_int_equal(talk.fetches[0].what.kind, FETCH_CANCEL_JOB);
        answer_with(
            &talk, 1, 0,
            (struct fetch_result){.outcome = cases[i].outcome, .job_state = cases[i].state});
        assert_int_equal(status_of(&talk, 1), cases[i].status);
        assert_says(&talk, 1, cases[i].says);
        finish(&talk);
    }
}

static void yarns_way_to_cancel_is_the_same_call(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, "/v1" DASHBOARD_OF_A "/yarn-cancel");
    get(&talk, 0, 2, DASHBOARD_OF_A "/yarn-cancel");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(talk.fetches[i].what.kind, FETCH_CANCEL_JOB);
        assert_true(id_equal(talk.fetches[i].what.job, JOB_A));
    }
    answer_failure(&talk, 1, 0, OUTCOME_OK);
    answer_failure(&talk, 1, 1, OUTCOME_JOB_NOT_FOUND);
    assert_int_equal(status_of(&talk, 1), 202);
    assert_string_equal(text_of(&talk, 1), "{}");
    assert_int_equal(status_of(&talk, 2), 404);
    assert_says(&talk, 2, "Job could not be found.");
    finish(&talk);
}

static void yarns_way_to_stop_was_removed(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, "/v1" DASHBOARD_OF_A "/yarn-stop");
    get(&talk, 0, 2, DASHBOARD_OF_A "/yarn-stop");
    for (uint64_t id = 1; id <= 2; id++) {
        assert_int_equal(status_of(&talk, id), 308);
        assert_says(&talk, id,
                    "{\"errors\":[\"org.apache.flink.runtime.rest.handler.RestHandlerException: "
                    "The termination mode \\\"stop\\\" has been removed. For an ungraceful "
                    "shutdown, please use \\\"cancel\\\" instead. For a graceful shutdown, please "
                    "use \\\"jobs/:jobId/stop\\\" instead.\\n");
    }
    assert_int_equal(talk.fetch_count, 0);
    finish(&talk);
}

static void the_parts_of_a_job_come_from_the_dashboards_graph(void **state)
{
    (void)state;
    static const struct {
        const char *target, *says;
    } cases[] = {
        {DASHBOARD_OF_A "/config", "{\"jid\":\"" JOB_A_ID "\",\"name\":\"a job\",\"execution-"},
        {"/v1" DASHBOARD_OF_A "/exceptions?maxExceptions=5", "{\"exceptionHistory\":{"},
        {DASHBOARD_OF_A "/plan", "{\"plan\":{"},
        {"/v1" DASHBOARD_OF_A "/accumulators", "{\"job-accumulators\":[]"},
        {DASHBOARD_OF_A, "{\"jid\":\"" JOB_A_ID "\",\"application-id\""},
    };
    struct conversation talk;
    start(&talk, "reference", "rest.cache.execution-graph.timeout", "1 s", NULL);
    for (uint64_t i = 0; i < 5; i++)
        get(&talk, (int64_t)i, 1 + i, cases[i].target);
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(talk.fetches[0].what.kind, FETCH_EXECUTION_GRAPH);
    answer_latest(&talk, 10, 0, 7);
    for (uint64_t i = 0; i < 5; i++) {
        assert_int_equal(status_of(&talk, 1 + i), 200);
        if (strncmp(text_of(&talk, 1 + i), cases[i].says, strlen(cases[i].says)) != 0)
            fail_msg("%s says %s", cases[i].target, text_of(&talk, 1 + i));
        get(&talk, 999, 11 + i, cases[i].target);
        assert_ptr_equal(reply_to(&talk, 1 + i)->body, reply_to(&talk, 11 + i)->body);
    }
    assert_int_equal(talk.fetch_count, 1);
    get(&talk, 1000, 20, DASHBOARD_OF_A "/plan");
    assert_int_equal(talk.fetch_count, 2);
    finish(&talk);
}

static void the_parts_of_an_unknown_job_are_not_found(void **state)
{
    (void)state;
    static const char *const targets[] = {DASHBOARD_OF_A "/config", DASHBOARD_OF_A "/exceptions",
                                          DASHBOARD_OF_A "/plan", DASHBOARD_OF_A "/accumulators"};
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    for (uint64_t i = 0; i < 4; i++) {
        get(&talk, (int64_t)i * 2, i, targets[i]);
        answer_failure(&talk, (int64_t)i * 2 + 1, i, OUTCOME_JOB_NOT_FOUND);
        assert_int_equal(status_of(&talk, i), 404);
        assert_says(&talk, i, "rest.NotFoundException: Job " JOB_A_ID " not found");
    }
    finish(&talk);
}

static void the_status_of_a_job_is_fetched_for_each_who_asks(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 2, 2, DASHBOARD_OF_A "/status");
    get(&talk, 2, 3, "/v1" DASHBOARD_OF_A "/status");
    assert_int_equal(talk.fetch_count, 3);
    assert_int_equal(talk.fetches[1].what.kind, FETCH_JOB_STATUS);
    answer_with(&talk, 3, 1, (struct fetch_result){.job_state = JOB_RUNNING});
    answer_failure(&talk, 3, 2, OUTCOME_JOB_NOT_FOUND);
    assert_int_equal(status_of(&talk, 2), 200);
    assert_string_equal(text_of(&talk, 2), "{\"status\":\"RUNNING\"}");
    assert_int_equal(reply_to(&talk, 2)->age_us, -1);
    assert_int_equal(status_of(&talk, 3), 500);
    assert_says(&talk, 3,
                "{\"errors\":[\"Internal server error.\",\"<Exception on server side:\\n"
                "org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find "
                "Flink job (" JOB_A_ID ")\\n");
    get(&talk, 4, 4, DASHBOARD_OF_A "/status");
    answer_failure(&talk, 5, 3, OUTCOME_NO_LEADER);
    assert_int_equal(status_of(&talk, 4), 503);
    get(&talk, 6, 5, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 4);
    finish(&talk);
}

static void lists_of_jobs_are_never_cached(void **state)
{
    (void)state;
    static const char *const targets[] = {"/jobs", "/v1/jobs/overview", "/overview/"};
    struct conversation talk;
    start(&talk, "reference", NULL);
    for (size_t i = 0; i < 3; i++) {
        get(&talk, (int64_t)i, i + 1, targets[i]);
        assert_int_equal(talk.fetches[i].what.kind, FETCH_JOB_LIST);
        answer_with(&talk, (int64_t)i, i, (struct fetch_result){.jobs = job_list_new(0, 0)});
        assert_int_equal(status_of(&talk, i + 1), 200);
        assert_int_equal(reply_to(&talk, i + 1)->age_us, -1);
    }
    assert_string_equal(text_of(&talk, 1), "{\"jobs\":[]}");
    assert_says(&talk, 3, "\"taskmanagers\":0");
    finish(&talk);
}

static void the_dashboards_config_needs_no_gateway(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", "web.refresh-interval", "7 s", NULL);
    get(&talk, 0, 1, "/config");
    assert_int_equal(talk.fetch_count, 0);
    assert_says(&talk, 1, "\"refresh-interval\":7000");
    assert_says(&talk, 1, "\"flink-version\":\"1.20.3\"");
    finish(&talk);
}

static void what_no_route_gets_is_for_a_file_server_and_named_by_its_path(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, "/v2/over%76iew?a=b");
    assert_int_equal(status_of(&talk, 1), 404);
    assert_true(reply_to(&talk, 1)->unrouted);
    assert_string_equal(text_of(&talk, 1),
                        "{\"errors\":[\"Unable to load requested file /v2/overview.\"]}");
    get(&talk, 0, 2, "/");
    assert_true(reply_to(&talk, 2)->unrouted);
    assert_says(&talk, 2, "\"Unable to load requested file /index.html.\"");
    finish(&talk);
}

static void other_methods_without_a_route_are_named_as_they_were_sent(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    const struct request request = {.method = METHOD_DELETE, .target = "/v2/over%76iew?a=b"};
    ask_fully(&talk, 0, 1, &request);
    assert_int_equal(status_of(&talk, 1), 404);
    assert_false(reply_to(&talk, 1)->unrouted);
    assert_string_equal(text_of(&talk, 1), "{\"errors\":[\"Not found: /v2/over%76iew?a=b\"]}");
    get(&talk, 0, 2, "/jobs/xyz");
    assert_false(reply_to(&talk, 2)->unrouted);
    finish(&talk);
}

static void escapes_that_are_none_are_errors_of_the_server(void **state)
{
    (void)state;
    static const struct {
        const char *target, *says;
    } cases[] = {
        {"/jobs/%4", "Internal server error: unterminated escape sequence at index 6 of: /jobs/%4"},
        {"/jobs?a=%zz", "Internal server error: invalid hex byte 'zz' at index 9 of '/jobs?a=%zz'"},
        {"/jobs/x%25", "Internal server error: unterminated escape sequence at index 1 of: x%"},
    };
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        get(&talk, 0, i, cases[i].target);
        assert_int_equal(status_of(&talk, i), 500);
        assert_says(&talk, i, cases[i].says);
    }
    finish(&talk);
}

static void malformed_ids_and_modes_are_bad_requests(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/abc");
    assert_int_equal(status_of(&talk, 1), 400);
    assert_says(&talk, 1,
                "RestHandlerException: Bad request, could not parse parameters: Cannot resolve "
                "path parameter (checkpointid) from value \\\"abc\\\".");
    struct request request = {.method = METHOD_PATCH, .target = DASHBOARD_OF_A "?mode=nope"};
    ask_fully(&talk, 0, 2, &request);
    assert_says(&talk, 2, "Cannot resolve query parameter (mode) from value \\\"nope\\\".");
    get(&talk, 0, 4, "/v1" DASHBOARD_OF_A "/exceptions?maxExceptions=many");
    assert_int_equal(status_of(&talk, 4), 400);
    assert_says(&talk, 4,
                "Bad request, could not parse parameters: Cannot resolve query parameter "
                "(maxExceptions) from value \\\"many\\\".");
    request.target = DASHBOARD_OF_A "?mode=stop";
    ask_fully(&talk, 0, 3, &request);
    assert_int_equal(status_of(&talk, 3), 308);
    assert_int_equal(talk.fetch_count, 0);
    finish(&talk);
}

static void one_who_went_away_gets_no_reply_and_the_others_do(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 1, 2, CHECKPOINTS_OF_A);
    get(&talk, 1, 3, CHECKPOINTS_OF_A);
    assert_int_equal(usage_of(&talk).waiting_requests, 3);
    endpoint_abandon(talk.endpoint, 2 * MS, 1);
    endpoint_abandon(talk.endpoint, 2 * MS, 2);
    endpoint_abandon(talk.endpoint, 2 * MS, 99);
    assert_int_equal(usage_of(&talk).waiting_requests, 1);
    answer_latest(&talk, 3, 0, 7);
    answer_latest(&talk, 4, 1, 8);
    assert_int_equal(talk.reply_count, 1);
    assert_int_equal(latest_of(&talk, 3), 8);
    finish(&talk);
}

static void nobody_left_in_the_batch_means_no_fetch_for_it(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 1, 2, CHECKPOINTS_OF_A);
    endpoint_abandon(talk.endpoint, 2 * MS, 2);
    answer_latest(&talk, 3, 0, 7);
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(usage_of(&talk).fetches_in_flight, 0);
    finish(&talk);
}

static void a_reply_that_was_not_drained_can_still_be_abandoned(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    struct request request = {.id = 1, .method = METHOD_GET, .target = "/config"};
    request.target_length = strlen(request.target);
    assert_int_equal(endpoint_request(talk.endpoint, 0, &request), 0);
    request.id = 2;
    assert_int_equal(endpoint_request(talk.endpoint, 0, &request), 0);
    endpoint_abandon(talk.endpoint, 0, 1);
    drain(&talk);
    assert_int_equal(talk.reply_count, 1);
    assert_true(has_reply(&talk, 2));
    finish(&talk);
}

static void an_answer_that_nobody_asked_for_is_ignored_and_released(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    struct fetch_result result = {.stats = stats_of(JOB_A, 1, 1, 1, "file:/a")};
    assert_int_equal(endpoint_fetched(talk.endpoint, 0, 77, &result), 0);
    drain(&talk);
    assert_int_equal(talk.reply_count, 0);
    finish(&talk);
}

static void bodies_outlive_the_endpoint(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 2, 2, CHECKPOINTS_OF_B);
    endpoint_free(talk.endpoint);
    talk.endpoint = NULL;
    assert_says(&talk, 1, "\"id\":7");
    finish(&talk);
}

static void thousands_of_requests_wait_and_are_all_answered(void **state)
{
    (void)state;
    const struct endpoint_config config = config_of("reference", NULL);
    struct endpoint *endpoint = endpoint_new(&config);
    struct request request = {.method = METHOD_GET, .target = CHECKPOINTS_OF_A};
    request.target_length = strlen(request.target);
    for (request.id = 1; request.id <= 5000; request.id++)
        assert_int_equal(endpoint_request(endpoint, 0, &request), 0);
    struct endpoint_action action;
    assert_true(endpoint_next(endpoint, &action));
    assert_false(endpoint_next(endpoint, &action));
    struct fetch_result result = {.stats = stats_of(JOB_A, 1, 1, 1, "file:/a")};
    assert_int_equal(endpoint_fetched(endpoint, 1, action.fetch, &result), 0);
    for (uint64_t id = 1; id <= 5000; id++) {
        assert_true(endpoint_next(endpoint, &action));
        assert_int_equal(action.request, id);
        body_release(action.body);
    }
    assert_false(endpoint_next(endpoint, &action));
    endpoint_free(endpoint);
}

static void replies_leave_in_order_while_the_queue_grows_and_wraps(void **state)
{
    (void)state;
    const struct endpoint_config config = config_of("reference", NULL);
    struct endpoint *endpoint = endpoint_new(&config);
    struct request request = {.method = METHOD_GET, .target = "/config", .target_length = 7};
    struct endpoint_action action;
    uint64_t drained = 0;
    for (request.id = 1; request.id <= 300; request.id++) {
        assert_int_equal(endpoint_request(endpoint, 0, &request), 0);
        if (request.id % 3 > 0)
            continue;
        assert_true(endpoint_next(endpoint, &action));
        assert_int_equal(action.request, ++drained);
        body_release(action.body);
    }
    while (endpoint_next(endpoint, &action)) {
        assert_int_equal(action.request, ++drained);
        body_release(action.body);
    }
    assert_int_equal(drained, 300);
    endpoint_free(endpoint);
}

static void fetches_come_before_replies_and_either_kind_can_be_taken_alone(void **state)
{
    (void)state;
    const struct endpoint_config config = config_of("reference", NULL);
    struct endpoint *endpoint = endpoint_new(&config);
    struct request request = {.id = 1, .target = "/config", .target_length = 7};
    struct endpoint_action action;
    assert_int_equal(endpoint_request(endpoint, 0, &request), 0);
    assert_false(endpoint_has_fetches(endpoint));
    assert_false(endpoint_next_fetch(endpoint, &action));
    for (request.id = 2; request.id <= 3; request.id++) {
        request.target = request.id == 2 ? CHECKPOINTS_OF_A : CHECKPOINTS_OF_B;
        request.target_length = strlen(request.target);
        assert_int_equal(endpoint_request(endpoint, 0, &request), 0);
    }
    assert_true(endpoint_has_fetches(endpoint));
    assert_true(endpoint_next(endpoint, &action));
    assert_int_equal(action.kind, ACTION_FETCH);
    assert_true(id_equal(action.what.job, JOB_A));
    assert_true(endpoint_next_reply(endpoint, &action));
    assert_int_equal(action.request, 1);
    body_release(action.body);
    assert_false(endpoint_next_reply(endpoint, &action));
    assert_true(endpoint_next_fetch(endpoint, &action));
    assert_true(id_equal(action.what.job, JOB_B));
    assert_false(endpoint_has_fetches(endpoint));
    assert_false(endpoint_next(endpoint, &action));
    endpoint_free(endpoint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_used_before_its_timeout_and_fetched_anew_at_it),
        cmocka_unit_test(answers_from_one_fetch_share_one_body),
        cmocka_unit_test(a_new_fetch_brings_a_body_with_a_higher_serial),
        cmocka_unit_test(an_error_that_is_said_again_is_written_once_for_each_job_and_text),
        cmocka_unit_test(an_error_that_was_forgotten_is_written_again_as_it_was),
        cmocka_unit_test(at_timeout_0_requests_during_a_fetch_share_the_next_one),
        cmocka_unit_test(a_fetch_is_joined_while_within_the_timeout_and_the_next_one_after),
        cmocka_unit_test(a_failure_reaches_those_who_waited_and_nobody_else),
        cmocka_unit_test(a_failed_fetch_leaves_the_last_answer_in_its_place),
        cmocka_unit_test(the_dashboard_and_the_checkpoints_have_fetches_of_their_own),
        cmocka_unit_test(two_jobs_do_not_share_an_entry),
        cmocka_unit_test(details_come_from_the_shared_snapshot_and_name_what_is_missing),
        cmocka_unit_test(details_outlive_the_history_for_their_own_job_and_run_only),
        cmocka_unit_test(kept_details_show_that_the_checkpoint_was_discarded_since),
        cmocka_unit_test(a_history_of_0_keeps_no_details_and_one_of_1_keeps_the_last_used),
        cmocka_unit_test(details_that_are_looked_at_again_stay_longer),
        cmocka_unit_test(each_task_of_a_checkpoint_has_a_body_of_its_own),
        cmocka_unit_test(a_checkpoint_in_progress_is_shown_but_not_kept),
        cmocka_unit_test(a_job_without_checkpoint_settings_is_told_so_in_three_ways),
        cmocka_unit_test(every_failure_of_the_gateway_has_its_status_and_words),
        cmocka_unit_test(a_trigger_uses_the_clients_id_or_makes_one_up),
        cmocka_unit_test(made_up_trigger_ids_differ_even_for_equal_requests_at_one_instant),
        cmocka_unit_test(a_trigger_that_cannot_be_read_or_is_incremental_is_refused),
        cmocka_unit_test(a_bad_body_is_blamed_before_a_bad_job_id),
        cmocka_unit_test(the_status_of_a_trigger_is_passed_on_and_an_unknown_one_not_found),
        cmocka_unit_test(cancelling_a_job_answers_as_flink_does),
        cmocka_unit_test(yarns_way_to_cancel_is_the_same_call),
        cmocka_unit_test(yarns_way_to_stop_was_removed),
        cmocka_unit_test(the_parts_of_a_job_come_from_the_dashboards_graph),
        cmocka_unit_test(the_parts_of_an_unknown_job_are_not_found),
        cmocka_unit_test(the_status_of_a_job_is_fetched_for_each_who_asks),
        cmocka_unit_test(lists_of_jobs_are_never_cached),
        cmocka_unit_test(the_dashboards_config_needs_no_gateway),
        cmocka_unit_test(what_no_route_gets_is_for_a_file_server_and_named_by_its_path),
        cmocka_unit_test(other_methods_without_a_route_are_named_as_they_were_sent),
        cmocka_unit_test(escapes_that_are_none_are_errors_of_the_server),
        cmocka_unit_test(malformed_ids_and_modes_are_bad_requests),
        cmocka_unit_test(one_who_went_away_gets_no_reply_and_the_others_do),
        cmocka_unit_test(nobody_left_in_the_batch_means_no_fetch_for_it),
        cmocka_unit_test(a_reply_that_was_not_drained_can_still_be_abandoned),
        cmocka_unit_test(an_answer_that_nobody_asked_for_is_ignored_and_released),
        cmocka_unit_test(bodies_outlive_the_endpoint),
        cmocka_unit_test(replies_leave_in_order_while_the_queue_grows_and_wraps),
        cmocka_unit_test(fetches_come_before_replies_and_either_kind_can_be_taken_alone),
        cmocka_unit_test(thousands_of_requests_wait_and_are_all_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
