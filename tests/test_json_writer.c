/* rooms: base */
#include "tests/support/test_prelude.h"

#include <float.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/random.h"

struct fixture {
    struct buffer out;
    struct json_writer json;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    f->json.out = &f->out;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    buffer_free(&f->out);
    free(f);
    return 0;
}

/* What was written since the last call. */
static void assert_written(struct fixture *f, const char *expected)
{
    f->json.needs_comma = false;
    char *text = buffer_take(&f->out);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

/* Compares with what jansson writes for the same value, and releases that. */
static void assert_written_as(struct fixture *f, json_t *value)
{
    assert_non_null(value);
    char *expected = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_non_null(expected);
    assert_written(f, expected);
    free(expected);
    json_decref(value);
}

static void test_nested_values_are_written_as_jansson_does(void **state)
{
    struct fixture *f = *state;
    struct json_writer *json = &f->json;
    json_begin_object(json);
    json_member_null(json, "null");
    json_member_bool(json, "yes", true);
    json_member_bool(json, "no", false);
    json_member_int64(json, "number", -5);
    json_member_text(json, "text", "t");
    json_member_text(json, "no text", NULL);
    json_member_object(json, "object");
    json_member_object(json, "empty");
    json_end_object(json);
    json_member_int64(json, "after", 1);
    json_end_object(json);
    json_member_array(json, "array");
    json_int64(json, 1);
    json_begin_array(json);
    json_end_array(json);
    json_begin_object(json);
    json_end_object(json);
    json_text(json, "x");
    json_end_array(json);
    json_member_int64(json, "last", 2);
    json_end_object(json);
    static const char shape[] = "{s:n, s:b, s:b, s:i, s:s, s:n, s:{s:{}, s:i}, s:[i,[],{},s], s:i}";
    assert_written_as(f, json_pack(shape, "null", "yes", 1, "no", 0, "number", -5, "text", "t",
                                   "no text", "object", "empty", "after", 1, "array", 1, "x",
                                   "last", 2));
}

static void test_integers_are_written_as_jansson_does_at_both_ends(void **state)
{
    struct fixture *f = *state;
    static const int64_t values[] = {0, 1, -1, 9, 10, -10, INT64_MAX, INT64_MIN, 1234567890123};
    json_t *array = json_array();
    json_begin_array(&f->json);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        json_int64(&f->json, values[i]);
        json_array_append_new(array, json_integer(values[i]));
    }
    json_end_array(&f->json);
    assert_written_as(f, array);
    json_uint64(&f->json, UINT64_MAX);
    assert_written(f, "18446744073709551615");
}

static void test_every_ascii_byte_is_escaped_as_jansson_does(void **state)
{
    struct fixture *f = *state;
    for (int byte = 0; byte < 128; byte++) {
        const char text[] = {'a', (char)byte, 'b', (char)byte, (char)byte};
        json_text_length(&f->json, text, sizeof text);
        assert_written_as(f, json_stringn(text, sizeof text));
    }
}

static void test_every_valid_character_is_written_as_jansson_does(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {
        "",
        "\xc2\x80",
        "\u07ff",
        "\u0800",
        "\ud7ff",
        "\ue000",
        "\ufffd",
        "\uffff",
        "\U00010000",
        "\U0010ffff",
        "a\u00e4\"\u20ac\n\U0001f600z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_text(&f->json, texts[i]);
        assert_written_as(f, json_string(texts[i]));
    }
}

static void test_bytes_that_are_no_utf8_become_replacement_characters_one_each(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"\x80", "\"\ufffd\""},
        {"a\xbf"
         "b",
         "\"a\ufffdb\""},
        {"\xc0\xaf", "\"\ufffd\ufffd\""},
        {"\xc1\xbf", "\"\ufffd\ufffd\""},
        {"\xc3", "\"\ufffd\""},
        {"\xc3(", "\"\ufffd(\""},
        {"\xe0\x9f\xbf", "\"\ufffd\ufffd\ufffd\""},
        {"\xe2\x82", "\"\ufffd\ufffd\""},
        {"\xe2\x82\xc3\xa4", "\"\ufffd\ufffd\u00e4\""},
        {"\xed\xa0\x80", "\"\ufffd\ufffd\ufffd\""},
        {"\xf0\x8f\xbf\xbf", "\"\ufffd\ufffd\ufffd\ufffd\""},
        {"\xf0\x9f\x98", "\"\ufffd\ufffd\ufffd\""},
        {"\xf0\x9f\x98\"", "\"\ufffd\ufffd\ufffd\\\"\""},
        {"\xf4\x90\x80\x80", "\"\ufffd\ufffd\ufffd\ufffd\""},
        {"\xf5\x80", "\"\ufffd\ufffd\""},
        {"\xff\xfe", "\"\ufffd\ufffd\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_text(&f->json, cases[i].text);
        assert_written(f, cases[i].expected);
    }
}

static void test_a_character_cut_by_the_length_is_not_completed_from_behind_it(void **state)
{
    struct fixture *f = *state;
    json_text_length(&f->json, "\xe2\x82\xac", 2);
    assert_written(f, "\"\ufffd\ufffd\"");
}

static void test_raw_json_takes_part_in_the_commas(void **state)
{
    struct fixture *f = *state;
    json_begin_array(&f->json);
    json_raw(&f->json, "{\"a\":1}", 7);
    json_raw(&f->json, "2x", 1);
    json_write_null(&f->json);
    json_end_array(&f->json);
    assert_written(f, "[{\"a\":1},2,null]");
}

static void test_decimals_have_the_digits_asked_for(void **state)
{
    struct fixture *f = *state;
    json_begin_array(&f->json);
    json_decimal(&f->json, 1.25, 1);
    json_decimal(&f->json, 2, 0);
    json_decimal(&f->json, -0.0000005, 6);
    json_decimal(&f->json, 1e15, 3);
    json_decimal(&f->json, (double)NAN, 3);
    json_decimal(&f->json, (double)INFINITY, 3);
    json_end_array(&f->json);
    assert_written(f, "[1.2,2,-0.000000,1000000000000000.000,null,null]");
}

/* The right column was printed by Double.toString of OpenJDK 17. */
static const struct {
    double value;
    const char *java;
} java_doubles[] = {
    {0.0, "0.0"},
    {-0.0, "-0.0"},
    {1.0, "1.0"},
    {10.0, "10.0"},
    {123.0, "123.0"},
    {-123.0, "-123.0"},
    {1250000000.0, "1.25E9"},
    {9999999.0, "9999999.0"},
    {9999999.5, "9999999.5"},
    {9999999.999999998, "9999999.999999998"},
    {10000000.0, "1.0E7"},
    {10000001.0, "1.0000001E7"},
    {12345678.9, "1.23456789E7"},
    {1234567.0, "1234567.0"},
    {0.001, "0.001"},
    {0.0010000000000000002, "0.0010000000000000002"},
    {0.0009999999999999998, "9.999999999999998E-4"},
    {0.0001, "1.0E-4"},
    {0.00012345, "1.2345E-4"},
    {0.01, "0.01"},
    {0.5, "0.5"},
    {0.1 + 0.2, "0.30000000000000004"},
    {100.0 / 3, "33.333333333333336"},
    {2.0 / 3, "0.6666666666666666"},
    {99.9, "99.9"},
    {1234.95, "1234.95"},
    {2251799813685249.5, "2.2517998136852495E15"},
    {9007199254740993.0, "9.007199254740992E15"},
    {999999999999999.0, "9.99999999999999E14"},
    {1000000000000000.0, "1.0E15"},
    {9223372036854775807.0, "9.223372036854776E18"},
    {1e21, "1.0E21"},
    {1e22, "1.0E22"},
    {DBL_MAX, "1.7976931348623157E308"},
    {DBL_MIN, "2.2250738585072014E-308"},
    {4.9e-324, "4.9E-324"},
    {-1e-300, "-1.0E-300"},
};

static void test_doubles_are_written_as_java_writes_them(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof java_doubles / sizeof java_doubles[0]; i++) {
        json_java_double(&f->json, java_doubles[i].value);
        assert_written(f, java_doubles[i].java);
    }
}

static void test_a_double_that_java_before_19_wrote_too_long_is_written_short(void **state)
{
    struct fixture *f = *state;
    /* OpenJDK 17 writes 9.999999999999999E22, which JDK-4511638 mended in 19. */
    json_java_double(&f->json, 1e23);
    assert_written(f, "1.0E23");
}

static void test_what_is_no_number_stands_in_quotes(void **state)
{
    struct fixture *f = *state;
    json_begin_object(&f->json);
    json_member_java_double(&f->json, "a", (double)NAN);
    json_member_java_double(&f->json, "b", (double)INFINITY);
    json_member_java_double(&f->json, "c", -(double)INFINITY);
    json_member_java_double(&f->json, "d", -2.5);
    json_end_object(&f->json);
    assert_written(f, "{\"a\":\"NaN\",\"b\":\"Infinity\",\"c\":\"-Infinity\",\"d\":-2.5}");
}

/* How many digits `text` has from its first to its last that is not zero. */
static int significant_digits(const char *text)
{
    int digits = 0, up_to_last = 0;
    for (const char *c = text; *c && *c != 'E'; c++) {
        if (*c < '0' || *c > '9' || (*c == '0' && digits == 0))
            continue;
        digits++;
        if (*c != '0')
            up_to_last = digits;
    }
    return up_to_last;
}

static void assert_shortest(struct fixture *f, double value)
{
    json_java_double(&f->json, value);
    f->json.needs_comma = false;
    char *text = buffer_take(&f->out);
    assert_non_null(text);
    assert_true(strtod(text, NULL) == value);
    const int digits = significant_digits(text);
    if (digits > 2) { /* with fewer, Java prefers the nearer of the texts with two digits */
        char shorter[40];
        snprintf(shorter, sizeof shorter, "%.*e", digits - 2, value);
        assert_false(strtod(shorter, NULL) == value);
    }
    free(text);
}

static void test_any_double_reads_back_equal_and_no_shorter_text_does(void **state)
{
    struct fixture *f = *state;
    struct random random;
    random_seed(&random, 1);
    for (int i = 0; i < 5000; i++) {
        double value;
        const uint64_t bits = random_next(&random);
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            assert_shortest(f, value);
        assert_shortest(f, (double)random_below(&random, 100000000) / 1000);
        assert_shortest(f, (double)random_next(&random));
        assert_shortest(f, (double)random_below(&random, 1000000) * DBL_TRUE_MIN);
    }
}

static void write_all_kinds(void *context, bool may_fail)
{
    (void)context;
    struct buffer out = {0};
    struct json_writer json = {&out, false};
    json_begin_object(&json);
    for (int i = 0; i < 100; i++) {
        json_member_text(&json, "text", "quote \" and \x01 and \xff and \u00e4");
        json_member_int64(&json, "number", i);
        json_member_java_double(&json, "double", i / 7.0);
        json_member_null(&json, "null");
        json_key(&json, "decimal");
        json_decimal(&json, i / 7.0, 3);
    }
    json_end_object(&json);
    char *text = buffer_take(&out);
    assert_true(text || may_fail);
    if (text) {
        json_t *root = json_loads(text, 0, NULL);
        assert_true(root || may_fail);
        json_decref(root);
    }
    free(text);
}

static void test_each_allocation_may_fail(void **state)
{
    (void)state;
    assert_in_range(fail_each_allocation(write_all_kinds, NULL), 5, 100000);
}

#define with_fixture(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_fixture(test_nested_values_are_written_as_jansson_does),
        with_fixture(test_integers_are_written_as_jansson_does_at_both_ends),
        with_fixture(test_every_ascii_byte_is_escaped_as_jansson_does),
        with_fixture(test_every_valid_character_is_written_as_jansson_does),
        with_fixture(test_bytes_that_are_no_utf8_become_replacement_characters_one_each),
        with_fixture(test_a_character_cut_by_the_length_is_not_completed_from_behind_it),
        with_fixture(test_raw_json_takes_part_in_the_commas),
        with_fixture(test_decimals_have_the_digits_asked_for),
        with_fixture(test_doubles_are_written_as_java_writes_them),
        with_fixture(test_a_double_that_java_before_19_wrote_too_long_is_written_short),
        with_fixture(test_what_is_no_number_stands_in_quotes),
        with_fixture(test_any_double_reads_back_equal_and_no_shorter_text_does),
        cmocka_unit_test(test_each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
