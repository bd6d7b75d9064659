/* rooms: base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "base/utf8.h"

static void assert_cleaned(const char *text, const char *wanted)
{
    char cleaned[64];
    snprintf(cleaned, sizeof cleaned, "%s", text);
    utf8_clean(cleaned);
    assert_string_equal(cleaned, wanted);
}

static void whole_characters_stay_as_they_are(void **state)
{
    (void)state;
    assert_cleaned("", "");
    assert_cleaned("a\u00e9\u20ac\U0001f600z", "a\u00e9\u20ac\U0001f600z");
}

static void each_byte_that_is_part_of_none_becomes_a_question_mark(void **state)
{
    (void)state;
    assert_cleaned("\xff", "?");
    assert_cleaned("a\xe2\x82", "a??"); /* cut off by the end */
    assert_cleaned("\xe2\x82z", "??z");
    assert_cleaned("\xed\xa0\x80\u20ac", "???\u20ac");
    assert_cleaned("\x80\xc3\xa9", "?\u00e9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_characters_stay_as_they_are),
        cmocka_unit_test(each_byte_that_is_part_of_none_becomes_a_question_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
