/* rooms: base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static void assert_takes(struct buffer *buffer, const char *expected)
{
    char *text = buffer_take(buffer);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void test_an_untouched_buffer_gives_an_empty_text(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    assert_takes(&buffer, "");
    assert_null(buffer.bytes);
    assert_int_equal(buffer.length, 0);
}

static void test_pieces_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_text(&buffer, "a");
    buffer_char(&buffer, 'b');
    buffer_append(&buffer, "cde", 2);
    buffer_append(&buffer, NULL, 0);
    buffer_int64(&buffer, -7);
    buffer_printf(&buffer, "<%s %d>", "x", 5);
    assert_int_equal(buffer.length, 11);
    assert_takes(&buffer, "abcd-7<x 5>");
}

static void test_integers_are_right_at_both_ends_of_their_range(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_int64(&buffer, 0);
    buffer_char(&buffer, ' ');
    buffer_int64(&buffer, 10);
    buffer_char(&buffer, ' ');
    buffer_int64(&buffer, INT64_MIN);
    buffer_char(&buffer, ' ');
    buffer_int64(&buffer, INT64_MAX);
    buffer_char(&buffer, ' ');
    buffer_uint64(&buffer, UINT64_MAX);
    assert_takes(&buffer, "0 10 -9223372036854775808 9223372036854775807 18446744073709551615");
}

static void test_content_survives_growth_at_every_length(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (int i = 0; i < 5000; i++)
        buffer_char(&buffer, (char)('a' + i % 26));
    assert_int_equal(buffer.length, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(buffer.bytes[i], 'a' + i % 26);
    buffer_free(&buffer);
}

static void test_a_formatted_text_that_just_fits_and_one_that_just_does_not(void **state)
{
    (void)state;
    for (size_t filled = 250; filled < 260; filled++) {
        struct buffer buffer = {0};
        while (buffer.length < filled)
            buffer_char(&buffer, '.');
        buffer_printf(&buffer, "%s", "12345");
        assert_int_equal(buffer.length, filled + 5);
        assert_memory_equal(buffer.bytes + filled, "12345", 5);
        buffer_free(&buffer);
    }
}

static void test_reserved_room_is_writable_and_counts_only_when_the_length_is_raised(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_text(&buffer, "ab");
    char *room = buffer_reserve(&buffer, 1000);
    assert_non_null(room);
    memset(room, 'x', 1000);
    assert_int_equal(buffer.length, 2);
    buffer.length += 1;
    assert_takes(&buffer, "abx");
    assert_non_null(buffer_reserve(&buffer, 0));
    buffer_free(&buffer);
}

static void test_a_size_that_no_memory_can_hold_fails_instead_of_wrapping_around(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_text(&buffer, "ab");
    assert_null(buffer_reserve(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    assert_null(buffer_take(&buffer));
}

static void test_clear_keeps_the_memory_and_forgets_content_and_failure(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_text(&buffer, "ab");
    const char *const memory = buffer.bytes;
    buffer.failed = true;
    buffer_clear(&buffer);
    assert_false(buffer.failed);
    assert_int_equal(buffer.length, 0);
    buffer_text(&buffer, "c");
    assert_ptr_equal(buffer.bytes, memory);
    assert_takes(&buffer, "c");
}

static void test_failure_is_sticky_until_the_buffer_is_taken_and_then_it_works_again(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    failing_allocator_arm(1);
    buffer_text(&buffer, "lost");
    assert_true(failing_allocator_fired());
    buffer_text(&buffer, "b");
    buffer_char(&buffer, 'c');
    buffer_int64(&buffer, -1);
    buffer_printf(&buffer, "%d", 1);
    assert_true(buffer.failed);
    assert_int_equal(buffer.length, 0);
    assert_null(buffer_take(&buffer));
    assert_false(buffer.failed);
    buffer_text(&buffer, "again");
    assert_takes(&buffer, "again");
}

static void write_much(void *context, bool may_fail)
{
    (void)context;
    struct buffer buffer = {0};
    for (int i = 0; i < 300; i++) {
        buffer_text(&buffer, "text");
        buffer_int64(&buffer, i);
        buffer_printf(&buffer, "%d", i);
    }
    assert_true(may_fail || !buffer.failed);
    char *text = buffer_take(&buffer);
    assert_true(text || may_fail);
    if (text)
        assert_int_equal(strlen(text), 300 * 4 + 2 * (10 + 90 * 2 + 200 * 3));
    free(text);
}

static void test_each_allocation_may_fail(void **state)
{
    (void)state;
    assert_in_range(fail_each_allocation(write_much, NULL), 2, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_untouched_buffer_gives_an_empty_text),
        cmocka_unit_test(test_pieces_come_out_in_the_order_they_went_in),
        cmocka_unit_test(test_integers_are_right_at_both_ends_of_their_range),
        cmocka_unit_test(test_content_survives_growth_at_every_length),
        cmocka_unit_test(test_a_formatted_text_that_just_fits_and_one_that_just_does_not),
        cmocka_unit_test(test_reserved_room_is_writable_and_counts_only_when_the_length_is_raised),
        cmocka_unit_test(test_a_size_that_no_memory_can_hold_fails_instead_of_wrapping_around),
        cmocka_unit_test(test_clear_keeps_the_memory_and_forgets_content_and_failure),
        cmocka_unit_test(test_failure_is_sticky_until_the_buffer_is_taken_and_then_it_works_again),
        cmocka_unit_test(test_each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
