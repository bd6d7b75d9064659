#include <string.h>

#include "reports/outcome_internal.h"
#include "reports/text_internal.h"

/*
 * JUnit XML as CI servers read it: a suite per scenario, a case per implementation. A case fails
 * when it is not as expected. Source: the schema of Jenkins' xUnit plugin, junit-10.xsd, as it was
 * from 2014 to 2018: later ones have `file` at suites only, but GitLab reads it at cases ("Unit test
 * reports", "JUnit XML format specification"). There are no times: the same seed gives the same
 * bytes.
 */

/*
 * How many bytes the character at `c` takes; 0 when it may not stand in XML: control characters
 * but tab and line ends, surrogates, U+FFFE, U+FFFF, and bytes that are no UTF-8.
 * Source: XML 1.0, 2.2 (Char); RFC 3629, section 4.
 */
static size_t xml_character_length(const char *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char lead = (unsigned char)*c;
    if (lead < 0x80)
        return lead >= 0x20 || lead == '\t' || lead == '\n' || lead == '\r';
    const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    uint32_t code = lead & (0x7fu >> length);
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)c[i] & 0xc0) != 0x80) /* the end of the text too */
            return 0;
        code = code << 6 | ((unsigned char)c[i] & 0x3f);
    }
    const bool is_character = code >= least[length] && code <= 0x10ffff && code != 0xfffe &&
                              code != 0xffff && (code < 0xd800 || code > 0xdfff);
    return is_character ? length : 0;
}

/* What JSON has in the place of a byte that is no character; both reports show it alike. */
static const char replacement[] = "\ufffd";

/* What XML has no way to write becomes '?'. */
static void write_escaped(struct buffer *out, const char *text)
{
    for (const char *c = text; *c;) {
        const bool is_replaced = strncmp(c, replacement, sizeof replacement - 1) == 0;
        const size_t length = is_replaced ? sizeof replacement - 1 : xml_character_length(c);
        if (*c == '\t' || *c == '\n' || *c == '\r') /* attributes would lose them */
            buffer_printf(out, "&#%d;", *c);
        else if (!text_reference(out, *c))
            buffer_append(out, length && !is_replaced ? c : "?",
                          length && !is_replaced ? length : 1);
        c += length ? length : 1;
    }
}

static void write_attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_printf(out, " %s=\"", name);
    write_escaped(out, value);
    buffer_char(out, '"');
}

/* The story as people read it, in an element of its own. */
static void write_story(const struct report *report, const struct report_result *result,
                        struct buffer *out)
{
    struct report plain = {.results = result,
                           .result_count = 1,
                           .verdict = report->verdict,
                           .program = report->program};
    struct buffer text = {0};
    report_failures(&plain, &text);
    buffer_char(&text, '\0');
    if (!text.failed)
        write_escaped(out, text.bytes);
    out->failed |= text.failed;
    buffer_free(&text);
}

static const char *first_broken(const struct report_result *result)
{
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (outcome_has(result, (enum property)i, VERDICT_FAIL))
            return property_id((enum property)i);
    }
    return "not-as-expected";
}

static void write_failure(const struct report *report, const struct report_result *result,
                          bool has_story, struct buffer *out)
{
    buffer_text(out, result->failure ? "<error" : "<failure");
    write_attribute(out, "message", outcome_sentence(result));
    write_attribute(out, "type", result->failure ? "no-verdict" : first_broken(result));
    buffer_char(out, '>');
    if (has_story)
        write_story(report, result, out);
    buffer_text(out, result->failure ? "</error>" : "</failure>");
}

static void write_skipped(const struct report_result *result, enum outcome outcome,
                          struct buffer *out)
{
    buffer_text(out, "<skipped");
    write_attribute(out, "message", outcome_sentence(result));
    if (outcome == OUTCOME_UNDECIDED)
        write_attribute(out, "type", "undecided");
    buffer_text(out, "/>");
}

static unsigned first_line(const struct report_result *result, bool broken)
{
    for (int i = 0; result->places && i < PROPERTY_COUNT; i++) {
        if (result->places[i].line > 0 &&
            (!broken || outcome_has(result, (enum property)i, VERDICT_FAIL)))
            return result->places[i].line;
    }
    return 0;
}

/* Of the first broken claim, else of the first. GitLab links a case to its file, and GitHub's
 * readers of JUnit to the line too. */
static void write_place(const struct report_result *result, struct buffer *out)
{
    if (!result->file)
        return;
    const unsigned broken = first_line(result, true);
    const unsigned line = broken > 0 ? broken : first_line(result, false);
    write_attribute(out, "file", result->file);
    if (line > 0)
        buffer_printf(out, " line=\"%u\"", line);
}

static void write_case(const struct report *report, const struct report_result *result,
                       size_t *told, struct buffer *out)
{
    const enum outcome outcome = outcome_of(report, result);
    buffer_text(out, "    <testcase");
    write_attribute(out, "classname", result->subject);
    write_attribute(out, "name", result->implementation ? result->implementation : result->claim);
    write_place(result, out);
    if (outcome == OUTCOME_PASSED) {
        buffer_text(out, "/>\n");
        return;
    }
    buffer_char(out, '>');
    if (outcome == OUTCOME_SKIPPED || outcome == OUTCOME_UNDECIDED) {
        write_skipped(result, outcome, out);
    } else if (outcome == OUTCOME_EXPECTED) {
        buffer_text(out, "<system-out>");
        if ((*told)++ < STORIES_TOLD_MAX)
            write_story(report, result, out);
        buffer_text(out, "</system-out>");
    } else {
        write_failure(report, result, (*told)++ < STORIES_TOLD_MAX, out);
    }
    buffer_text(out, "</testcase>\n");
}

struct tally {
    size_t of[OUTCOME_COUNT];
    size_t tests;
};

static struct tally count_results(const struct report *report, const struct report_result *results,
                                  size_t count)
{
    struct tally tally = {.tests = count};
    for (size_t i = 0; i < count; i++)
        tally.of[outcome_of(report, &results[i])]++;
    return tally;
}

static void write_tally(const struct tally *tally, struct buffer *out)
{
    buffer_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                  tally->tests, tally->of[OUTCOME_FAILED], tally->of[OUTCOME_ERROR],
                  tally->of[OUTCOME_SKIPPED] + tally->of[OUTCOME_UNDECIDED]);
}

void report_junit(const struct report *report, struct buffer *out)
{
    const struct tally all = count_results(report, report->results, report->result_count);
    size_t told = 0;
    buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"freshcheck\"");
    buffer_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", all.tests,
                  all.of[OUTCOME_FAILED], all.of[OUTCOME_ERROR]);
    buffer_text(out, ">\n");
    for (size_t i = 0, next; i < report->result_count; i = next) {
        const struct report_result *first = &report->results[i];
        for (next = i + 1; next < report->result_count &&
                           strcmp(report->results[next].subject, first->subject) == 0;)
            next++;
        const struct tally suite = count_results(report, first, next - i);
        buffer_text(out, "  <testsuite");
        write_attribute(out, "name", first->subject);
        write_tally(&suite, out);
        if (first->file)
            write_attribute(out, "file", first->file);
        buffer_text(out, ">\n");
        for (size_t j = i; j < next; j++)
            write_case(report, &report->results[j], &told, out);
        buffer_text(out, "  </testsuite>\n");
    }
    buffer_text(out, "</testsuites>\n");
}
