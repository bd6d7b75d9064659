/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/bodies/real_body.h"

#include <math.h>

#include "base/json_writer.h"
#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

static void assert_statistics(const struct checkpoint_stats *stats,
                              const struct endpoint_wire *wire, const char *expected)
{
    struct buffer out = {0};
    render_statistics(stats, wire, &out);
    assert_rendered(&out, expected);
}

#define EMPTY_SUMMARY                                                                 \
    "{\"min\":0,\"max\":0,\"avg\":0,\"p50\":\"NaN\",\"p90\":\"NaN\",\"p95\":\"NaN\"," \
    "\"p99\":\"NaN\",\"p999\":\"NaN\"}"
#define ZEROS \
    "{\"min\":0,\"max\":0,\"avg\":0,\"p50\":0.0,\"p90\":0.0,\"p95\":0.0,\"p99\":0.0,\"p999\":0.0}"

/* As 1.17.2 to 2.3.0 all answered for a job without a checkpoint. */
static void a_job_without_checkpoints_has_zeros_nan_and_nulls(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = checkpoint_stats_new((struct id){1, 2}, 1, 0);
    assert_non_null(stats);
    start_summaries(stats);
    assert_statistics(
        stats, &wire_1_20_3,
        "{\"counts\":{\"restored\":0,\"total\":0,\"in_progress\":0,\"completed\":0,\"failed\":0},"
        "\"summary\":{\"checkpointed_size\":" EMPTY_SUMMARY ",\"state_size\":" EMPTY_SUMMARY
        ",\"end_to_end_duration\":" EMPTY_SUMMARY ",\"alignment_buffered\":" ZEROS
        ",\"processed_data\":" EMPTY_SUMMARY ",\"persisted_data\":" EMPTY_SUMMARY "},"
        "\"latest\":{\"completed\":null,\"savepoint\":null,\"failed\":null,\"restored\":null},"
        "\"history\":[]}");
    checkpoint_stats_release(stats);
}

/* Every checkpoint that the job completed before the body was sent, in order: full size and
 * duration. What the history no longer shows comes from bodies sent earlier. */
struct completed {
    const struct endpoint_wire *wire;
    int64_t values[32][2];
};

static const struct completed completed[] = {
    {&wire_1_17_2,
     {{66025, 111}, {66026, 22}, {66027, 29},   {66028, 21},   {66029, 17}, {66030, 24},
      {66031, 18},  {66032, 17}, {66033, 2013}, {66034, 2014}, {66035, 18}, {66036, 22},
      {66037, 32},  {66038, 16}, {66039, 22},   {66042, 22},   {66043, 11}, {66044, 12},
      {66045, 38},  {66046, 30}, {66047, 15},   {66048, 39},   {66049, 41}, {66050, 58}}},
    {&wire_1_20_3,
     {{66027, 112},  {66028, 21},   {66029, 75}, {66030, 18}, {66031, 22}, {66032, 31}, {66033, 22},
      {66034, 2022}, {66035, 2021}, {66036, 24}, {66037, 22}, {66038, 26}, {66039, 18}, {66040, 21},
      {66042, 26},   {66043, 22},   {66044, 19}, {66045, 19}, {66046, 33}, {66047, 18}}},
    {&wire_2_3_0, {{66027, 98}, {66028, 28},   {66029, 27},   {66030, 28}, {66031, 29}, {66032, 30},
                   {66033, 22}, {66034, 2025}, {66035, 2027}, {66036, 22}, {66037, 27}, {66038, 26},
                   {66039, 24}, {66040, 25},   {66042, 16},   {66043, 17}, {66044, 18}, {66045, 18},
                   {66046, 27}, {66047, 24},   {66048, 25}}},
};

static void completed_failed_savepoint_and_restored_are_written_as_real_clusters_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(completed) / sizeof(completed[0]); i++) {
        const struct completed *all = &completed[i];
        char *body = real_body(all->wire, "statistics");
        json_t *root = parse_body(body);
        struct checkpoint_stats *stats = read_statistics(root);
        for (size_t n = 0; n < 32 && all->values[n][0]; n++)
            summarize_one(stats, all->values[n][0], all->values[n][1]);
        assert_non_null(stats->latest_completed);
        assert_non_null(stats->latest_savepoint);
        assert_non_null(stats->latest_failed);
        assert_non_null(stats->latest_restored);
        assert_statistics(stats, all->wire, body);
        checkpoint_stats_release(stats);
        json_decref(root);
        free(body);
    }
}

/* All that completed is still in the history of these bodies. */
static void a_checkpoint_in_progress_is_written_as_real_clusters_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < REAL_WIRES; i++) {
        char *body = real_body(real_wires[i], "statistics_in_progress");
        json_t *root = parse_body(body);
        struct checkpoint_stats *stats = read_statistics(root);
        assert_int_equal(stats->history[0]->status, CHECKPOINT_IN_PROGRESS);
        for (size_t n = stats->history_count; n-- > 0;) {
            if (stats->history[n]->status == CHECKPOINT_COMPLETED)
                summarize_one(stats, stats->history[n]->state_size,
                              checkpoint_duration_ms(stats->history[n]));
        }
        assert_statistics(stats, real_wires[i], body);
        checkpoint_stats_release(stats);
        json_decref(root);
        free(body);
    }
}

static void one_checkpoint_alone_makes_all_percentiles_its_own(void **state)
{
    (void)state;
    struct summary one = {.samples = samples_new()};
    struct buffer out = {0};
    assert_true(summary_add(&one, 12345678));
    render_summary(&one, &out);
    assert_rendered(&out, "{\"min\":12345678,\"max\":12345678,\"avg\":12345678,"
                          "\"p50\":1.2345678E7,\"p90\":1.2345678E7,\"p95\":1.2345678E7,"
                          "\"p99\":1.2345678E7,\"p999\":1.2345678E7}");
    samples_release(one.samples);
}

static void two_different_values_are_interpolated(void **state)
{
    (void)state;
    struct summary two = {.samples = samples_new()};
    struct buffer out = {0};
    assert_true(summary_add(&two, 10));
    assert_true(summary_add(&two, 11));
    render_summary(&two, &out);
    assert_rendered(&out, "{\"min\":10,\"max\":11,\"avg\":10,\"p50\":10.5,\"p90\":11.0,"
                          "\"p95\":11.0,\"p99\":11.0,\"p999\":11.0}");
    samples_release(two.samples);
}

static void a_summary_without_samples_has_no_percentiles(void **state)
{
    (void)state;
    struct summary bare = {.min = 3, .max = 3, .sum = 6, .count = 2};
    struct buffer out = {0};
    render_summary(&bare, &out);
    assert_rendered(&out, "{\"min\":3,\"max\":3,\"avg\":3,\"p50\":\"NaN\",\"p90\":\"NaN\","
                          "\"p95\":\"NaN\",\"p99\":\"NaN\",\"p999\":\"NaN\"}");
}

static char *rendered_checkpoint(const struct checkpoint *checkpoint,
                                 const struct endpoint_wire *wire)
{
    struct buffer out = {0};
    render_checkpoint(checkpoint, false, wire, &out);
    return take_checked(&out);
}

static void assert_type(enum checkpoint_type type, const struct endpoint_wire *wire,
                        const char *expected)
{
    struct checkpoint checkpoint = {.status = CHECKPOINT_IN_PROGRESS, .type = type};
    char *text = rendered_checkpoint(&checkpoint, wire);
    if (!strstr(text, expected))
        fail_msg("no %s in %s", expected, text);
    free(text);
}

static void unaligned_is_told_apart_from_1_18_on(void **state)
{
    (void)state;
    assert_type(CHECKPOINT_UNALIGNED, &wire_1_17_2, "\"checkpoint_type\":\"CHECKPOINT\",");
    assert_type(CHECKPOINT_UNALIGNED, &wire_1_20_3,
                "\"checkpoint_type\":\"UNALIGNED_CHECKPOINT\",");
    assert_type(CHECKPOINT_ALIGNED, &wire_1_20_3, "\"checkpoint_type\":\"CHECKPOINT\",");
    assert_type(CHECKPOINT_SAVEPOINT, &wire_1_17_2, "\"checkpoint_type\":\"SAVEPOINT\",");
    assert_type(CHECKPOINT_SYNC_SAVEPOINT, &wire_1_17_2, "\"checkpoint_type\":\"SYNC_SAVEPOINT\",");
}

static void a_missing_path_or_message_is_null(void **state)
{
    (void)state;
    struct checkpoint checkpoint = {.status = CHECKPOINT_COMPLETED};
    char *text = rendered_checkpoint(&checkpoint, &wire_1_20_3);
    assert_non_null(strstr(text, "\"tasks\":{},\"external_path\":null,\"discarded\":false}"));
    free(text);
    checkpoint.status = CHECKPOINT_FAILED;
    checkpoint.failure_ms = 7;
    text = rendered_checkpoint(&checkpoint, &wire_1_20_3);
    assert_non_null(strstr(text, "\"tasks\":{},\"failure_timestamp\":7,\"failure_message\":null}"));
    free(text);
}

/* Each differs from the others, so that no two can be mixed up. */
static void every_number_of_a_checkpoint_has_its_own_member(void **state)
{
    (void)state;
    const struct checkpoint checkpoint = {.id = 1,
                                          .status = CHECKPOINT_IN_PROGRESS,
                                          .type = CHECKPOINT_ALIGNED,
                                          .trigger_ms = 20,
                                          .latest_ack_ms = 50,
                                          .checkpointed_size = 3,
                                          .state_size = 4,
                                          .processed_data = 5,
                                          .persisted_data = 6,
                                          .subtask_count = 7,
                                          .acknowledged_count = 8};
    char *text = rendered_checkpoint(&checkpoint, &wire_1_20_3);
    assert_string_equal(
        text,
        "{\"className\":\"in_progress\",\"id\":1,\"status\":\"IN_PROGRESS\",\"is_savepoint\":false,"
        "\"savepointFormat\":null,\"trigger_timestamp\":20,\"latest_ack_timestamp\":50,"
        "\"checkpointed_size\":3,\"state_size\":4,\"end_to_end_duration\":30,"
        "\"alignment_buffered\":0,\"processed_data\":5,\"persisted_data\":6,\"num_subtasks\":7,"
        "\"num_acknowledged_subtasks\":8,\"checkpoint_type\":\"CHECKPOINT\",\"tasks\":{}}");
    free(text);
}

#define SUMMARY_OF(n)                                                                       \
    "{\"min\":" n ",\"max\":" n ",\"avg\":" n ",\"p50\":" n ".0,\"p90\":" n ".0,\"p95\":" n \
    ".0,\"p99\":" n ".0,\"p999\":" n ".0}"

static void every_summary_has_its_own_member(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = checkpoint_stats_new((struct id){1, 2}, 1, 0);
    struct buffer out = {0};
    assert_non_null(stats);
    start_summaries(stats);
    assert_true(summary_add(&stats->summary.checkpointed_size, 1));
    assert_true(summary_add(&stats->summary.state_size, 2));
    assert_true(summary_add(&stats->summary.duration_ms, 3));
    assert_true(summary_add(&stats->summary.processed_data, 4));
    assert_true(summary_add(&stats->summary.persisted_data, 5));
    render_statistics(stats, &wire_1_20_3, &out);
    char *text = take_checked(&out);
    assert_non_null(strstr(
        text,
        "\"summary\":{\"checkpointed_size\":" SUMMARY_OF("1") ",\"state_size\":" SUMMARY_OF(
            "2") ",\"end_to_end_duration\":" SUMMARY_OF("3") ",\"alignment_buffered\":" ZEROS
                                                             ",\"processed_data\":" SUMMARY_OF(
                                                                 "4") ",\"persisted_"
                                                                      "data\":" SUMMARY_OF(
                                                                          "5") "}"));
    free(text);
    checkpoint_stats_release(stats);
}

/* One kind of offending byte each, so that each is noticed by itself. */
static void text_that_needs_escaping_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *path, *written;
    } cases[] = {
        {"file:/a b~", "\"file:/a b~\""},
        {"", "\"\""},
        {"a\"b", "\"a\\\"b\""},
        {"a\\b", "\"a\\\\b\""},
        {"a\nb", "\"a\\nb\""},
        {"a\x1f", "\"a\\u001F\""},
        {"\xc3\xa4", "\"\xc3\xa4\""},
        {"a\xff", "\"a\xef\xbf\xbd\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer out = {0};
        render_text(cases[i].path, &out);
        assert_rendered(&out, cases[i].written);
    }
}

static void the_largest_numbers_fit(void **state)
{
    (void)state;
    struct checkpoint checkpoint = {.id = INT64_MIN,
                                    .status = CHECKPOINT_COMPLETED,
                                    .type = CHECKPOINT_UNALIGNED,
                                    .trigger_ms = INT64_MIN,
                                    .latest_ack_ms = INT64_MIN,
                                    .checkpointed_size = INT64_MIN,
                                    .state_size = INT64_MAX,
                                    .processed_data = INT64_MIN,
                                    .persisted_data = INT64_MIN,
                                    .subtask_count = INT32_MIN,
                                    .acknowledged_count = INT32_MIN};
    char *text = rendered_checkpoint(&checkpoint, &wire_1_20_3);
    assert_non_null(strstr(text, "\"id\":-9223372036854775808,"));
    assert_non_null(strstr(text, "\"state_size\":9223372036854775807,"));
    free(text);
}

static void numbers_are_written_in_full(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {9, "9"},
                 {10, "10"},
                 {99, "99"},
                 {100, "100"},
                 {101, "101"},
                 {999, "999"},
                 {1000, "1000"},
                 {-1, "-1"},
                 {-10, "-10"},
                 {-100, "-100"},
                 {INT64_MAX, "9223372036854775807"},
                 {1795384763259, "1795384763259"},
                 {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[INT64_ROOM];
        char *end = render_int64(text, cases[i].value);
        assert_int_equal(end - text, strlen(cases[i].text));
        assert_memory_equal(text, cases[i].text, strlen(cases[i].text));
    }
}

static void assert_double(double value, const char *expected)
{
    struct buffer out = {0};
    render_java_double(value, &out);
    char *text = buffer_take(&out);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void doubles_are_written_as_java_does(void **state)
{
    (void)state;
    assert_double(0.0, "0.0");
    assert_double(-0.0, "-0.0");
    assert_double(66050.0, "66050.0");
    assert_double(66048.5, "66048.5");
    assert_double(1830.100000000004, "1830.100000000004");
    assert_double(1639.6000000000013, "1639.6000000000013");
    assert_double(74.55999999999995, "74.55999999999995");
    assert_double(0.001, "0.001");
    assert_double(0.1 + 0.2, "0.30000000000000004");
    assert_double(9999999.0, "9999999.0");
    assert_double(9999999.999999998, "9999999.999999998");
    assert_double(1e7, "1.0E7");
    assert_double(1.25e9, "1.25E9");
    assert_double(3.590770398376E12, "3.590770398376E12");
    assert_double(0.0009, "9.0E-4");
    assert_double(-2.5, "-2.5");
    assert_double((double)NAN, "\"NaN\"");
}

static void quick_doubles_agree_with_the_slow_ones(void **state)
{
    (void)state;
    uint64_t mix = 1;
    for (int i = 0; i < 200000; i++) {
        mix = mix * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        static const double scales[] = {1e-3, 1e-2, 1e-1, 1, 10, 1e3, 1e5, 1e7};
        double value = (double)(mix >> 11) / 9007199254740992.0 * scales[i % 8];
        if (i % 3 == 0)
            value = (double)(mix >> 40) / (double)((mix & 1023) + 1);
        struct buffer quick = {0}, slow = {0};
        render_java_double(value, &quick);
        json_java_double(&(struct json_writer){.out = &slow}, value);
        char *a = buffer_take(&quick), *b = buffer_take(&slow);
        assert_string_equal(a, b);
        free(a);
        free(b);
    }
}

struct expectation {
    const struct checkpoint_stats *stats;
    const char *text;
};

/* A rendering that lacks memory says so, and one that does not is whole. */
static void render_once(void *context, bool may_fail)
{
    const struct expectation *expected = context;
    struct buffer out = {0};

    render_statistics(expected->stats, &wire_1_20_3, &out);
    assert_true(may_fail || !out.failed);
    char *text = buffer_take(&out);
    if (text)
        assert_string_equal(text, expected->text);
    free(text);
}

static void want_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    char *body = real_body(&wire_1_20_3, "statistics");
    json_t *root = parse_body(body);
    struct checkpoint_stats *stats = read_statistics(root);
    struct buffer out = {0};
    summarize_one(stats, 5, 5);
    summarize_one(stats, 6, 8);
    render_statistics(stats, &wire_1_20_3, &out);
    char *text = buffer_take(&out);
    assert_non_null(text);
    struct expectation expected = {stats, text};
    assert_true(fail_each_allocation(render_once, &expected) >= 4);
    free(text);
    checkpoint_stats_release(stats);
    json_decref(root);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_without_checkpoints_has_zeros_nan_and_nulls),
        cmocka_unit_test(completed_failed_savepoint_and_restored_are_written_as_real_clusters_do),
        cmocka_unit_test(a_checkpoint_in_progress_is_written_as_real_clusters_do),
        cmocka_unit_test(one_checkpoint_alone_makes_all_percentiles_its_own),
        cmocka_unit_test(two_different_values_are_interpolated),
        cmocka_unit_test(a_summary_without_samples_has_no_percentiles),
        cmocka_unit_test(unaligned_is_told_apart_from_1_18_on),
        cmocka_unit_test(a_missing_path_or_message_is_null),
        cmocka_unit_test(every_number_of_a_checkpoint_has_its_own_member),
        cmocka_unit_test(every_summary_has_its_own_member),
        cmocka_unit_test(text_that_needs_escaping_is_escaped),
        cmocka_unit_test(the_largest_numbers_fit),
        cmocka_unit_test(numbers_are_written_in_full),
        cmocka_unit_test(doubles_are_written_as_java_does),
        cmocka_unit_test(quick_doubles_agree_with_the_slow_ones),
        cmocka_unit_test(want_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
