/* rooms: harness/replay harness/cluster harness/implementations harness/scenario harness/conform harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */

#include "tests/support/replay_fixture.h"

#include "harness/replay/life.h"

#define RUN                                                                  \
    {                                                                        \
        100, "POST", "/v1/jars/x.jar/run", "{\"jobId\":\"" JOB_A "\"}", 200, \
            "{\"jobid\":\"" JOB_A "\"}"                                      \
    }
#define DETAILS(at, now, state, times, tasks)                                        \
    {                                                                                \
        at, "GET", "/v1/jobs/" JOB_A, NULL, 200,                                     \
            "{\"jid\":\"" JOB_A "\",\"name\":\"job\",\"state\":\"" state             \
            "\",\"start-time\":@100@,"                                               \
            "\"now\":@" now "@,\"timestamps\":{" times "},\"vertices\":[" tasks "]}" \
    }
#define TASKS                                                                            \
    "{\"id\":\"" VERTEX_1 "\",\"name\":\"map\",\"parallelism\":1,\"start-time\":@140@}," \
    "{\"id\":\"" VERTEX_2 "\",\"name\":\"sink\",\"parallelism\":2,\"start-time\":@150@}"
#define CAME_UP "\"INITIALIZING\":@101@,\"CREATED\":@110@,\"RUNNING\":@130@"
#define LIST(at, counts, history)                                               \
    {                                                                           \
        at, "GET", "/v1/jobs/" JOB_A "/checkpoints", NULL, 200,                 \
            "{\"counts\":{" counts "},\"latest\":{},\"history\":[" history "]}" \
    }
#define COUNTS(completed, failed) "\"completed\":" #completed ",\"failed\":" #failed
#define ENTRY(id, status, trigger, ack, more)                                  \
    "{\"id\":" #id ",\"status\":\"" status "\",\"trigger_timestamp\":" trigger \
    ",\"latest_ack_timestamp\":" ack ",\"checkpoint_type\":\"CHECKPOINT\","    \
    "\"checkpointed_size\":77,\"num_acknowledged_subtasks\":1" more "}"
#define COMPLETED(id, trigger, ack) ENTRY(id, "COMPLETED", trigger, ack, "")

struct fixture {
    struct transcript transcript;
    struct life *life;
    const struct plan *plan;
};

static void live(struct fixture *fixture, const struct said *said, size_t count)
{
    *fixture = (struct fixture){0};
    read_said(said, count, &fixture->transcript);
    fixture->life = life_read(&fixture->transcript);
    assert_non_null(fixture->life);
    fixture->plan = life_plan(fixture->life);
}

static void bury(struct fixture *fixture)
{
    life_free(fixture->life);
    transcript_clear(&fixture->transcript);
}

/* The n-th event of a kind, in the order of their times; there must be one. */
static const struct job_event *event(const struct fixture *fixture, enum job_event_kind kind,
                                     size_t n)
{
    for (size_t i = 0; i < fixture->plan->event_count; i++) {
        const struct job_event *found = &fixture->plan->events[i];
        if (found->kind == kind && n-- == 0)
            return found;
    }
    fail_msg("there is no such event of kind %d", (int)kind);
    return NULL;
}

static size_t event_count(const struct fixture *fixture, enum job_event_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < fixture->plan->event_count; i++)
        count += fixture->plan->events[i].kind == kind;
    return count;
}

/* Times of the transcript are whole milliseconds, and `now` is told within the exchange: half a
 * millisecond is what remains unknown. */
static void assert_time(int64_t at_us, int64_t ms)
{
    assert_in_range(at_us + 2 * MS - ms * MS, 0, 4 * MS);
}

static void test_a_job_has_the_name_vertices_and_pace_that_its_details_tell(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        {210, "GET", "/v1/jobs/" JOB_A "/vertices/" VERTEX_1, NULL, 200,
         "{\"subtasks\":[{\"attempt\":0,\"status-duration\":{\"DEPLOYING\":30,"
         "\"INITIALIZING\":40,\"RUNNING\":5}}]}"},
        {220, "GET", "/v1/jobs/" JOB_A "/checkpoints/config", NULL, 200, "{\"interval\":1500}"},
        DETAILS(900, "901", "CANCELED", CAME_UP ",\"CANCELLING\":@800@,\"CANCELED\":@825@", TASKS),
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(f.plan->job_count, 1);
    const struct job_plan *job = &f.plan->jobs[0];
    assert_string_equal(job->name, "job");
    assert_false(job->exists_at_start);
    assert_int_equal(job->vertex_count, 2);
    assert_string_equal(job->vertices[1].name, "sink");
    assert_int_equal(job->vertices[1].parallelism, 2);
    assert_int_equal(job->rhythm.interval_us, 1500 * MS);
    assert_int_equal(job->pace.initializing_us, 9 * MS);
    assert_int_equal(job->pace.created_us, 20 * MS);
    assert_int_equal(job->pace.scheduled_us, 10 * MS);
    assert_int_equal(job->pace.deploying_us, 30 * MS);
    assert_int_equal(job->pace.task_initializing_us, 40 * MS);
    assert_int_equal(job->pace.cancelling_us, 25 * MS);
    assert_int_equal(event_count(&f, JOB_EVENT_IS_CANCELLED), 1);
    assert_int_equal(event_count(&f, JOB_EVENT_RUNS), 0);
    bury(&f);
}

static void test_the_clock_is_found_to_the_width_of_an_exchange(void **state)
{
    (void)state;
    static const struct said said[] = {RUN, DETAILS(200, "201", "RUNNING", CAME_UP, TASKS)};
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_in_range(life_epoch_us(f.life), INT64_C(1699999999998) * MS,
                    INT64_C(1700000000002) * MS);
    /* The submission reached the cluster when the job was there, the look at it before `now`. */
    assert_time(life_asked_us(f.life, 0), 101);
    assert_in_range(life_asked_us(f.life, 1), 200 * MS, 202 * MS);
    bury(&f);
}

static void test_a_job_that_nobody_started_runs_by_itself(void **state)
{
    (void)state;
    static const struct said said[] = {DETAILS(200, "201", "RUNNING", CAME_UP, TASKS)};
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_time(event(&f, JOB_EVENT_RUNS, 0)->at_us, 130);
    bury(&f);
}

static void test_checkpoints_are_triggered_and_end_when_the_list_says(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        LIST(300, COUNTS(0, 0), ENTRY(1, "IN_PROGRESS", "@290@", "@295@", "")),
        LIST(
            400, COUNTS(1, 1),
            ENTRY(
                2, "FAILED", "@350@", "-1",
                ",\"failure_timestamp\":@360@,\"failure_message\":\"Expired.\"") "," COMPLETED(1,
                                                                                               "@29"
                                                                                               "0@",
                                                                                               "@32"
                                                                                               "0"
                                                                                               "@")),
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(event(&f, JOB_EVENT_TRIGGERS, 0)->checkpoint, 1);
    assert_time(event(&f, JOB_EVENT_TRIGGERS, 0)->at_us, 290);
    assert_time(event(&f, JOB_EVENT_ACKNOWLEDGES, 0)->at_us, 295);
    assert_time(event(&f, JOB_EVENT_COMPLETES, 0)->at_us, 320);
    assert_int_equal(event(&f, JOB_EVENT_FAILS_CHECKPOINT, 0)->checkpoint, 2);
    assert_time(event(&f, JOB_EVENT_FAILS_CHECKPOINT, 0)->at_us, 360);
    assert_string_equal(event(&f, JOB_EVENT_FAILS_CHECKPOINT, 0)->message, "Expired.");
    assert_int_equal(f.plan->jobs[0].state_size, 77);
    assert_int_equal(event_count(&f, JOB_EVENT_FAILS_TO_TRIGGER), 0);
    bury(&f);
}

static void test_details_tell_which_subtasks_acknowledged(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        LIST(300, COUNTS(0, 0), ENTRY(1, "IN_PROGRESS", "@290@", "@295@", "")),
        {310, "GET", "/v1/jobs/" JOB_A "/checkpoints/details/1/subtasks/" VERTEX_2, NULL, 200,
         "{\"id\":1,\"subtasks\":[{},{\"ack_timestamp\":@295@}]}"},
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(event_count(&f, JOB_EVENT_ACKNOWLEDGES), 1);
    assert_int_equal(event(&f, JOB_EVENT_ACKNOWLEDGES, 0)->subtask, 3);
    bury(&f);
}

static void test_what_a_client_triggered_is_left_to_the_request(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        {300, "POST", "/v1/jobs/" JOB_A "/checkpoints", "{}", 202,
         "{\"request-id\":\"00000000000000000000000000000001\"}"},
        {320, "GET", "/v1/jobs/" JOB_A "/checkpoints/00000000000000000000000000000001", NULL, 200,
         "{\"status\":{\"id\":\"IN_PROGRESS\"},\"operation\":null}"},
        {330, "POST", "/v1/jobs/" JOB_A "/checkpoints", "{}", 202,
         "{\"request-id\":\"00000000000000000000000000000001\"}"},
        {340, "GET", "/v1/jobs/" JOB_A "/checkpoints/00000000000000000000000000000001", NULL, 200,
         "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":1}}"},
        LIST(400, COUNTS(1, 0), COMPLETED(1, "@301@", "@310@")),
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(event_count(&f, JOB_EVENT_TRIGGERS), 0);
    assert_int_equal(event_count(&f, JOB_EVENT_COMPLETES), 1);
    /* The list says 310, but at 320 it was still under way. */
    const struct job_event *completes = event(&f, JOB_EVENT_COMPLETES, 0);
    assert_true(completes->at_us > life_asked_us(f.life, 3));
    assert_true(completes->at_us <= life_asked_us(f.life, 5));
    assert_time(life_asked_us(f.life, 2), 301);
    bury(&f);
}

#define FAILED_OPERATION                                                                          \
    {                                                                                             \
        340, "GET", "/v1/jobs/" JOB_A "/checkpoints/00000000000000000000000000000001", NULL, 200, \
            "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"failureCause\":{}}}"             \
    }

static void
test_a_trigger_that_failed_made_the_failed_checkpoint_after_it_if_there_is_one(void **state)
{
    (void)state;
    static const struct said post = {
        300,  "POST", "/v1/jobs/" JOB_A "/checkpoints",
        "{}", 202,    "{\"request-id\":\"00000000000000000000000000000001\"}"};
    const struct {
        struct said list;
        size_t triggers, failures;
    } cases[] = {
        {LIST(400, COUNTS(0, 1), ENTRY(1, "FAILED", "@301@", "-1", ",\"failure_timestamp\":@310@")),
         0, 1},
        /* It made none of these: one completed, and one was triggered before it was asked for. */
        {LIST(400, COUNTS(1, 1), COMPLETED(1, "@301@", "@310@")), 1, 0},
        {LIST(400, COUNTS(0, 1), ENTRY(1, "FAILED", "@250@", "-1", ",\"failure_timestamp\":@260@")),
         1, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct said said[] = {RUN, DETAILS(200, "201", "RUNNING", CAME_UP, TASKS), post,
                                    FAILED_OPERATION, cases[i].list};
        struct fixture f;
        live(&f, said, COUNT(said));
        assert_int_equal(event_count(&f, JOB_EVENT_TRIGGERS), cases[i].triggers);
        assert_int_equal(event_count(&f, JOB_EVENT_FAILS_CHECKPOINT), cases[i].failures);
        bury(&f);
    }
}

static void test_checkpoints_that_left_the_history_are_counted(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        LIST(900, COUNTS(3, 0), COMPLETED(3, "@850@", "@860@")),
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(event_count(&f, JOB_EVENT_COMPLETES), 3);
    int64_t last_us = 0;
    for (int64_t id = 1; id < 3; id++) {
        for (size_t i = 0; i < 3; i++) {
            const struct job_event *completes = event(&f, JOB_EVENT_COMPLETES, i);
            if (completes->checkpoint != id)
                continue;
            assert_true(completes->at_us > last_us && completes->at_us < 850 * MS);
            last_us = completes->at_us;
        }
    }
    assert_true(last_us > 130 * MS);
    bury(&f);
}

static void test_a_failed_trigger_is_after_the_last_list_that_lacks_it(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        LIST(300, COUNTS(0, 0), ""),
        LIST(400, COUNTS(0, 1), ""),
        LIST(500, COUNTS(1, 1), COMPLETED(2, "@450@", "@460@")),
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(event_count(&f, JOB_EVENT_FAILS_TO_TRIGGER), 1);
    const struct job_event *fails = event(&f, JOB_EVENT_FAILS_TO_TRIGGER, 0);
    assert_true(fails->at_us > life_asked_us(f.life, 2));
    assert_true(fails->at_us < life_asked_us(f.life, 3));
    assert_int_equal(fails->checkpoint, 1); /* nobody else had that id */
    bury(&f);
}

static void test_failures_are_restarts_and_the_last_one_of_a_failed_job_its_end(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        DETAILS(2500, "2501", "RUNNING",
                "\"INITIALIZING\":@101@,\"CREATED\":@110@,\"RESTARTING\":@310@,\"RUNNING\":@1310@",
                TASKS),
        DETAILS(9000, "9001", "FAILED",
                "\"INITIALIZING\":@101@,\"CREATED\":@110@,\"RESTARTING\":@310@,\"RUNNING\":@1310@,"
                "\"FAILED\":@5010@",
                TASKS),
        {9010, "GET", "/v1/jobs/" JOB_A "/exceptions", NULL, 200,
         "{\"exceptionHistory\":{\"entries\":["
         "{\"exceptionName\":\"a.Last\",\"stacktrace\":\"a.Last\\n\\tat x\",\"timestamp\":@5000@},"
         "{\"exceptionName\":\"a.First\",\"stacktrace\":\"a.First: bad: luck\\n\\tat x\","
         "\"timestamp\":@300@}]}}"},
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(event_count(&f, JOB_EVENT_RESTARTS), 1);
    const struct job_event *restarts = event(&f, JOB_EVENT_RESTARTS, 0);
    assert_time(restarts->at_us, 310);
    assert_int_equal(restarts->takes_us, 1000 * MS);
    assert_string_equal(restarts->exception_class, "a.First");
    assert_string_equal(restarts->message, "bad: luck");
    const struct job_event *fails = event(&f, JOB_EVENT_FAILS, 0);
    assert_time(fails->at_us, 5010);
    assert_string_equal(fails->exception_class, "a.Last");
    assert_null(fails->message);
    bury(&f);
}

static void test_a_stop_takes_from_its_savepoint_to_the_end_of_the_job(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        {300, "POST", "/v1/jobs/" JOB_A "/stop", "{}", 202,
         "{\"request-id\":\"00000000000000000000000000000001\"}"},
        {400, "GET", "/v1/jobs/" JOB_A "/savepoints/00000000000000000000000000000001", NULL, 200,
         "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"file:/s\"}}"},
        LIST(500, COUNTS(1, 0),
             "{\"id\":1,\"status\":\"COMPLETED\",\"trigger_timestamp\":@301@,"
             "\"latest_ack_timestamp\":@320@,\"checkpoint_type\":\"SYNC_SAVEPOINT\","
             "\"external_path\":\"file:/s\"}"),
        DETAILS(600, "601", "FINISHED", CAME_UP ",\"FINISHED\":@350@", TASKS),
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(f.plan->jobs[0].pace.finishing_us, 30 * MS);
    assert_int_equal(event_count(&f, JOB_EVENT_FINISHES), 0);
    assert_int_equal(event_count(&f, JOB_EVENT_TRIGGERS), 0);
    assert_time(event(&f, JOB_EVENT_COMPLETES, 0)->at_us, 320);
    bury(&f);
}

static void test_the_settings_are_those_of_the_cluster(void **state)
{
    (void)state;
    static const struct said said[] = {
        {10, "GET", "/v1/jobmanager/config", NULL, 200,
         "[{\"key\":\"rest.cache.checkpoint-statistics.timeout\",\"value\":\"7s\"},"
         "{\"key\":\"unknown\",\"value\":\"x\"}]"},
    };
    struct fixture f;
    live(&f, said, COUNT(said));
    assert_int_equal(f.plan->settings.stats_timeout_us, 7000 * MS);
    assert_int_equal(f.plan->option_count, 2);
    assert_string_equal(f.plan->options[1].key, "unknown");
    bury(&f);
}

static void live_with_failures(void *context, bool may_fail)
{
    struct life *life = life_read(context);
    assert_true(life || may_fail);
    life_free(life);
}

static void test_running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    static const struct said said[] = {
        RUN,
        DETAILS(200, "201", "RUNNING", CAME_UP, TASKS),
        LIST(300, COUNTS(0, 1), ENTRY(1, "IN_PROGRESS", "@290@", "@295@", "")),
        {310, "GET", "/v1/jobs/" JOB_A "/checkpoints/details/1/subtasks/" VERTEX_2, NULL, 200,
         "{\"id\":1,\"subtasks\":[{},{\"ack_timestamp\":@295@}]}"},
        {320, "POST", "/v1/jobs/" JOB_A "/savepoints", "{}", 202, "{\"request-id\":\"1\"}"},
        {330, "GET", "/v1/jobs/" JOB_A "/exceptions", NULL, 200,
         "{\"exceptionHistory\":{\"entries\":[{\"exceptionName\":\"a.First\","
         "\"stacktrace\":\"a.First: bad luck\",\"timestamp\":@300@}]}}"},
    };
    struct transcript transcript = {0};
    read_said(said, COUNT(said), &transcript);
    assert_true(fail_each_allocation(live_with_failures, &transcript) > 10);
    transcript_clear(&transcript);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_job_has_the_name_vertices_and_pace_that_its_details_tell),
        cmocka_unit_test(test_the_clock_is_found_to_the_width_of_an_exchange),
        cmocka_unit_test(test_a_job_that_nobody_started_runs_by_itself),
        cmocka_unit_test(test_checkpoints_are_triggered_and_end_when_the_list_says),
        cmocka_unit_test(test_details_tell_which_subtasks_acknowledged),
        cmocka_unit_test(test_what_a_client_triggered_is_left_to_the_request),
        cmocka_unit_test(
            test_a_trigger_that_failed_made_the_failed_checkpoint_after_it_if_there_is_one),
        cmocka_unit_test(test_checkpoints_that_left_the_history_are_counted),
        cmocka_unit_test(test_a_failed_trigger_is_after_the_last_list_that_lacks_it),
        cmocka_unit_test(test_failures_are_restarts_and_the_last_one_of_a_failed_job_its_end),
        cmocka_unit_test(test_a_stop_takes_from_its_savepoint_to_the_end_of_the_job),
        cmocka_unit_test(test_the_settings_are_those_of_the_cluster),
        cmocka_unit_test(test_running_out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
