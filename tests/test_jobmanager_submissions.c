/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "mock_jobmanager/checkpoint_files.h"
#include "tests/support/mock_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EVENT(at_ms, what, ...)                                    \
    {                                                              \
        .at_us = (at_ms)*MS, .kind = JOB_EVENT_##what, __VA_ARGS__ \
    }

static const struct id new_job = {0x77, 7}, trigger_a = {0xa, 1}, none = {0, 0};

/* Like J, without a pace: it runs at once. */
static struct job_plan template_of(int64_t interval_us)
{
    struct job_plan plan = mock_job_j;
    plan.name = "template";
    plan.rhythm = (struct job_rhythm){
        .first_us = interval_us, .interval_us = interval_us, .takes_us = 10 * MS};
    return plan;
}

static struct jobmanager_config config_with(const struct job_plan *submitted)
{
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    config.submitted = submitted;
    return config;
}

static struct fetch_result run(struct mock *mock, int64_t now_us, struct id job,
                               struct job_order *order)
{
    const struct fetch_request request = {.kind = FETCH_RUN_JOB, .job = job, .order = order};
    uint64_t fetch;
    struct fetch_result result = {0};
    mock_send(mock, now_us, &request);
    mock_run(mock, now_us);
    if (jobmanager_next_delivery(mock->jobmanager, &fetch, &result))
        return result;
    mock_run(mock,
             now_us + 5 * MS); /* the job that nobody has a template for initializes so long */
    assert_true(jobmanager_next_delivery(mock->jobmanager, &fetch, &result));
    return result;
}

static void assert_runs(struct mock *mock, int64_t now_us, struct id job, struct job_order *order)
{
    struct fetch_result result = run(mock, now_us, job, order);
    assert_int_equal(result.outcome, OUTCOME_OK);
    assert_null(result.failure);
    fetch_result_clear(&result);
}

static struct fetch_result graph_of(struct mock *mock, int64_t now_us, struct id job)
{
    return mock_ask(mock, now_us, FETCH_EXECUTION_GRAPH, job, none);
}

static void test_any_id_makes_a_job_of_the_template_as_the_order_says(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(100 * MS);
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    char name[] = "mine";
    struct job_order order = {.references = 1, .name = name, .parallelism = 3, .interval_ms = 40};
    assert_runs(&mock, MS, new_job, &order);
    name[0] = 'x';
    struct fetch_result result = graph_of(&mock, 2 * MS, new_job);
    assert_string_equal(result.graph->name, "mine");
    assert_int_equal(result.graph->state, JOB_RUNNING);
    assert_int_equal(result.graph->config.interval_ms, 40);
    assert_true(result.graph->config.exactly_once);
    assert_int_equal(result.graph->vertex_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(result.graph->vertices[i].parallelism, 3);
    fetch_result_clear(&result);
    mock_run(&mock, 100 * MS);
    result = mock_statistics(&mock, 100 * MS, new_job);
    assert_int_equal(result.stats->counts.completed, 2);
    assert_string_equal(result.stats->latest_completed->external_path->bytes,
                        "file:/flink/checkpoints/00000000000000770000000000000007/chk-2");
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_an_order_that_says_nothing_leaves_it_to_the_template(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(100 * MS);
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    assert_runs(&mock, 0, new_job, NULL);
    struct job_order empty = {.references = 1, .interval_ms = -1};
    assert_runs(&mock, 0, (struct id){0x78, 1}, &empty);
    const struct id ids[] = {new_job, {0x78, 1}};
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct fetch_result result = graph_of(&mock, 0, ids[i]);
        assert_string_equal(result.graph->name, "template");
        assert_int_equal(result.graph->config.interval_ms, 100);
        assert_int_equal(result.graph->vertices[0].parallelism, 2);
        fetch_result_clear(&result);
    }
    mock_stop(&mock);
}

static void test_without_an_interval_a_job_takes_only_what_is_triggered(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(100 * MS);
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    struct job_order order = {.references = 1, .interval_ms = 0};
    assert_runs(&mock, 0, new_job, &order);
    mock_ask(&mock, 500 * MS, FETCH_TRIGGER_CHECKPOINT, new_job, trigger_a);
    struct fetch_result result = mock_statistics(&mock, 600 * MS, new_job);
    assert_int_equal(result.stats->counts.total, 1);
    assert_int_equal(result.stats->counts.completed, 1);
    fetch_result_clear(&result);
    result = graph_of(&mock, 600 * MS, new_job);
    assert_true(result.graph->config.interval_ms == INT64_MAX);
    assert_false(result.graph->config.exactly_once);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

/* Arguments as an order has them, each with its NUL; the literal brings the last. */
#define ARGUMENTS(text) .arguments = (char[]){text}, .arguments_length = sizeof(text)

static void test_a_program_reads_its_arguments(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(100 * MS);
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    struct job_order order = {.references = 1,
                              .interval_ms = -1,
                              ARGUMENTS("--interval-ms\0"
                                        "40\0--snapshot-ms\0"
                                        "30\0--state-bytes\0"
                                        "777\0--name\0told\0--parallelism\0"
                                        "5")};
    assert_runs(&mock, 0, new_job, &order);
    struct fetch_result result = graph_of(&mock, 69 * MS, new_job);
    assert_string_equal(result.graph->name, "told");
    assert_int_equal(result.graph->config.interval_ms, 40);
    assert_int_equal(result.graph->vertices[0].parallelism, 5);
    assert_int_equal(result.graph->stats->counts.completed, 0);
    fetch_result_clear(&result);
    result = mock_statistics(&mock, 70 * MS, new_job);
    assert_int_equal(result.stats->counts.completed, 1);
    assert_int_equal(result.stats->latest_completed->state_size, 777);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_what_the_request_says_goes_before_what_the_program_is_told(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(100 * MS);
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    char name[] = "mine";
    struct job_order order = {.references = 1,
                              .interval_ms = 60,
                              .name = name,
                              .parallelism = 2,
                              ARGUMENTS("--name\0told\0--parallelism\0"
                                        "5\0--interval-ms\0"
                                        "40")};
    assert_runs(&mock, 0, new_job, &order);
    struct fetch_result result = graph_of(&mock, 0, new_job);
    assert_string_equal(result.graph->name, "mine");
    assert_int_equal(result.graph->config.interval_ms, 60);
    assert_int_equal(result.graph->vertices[0].parallelism, 2);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_arguments_that_are_none_of_them_mean_nothing(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(100 * MS);
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    struct job_order order = {.references = 1,
                              .interval_ms = -1,
                              ARGUMENTS("/ctl\0--interval-ms\0often\0--other\0--name\0x\0"
                                        "--parallelism")};
    assert_runs(&mock, 0, new_job, &order);
    struct fetch_result result = graph_of(&mock, 0, new_job);
    assert_string_equal(result.graph->name, "template");
    assert_int_equal(result.graph->config.interval_ms, 100);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_program_restarts_and_finishes_so_long_after_it_runs(void **state)
{
    (void)state;
    struct job_plan submitted = template_of(100 * MS);
    submitted.pace = (struct job_pace){.created_us = 20 * MS, .restarting_us = 10 * MS};
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    struct job_order order = {.references = 1,
                              .interval_ms = -1,
                              ARGUMENTS("--restart-after-ms\0"
                                        "200\0--finish-after-ms\0"
                                        "500")};
    assert_runs(&mock, 0, new_job, &order);
    static const struct {
        int64_t at_ms;
        enum job_status state;
    } course[] = {{219, JOB_RUNNING},
                  {220, JOB_RESTARTING},
                  {230, JOB_RUNNING},
                  {519, JOB_RUNNING},
                  {520, JOB_FINISHED}};
    for (size_t i = 0; i < COUNT(course); i++) {
        struct fetch_result result = graph_of(&mock, course[i].at_ms * MS, new_job);
        assert_int_equal(result.graph->state, course[i].state);
        fetch_result_clear(&result);
    }
    mock_stop(&mock);
}

static void test_without_a_template_there_is_a_job_of_two_vertices_every_ten_seconds(void **state)
{
    (void)state;
    const struct jobmanager_config config = config_with(NULL);
    struct mock mock;
    mock_start(&mock, &config);
    assert_runs(&mock, 0, new_job, NULL);
    struct fetch_result result = graph_of(&mock, 10000 * MS, new_job);
    assert_int_equal(result.graph->state, JOB_RUNNING);
    assert_int_equal(result.graph->vertex_count, 2);
    assert_int_equal(result.graph->config.interval_ms, 10000);
    assert_int_equal(result.graph->stats->counts.completed, 1);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_job_without_a_template_comes_up_at_the_pace_that_is_given(void **state)
{
    (void)state;
    const struct job_pace pace = {.created_us = 5 * MS, .deploying_us = 60 * MS};
    struct jobmanager_config config = config_with(NULL);
    config.submitted_pace = &pace;
    struct mock mock;
    mock_start(&mock, &config);
    assert_runs(&mock, 10 * MS, new_job, NULL);
    struct fetch_result created = graph_of(&mock, 12 * MS, new_job);
    assert_int_equal(created.graph->state, JOB_CREATED);
    fetch_result_clear(&created);
    struct fetch_result deploying = graph_of(&mock, 50 * MS, new_job);
    assert_int_equal(deploying.graph->state, JOB_RUNNING);
    assert_int_equal(deploying.graph->vertices[0].subtasks[0].state, EXECUTION_DEPLOYING);
    fetch_result_clear(&deploying);
    struct fetch_result running = graph_of(&mock, 80 * MS, new_job);
    assert_int_equal(running.graph->vertices[0].subtasks[0].state, EXECUTION_RUNNING);
    fetch_result_clear(&running);
    mock_stop(&mock);
}

static void test_a_job_of_the_plan_that_is_absent_starts_as_the_plan_says(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.exists_at_start = false;
    const struct jobmanager_config config = mock_config(&plan, 1, NULL, 0);
    struct mock mock;
    mock_start(&mock, &config);
    char name[] = "mine";
    struct job_order order = {.references = 1,
                              .name = name,
                              .interval_ms = 5,
                              ARGUMENTS("--restart-after-ms\0"
                                        "5\0--finish-after-ms\0"
                                        "10")};
    assert_runs(&mock, 0, plan.id, &order);
    struct fetch_result result = graph_of(&mock, 1000 * MS, plan.id);
    assert_int_equal(result.graph->state, JOB_RUNNING);
    assert_int_equal(mock_count(&mock, JOURNAL_RUN_BEGAN), 1);
    assert_string_equal(result.graph->name, "J");
    assert_true(result.graph->config.interval_ms == INT64_MAX);
    fetch_result_clear(&result);
    assert_int_equal(mock_line(&mock, JOURNAL_RUN_BEGAN, -1, 0)->job, 0);
    mock_stop(&mock);
}

static void test_an_id_is_good_for_one_job(void **state)
{
    (void)state;
    const struct jobmanager_config config = config_with(NULL);
    struct mock mock;
    mock_start(&mock, &config);
    assert_runs(&mock, 0, new_job, NULL);
    mock_ask(&mock, 500 * MS, FETCH_CANCEL_JOB, new_job, none);
    const struct id ids[] = {new_job, mock_job_j.id};
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct fetch_result result = run(&mock, 1000 * MS, ids[i], NULL);
        assert_int_equal(result.outcome, OUTCOME_NOT_SUBMITTED);
        assert_non_null(strstr(result.failure, "DuplicateJobSubmissionException: Job has already"));
        fetch_result_clear(&result);
    }
    assert_int_equal(mock_count(&mock, JOURNAL_RUN_BEGAN), 2);
    mock_stop(&mock);
}

static void test_the_parallelism_has_the_bounds_of_flink(void **state)
{
    (void)state;
    const struct {
        int32_t parallelism;
        enum fetch_outcome outcome;
    } cases[] = {{-1, OUTCOME_NOT_SUBMITTED},
                 {0, OUTCOME_OK},
                 {32768, OUTCOME_OK},
                 {32769, OUTCOME_NOT_SUBMITTED}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct jobmanager_config config = config_with(NULL);
        struct mock mock;
        mock_start(&mock, &config);
        struct job_order order = {.references = 1, .parallelism = cases[i].parallelism};
        struct fetch_result result = run(&mock, 0, new_job, &order);
        assert_int_equal(result.outcome, cases[i].outcome);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

/* Two JobManagers that see one file system; the first holds a retained checkpoint and a savepoint. */
struct two {
    struct checkpoint_files *files;
    struct mock first, second;
    struct job_plan absent;
    char savepoint[128];
    struct job_order order;
};

static char directory[] = "file:///flink/savepoints";

static void start_two(struct two *two)
{
    static const struct job_event events[] = {EVENT(1, COMPLETES, .checkpoint = 5)};
    two->files = checkpoint_files_new();
    assert_non_null(two->files);
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
    config.files = two->files;
    mock_start(&two->first, &config);
    two->absent = mock_job_j;
    two->absent.exists_at_start = false;
    config.jobs = &two->absent;
    config.event_count = 0;
    mock_start(&two->second, &config);
    two->order = (struct job_order){.references = 1, .directory = directory};
    mock_send(&two->first, 10 * MS,
              &(struct fetch_request){.kind = FETCH_TRIGGER_SAVEPOINT,
                                      .job = mock_job_j.id,
                                      .trigger = trigger_a,
                                      .order = &two->order});
    mock_run(&two->first, 100 * MS);
    struct fetch_result result;
    assert_true(jobmanager_next_delivery(two->first.jobmanager, &(uint64_t){0}, &result));
    snprintf(two->savepoint, sizeof two->savepoint, "%s",
             mock_line(&two->first, JOURNAL_VISIBLE, 6, 0)->path);
}

static void stop_two(struct two *two)
{
    mock_stop(&two->second);
    mock_stop(&two->first);
    checkpoint_files_free(two->files);
}

static void test_a_job_moves_to_another_jobmanager_by_the_path_of_its_savepoint(void **state)
{
    (void)state;
    struct two two;
    start_two(&two);
    const struct id ids[] = {mock_job_j.id, new_job};
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct job_order order = {
            .references = 1, .savepoint_path = two.savepoint, .interval_ms = -1};
        assert_runs(&two.second, (int64_t)(i + 1) * 1000 * MS, ids[i], &order);
        struct fetch_result result =
            mock_statistics(&two.second, (int64_t)(i + 1) * 1000 * MS + 500 * MS, ids[i]);
        assert_int_equal(result.stats->counts.restored, 1);
        assert_int_equal(result.stats->latest_restored->id, 6);
        assert_true(result.stats->latest_restored->is_savepoint);
        assert_string_equal(result.stats->latest_restored->external_path->bytes, two.savepoint);
        fetch_result_clear(&result);
        const struct journal_entry *const restored = mock_line(&two.second, JOURNAL_RESTORED, 6, i);
        assert_int_equal(restored->trigger_ms, 1000010);
        if (i == 0)
            assert_string_equal(restored->path, two.savepoint);
    }
    mock_ask(&two.second, 5000 * MS, FETCH_TRIGGER_CHECKPOINT, mock_job_j.id, trigger_a);
    struct fetch_result result = mock_statistics(&two.second, 6000 * MS, mock_job_j.id);
    assert_int_equal(result.stats->latest_completed->id, 7);
    fetch_result_clear(&result);
    stop_two(&two);
}

static void assert_missing(struct two *two, const char *path)
{
    char text[128];
    snprintf(text, sizeof text, "%s", path);
    struct job_order order = {.references = 1, .savepoint_path = text, .interval_ms = -1};
    struct fetch_result result = run(&two->second, 200 * MS, new_job, &order);
    assert_int_equal(result.outcome, OUTCOME_NOT_SUBMITTED);
    char expected[400];
    snprintf(expected, sizeof expected,
             "\nCaused by: java.io.FileNotFoundException: Cannot find checkpoint or savepoint "
             "file/directory '%s' on file system 'file'.",
             path);
    assert_non_null(strstr(result.failure, expected));
    fetch_result_clear(&result);
    result = graph_of(&two->second, 200 * MS, new_job);
    assert_int_equal(result.graph->state, JOB_FAILED);
    assert_false(result.graph->has_plan);
    assert_int_equal(result.graph->vertex_count, 0);
    assert_int_equal(result.graph->state_ms[JOB_INITIALIZING], 1000200);
    assert_int_equal(result.graph->state_ms[JOB_FAILED], 1000200);
    assert_int_equal(result.graph->state_ms[JOB_FAILING], 0);
    assert_string_equal(result.graph->config.state_backend, "Unknown");
    assert_int_equal(result.graph->failure_count, 1);
    const struct graph_failure *const failure = &result.graph->failures[0];
    assert_string_equal(failure->exception_class,
                        "org.apache.flink.runtime.client.JobInitializationException");
    static const char first_line[] = "Could not start the JobMaster.\n";
    assert_memory_equal(failure->message, first_line, sizeof first_line - 1);
    assert_int_equal(failure->at_ms, 1000200);
    assert_null(failure->task_name);
    fetch_result_clear(&result);
    result = mock_statistics(&two->second, 200 * MS, new_job);
    assert_int_equal(result.stats->counts.total, 0);
    assert_true(result.stats->enabled);
    fetch_result_clear(&result);
}

static void test_a_job_whose_savepoint_is_gone_is_not_submitted_and_shows_as_failed(void **state)
{
    (void)state;
    struct two two;
    start_two(&two);
    assert_missing(&two, "file:/flink/nowhere");
    stop_two(&two);
    start_two(&two);
    mock_ask(&two.first, 100 * MS, FETCH_CANCEL_JOB, mock_job_j.id, none);
    struct job_order retained = {.references = 1, .savepoint_path = (char[]){MOCK_J_PATH(5)}};
    assert_runs(&two.second, 150 * MS, mock_job_j.id, &retained);
    stop_two(&two);
}

static void test_a_discard_by_one_jobmanager_is_seen_by_the_other(void **state)
{
    (void)state;
    struct two two;
    start_two(&two);
    assert_true(
        jobmanager_add_event(two.first.jobmanager, 110 * MS,
                             &(struct job_event){.at_us = 110 * MS, .kind = JOB_EVENT_FINISHES}));
    mock_run(&two.first, 110 * MS);
    assert_missing(&two, MOCK_J_PATH(5));
    stop_two(&two);
}

static void test_a_savepoint_outlives_the_job_that_made_it(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(0);
    struct jobmanager_config config = config_with(&submitted);
    config.ended_kept_us = 1000 * MS;
    struct mock mock;
    mock_start(&mock, &config);
    assert_runs(&mock, 0, new_job, NULL);
    struct job_order stop = {.references = 1, .directory = directory, .interval_ms = -1};
    mock_send(&mock, 0,
              &(struct fetch_request){.kind = FETCH_STOP_WITH_SAVEPOINT,
                                      .job = new_job,
                                      .trigger = trigger_a,
                                      .order = &stop});
    mock_run(&mock, 0);
    struct fetch_result result = {0};
    assert_true(jobmanager_next_delivery(mock.jobmanager, &(uint64_t){0}, &result));
    result = mock_ask(&mock, 5000 * MS, FETCH_SAVEPOINT_STATUS, new_job, trigger_a);
    assert_true(jobmanager_find_job(mock.jobmanager, new_job) == SIZE_MAX);
    struct job_order from = {
        .references = 1, .savepoint_path = result.operation.location, .interval_ms = -1};
    assert_runs(&mock, 5000 * MS, new_job, &from);
    fetch_result_clear(&result);
    result = mock_statistics(&mock, 5000 * MS, new_job);
    assert_int_equal(result.stats->latest_restored->id, 1);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_events_and_faults_find_a_submitted_job_while_it_is_known(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(0);
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    assert_runs(&mock, 0, new_job, NULL);
    const size_t job = jobmanager_find_job(mock.jobmanager, new_job);
    assert_true(job != SIZE_MAX && job != 0);
    const struct job_event event = {
        .at_us = 10 * MS, .job = job, .kind = JOB_EVENT_COMPLETES, .takes_us = 5 * MS};
    assert_true(jobmanager_add_event(mock.jobmanager, 0, &event));
    const struct fault fault = {.kind = FAULT_OUTCOME,
                                .until_us = INT64_MAX,
                                .any_fetch = true,
                                .job = job,
                                .outcome = OUTCOME_NO_LEADER};
    struct fetch_result result = mock_statistics(&mock, 10 * MS, new_job);
    assert_int_equal(result.stats->counts.completed, 1);
    fetch_result_clear(&result);
    assert_true(jobmanager_add_fault(mock.jobmanager, 10 * MS, &fault));
    result = mock_statistics(&mock, 10 * MS, new_job);
    assert_int_equal(result.outcome, OUTCOME_NO_LEADER);
    result = mock_statistics(&mock, 10 * MS, mock_job_j.id);
    assert_int_equal(result.outcome, OUTCOME_OK);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_an_ended_job_is_forgotten_after_its_time(void **state)
{
    (void)state;
    struct jobmanager_config config = config_with(NULL);
    config.ended_kept_us = 1000 * MS;
    struct mock mock;
    mock_start(&mock, &config);
    assert_runs(&mock, 0, new_job, NULL);
    const struct id ids[] = {new_job, mock_job_j.id};
    for (size_t i = 0; i < COUNT(ids); i++)
        mock_ask(&mock, 500 * MS, FETCH_CANCEL_JOB, ids[i], none);
    mock_run(&mock, 600 * MS);
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct fetch_result result = graph_of(&mock, 1500 * MS - 1, ids[i]);
        assert_int_equal(result.outcome, OUTCOME_OK);
        fetch_result_clear(&result);
    }
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct fetch_result result = graph_of(&mock, 1600 * MS, ids[i]);
        assert_int_equal(result.outcome, OUTCOME_JOB_NOT_FOUND);
        result = mock_statistics(&mock, 1600 * MS, ids[i]);
        assert_int_equal(result.outcome, OUTCOME_JOB_NOT_FOUND);
    }
    assert_true(jobmanager_find_job(mock.jobmanager, new_job) == SIZE_MAX);
    assert_runs(&mock, 1600 * MS, new_job, NULL);
    assert_runs(&mock, 1600 * MS, mock_job_j.id, NULL);
    mock_stop(&mock);
}

static void
test_jobs_of_the_plan_are_kept_and_others_for_an_hour_unless_something_is_said(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(0);
    const struct jobmanager_config config = config_with(&submitted);
    struct mock mock;
    mock_start(&mock, &config);
    assert_runs(&mock, 0, new_job, NULL);
    mock_ask(&mock, 0, FETCH_CANCEL_JOB, new_job, none);
    mock_ask(&mock, 0, FETCH_CANCEL_JOB, mock_job_j.id, none);
    const int64_t hour_us = INT64_C(3600) * 1000 * MS;
    struct fetch_result result = graph_of(&mock, hour_us - 1, new_job);
    assert_int_equal(result.outcome, OUTCOME_OK);
    fetch_result_clear(&result);
    result = graph_of(&mock, hour_us, new_job);
    assert_int_equal(result.outcome, OUTCOME_JOB_NOT_FOUND);
    result = graph_of(&mock, 2 * hour_us, mock_job_j.id);
    assert_int_equal(result.outcome, OUTCOME_OK);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_of_too_many_ended_jobs_the_first_to_end_goes(void **state)
{
    (void)state;
    const struct job_plan submitted = template_of(0);
    struct jobmanager_config config = config_with(&submitted);
    config.ended_kept_max = 2;
    struct mock mock;
    mock_start(&mock, &config);
    for (uint64_t i = 0; i < 4; i++)
        assert_runs(&mock, 0, (struct id){1, i}, NULL);
    const uint64_t order[] = {2, 0, 3};
    for (size_t i = 0; i < COUNT(order); i++)
        mock_ask(&mock, (int64_t)(i + 1) * MS, FETCH_CANCEL_JOB, (struct id){1, order[i]}, none);
    const enum fetch_outcome expected[] = {OUTCOME_OK, OUTCOME_OK, OUTCOME_JOB_NOT_FOUND,
                                           OUTCOME_OK};
    for (uint64_t i = 0; i < 4; i++) {
        struct fetch_result result = graph_of(&mock, 10 * MS, (struct id){1, i});
        assert_int_equal(result.outcome, expected[i]);
        fetch_result_clear(&result);
    }
    struct fetch_result result = mock_ask(&mock, 10 * MS, FETCH_JOB_LIST, none, none);
    assert_int_equal(result.jobs->count, 4);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static bool advance(struct jobmanager *jobmanager, int64_t until_us)
{
    while (jobmanager_due(jobmanager, NULL) <= until_us) {
        if (!jobmanager_advance(jobmanager, until_us))
            return false;
        while (jobmanager_next_entry(jobmanager))
            continue;
    }
    return true;
}

static bool ask(struct jobmanager *jobmanager, int64_t now_us, enum fetch_kind kind,
                struct job_order *order)
{
    return jobmanager_call(
               jobmanager, now_us, 1,
               &(struct fetch_request){
                   .kind = kind, .job = new_job, .trigger = trigger_a, .order = order}) &&
           advance(jobmanager, now_us);
}

static void submit_things(void *context, bool may_fail)
{
    (void)context;
    struct jobmanager_config config = config_with(NULL);
    uint64_t ticket = 0;
    config.ticket = &ticket;
    config.ended_kept_us = 100 * MS;
    char name[] = "mine", path[] = "file:/gone";
    struct job_order order = {.references = 1, .name = name, .interval_ms = 50};
    struct job_order from = {.references = 1, .savepoint_path = path, .interval_ms = 50};
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    const bool lived =
        jobmanager && ask(jobmanager, 0, FETCH_RUN_JOB, &order) && advance(jobmanager, 1000 * MS) &&
        ask(jobmanager, 1000 * MS, FETCH_RUN_JOB, NULL) &&
        ask(jobmanager, 1000 * MS, FETCH_CANCEL_JOB, NULL) && advance(jobmanager, 1500 * MS) &&
        ask(jobmanager, 1500 * MS, FETCH_RUN_JOB, &from) &&
        ask(jobmanager, 1500 * MS, FETCH_EXECUTION_GRAPH, NULL) &&
        ask(jobmanager, 1500 * MS, FETCH_JOB_LIST, NULL);
    assert_true(lived || may_fail);
    jobmanager_free(jobmanager);
    assert_int_equal(order.references, 1);
}

static void test_without_memory_a_submission_says_so_and_nothing_leaks(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(submit_things, NULL) > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_id_makes_a_job_of_the_template_as_the_order_says),
        cmocka_unit_test(test_an_order_that_says_nothing_leaves_it_to_the_template),
        cmocka_unit_test(test_without_an_interval_a_job_takes_only_what_is_triggered),
        cmocka_unit_test(test_a_program_reads_its_arguments),
        cmocka_unit_test(test_what_the_request_says_goes_before_what_the_program_is_told),
        cmocka_unit_test(test_arguments_that_are_none_of_them_mean_nothing),
        cmocka_unit_test(test_a_program_restarts_and_finishes_so_long_after_it_runs),
        cmocka_unit_test(test_without_a_template_there_is_a_job_of_two_vertices_every_ten_seconds),
        cmocka_unit_test(test_a_job_without_a_template_comes_up_at_the_pace_that_is_given),
        cmocka_unit_test(test_a_job_of_the_plan_that_is_absent_starts_as_the_plan_says),
        cmocka_unit_test(test_an_id_is_good_for_one_job),
        cmocka_unit_test(test_the_parallelism_has_the_bounds_of_flink),
        cmocka_unit_test(test_a_job_moves_to_another_jobmanager_by_the_path_of_its_savepoint),
        cmocka_unit_test(test_a_job_whose_savepoint_is_gone_is_not_submitted_and_shows_as_failed),
        cmocka_unit_test(test_a_discard_by_one_jobmanager_is_seen_by_the_other),
        cmocka_unit_test(test_a_savepoint_outlives_the_job_that_made_it),
        cmocka_unit_test(test_events_and_faults_find_a_submitted_job_while_it_is_known),
        cmocka_unit_test(test_an_ended_job_is_forgotten_after_its_time),
        cmocka_unit_test(
            test_jobs_of_the_plan_are_kept_and_others_for_an_hour_unless_something_is_said),
        cmocka_unit_test(test_of_too_many_ended_jobs_the_first_to_end_goes),
        cmocka_unit_test(test_without_memory_a_submission_says_so_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
