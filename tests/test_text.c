/* rooms: base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const words[] = {"completes", "declines", "fails", "at", "ab", "latest"};

static const char *nearest(const char *mistyped)
{
    return text_nearest(mistyped, words, sizeof words / sizeof words[0]);
}

static void assert_nearest(const char *mistyped, const char *expected)
{
    const char *const found = nearest(mistyped);
    assert_non_null(found);
    assert_string_equal(found, expected);
}

static void test_a_copy_is_equal_and_separate(void **state)
{
    (void)state;
    char original[] = "text";
    char *copy = text_copy(original);
    assert_non_null(copy);
    original[0] = 'n';
    assert_string_equal(copy, "text");
    free(copy);
    copy = text_copy_length("text", 2);
    assert_non_null(copy);
    assert_string_equal(copy, "te");
    free(copy);
    copy = text_copy("");
    assert_non_null(copy);
    assert_string_equal(copy, "");
    free(copy);
}

static void test_nothing_has_no_copy(void **state)
{
    (void)state;
    assert_null(text_copy(NULL));
    assert_null(text_copy_length(NULL, 3));
}

static void test_a_copy_without_memory_is_null(void **state)
{
    (void)state;
    failing_allocator_arm(1);
    char *const copy = text_copy("text");
    assert_true(failing_allocator_fired());
    assert_null(copy);
}

static void test_each_kind_of_edit_leads_to_the_name(void **state)
{
    (void)state;
    assert_nearest("complete", "completes");
    assert_nearest("compleetes", "completes");
    assert_nearest("conpletes", "completes");
    assert_nearest("compeltes", "completes");
    assert_nearest("completes", "completes");
}

static void test_a_swap_is_one_edit(void **state)
{
    (void)state;
    /* A third of four letters is one edit. */
    static const char *const one[] = {"time"};
    assert_ptr_equal(text_nearest("tmie", one, 1), one[0]);
    assert_null(text_nearest("tmei", one, 1));
}

static void test_case_does_not_count(void **state)
{
    (void)state;
    assert_nearest("COMPLETES", "completes");
    assert_nearest("At", "at");
    static const char *const upper[] = {"RUNNING"};
    assert_ptr_equal(text_nearest("runing", upper, 1), upper[0]);
    assert_ptr_equal(text_nearest("rnunign", upper, 1), upper[0]);
}

static void test_a_third_of_the_length_is_near_and_one_edit_more_is_not(void **state)
{
    (void)state;
    assert_nearest("latXXt", "latest");
    assert_null(nearest("laXXXt"));
    assert_null(nearest("xt"));
    assert_null(nearest(""));
}

static void test_the_nearest_wins_and_the_first_of_equals(void **state)
{
    (void)state;
    static const char *const names[] = {"abcdef", "abcdeX", "abcdeY"};
    assert_ptr_equal(text_nearest("abcdeY", names, 3), names[2]);
    assert_ptr_equal(text_nearest("abcdeZ", names, 3), names[0]);
}

static void test_names_of_127_bytes_are_compared_and_longer_ones_are_not(void **state)
{
    (void)state;
    char name[129];
    const char *const names[] = {name};
    memset(name, 'a', 128);
    name[128] = '\0';
    assert_null(text_nearest(name, names, 1));
    assert_null(text_nearest(name + 1, names, 1));
    name[127] = '\0';
    assert_ptr_equal(text_nearest(name, names, 1), name);
}

static void test_no_names_no_nearest(void **state)
{
    (void)state;
    assert_null(text_nearest("latest", NULL, 0));
}

static void test_as_much_of_a_text_is_put_as_there_is_room_for(void **state)
{
    (void)state;
    char room[5] = "....";
    text_put(room, sizeof room, "");
    assert_string_equal(room, "");
    text_put(room, sizeof room, "abcd");
    assert_string_equal(room, "abcd");
    text_put(room, sizeof room, "efghi");
    assert_string_equal(room, "efgh");
    text_put(room, 1, "x");
    assert_string_equal(room, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_copy_is_equal_and_separate),
        cmocka_unit_test(test_nothing_has_no_copy),
        cmocka_unit_test(test_a_copy_without_memory_is_null),
        cmocka_unit_test(test_each_kind_of_edit_leads_to_the_name),
        cmocka_unit_test(test_a_swap_is_one_edit),
        cmocka_unit_test(test_case_does_not_count),
        cmocka_unit_test(test_a_third_of_the_length_is_near_and_one_edit_more_is_not),
        cmocka_unit_test(test_the_nearest_wins_and_the_first_of_equals),
        cmocka_unit_test(test_names_of_127_bytes_are_compared_and_longer_ones_are_not),
        cmocka_unit_test(test_no_names_no_nearest),
        cmocka_unit_test(test_as_much_of_a_text_is_put_as_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
