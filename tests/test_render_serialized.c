/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "rest_endpoint/render_internal.h"

/* Written by Java's own ObjectOutputStream rules and read back by Flink 1.20.3 and 2.3.0 into a
 * SerializedThrowable: class "a.b.C", message "a.b.C: m", and the trace. */
static const char known[] =
    "rO0ABXNyAClvcmcuYXBhY2hlLmZsaW5rLnV0aWwuU2VyaWFsaXplZFRocm93YWJsZWUWnfUfpxPzAgACTAAZ"
    "ZnVsbFN0cmluZ2lmaWVkU3RhY2tUcmFjZXQAEkxqYXZhL2xhbmcvU3RyaW5nO0wAFm9yaWdpbmFsRXJyb3JD"
    "bGFzc05hbWVxAH4AAXhyABNqYXZhLmxhbmcuRXhjZXB0aW9u0P0fPho7HMQCAAB4cgATamF2YS5sYW5nLlRo"
    "cm93YWJsZdXGNSc5d7jLAwABTAANZGV0YWlsTWVzc2FnZXEAfgABeHB0AAhhLmIuQzogbXh0AB1hLmIuQzog"
    "bQoJYXQgeC55LlooUS5qYXZhOjEpCnQABWEuYi5D";

static void render(const char *exception_class, const char *message, const char *text,
                   struct buffer *out)
{
    struct buffer trace = {0};
    buffer_text(&trace, text);
    render_serialized_throwable(exception_class, message, &trace, out);
    buffer_free(&trace);
}

static void assert_base64(struct buffer *out, const char *expected)
{
    char *text = buffer_take(out);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void a_throwable_is_what_java_reads(void **state)
{
    (void)state;
    struct buffer out = {0};
    render("a.b.C", "m", "a.b.C: m\n\tat x.y.Z(Q.java:1)\n", &out);
    assert_base64(&out, known);
}

/* The stream's bytes. */
static size_t decode(const struct buffer *out, char *bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t count = 0;
    assert_int_equal(out->length % 4, 0);
    for (size_t i = 0; i < out->length; i += 4) {
        uint32_t group = 0;
        size_t padding = 0;
        for (size_t j = i; j < i + 4; j++) {
            const char *digit = strchr(digits, out->bytes[j]);
            padding += out->bytes[j] == '=';
            group = group << 6 | (uint32_t)(digit ? digit - digits : 0);
        }
        for (size_t j = 0; j < 3 - padding; j++)
            bytes[count++] = (char)(group >> (16 - 8 * j) & 255);
    }
    return count;
}

static void every_length_of_a_text_ends_as_base64_does(void **state)
{
    (void)state;
    static const char end[] = "t\0\003C.D";
    for (size_t length = 0; length < 6; length++) {
        struct buffer out = {0};
        char bytes[600];
        render("C.D", NULL, &"123456"[length], &out);
        const size_t count = decode(&out, bytes);
        assert_memory_equal(bytes + count - 6, end, 6);
        assert_non_null(memmem(bytes, count, "C.D: null", 9));
        buffer_free(&out);
    }
}

static void bytes_that_java_writes_in_its_own_way_become_question_marks(void **state)
{
    (void)state;
    struct buffer out = {0};
    char bytes[600];
    render("C", "na\xc3\xafve\x7f", "", &out);
    const size_t count = decode(&out, bytes);
    assert_non_null(memmem(bytes, count, "C: na??ve\x7f", 10));
    buffer_free(&out);
}

static void a_text_beyond_65535_bytes_has_a_long_length(void **state)
{
    (void)state;
    static const char short_form[] = "t\xff\xff!!", long_form[] = "|\0\0\0\0\0\1\0\0!!";
    char *text = malloc(65537), *bytes = malloc(70000);
    assert_true(text && bytes);
    memset(text, '!', 65536);
    text[65536] = '\0';
    struct buffer out = {0};
    render("C", "m", text + 1, &out);
    assert_non_null(memmem(bytes, decode(&out, bytes), short_form, 5));
    buffer_clear(&out);
    render("C", "m", text, &out);
    assert_non_null(memmem(bytes, decode(&out, bytes), long_form, 11));
    buffer_free(&out);
    free(text);
    free(bytes);
}

static void render_once(void *context, bool may_fail)
{
    (void)context;
    struct buffer out = {0};
    render("a.b.C", "m", "trace", &out);
    char *text = buffer_take(&out);
    assert_true(text || may_fail);
    assert_true(!text || strncmp(text, "rO0ABX", 6) == 0);
    free(text);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_in_range(fail_each_allocation(render_once, NULL), 4, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_throwable_is_what_java_reads),
        cmocka_unit_test(every_length_of_a_text_ends_as_base64_does),
        cmocka_unit_test(bytes_that_java_writes_in_its_own_way_become_question_marks),
        cmocka_unit_test(a_text_beyond_65535_bytes_has_a_long_length),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
