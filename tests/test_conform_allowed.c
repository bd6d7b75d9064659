/* rooms: harness/conform harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/conform/allowed.h"
#include "harness/conform/conform.h"

static FILE *file_of(const char *text, size_t length)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    rewind(file);
    return file;
}

static void test_a_single_star_stays_within_a_segment(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"a", "a", true},
        {"*", "", true},
        {"*", "abc", true},
        {"*", "a/b", false},
        {"**", "a/b", true},
        {"**", "", true},
        {"/a/*/c", "/a/b/c", true},
        {"/a/*/c", "/a/b/b/c", false},
        {"/a/**/c", "/a/b/b/c", true},
        {"/a/**/c", "/a/c", false},
        {"**/c", "/a/b/c", true},
        {"**/c", "/a/b/cc", false},
        {"1.*", "1.20.3", true},
        {"1.*", "2.3.0", false},
        {"*a*b", "xaayab", true},
        {"*a*b", "xa/b", false},
        {"**a*b", "xa/ab", true},
        {"**a*b", "a/xb", false},
        {"**/x*/**/y", "/a/xb/c/x/y/y", true},
        {"***", "a/b", true},
        {"a?c", "abc", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (conform_matches(rows[i].pattern, rows[i].text) != rows[i].matches)
            fail_msg("\"%s\" and \"%s\"", rows[i].pattern, rows[i].text);
    }
    (void)state;
}

static const char sound[] = "# what the mock leaves out\n"
                            "\n"
                            "1.* GET /v1/jobs/* /plan/** the mock # knows no plan  \r\n"
                            "\t*  *  **/checkpoints  @headers/*\tanother reason\n"
                            "* * ** /plan/nodes last line, with no end";

static void test_the_first_line_that_allows_a_difference_is_found(void **state)
{
    struct complaints complaints = {0};
    FILE *file = file_of(sound, strlen(sound));
    struct allowed *allowed = allowed_read(file, &complaints);
    assert_non_null(allowed);
    assert_int_equal(complaints.count, 0);
    const struct allowed_difference *found =
        allowed_find(allowed, "1.20.3", "GET", "/v1/jobs/a", "/plan/nodes");
    assert_non_null(found);
    assert_int_equal(found->line, 3);
    assert_string_equal(found->reason, "the mock # knows no plan");
    found = allowed_find(allowed, "2.3.0", "GET", "/v1/jobs/a", "/plan/nodes");
    assert_non_null(found);
    assert_int_equal(found->line, 5);
    assert_string_equal(found->reason, "last line, with no end");
    found = allowed_find(allowed, "2.3.0", "POST", "/v1/jobs/a/checkpoints", "@headers/x");
    assert_non_null(found);
    assert_int_equal(found->line, 4);
    assert_null(allowed_find(allowed, "1.20.3", "POST", "/v1/jobs/a", "/plan/x"));
    assert_null(allowed_find(allowed, "1.20.3", "GET", "/v1/jobs/a/b", "/plan/x"));
    assert_null(allowed_find(allowed, "1.20.3", "GET", "/v1/jobs/a", "/plans/x"));
    allowed_free(allowed);
    fclose(file);
    (void)state;
}

static void test_each_bad_line_has_its_complaint(void **state)
{
    static const struct {
        const char *line, *part;
    } rows[] = {
        {"v1 GET /a /b c", "\"v1\" is no pattern of a Flink version"},
        {"1.20.3! GET /a /b c", "version"},
        {"* get /a /b c", "\"get\" is no method"},
        {"* GET a /b c", "\"a\" is no pattern of a path"},
        {"* GET /a b c", "\"b\" is no pattern of a JSON pointer"},
        {"* GET /a /b", "the reason is missing"},
        {"* GET /a /b \t ", "the reason is missing"},
        {"* GET /a", "the rest is missing"},
        {"*", "the rest is missing"},
        {"* GET /same /b other reason", "line 1 allows the same"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[200];
        struct complaints complaints = {0};
        snprintf(text, sizeof(text), "* GET /same /b reason\n%s\n* GET /z /z z\n", rows[i].line);
        FILE *file = file_of(text, strlen(text));
        struct allowed *allowed = allowed_read(file, &complaints);
        assert_non_null(allowed);
        assert_int_equal(complaints.count, 1);
        assert_int_equal(complaints.items[0].line, 2);
        if (!strstr(complaints.items[0].message, rows[i].part))
            fail_msg("%s: %s", rows[i].line, complaints.items[0].message);
        assert_non_null(allowed_find(allowed, "1", "GET", "/z", "/z"));
        assert_null(allowed_find(allowed, "1", "GET", "/a", "/b"));
        allowed_free(allowed);
        complaints_free(&complaints);
        fclose(file);
    }
    (void)state;
}

static void test_a_nul_byte_in_a_line_is_complained_about(void **state)
{
    static const char text[] = "* GET /a /b c\0d\n";
    struct complaints complaints = {0};
    FILE *file = file_of(text, sizeof(text) - 1);
    struct allowed *allowed = allowed_read(file, &complaints);
    assert_non_null(allowed);
    assert_int_equal(complaints.count, 1);
    assert_null(allowed_find(allowed, "1", "GET", "/a", "/b"));
    allowed_free(allowed);
    complaints_free(&complaints);
    fclose(file);
    allowed_free(NULL);
    (void)state;
}

static void read_short_of_memory(void *context, bool may_fail)
{
    struct complaints complaints = {0};
    FILE *file = context;
    rewind(file);
    struct allowed *allowed = allowed_read(file, &complaints);
    if (!may_fail)
        assert_non_null(allowed);
    if (allowed)
        assert_non_null(allowed_find(allowed, "2.3.0", "GET", "/a", "/plan/nodes"));
    allowed_free(allowed);
    complaints_free(&complaints);
}

static void test_running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    FILE *file = file_of(sound, strlen(sound));
    assert_true(fail_each_allocation(read_short_of_memory, file) > 15);
    fclose(file);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_single_star_stays_within_a_segment),
        cmocka_unit_test(test_the_first_line_that_allows_a_difference_is_found),
        cmocka_unit_test(test_each_bad_line_has_its_complaint),
        cmocka_unit_test(test_a_nul_byte_in_a_line_is_complained_about),
        cmocka_unit_test(test_running_out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
