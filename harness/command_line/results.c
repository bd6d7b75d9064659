#include "harness/command_line/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/command_line/commands.h"

static const struct expected_failure *find_failure(const struct expectation *expectation,
                                                   enum property property)
{
    for (size_t i = 0; expectation && i < expectation->failure_count; i++) {
        if (expectation->failures[i].property == property)
            return &expectation->failures[i];
    }
    return NULL;
}

/* Compares one property with what is expected of it there; writes a clause and returns false where it
 * came out otherwise. */
typedef bool compare_property(const struct expected_failure *failure, enum property property,
                              const struct property_verdict *verdict, const char *implementation,
                              struct buffer *difference);

/* Nothing is left open: what was never put to the test is not as expected either. */
static bool property_as_expected(const struct expected_failure *failure, enum property property,
                                 const struct property_verdict *verdict, const char *implementation,
                                 struct buffer *difference)
{
    (void)implementation;
    const char *separator = difference->length > 0 ? "; " : "";
    const char *id = property_id(property);
    if (failure && verdict->verdict == VERDICT_FAIL) {
        if (failure->layer == LAYER_UNKNOWN || failure->layer == verdict->layer)
            return true;
        buffer_printf(difference, "%s%s should break in the layer '%s', but it was '%s'", separator,
                      id, layer_name(failure->layer), layer_name(verdict->layer));
    } else if (failure) {
        buffer_printf(difference, "%s%s should break (%s), but it is %s", separator, id,
                      failure->why, verdict_name(verdict->verdict));
    } else if (verdict->verdict == VERDICT_FAIL) {
        buffer_printf(difference, "%s%s should hold, but it broke", separator, id);
    } else if (verdict->verdict == VERDICT_UNKNOWN) {
        buffer_printf(difference, "%s%s was never put to the test: %s", separator, id,
                      verdict->cause);
    } else {
        return true;
    }
    return false;
}

/* What could not be decided is no disagreement. */
static bool property_agrees(const struct expected_failure *failure, enum property property,
                            const struct property_verdict *verdict, const char *implementation,
                            struct buffer *difference)
{
    if (verdict->verdict == VERDICT_UNKNOWN ||
        (failure != NULL) == (verdict->verdict == VERDICT_FAIL))
        return true;
    buffer_text(difference, difference->length > 0 ? "; " : "");
    if (failure)
        buffer_printf(difference, "%s should break as on %s (%s), but it held",
                      property_id(property), implementation, failure->why);
    else
        buffer_printf(difference, "%s should hold as on %s, but it broke", property_id(property),
                      implementation);
    return false;
}

static bool compare_claimed(compare_property *compare, const struct plan *plan,
                            const char *implementation, const struct judgement *judgement,
                            struct buffer *difference, const char **reason)
{
    const struct expectation *expectation = plan_expectation(plan, implementation);
    bool fine = true;
    *reason = NULL;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (!plan->claim.claimed[i])
            continue;
        const struct expected_failure *failure = find_failure(expectation, (enum property)i);
        if (failure && !*reason)
            *reason = failure->why;
        fine &= compare(failure, (enum property)i, &judgement->properties[i], implementation,
                        difference);
    }
    return fine;
}

bool result_as_expected(const struct plan *plan, const char *implementation,
                        const struct judgement *judgement, struct buffer *difference,
                        const char **reason)
{
    return compare_claimed(property_as_expected, plan, implementation, judgement, difference,
                           reason);
}

bool result_agrees(const struct plan *plan, const char *implementation,
                   const struct judgement *judgement, struct buffer *difference,
                   const char **reason)
{
    return compare_claimed(property_agrees, plan, implementation, judgement, difference, reason);
}

enum verdict results_verdict(const struct report_result *results, size_t count)
{
    size_t run = 0, undecided = 0;
    for (size_t i = 0; i < count; i++) {
        if (results[i].skipped)
            continue;
        run++;
        if (!results[i].failure && results[i].judgement->whole == VERDICT_FAIL)
            return VERDICT_FAIL;
        undecided += results[i].failure || results[i].judgement->whole == VERDICT_UNKNOWN;
    }
    return run > 0 && undecided == 0 ? VERDICT_PASS : VERDICT_UNKNOWN;
}

bool output_options_check(const struct output_options *options)
{
    if (!options->format || strcmp(options->format, "text") == 0 ||
        strcmp(options->format, "json") == 0)
        return true;
    fprintf(stderr, "freshcheck: --format is 'text' or 'json', not '%s'\n", options->format);
    return false;
}

bool output_wants_colour(void)
{
    const char *no_colour = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(no_colour && no_colour[0] != '\0');
}

int output_junit(const struct output_options *options, const struct report *report, int exit_code)
{
    if (!options->junit)
        return exit_code;
    struct buffer xml = {0};
    report_junit(report, &xml);
    const bool written = file_write(options->junit, &xml);
    buffer_free(&xml);
    return written || exit_code != EXIT_AS_CLAIMED ? exit_code : EXIT_CANNOT_WRITE;
}

int output_print(struct buffer *text, int exit_code)
{
    if (text->failed) {
        fputs("freshcheck: out of memory\n", stderr);
        exit_code = EXIT_INTERNAL;
    } else {
        fwrite(text->bytes, 1, text->length, stdout);
    }
    buffer_free(text);
    return exit_code;
}
