/* rooms: harness/command_line base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "harness/command_line/claim_text.h"
#include "harness/command_line/options.h"
#include "tests/support/captured.h"

/* A command line with every kind of option, and what came of reading it. */
struct line {
    bool live, has_seed;
    const char *seed, *format;
    struct option_values names, dynamic;
    char *arguments[16];
    int plain_count;
    enum options_outcome outcome;
    struct captured out, err;
};

static const struct command_help help = {
    .usage = "freshcheck run [OPTION...]", .purpose = "Runs.", .after = "examples: none"};

/* Arguments: a list that ends with NULL. */
static void read_line(struct line *line, const char *const *arguments)
{
    const struct option options[] = {
        {"live", NULL, "over HTTP", &line->live, NULL, NULL},
        {"seed", "N", "of all that is drawn", &line->has_seed, &line->seed, NULL},
        {"format", "text|json", "what to print", NULL, &line->format, NULL},
        {"implementation", "NAME", "this one", NULL, NULL, &line->names},
        {"D", "KEY=VALUE", "an option", NULL, NULL, &line->dynamic},
    };
    int count = 0;
    *line = (struct line){0};
    for (; arguments[count]; count++) {
        union {
            const char *given;
            char *argument;
        } as = {arguments[count]};
        line->arguments[count] = as.argument;
    }
    capture(&line->out, stdout);
    capture(&line->err, stderr);
    line->outcome = options_read(&help, options, 5, count, line->arguments, &line->plain_count);
    release(&line->err);
    release(&line->out);
}

#define LINE(name, ...) \
    struct line name;   \
    read_line(&name, (const char *const[]){__VA_ARGS__, NULL})

static void assert_plain(const struct line *line, const char *const *wanted, int count)
{
    assert_int_equal(line->plain_count, count);
    for (int i = 0; i < count; i++)
        assert_string_equal(line->arguments[i], wanted[i]);
}

#define assert_plain_are(line, ...)                                          \
    do {                                                                     \
        const char *const wanted[] = {__VA_ARGS__};                          \
        assert_plain(line, wanted, (int)(sizeof wanted / sizeof wanted[0])); \
    } while (0)

static void assert_refused(const struct line *line, const char *sentence)
{
    assert_int_equal(line->outcome, OPTIONS_WRONG);
    assert_string_equal(line->err.text, sentence);
    assert_string_equal(line->out.text, "");
}

static void nothing_given_is_fine(void **state)
{
    (void)state;
    struct line line;
    const char *const none[] = {NULL};
    read_line(&line, none);
    assert_int_equal(line.outcome, OPTIONS_FINE);
    assert_int_equal(line.plain_count, 0);
    assert_false(line.live || line.has_seed || line.seed || line.names.count);
}

static void options_and_plain_arguments_may_mix(void **state)
{
    (void)state;
    LINE(line, "a.yaml", "--live", "b.yaml", "--seed", "7", "c.yaml");
    assert_int_equal(line.outcome, OPTIONS_FINE);
    assert_plain_are(&line, "a.yaml", "b.yaml", "c.yaml");
    assert_true(line.live);
    assert_true(line.has_seed);
    assert_string_equal(line.seed, "7");
    assert_string_equal(line.err.text, "");
}

static void a_value_follows_the_name_or_an_equals_sign(void **state)
{
    (void)state;
    LINE(line, "--seed=", "--format=a=b", "--implementation=x");
    assert_int_equal(line.outcome, OPTIONS_FINE);
    assert_string_equal(line.seed, "");
    assert_string_equal(line.format, "a=b");
    assert_string_equal(line.names.items[0], "x");
    option_values_free(&line.names);
    LINE(odd, "--seed", "--live", "-1");
    assert_string_equal(odd.seed, "--live"); /* whatever follows is the value */
    assert_false(odd.live);
    assert_int_equal(odd.outcome, OPTIONS_WRONG);
}

static void an_option_that_may_come_again_keeps_all_values_and_others_the_last(void **state)
{
    (void)state;
    LINE(line, "--implementation", "a", "--seed", "1", "--implementation", "b", "--seed", "2");
    assert_int_equal(line.names.count, 2);
    assert_string_equal(line.names.items[0], "a");
    assert_string_equal(line.names.items[1], "b");
    assert_string_equal(line.seed, "2");
    option_values_free(&line.names);
    assert_int_equal(line.names.count, 0);
    assert_null(line.names.items);
}

static void two_dashes_end_the_options_and_one_is_a_plain_argument(void **state)
{
    (void)state;
    LINE(line, "-", "--", "--live", "--", "--help");
    assert_int_equal(line.outcome, OPTIONS_FINE);
    assert_plain_are(&line, "-", "--live", "--", "--help");
    assert_false(line.live);
}

static void an_empty_argument_is_a_plain_one(void **state)
{
    (void)state;
    LINE(line, "", "--live");
    assert_int_equal(line.outcome, OPTIONS_FINE);
    assert_plain_are(&line, "");
}

static void an_unknown_option_is_refused_with_the_nearest_name(void **state)
{
    (void)state;
    LINE(near, "--sed", "1");
    assert_refused(&near, "freshcheck: there is no option --sed; did you mean --seed?\n");
    LINE(with_value, "--fromat=json");
    assert_refused(&with_value,
                   "freshcheck: there is no option --fromat; did you mean --format?\n");
    LINE(far, "--xyzzy");
    assert_refused(&far, "freshcheck: there is no option --xyzzy; --help lists them\n");
    LINE(beginning, "--see=1"); /* no abbreviations */
    assert_refused(&beginning, "freshcheck: there is no option --see; did you mean --seed?\n");
    LINE(longer, "--seeds=1");
    assert_refused(&longer, "freshcheck: there is no option --seeds; did you mean --seed?\n");
    LINE(short_one, "-s");
    assert_refused(&short_one, "freshcheck: there is no option -s; options begin with --\n");
}

static void an_option_of_one_letter_takes_its_value_with_and_without_a_blank(void **state)
{
    (void)state;
    LINE(line, "-D", "a=1", "x", "-Db=2", "--", "-Dc=3");
    assert_int_equal(line.outcome, OPTIONS_FINE);
    assert_int_equal(line.dynamic.count, 2);
    assert_string_equal(line.dynamic.items[0], "a=1");
    assert_string_equal(line.dynamic.items[1], "b=2");
    assert_plain_are(&line, "x", "-Dc=3");
    option_values_free(&line.dynamic);
    LINE(bare, "-D");
    assert_refused(&bare, "freshcheck: -D needs a value: -D KEY=VALUE\n");
    LINE(other, "-d", "a=1");
    assert_refused(&other, "freshcheck: there is no option -d; options begin with --\n");
}

static void an_unknown_option_of_any_length_is_refused(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'x', sizeof name - 1);
    name[0] = name[1] = '-';
    name[sizeof name - 1] = '\0';
    LINE(line, name);
    assert_int_equal(line.outcome, OPTIONS_WRONG);
    assert_non_null(strstr(line.err.text, "xxx; --help lists them\n"));
}

static void a_missing_value_and_one_too_many_are_refused(void **state)
{
    (void)state;
    LINE(missing, "a.yaml", "--seed");
    assert_refused(&missing, "freshcheck: --seed needs a value: --seed N\n");
    LINE(superfluous, "--live=yes");
    assert_refused(&superfluous, "freshcheck: --live takes no value\n");
    assert_false(superfluous.live);
    LINE(helped, "--help=run");
    assert_refused(&helped, "freshcheck: --help takes no value\n");
}

static void help_lists_every_option_and_goes_before_what_follows(void **state)
{
    (void)state;
    static const char *const ways[] = {"--help", "-h"};
    for (size_t i = 0; i < 2; i++) {
        LINE(line, ways[i], "--nonsense");
        assert_int_equal(line.outcome, OPTIONS_HELPED);
        assert_string_equal(line.err.text, "");
        assert_string_equal(line.out.text, "usage: freshcheck run [OPTION...]\n"
                                           "\n"
                                           "Runs.\n"
                                           "\n"
                                           "options:\n"
                                           "  --live                   over HTTP\n"
                                           "  --seed N                 of all that is drawn\n"
                                           "  --format text|json       what to print\n"
                                           "  --implementation NAME    this one\n"
                                           "  -D KEY=VALUE             an option\n"
                                           "  --help                   this text\n"
                                           "  --version                the version\n"
                                           "\n"
                                           "examples: none\n");
    }
}

static void without_memory_a_further_value_is_refused(void **state)
{
    (void)state;
    struct option_values values = {0};
    const struct option options[] = {{"name", "NAME", "this one", NULL, NULL, &values}};
    char first[] = "--name=a", second[] = "--name=b";
    char *arguments[] = {first, second};
    struct captured err;
    int plain_count;
    capture(&err, stderr);
    failing_allocator_arm(2);
    const enum options_outcome outcome =
        options_read(&help, options, 1, 2, arguments, &plain_count);
    const bool fired = failing_allocator_fired();
    release(&err);
    assert_true(fired);
    assert_int_equal(outcome, OPTIONS_WRONG);
    assert_string_equal(err.text, "freshcheck: out of memory\n");
    assert_int_equal(values.count, 1);
    option_values_free(&values);
}

/* --- claims ---------------------------------------------------------------------------------- */

static void assert_claim(const char *text, int64_t bound_us, const char *shown)
{
    struct claim claim = {.bound_us = -1};
    struct buffer out = {0};
    assert_true(claim_parse(text, &claim.bound_us));
    assert_int_equal(claim.bound_us, bound_us);
    claim_print(&claim, &out);
    char *printed = buffer_take(&out);
    assert_string_equal(printed, shown);
    free(printed);
}

static void a_claim_is_fresh_or_an_age(void **state)
{
    (void)state;
    assert_claim("fresh", 0, "fresh");
    assert_claim("age=0s", 0, "fresh");
    assert_claim("age=3s", 3000000, "age 3 s");
    assert_claim("age=3 s", 3000000, "age 3 s");
    assert_claim("age=1500", 1500000, "age 1500 ms");
    assert_claim("age=1500 micro", 1500, "age 1.5 ms");
    assert_claim("age=2 min", 120000000, "age 120 s");
}

static void another_claim_is_refused_in_one_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text, *beginning;
    } cases[] = {
        {"", "freshcheck: a claim is 'fresh' or 'age=DURATION' (age=3s), not ''\n"},
        {"Fresh", "freshcheck: a claim is 'fresh' or 'age=DURATION' (age=3s), not 'Fresh'\n"},
        {"age", "freshcheck: a claim is "},
        {"age=", "freshcheck: '' in the claim is no duration: "},
        {"age=-3s", "freshcheck: '-3s' in the claim is no duration: "},
        {"age=3 parsecs", "freshcheck: '3 parsecs' in the claim is no duration: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct captured err;
        int64_t bound_us = 0;
        capture(&err, stderr);
        const bool fine = claim_parse(cases[i].text, &bound_us);
        release(&err);
        assert_false(fine);
        assert_memory_equal(err.text, cases[i].beginning, strlen(cases[i].beginning));
        assert_ptr_equal(strchr(err.text, '\n'), err.text + strlen(err.text) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_given_is_fine),
        cmocka_unit_test(options_and_plain_arguments_may_mix),
        cmocka_unit_test(a_value_follows_the_name_or_an_equals_sign),
        cmocka_unit_test(an_option_that_may_come_again_keeps_all_values_and_others_the_last),
        cmocka_unit_test(two_dashes_end_the_options_and_one_is_a_plain_argument),
        cmocka_unit_test(an_empty_argument_is_a_plain_one),
        cmocka_unit_test(an_unknown_option_is_refused_with_the_nearest_name),
        cmocka_unit_test(an_option_of_one_letter_takes_its_value_with_and_without_a_blank),
        cmocka_unit_test(an_unknown_option_of_any_length_is_refused),
        cmocka_unit_test(a_missing_value_and_one_too_many_are_refused),
        cmocka_unit_test(help_lists_every_option_and_goes_before_what_follows),
        cmocka_unit_test(without_memory_a_further_value_is_refused),
        cmocka_unit_test(a_claim_is_fresh_or_an_age),
        cmocka_unit_test(another_claim_is_refused_in_one_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
