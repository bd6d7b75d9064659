#include "harness/command_line/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/terminal.h"
#include "reports/formats.h"

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

/* Where the reference fails nobody could do better, and what was never put to the test is no fault. */
static bool property_as_good(const struct expected_failure *failure, enum property property,
                             const struct property_verdict *verdict, const char *implementation,
                             struct buffer *difference)
{
    if (failure || verdict->verdict != VERDICT_FAIL)
        return true;
    buffer_printf(difference, "%s%s should hold as on %s, but it broke",
                  difference->length > 0 ? "; " : "", property_id(property), implementation);
    return false;
}

/* What a list of known failures says of a property. */
static bool property_as_known(const struct expected_of *expected, const struct known_failure *known,
                              enum property property, const struct property_verdict *verdict,
                              struct buffer *difference)
{
    if (verdict->verdict == VERDICT_FAIL)
        return true;
    buffer_printf(difference, "%s%s:%u: %s of %s on %s did not fail, but is %s",
                  difference->length > 0 ? "; " : "", expected->known->file, known->line,
                  property_id(property), expected->column, expected->plan->name,
                  verdict_name(verdict->verdict));
    return false;
}

static bool compare_claimed(compare_property *compare, const struct expected_of *expected,
                            const struct judgement *judgement, struct buffer *difference,
                            const char **reason)
{
    const struct plan *plan = expected->plan;
    const struct expectation *expectation = plan_expectation(plan, expected->implementation);
    bool fine = true;
    *reason = NULL;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const enum property property = (enum property)i;
        const struct property_verdict *verdict = &judgement->properties[i];
        /* What comes from outside is to behave, whether a scenario says so or not. */
        if (!plan->claim.claimed[i] && !(i == PROPERTY_WELL_BEHAVED && judgement->claim.claimed[i]))
            continue;
        const struct known_failure *known =
            known_failures_find(expected->known, expected->column, plan->name, property);
        const struct expected_failure *failure = find_failure(expectation, property);
        if (!*reason)
            *reason = known ? known->reason : failure ? failure->why : NULL;
        /* To agree no more is needed than not to differ. */
        if (known && !(compare == property_agrees && verdict->verdict == VERDICT_UNKNOWN))
            fine &= property_as_known(expected, known, property, verdict, difference);
        else if (!known)
            fine &= compare(failure, property, verdict, expected->implementation, difference);
    }
    return fine;
}

bool result_as_expected(const struct expected_of *expected, const struct judgement *judgement,
                        struct buffer *difference, const char **reason)
{
    return compare_claimed(property_as_expected, expected, judgement, difference, reason);
}

bool result_as_good(const struct expected_of *expected, const struct judgement *judgement,
                    struct buffer *difference, const char **reason)
{
    return compare_claimed(property_as_good, expected, judgement, difference, reason);
}

bool result_agrees(const struct expected_of *expected, const struct judgement *judgement,
                   struct buffer *difference, const char **reason)
{
    return compare_claimed(property_agrees, expected, judgement, difference, reason);
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

/* Splits FORMAT=FILE. NULL, after one sentence on stderr, when it is none. */
static const struct report_format *split_report(const char *text, const char **file)
{
    const size_t length = strcspn(text, "=");
    const struct report_format *format = report_format_find(text, length);
    if (format && text[length] == '=' && text[length + 1] != '\0') {
        *file = text + length + 1;
        return format;
    }
    char name[32]; /* longer than any */
    snprintf(name, sizeof name, "%.*s", (int)length, text);
    const char *nearest = text_nearest(name, report_format_names(), report_format_count());
    if (format)
        fprintf(stderr, "freshcheck: --report takes FORMAT=FILE such as %s=FILE, not '%s'\n",
                format->name, text);
    else
        fprintf(stderr,
                "freshcheck: there is no report format '%s'%s%s%s; "
                "'freshcheck list reports' shows all\n",
                name, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                nearest ? "'?" : "");
    return NULL;
}

/* What goes to standard output must not spoil what a program reads there. */
static bool check_file(const struct output_options *options, const struct report_format *format,
                       const char *file)
{
    if (strcmp(file, "-") != 0)
        return true;
    if (format->file != REPORT_FILE_PRINTED)
        fprintf(stderr, "freshcheck: --report %s takes a file, not standard output\n",
                format->name);
    else if (options->format && strcmp(options->format, "json") == 0)
        fprintf(stderr,
                "freshcheck: --format json and --report %s=- would both be on standard "
                "output\n",
                format->name);
    else
        return true;
    return false;
}

bool output_options_check(const struct output_options *options)
{
    const char *file;
    for (size_t i = 0; i < options->reports.count; i++) {
        const struct report_format *format = split_report(options->reports.items[i], &file);
        if (!format || !check_file(options, format, file))
            return false;
    }
    if (options->colour && strcmp(options->colour, "auto") != 0 &&
        strcmp(options->colour, "always") != 0 && strcmp(options->colour, "never") != 0) {
        fprintf(stderr, "freshcheck: --colour is 'auto', 'always' or 'never', not '%s'\n",
                options->colour);
        return false;
    }
    if (!options->format || strcmp(options->format, "text") == 0 ||
        strcmp(options->format, "json") == 0)
        return true;
    fprintf(stderr, "freshcheck: --format is 'text' or 'json', not '%s'\n", options->format);
    return false;
}

bool output_wants(const struct output_options *options, const char *format)
{
    const size_t length = strlen(format);
    for (size_t i = 0; i < options->reports.count; i++) {
        const char *item = options->reports.items[i];
        if (strncmp(item, format, length) == 0 && item[length] == '=')
            return true;
    }
    return false;
}

void output_options_free(struct output_options *options)
{
    option_values_free(&options->reports);
}

bool output_wants_colour(const struct output_options *options)
{
    const char *no_colour = getenv("NO_COLOR");
    if (options->colour && strcmp(options->colour, "auto") != 0)
        return strcmp(options->colour, "always") == 0;
    return isatty(STDOUT_FILENO) && !(no_colour && no_colour[0] != '\0');
}

size_t output_width(void)
{
    return isatty(STDOUT_FILENO) ? terminal_width(STDOUT_FILENO) : 0;
}

static bool write_to(const struct report_format *format, const char *file,
                     const struct buffer *text)
{
    if (format->file == REPORT_FILE_APPENDED)
        return file_append(file, text);
    if (format->file == REPORT_FILE_REPLACED || strcmp(file, "-") != 0)
        return file_write(file, text);
    if (text->failed)
        fputs("freshcheck: out of memory\n", stderr);
    else if (text->length > 0)
        /* Whether it arrived is seen at the end, as of all that is printed. */
        fwrite(text->bytes, 1, text->length, stdout);
    return !text->failed;
}

static bool write_report(const struct report_format *format, const char *file,
                         const struct report *report)
{
    struct buffer text = {0};
    struct report sized = *report;
    const size_t before = format->file == REPORT_FILE_APPENDED ? file_size(file) : 0;
    if (format->file == REPORT_FILE_APPENDED)
        sized.byte_count_max = before < REPORT_APPENDED_MAX ? REPORT_APPENDED_MAX - before : 1;
    format->write(&sized, &text);
    if (text.length == 0 && before > 0 && !text.failed)
        fprintf(stderr, "freshcheck: %s is as large as GitHub takes it: nothing is added\n", file);
    const bool written = write_to(format, file, &text);
    buffer_free(&text);
    return written;
}

bool output_options_check_alerts(const struct output_options *options)
{
    const char *file;
    for (size_t i = 0; i < options->reports.count; i++) {
        const struct report_format *format = split_report(options->reports.items[i], &file);
        if (format && format->write_alerts)
            continue;
        fputs("freshcheck: of a configuration there are the reports sarif=FILE and github=FILE\n",
              stderr);
        return false;
    }
    return true;
}

int output_alerts(const struct output_options *options, const struct alerts *alerts, int exit_code)
{
    bool written = true;
    for (size_t i = 0; i < options->reports.count; i++) {
        const char *file;
        struct buffer text = {0};
        const struct report_format *format = split_report(options->reports.items[i], &file);
        if (format && format->write_alerts)
            format->write_alerts(alerts, &text);
        written &= format && write_to(format, file, &text);
        buffer_free(&text);
    }
    return written || exit_code != EXIT_AS_CLAIMED ? exit_code : EXIT_CANNOT_WRITE;
}

int output_reports(const struct output_options *options, const struct report *report, int exit_code)
{
    bool written = true;
    if (options->junit)
        written = write_report(report_format_find("junit", 5), options->junit, report);
    for (size_t i = 0; i < options->reports.count; i++) {
        const char *file;
        const struct report_format *format = split_report(options->reports.items[i], &file);
        written &= format && write_report(format, file, report);
    }
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
