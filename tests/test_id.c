/* rooms: base */
#include "tests/support/test_prelude.h"

#include <ctype.h>
#include <string.h>

#include "base/id.h"

#define DIGITS "0123456789abcdeffedcba9876543210"

static const struct id known = {UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210)};

static void test_thirty_two_digits_are_read_in_their_order(void **state)
{
    (void)state;
    struct id id = {0, 0};
    assert_true(id_parse(DIGITS, 32, &id));
    assert_int_equal(id.high, known.high);
    assert_int_equal(id.low, known.low);
}

static void test_upper_case_means_the_same(void **state)
{
    (void)state;
    struct id id = {0, 0};
    assert_true(id_parse("0123456789ABCDEFFEDCBA9876543210", 32, &id));
    assert_true(id_equal(id, known));
}

static void test_one_digit_less_or_more_is_refused(void **state)
{
    (void)state;
    struct id id = known;
    assert_false(id_parse(DIGITS, 31, &id));
    assert_false(id_parse(DIGITS "0", 33, &id));
    assert_false(id_parse("", 0, &id));
    assert_true(id_equal(id, known));
}

static void test_every_byte_that_is_no_digit_is_refused_at_every_place(void **state)
{
    (void)state;
    for (size_t place = 0; place < 32; place++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[] = DIGITS;
            text[place] = (char)byte;
            struct id id = {7, 9};
            const bool is_digit = byte < 128 && isxdigit(byte);
            assert_int_equal(id_parse(text, 32, &id), is_digit);
            if (!is_digit)
                assert_true(id_equal(id, (struct id){7, 9}));
        }
    }
}

static void test_every_digit_counts_at_every_place(void **state)
{
    (void)state;
    static const char digits[] = "0123456789abcdef";
    for (size_t place = 0; place < 32; place++) {
        for (unsigned value = 0; value < 16; value++) {
            char text[ID_DIGITS + 1] = "00000000000000000000000000000000";
            text[place] = digits[value];
            struct id id = known;
            assert_true(id_parse(text, 32, &id));
            const uint64_t word = (uint64_t)value << (4 * (15 - place % 16));
            assert_true(id_equal(id, place < 16 ? (struct id){word, 0} : (struct id){0, word}));
            char back[ID_DIGITS + 1];
            id_format(id, back);
            assert_string_equal(back, text);
        }
    }
}

static void test_ids_are_written_in_lower_case_with_all_leading_zeros(void **state)
{
    (void)state;
    char text[ID_DIGITS + 1];
    memset(text, 'x', sizeof text);
    id_format(known, text);
    assert_string_equal(text, DIGITS);
    id_format((struct id){0, 0xA}, text);
    assert_string_equal(text, "0000000000000000000000000000000a");
}

static void test_order_goes_by_the_first_half_and_then_by_the_second(void **state)
{
    (void)state;
    const struct id ids[] = {{0, 0}, {0, 1}, {0, UINT64_MAX}, {1, 0}, {UINT64_MAX, 0}};
    for (int a = 0; a < 5; a++) {
        for (int b = 0; b < 5; b++) {
            assert_int_equal(id_compare(ids[a], ids[b]), a < b ? -1 : a > b);
            assert_int_equal(id_equal(ids[a], ids[b]), a == b);
        }
    }
}

static void test_small_ids_spread_over_a_small_table(void **state)
{
    (void)state;
    /* Mocks number their jobs from one; at worst a few of them may share one of 64 places. */
    unsigned used[64] = {0};
    for (uint64_t i = 0; i < 64; i++)
        used[id_hash((struct id){0, i}) % 64]++;
    for (int i = 0; i < 64; i++)
        assert_in_range(used[i], 0, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thirty_two_digits_are_read_in_their_order),
        cmocka_unit_test(test_upper_case_means_the_same),
        cmocka_unit_test(test_one_digit_less_or_more_is_refused),
        cmocka_unit_test(test_every_byte_that_is_no_digit_is_refused_at_every_place),
        cmocka_unit_test(test_every_digit_counts_at_every_place),
        cmocka_unit_test(test_ids_are_written_in_lower_case_with_all_leading_zeros),
        cmocka_unit_test(test_order_goes_by_the_first_half_and_then_by_the_second),
        cmocka_unit_test(test_small_ids_spread_over_a_small_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
