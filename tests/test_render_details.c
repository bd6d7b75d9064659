/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/bodies/real_body.h"

#include "rest_endpoint/render.h"

static void assert_details_as_in(const char *name, enum checkpoint_status status)
{
    for (size_t i = 0; i < REAL_WIRES; i++) {
        char *body = real_body(real_wires[i], name);
        json_t *root = parse_body(body);
        struct checkpoint *checkpoint = read_checkpoint(root);
        struct buffer out = {0};
        assert_int_equal(checkpoint->status, status);
        assert_int_equal(checkpoint->task_count, 2);
        render_details(checkpoint, real_wires[i], &out);
        assert_rendered(&out, body);
        checkpoint_release(checkpoint);
        json_decref(root);
        free(body);
    }
}

static void details_of_a_completed_one_are_as_real_clusters_write_them(void **state)
{
    (void)state;
    assert_details_as_in("details", CHECKPOINT_COMPLETED);
}

static void details_of_a_failed_one_are_as_real_clusters_write_them(void **state)
{
    (void)state;
    assert_details_as_in("details_failed", CHECKPOINT_FAILED);
}

/* Two vertices of one and two subtasks; the second has acknowledged, as in the transcripts. */
static struct checkpoint *half_acknowledged(void)
{
    static const struct task_layout layout[] = {
        {{0xcbc357ccb763df28, 0x52fee8c4fc7d55f2}, 1},
        {{0x69e0ddb5967fa158, 0x203236ac5766dbb1}, 2},
    };
    struct checkpoint *checkpoint = checkpoint_new(9, CHECKPOINT_ALIGNED, 1795384692533, layout, 2);
    assert_non_null(checkpoint);
    for (int i = 0; i < 2; i++) {
        struct subtask_stats *subtask = &checkpoint->tasks[1].subtasks[i];
        subtask->acknowledged = true;
        subtask->ack_ms = 1795384692556 + i;
        subtask->start_delay_ms = 15 + i;
    }
    checkpoint->latest_ack_ms = 1795384692557;
    checkpoint->acknowledged_count = 2;
    return checkpoint;
}

/* 2.3.0 wrote this, but for the time of the first acknowledgement. */
static void details_of_a_pending_one_show_which_task_is_missing(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = half_acknowledged();
    struct buffer out = {0};
    render_details(checkpoint, &wire_2_3_0, &out);
    assert_rendered(
        &out,
        "{\"className\":\"in_progress\",\"id\":9,\"status\":\"IN_PROGRESS\",\"is_savepoint\":false,"
        "\"savepointFormat\":null,\"trigger_timestamp\":1795384692533,\"latest_ack_timestamp\":"
        "1795384692557,\"checkpointed_size\":0,\"state_size\":0,\"end_to_end_duration\":24,"
        "\"alignment_buffered\":0,\"processed_data\":0,\"persisted_data\":0,\"num_subtasks\":3,"
        "\"num_acknowledged_subtasks\":2,\"checkpoint_type\":\"CHECKPOINT\",\"tasks\":{"
        "\"cbc357ccb763df2852fee8c4fc7d55f2\":{\"id\":9,\"status\":\"IN_PROGRESS\","
        "\"latest_ack_timestamp\":-1,\"checkpointed_size\":0,\"state_size\":0,"
        "\"end_to_end_duration\":-1,\"alignment_buffered\":0,\"processed_data\":0,"
        "\"persisted_data\":0,\"num_subtasks\":1,\"num_acknowledged_subtasks\":0},"
        "\"69e0ddb5967fa158203236ac5766dbb1\":{\"id\":9,\"status\":\"IN_PROGRESS\","
        "\"latest_ack_timestamp\":1795384692557,\"checkpointed_size\":0,\"state_size\":0,"
        "\"end_to_end_duration\":24,\"alignment_buffered\":0,\"processed_data\":0,"
        "\"persisted_data\":0,\"num_subtasks\":2,\"num_acknowledged_subtasks\":2}}}");
    checkpoint_release(checkpoint);
}

static void read_subtask(const json_t *object, struct subtask_stats *subtask)
{
    const json_t *checkpoint = member(object, "checkpoint");
    const json_t *alignment = member(object, "alignment");

    subtask->acknowledged = true;
    subtask->ack_ms = number_member(object, "ack_timestamp");
    subtask->checkpointed_size = number_member(object, "checkpointed_size");
    subtask->state_size = number_member(object, "state_size");
    subtask->sync_ms = number_member(checkpoint, "sync");
    subtask->async_ms = number_member(checkpoint, "async");
    subtask->processed_data = number_member(alignment, "processed");
    subtask->persisted_data = number_member(alignment, "persisted");
    subtask->alignment_ms = number_member(alignment, "duration");
    subtask->start_delay_ms = number_member(object, "start_delay");
}

/* The checkpoint's trigger is not in the body; it follows from any subtask. */
static struct checkpoint *read_one_task(const json_t *root)
{
    const json_t *subtasks = member(root, "subtasks"), *first = json_array_get(subtasks, 0);
    struct task_layout layout = {{1, 2}, (int32_t)json_array_size(subtasks)};
    struct checkpoint *checkpoint = checkpoint_new(number_member(root, "id"), CHECKPOINT_ALIGNED,
                                                   number_member(first, "ack_timestamp") -
                                                       number_member(first, "end_to_end_duration"),
                                                   &layout, 1);
    assert_non_null(checkpoint);
    checkpoint->status = read_status(root);
    for (int32_t i = 0; i < layout.subtask_count; i++)
        read_subtask(json_array_get(subtasks, (size_t)i), &checkpoint->tasks[0].subtasks[i]);
    return checkpoint;
}

static void subtasks_are_as_real_clusters_write_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < REAL_WIRES; i++) {
        char *body = real_body(real_wires[i], "subtasks");
        json_t *root = parse_body(body);
        struct checkpoint *checkpoint = read_one_task(root);
        struct buffer out = {0};
        assert_true(render_subtasks(checkpoint, (struct id){1, 2}, &out));
        assert_rendered(&out, body);
        checkpoint_release(checkpoint);
        json_decref(root);
        free(body);
    }
}

#define NANS ",\"p50\":\"NaN\",\"p90\":\"NaN\",\"p95\":\"NaN\",\"p99\":\"NaN\",\"p999\":\"NaN\"}"
#define NONE "{\"min\":0,\"max\":0,\"avg\":0" NANS
#define ZEROS \
    "{\"min\":0,\"max\":0,\"avg\":0,\"p50\":0.0,\"p90\":0.0,\"p95\":0.0,\"p99\":0.0,\"p999\":0.0}"

/* As 2.3.0 wrote it for the task that held the checkpoint up. */
static void a_subtask_that_is_missing_is_pending_or_failed(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = half_acknowledged();
    struct buffer out = {0};
    assert_true(render_subtasks(checkpoint, checkpoint->tasks[0].vertex, &out));
    assert_rendered(&out,
                    "{\"id\":9,\"status\":\"IN_PROGRESS\",\"latest_ack_timestamp\":-1,"
                    "\"checkpointed_size\":0,\"state_size\":0,\"end_to_end_duration\":-1,"
                    "\"alignment_buffered\":0,\"processed_data\":0,\"persisted_data\":0,"
                    "\"num_subtasks\":1,\"num_acknowledged_subtasks\":0,"
                    "\"summary\":{\"checkpointed_size\":" NONE ",\"state_size\":" NONE
                    ",\"end_to_end_duration\":" NONE ",\"checkpoint_duration\":{\"sync\":" NONE
                    ",\"async\":" NONE "},\"alignment\":{\"buffered\":" ZEROS ",\"processed\":" NONE
                    ",\"persisted\":" NONE ",\"duration\":" NONE "},\"start_delay\":" NONE "},"
                    "\"subtasks\":[{\"className\":\"pending\",\"index\":0,"
                    "\"status\":\"pending_or_failed\"}]}");
    checkpoint_release(checkpoint);
}

static char *rendered_subtasks(const struct checkpoint *checkpoint, struct id vertex)
{
    struct buffer out = {0};
    assert_true(render_subtasks(checkpoint, vertex, &out));
    return take_checked(&out);
}

static void a_vertex_that_is_not_in_the_checkpoint_writes_nothing(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = half_acknowledged();
    struct id unknown = checkpoint->tasks[1].vertex;
    struct buffer out = {0};
    unknown.low++;
    assert_false(render_subtasks(checkpoint, unknown, &out));
    assert_int_equal(out.length, 0);
    checkpoint_release(checkpoint);
}

static void subtasks_that_are_missing_count_in_no_summary(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = half_acknowledged();
    struct subtask_stats *subtasks = checkpoint->tasks[1].subtasks;
    subtasks[0].sync_ms = 4;
    subtasks[1].sync_ms = 9;
    subtasks[1].acknowledged = false;
    char *text = rendered_subtasks(checkpoint, checkpoint->tasks[1].vertex);
    assert_non_null(strstr(text, "\"latest_ack_timestamp\":1795384692556,"));
    assert_non_null(strstr(text, "\"num_subtasks\":2,\"num_acknowledged_subtasks\":1,"));
    assert_non_null(strstr(text, "{\"sync\":{\"min\":4,\"max\":4,\"avg\":4" NANS));
    free(text);
    checkpoint_release(checkpoint);
}

static void an_acknowledgement_before_the_trigger_took_no_time(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = half_acknowledged();
    checkpoint->trigger_ms += 1000;
    char *text = rendered_subtasks(checkpoint, checkpoint->tasks[1].vertex);
    assert_non_null(strstr(text, "\"state_size\":0,\"end_to_end_duration\":0,"));
    assert_non_null(strstr(text, "\"end_to_end_duration\":" NONE));
    assert_non_null(strstr(text, "\"ack_timestamp\":1795384692556,\"end_to_end_duration\":0,"));
    free(text);
    checkpoint_release(checkpoint);
}

static void totals_of_a_task_leave_unknown_sizes_out(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = half_acknowledged();
    struct subtask_stats *subtasks = checkpoint->tasks[1].subtasks;
    subtasks[0].processed_data = 40;
    subtasks[0].persisted_data = -1;
    subtasks[1].processed_data = -1;
    subtasks[1].persisted_data = 2;
    subtasks[0].state_size = 5;
    subtasks[1].state_size = 6;
    char *text = rendered_subtasks(checkpoint, checkpoint->tasks[1].vertex);
    assert_non_null(strstr(text, "\"state_size\":11,"));
    assert_non_null(strstr(text, "\"processed_data\":40,\"persisted_data\":2,\"num_subtasks\":2,"));
    free(text);
    checkpoint_release(checkpoint);
}

static void subtasks_of_an_unaligned_checkpoint_say_so(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = half_acknowledged();
    char *text = rendered_subtasks(checkpoint, checkpoint->tasks[1].vertex);
    assert_non_null(strstr(text, "\"unaligned_checkpoint\":false,\"aborted\":false,"));
    free(text);
    checkpoint->type = CHECKPOINT_UNALIGNED;
    text = rendered_subtasks(checkpoint, checkpoint->tasks[1].vertex);
    assert_non_null(strstr(text, "\"unaligned_checkpoint\":true,\"aborted\":false,"));
    free(text);
    checkpoint_release(checkpoint);
}

static void fill_config(const json_t *root, struct checkpoint_config *config)
{
    const json_t *kept = member(root, "externalization");

    config->exactly_once = strcmp(text_member(root, "mode"), "exactly_once") == 0;
    config->interval_ms = number_member(root, "interval");
    config->timeout_ms = number_member(root, "timeout");
    config->min_pause_ms = number_member(root, "min_pause");
    config->max_concurrent = (int32_t)number_member(root, "max_concurrent");
    config->externalized = bool_member(kept, "enabled");
    config->delete_on_cancellation = bool_member(kept, "delete_on_cancellation");
    config->state_backend = text_member(root, "state_backend");
    config->checkpoint_storage = text_member(root, "checkpoint_storage");
    config->unaligned = bool_member(root, "unaligned_checkpoints");
    config->tolerable_failed = (int32_t)number_member(root, "tolerable_failed_checkpoints");
    config->aligned_timeout_ms = number_member(root, "aligned_checkpoint_timeout");
    config->checkpoints_after_tasks_finish = bool_member(root, "checkpoints_after_tasks_finish");
    config->changelog_enabled = bool_member(root, "state_changelog_enabled");
    config->changelog_interval_ms =
        number_member(root, "changelog_periodic_materialization_interval");
    config->changelog_storage = text_member(root, "changelog_storage");
}

static void the_config_is_as_real_clusters_write_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < REAL_WIRES; i++) {
        char *body = real_body(real_wires[i], "config");
        json_t *root = parse_body(body);
        struct execution_graph graph = {0};
        struct buffer out = {0};
        fill_config(root, &graph.config);
        render_checkpoint_config(&graph, &out);
        assert_rendered(&out, body);
        json_decref(root);
        free(body);
    }
}

/* Each value differs from its neighbours, so that two of them cannot be mixed up. */
static void every_part_of_the_config_has_its_own_member(void **state)
{
    (void)state;
    struct execution_graph graph = {.config = {.interval_ms = INT64_MAX,
                                               .timeout_ms = 2,
                                               .min_pause_ms = 3,
                                               .max_concurrent = 4,
                                               .externalized = true,
                                               .tolerable_failed = 5,
                                               .unaligned = true,
                                               .aligned_timeout_ms = 6,
                                               .changelog_enabled = true,
                                               .changelog_interval_ms = 7}};
    struct buffer out = {0};
    render_checkpoint_config(&graph, &out);
    assert_rendered(
        &out,
        "{\"mode\":\"at_least_once\",\"interval\":9223372036854775807,\"timeout\":2,"
        "\"min_pause\":3,\"max_concurrent\":4,\"externalization\":{\"enabled\":true,"
        "\"delete_on_cancellation\":false},\"state_backend\":null,\"checkpoint_storage\":null,"
        "\"unaligned_checkpoints\":true,\"tolerable_failed_checkpoints\":5,"
        "\"aligned_checkpoint_timeout\":6,\"checkpoints_after_tasks_finish\":false,"
        "\"state_changelog_enabled\":true,\"changelog_periodic_materialization_interval\":7,"
        "\"changelog_storage\":null}");
}

static void render_all(void *context, bool may_fail)
{
    const struct checkpoint *checkpoint = context;
    const struct execution_graph graph = {.config = {.timeout_ms = 2}};
    struct buffer out = {0};

    render_details(checkpoint, &wire_1_20_3, &out);
    render_subtasks(checkpoint, checkpoint->tasks[1].vertex, &out);
    render_checkpoint_config(&graph, &out);
    assert_true(may_fail || !out.failed);
    if (!out.failed)
        assert_int_equal(out.bytes[out.length - 1], '}');
    buffer_free(&out);
}

static void want_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = half_acknowledged();
    assert_true(fail_each_allocation(render_all, checkpoint) >= 2);
    checkpoint_release(checkpoint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(details_of_a_completed_one_are_as_real_clusters_write_them),
        cmocka_unit_test(details_of_a_failed_one_are_as_real_clusters_write_them),
        cmocka_unit_test(details_of_a_pending_one_show_which_task_is_missing),
        cmocka_unit_test(subtasks_are_as_real_clusters_write_them),
        cmocka_unit_test(a_subtask_that_is_missing_is_pending_or_failed),
        cmocka_unit_test(a_vertex_that_is_not_in_the_checkpoint_writes_nothing),
        cmocka_unit_test(subtasks_that_are_missing_count_in_no_summary),
        cmocka_unit_test(an_acknowledgement_before_the_trigger_took_no_time),
        cmocka_unit_test(totals_of_a_task_leave_unknown_sizes_out),
        cmocka_unit_test(subtasks_of_an_unaligned_checkpoint_say_so),
        cmocka_unit_test(the_config_is_as_real_clusters_write_it),
        cmocka_unit_test(every_part_of_the_config_has_its_own_member),
        cmocka_unit_test(want_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
