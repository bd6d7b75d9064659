/* rooms: harness/scenario harness/client_models harness/judge rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>

#include "tests/scenario_texts.h"

struct complaint_case {
    const char *wrong;
    const char *text;
    const char *printed;
};

static const struct complaint_case cases[] = {
#include "tests/scenario_complaints.inc"
};

/* What is printed about a text that must be refused; the caller frees it. */
static char *refuse_length(const char *text, size_t length)
{
    struct complaints complaints = {0};
    struct buffer printed = {0};
    struct plan *plan = scenario_parse(text, length, "f", implementations, &complaints);
    assert_null(plan);
    assert_true(complaints.count > 0);
    assert_false(complaints.failed);
    complaints_print(&complaints, "f", text, length, &printed);
    complaints_free(&complaints);
    char *result = buffer_take(&printed);
    assert_non_null(result);
    return result;
}

static void test_every_mistake_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *printed = refuse_length(cases[i].text, strlen(cases[i].text));
        if (strcmp(printed, cases[i].printed) != 0)
            print_message("%s:\n%s\n", cases[i].wrong, printed);
        assert_string_equal(printed, cases[i].printed);
        free(printed);
    }
}

static void test_a_nul_byte_is_refused_where_it_stands(void **state)
{
    (void)state;
    static const char text[] = "title: t\nwhy: \0 w\n";
    char *printed = refuse_length(text, sizeof(text) - 1);
    assert_string_equal(printed, "f:2:6: the file holds a NUL byte; a scenario is text\n"
                                 "  why: ? w\n"
                                 "       ^\n");
    free(printed);
}

/* A right scenario with a comment behind it, of `length` bytes together. */
static char *scenario_of_length(size_t length)
{
    static const char start[] = HEAD JOB CLIENT CLAIMS "#";
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text, start, sizeof(start) - 1);
    return text;
}

static void test_one_mebibyte_is_read_and_one_byte_more_is_refused(void **state)
{
    (void)state;
    size_t length = 1024 * 1024;
    char *text = scenario_of_length(length + 1);
    plan_free(load_length(text, length, "f"));
    char *printed = refuse_length(text, length + 1);
    assert_string_equal(printed,
                        "f:1:1: the file is larger than 1 MiB; a scenario is meant to be read\n"
                        "  title: t\n"
                        "  ^\n");
    free(printed);
    free(text);
}

/* A scenario whose `expect` holds lists in lists, `depth` levels in all with the top. */
static char *refuse_depth(size_t depth)
{
    struct buffer text = {0};
    buffer_text(&text, HEAD JOB CLIENT CLAIMS "expect: ");
    for (size_t i = 1; i < depth; i++)
        buffer_char(&text, '[');
    for (size_t i = 1; i < depth; i++)
        buffer_char(&text, ']');
    char *printed = refuse_length(text.bytes, text.length);
    buffer_free(&text);
    return printed;
}

static void test_32_levels_are_read_and_33_are_not(void **state)
{
    (void)state;
    char *printed = refuse_depth(32);
    assert_null(strstr(printed, "nested"));
    free(printed);
    printed = refuse_depth(33);
    assert_non_null(strstr(printed, "f:6:40: nested more than 32 levels deep\n"));
    free(printed);
    printed = refuse_depth(100000);
    assert_non_null(strstr(printed, "f:6:40: nested more than 32 levels deep\n"));
    free(printed);
}

/* A scenario with `count` events; its client and the client's step are planned things too. */
static void write_events(struct buffer *text, int count)
{
    buffer_clear(text);
    buffer_text(text, HEAD "jobmanager: {J: {at 1 ms: [");
    for (int i = 0; i < count; i++)
        buffer_text(text, "runs,");
    buffer_text(text, "]}}\n" CLIENT CLAIMS);
}

static void test_100_000_planned_things_are_read_and_one_more_is_refused(void **state)
{
    (void)state;
    struct buffer text = {0};
    write_events(&text, 99998);
    struct plan *plan = load_length(text.bytes, text.length, "f");
    assert_int_equal(plan->event_count, 99998);
    plan_free(plan);
    write_events(&text, 99999);
    char *printed = refuse_length(text.bytes, text.length);
    assert_non_null(strstr(printed, "more than 100000 events and steps"));
    free(printed);
    buffer_free(&text);
}

static void test_after_100_complaints_the_rest_is_only_mentioned(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_text(&text, HEAD JOB CLIENT CLAIMS);
    for (int i = 0; i < 101; i++)
        buffer_printf(&text, "wrong%d: x\n", i);
    char *printed = refuse_length(text.bytes, text.length);
    assert_non_null(strstr(printed, "`wrong99`"));
    assert_null(strstr(printed, "`wrong100`"));
    assert_non_null(strstr(printed, "f: there is more to mend; only the first 100 complaints"));
    free(printed);
    buffer_free(&text);
}

static void test_what_is_shown_of_a_file_is_short_and_harmless(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"\"\\e[2Jabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\": 1",
         "`?[2Jabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr...`"},
        {"\"\\u0085x\": 1", "`??x`"},
        {"\"\xc3\xa9x\": 1", "`\xc3\xa9x`"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *printed = refuse_length(texts[i][0], strlen(texts[i][0]));
        assert_non_null(strstr(printed, texts[i][1]));
        free(printed);
    }
}

static void test_without_implementations_every_expectation_is_refused(void **state)
{
    (void)state;
    static const char text[] = HEAD JOB CLIENT CLAIMS "expect: {reference: {fresh: x}}\n";
    struct complaints complaints = {0};
    assert_null(scenario_parse(text, strlen(text), "f", NULL, &complaints));
    assert_int_equal(complaints.count, 1);
    assert_string_equal(complaints.items[0].message, "there is no implementation `reference`");
    complaints_free(&complaints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_mistake_is_named_with_its_place),
        cmocka_unit_test(test_a_nul_byte_is_refused_where_it_stands),
        cmocka_unit_test(test_one_mebibyte_is_read_and_one_byte_more_is_refused),
        cmocka_unit_test(test_32_levels_are_read_and_33_are_not),
        cmocka_unit_test(test_100_000_planned_things_are_read_and_one_more_is_refused),
        cmocka_unit_test(test_after_100_complaints_the_rest_is_only_mentioned),
        cmocka_unit_test(test_what_is_shown_of_a_file_is_short_and_harmless),
        cmocka_unit_test(test_without_implementations_every_expectation_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
