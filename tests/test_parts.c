/* rooms: harness/parts reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>

#include "harness/parts/join.h"
#include "tests/support/report_cells.h"

/* --- how work is dealt out ------------------------------------------------------------------- */

static void a_shard_is_one_of_some(void **state)
{
    (void)state;
    struct shard shard;
    assert_true(shard_parse("2/8", &shard));
    assert_int_equal(shard.index, 2);
    assert_int_equal(shard.count, 8);
    assert_true(shard_parse("1/1", &shard));
    assert_true(shard_parse("1000000/1000000", &shard));
    static const char *const wrong[] = {"",
                                        "x",
                                        "/",
                                        "1",
                                        "1/",
                                        "/1",
                                        "0/4",
                                        "3/2",
                                        "-1/2",
                                        "1/-2",
                                        "1/2/3",
                                        "1/2 ",
                                        " 1/2",
                                        "+1/2",
                                        "1/+2",
                                        "0x1/2",
                                        "1/1000001",
                                        "1/99999999999999999999",
                                        "99999999999999999999/2",
                                        "18446744073709551617/2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (shard_parse(wrong[i], &shard))
            fail_msg("'%s' is taken", wrong[i]);
    }
}

static void each_item_is_dealt_once_and_no_part_gets_two_more_than_another(void **state)
{
    (void)state;
    for (uint64_t count = 1; count <= 12; count++) {
        for (uint64_t items = 0; items <= 60; items++) {
            uint64_t dealt[12] = {0};
            for (uint64_t item = 0; item < items; item++) {
                const uint64_t to = shard_of_item(item, count);
                assert_in_range(to, 1, count);
                dealt[to - 1]++;
            }
            for (uint64_t index = 1; index <= count; index++) {
                const struct shard shard = {index, count};
                assert_int_equal(shard_item_count(&shard, items), dealt[index - 1]);
                assert_in_range(dealt[index - 1], items / count, items / count + 1);
            }
        }
    }
}

static void no_part_gets_a_column_for_itself(void **state)
{
    (void)state;
    enum { COLUMNS = 5, ROWS = 10 };
    bool got[COLUMNS] = {false};
    for (uint64_t item = 0; item < COLUMNS * ROWS; item++) {
        if (shard_of_item(item, COLUMNS) == 1)
            got[item % COLUMNS] = true;
    }
    for (size_t i = 0; i < COLUMNS; i++)
        assert_true(got[i]);
}

static void of_a_row_each_part_has_every_nth(void **state)
{
    (void)state;
    assert_int_equal(shard_row_count(&(struct shard){1, 3}, 11), 4);
    assert_int_equal(shard_row_count(&(struct shard){2, 3}, 11), 4);
    assert_int_equal(shard_row_count(&(struct shard){3, 3}, 11), 3);
    assert_int_equal(shard_row_count(&(struct shard){3, 3}, 2), 0);
    assert_int_equal(shard_row_count(&(struct shard){1, 1}, UINT64_MAX), UINT64_MAX);
}

static void a_fingerprint_is_of_every_byte_in_its_place(void **state)
{
    (void)state;
    const uint64_t ab = fingerprint_add(FINGERPRINT_START, "ab", 2);
    assert_int_equal(fingerprint_add(fingerprint_add(FINGERPRINT_START, "a", 1), "b", 1), ab);
    assert_true(fingerprint_add(FINGERPRINT_START, "ba", 2) != ab);
    assert_true(fingerprint_add(FINGERPRINT_START, "ab\0", 3) != ab);
    /* The published value of FNV-1a. */
    assert_true(fingerprint_add(FINGERPRINT_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
}

/* --- joining --------------------------------------------------------------------------------- */

static const char *const columns[] = {"reference", "flink-1.17"};

static struct part run_part(uint64_t index, uint64_t count)
{
    return (struct part){
        .kind = PART_OF_RUN,
        .shard = {index, count},
        .version = "1",
        .seed = 7,
        .implementations = columns,
        .implementation_count = 2,
        .fingerprint = UINT64_MAX,
        .fail_on = "unexpected",
        .scenario_count = 2,
    };
}

/* Part `index` of a run of two scenarios on two implementations, as JSON. */
static void write_part(const struct part *part, struct buffer *json)
{
    static const char *const subjects[] = {"s", "t"};
    struct cells cells = {0};
    struct buffer text = {0};
    for (uint64_t cell = 0; cell < 4; cell++) {
        if (shard_of_item(cell, part->shard.count) == part->shard.index)
            add_cell(&cells, subjects[cell / 2], columns[cell % 2]);
    }
    part_write(part, &text);
    const struct report report = {
        .results = cells.results, .result_count = cells.count, .part = &text};
    report_json(&report, json);
    assert_false(json->failed);
    buffer_free(&text);
}

static void assert_text_is(struct buffer *text, const char *wanted)
{
    buffer_char(text, '\0');
    assert_string_equal(text->bytes, wanted);
    buffer_free(text);
}

static void the_results_of_a_run_come_in_the_order_of_the_whole(void **state)
{
    (void)state;
    for (uint64_t count = 1; count <= 6; count++) {
        struct parts *parts = parts_new();
        struct buffer json[6] = {{0}}, complaint = {0};
        for (uint64_t index = count; index > 0; index--) {
            const struct part part = run_part(index, count);
            write_part(&part, &json[index - 1]);
            assert_true(parts_add(parts, "p.json", json[index - 1].bytes, json[index - 1].length,
                                  &complaint));
            buffer_free(&json[index - 1]);
        }
        const struct report_result *results;
        size_t result_count;
        assert_true(parts_are_whole(parts, "1", &complaint));
        assert_true(parts_join_run(parts, &results, &result_count, &complaint));
        assert_int_equal(result_count, 4);
        for (size_t i = 0; i < 4; i++) {
            assert_string_equal(results[i].subject, i < 2 ? "s" : "t");
            assert_string_equal(results[i].implementation, columns[i % 2]);
        }
        assert_int_equal(parts_part(parts)->seed, 7);
        assert_true(parts_part(parts)->fingerprint == UINT64_MAX);
        assert_int_equal(complaint.length, 0);
        parts_free(parts);
    }
    parts_free(NULL);
}

static void a_part_itself_is_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *complaint;
    } cases[] = {
        {"\"of\":\"run\"", "\"of\":\"walk\"", "p.json: part.of: 'walk' is neither run nor explore"},
        {"\"part\":1", "\"part\":0", "p.json: part.part: there is no part 0 of 2"},
        {"\"part\":1", "\"part\":3", "p.json: part.part: there is no part 3 of 2"},
        {"\"parts\":2", "\"parts\":1000001", "p.json: part.part: there is no part 1 of 1000001"},
        {"\"seed\":7", "\"sead\":7", "p.json: part.sead: there is no member of this name"},
        {"\"fail_on\":\"unexpected\",", "", "p.json: part.fail_on: this member is missing"},
        {"[\"reference\",", "[3,", "p.json: part.implementations[0]: a text is wanted here"},
        {"ffffffffffffffff", "fffffffffffffffg",
         "p.json: part.fingerprint: 16 hexadecimal digits are wanted here"},
        {"ffffffffffffffff", "fffffffffffffff",
         "p.json: part.fingerprint: 16 hexadecimal digits are wanted here"},
    };
    struct buffer json = {0};
    const struct part part = run_part(1, 2);
    write_part(&part, &json);
    buffer_char(&json, '\0');
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer changed = {0}, complaint = {0};
        const char *at = strstr(json.bytes, cases[i].from);
        assert_non_null(at);
        buffer_append(&changed, json.bytes, (size_t)(at - json.bytes));
        buffer_text(&changed, cases[i].to);
        buffer_text(&changed, at + strlen(cases[i].from));
        struct parts *parts = parts_new();
        assert_false(parts_add(parts, "p.json", changed.bytes, changed.length, &complaint));
        assert_text_is(&complaint, cases[i].complaint);
        assert_false(parts_are_whole(parts, "1", &complaint));
        assert_text_is(&complaint, "there are no parts");
        parts_free(parts);
        buffer_free(&changed);
    }
    buffer_free(&json);
}

static void no_more_scenarios_are_believed_than_there_are_results(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0, 1, 3, INT64_MAX / 2, INT64_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct part part = run_part(1, 1);
        struct buffer json = {0}, complaint = {0};
        struct parts *parts = parts_new();
        const struct report_result *results;
        size_t count;
        part.scenario_count = counts[i];
        write_part(&part, &json);
        assert_true(parts_add(parts, "p.json", json.bytes, json.length, &complaint));
        assert_true(parts_are_whole(parts, "1", &complaint));
        assert_false(parts_join_run(parts, &results, &count, &complaint));
        assert_true(complaint.length > 0);
        buffer_free(&complaint);
        buffer_free(&json);
        parts_free(parts);
    }
}

static void many_missing_parts_are_not_all_listed(void **state)
{
    (void)state;
    struct buffer json = {0}, complaint = {0};
    struct parts *parts = parts_new();
    const struct part part = run_part(3, 1000);
    write_part(&part, &json);
    assert_true(parts_add(parts, "p.json", json.bytes, json.length, &complaint));
    assert_false(parts_are_whole(parts, "1", &complaint));
    assert_text_is(&complaint, "parts 1, 2, 4, 5, 6, 7, 8, 9 and 991 more of 1000 are missing");
    buffer_free(&json);
    parts_free(parts);
}

static void an_exploration_says_how_many_seeds_each_part_was_to_have(void **state)
{
    (void)state;
    struct part part = run_part(2, 2);
    struct buffer text = {0}, json = {0}, complaint = {0}, seeds = {0};
    part.kind = PART_OF_EXPLORATION;
    part.seed_count = 7;
    part.properties[PROPERTY_FRESH] = part.properties[PROPERTY_WELL_BEHAVED] = true;
    part_write(&part, &text);
    buffer_text(&seeds, "{\"seeds\":3}");
    for (int has_seeds = 0; has_seeds < 2; has_seeds++) {
        struct parts *parts = parts_new();
        const struct report report = {.part = &text, .exploration = has_seeds ? &seeds : NULL};
        struct exploration_part read;
        buffer_clear(&json);
        report_json(&report, &json);
        assert_true(parts_add(parts, "p.json", json.bytes, json.length, &complaint));
        assert_int_equal(parts_count(parts), 1);
        assert_memory_equal(parts_part(parts)->properties, part.properties, sizeof part.properties);
        assert_true(parts_exploration(parts, 0, &read, &complaint) == (has_seeds != 0));
        if (has_seeds) {
            assert_int_equal(read.seed_count, 3);
            assert_string_equal(read.name, "p.json");
            assert_int_equal(read.exploration->length, seeds.length);
            assert_memory_equal(read.exploration->bytes, seeds.bytes, seeds.length);
        } else {
            assert_text_is(&complaint, "p.json: exploration: this member is missing");
        }
        parts_free(parts);
    }
    buffer_free(&text);
    buffer_free(&json);
    buffer_free(&seeds);
}

static void a_part_that_counts_a_property_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const lists[] = {"[\"fresh\",\"frech\"]", "[\"fresh\",7]"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct buffer json = {0}, complaint = {0};
        struct parts *parts = parts_new();
        buffer_printf(&json,
                      "{\"part\":{\"of\":\"explore\",\"part\":1,\"parts\":1,\"version\":\"1\","
                      "\"seed\":1,\"implementations\":[],\"seeds\":1,\"properties\":%s,"
                      "\"fingerprint\":\"0123456789abcdef\"},\"verdict\":\"pass\",\"results\":[]}",
                      lists[i]);
        assert_false(parts_add(parts, "p.json", json.bytes, json.length, &complaint));
        assert_text_is(&complaint,
                       "p.json: part.properties[1]: the id of a property is wanted here");
        buffer_free(&json);
        parts_free(parts);
    }
}

struct memory_context {
    struct buffer json[2];
};

static void join_short_of_memory(void *context, bool may_fail)
{
    const struct memory_context *memory = context;
    struct buffer complaint = {0};
    struct parts *parts = parts_new();
    const struct report_result *results;
    size_t count;
    bool fine = parts != NULL;
    for (size_t i = 0; fine && i < 2; i++)
        fine =
            parts_add(parts, "p.json", memory->json[i].bytes, memory->json[i].length, &complaint);
    fine = fine && parts_are_whole(parts, "1", &complaint) &&
           parts_join_run(parts, &results, &count, &complaint);
    assert_true(fine || may_fail);
    assert_int_equal(complaint.length, 0);
    if (fine)
        assert_int_equal(count, 4);
    buffer_free(&complaint);
    parts_free(parts);
}

static void short_of_memory_nothing_is_joined_and_nothing_complained_about(void **state)
{
    (void)state;
    struct memory_context context = {0};
    for (size_t i = 0; i < 2; i++) {
        const struct part part = run_part(i + 1, 2);
        write_part(&part, &context.json[i]);
    }
    assert_true(fail_each_allocation(join_short_of_memory, &context) > 10);
    buffer_free(&context.json[0]);
    buffer_free(&context.json[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shard_is_one_of_some),
        cmocka_unit_test(each_item_is_dealt_once_and_no_part_gets_two_more_than_another),
        cmocka_unit_test(no_part_gets_a_column_for_itself),
        cmocka_unit_test(of_a_row_each_part_has_every_nth),
        cmocka_unit_test(a_fingerprint_is_of_every_byte_in_its_place),
        cmocka_unit_test(the_results_of_a_run_come_in_the_order_of_the_whole),
        cmocka_unit_test(a_part_itself_is_read_strictly),
        cmocka_unit_test(no_more_scenarios_are_believed_than_there_are_results),
        cmocka_unit_test(many_missing_parts_are_not_all_listed),
        cmocka_unit_test(a_part_that_counts_a_property_that_is_none_is_refused),
        cmocka_unit_test(an_exploration_says_how_many_seeds_each_part_was_to_have),
        cmocka_unit_test(short_of_memory_nothing_is_joined_and_nothing_complained_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
