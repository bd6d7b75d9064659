/* rooms: harness/parts reports harness/judge gateway base */
/* libFuzzer entry: a report in JSON, or a part of one. What is read must come back as it was
 * written. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/parts/join.h"
#include "harness/parts/report_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A line that is no command would be a command of somebody else's. */
static void check_commands(const struct report *report)
{
    struct buffer out = {0};
    report_github(report, &out);
    for (size_t at = 0; at < out.length;) {
        const char *end = memchr(out.bytes + at, '\n', out.length - at);
        if (out.length - at < 2 || memcmp(out.bytes + at, "::", 2) != 0 || !end ||
            memchr(out.bytes + at, '\r', out.length - at))
            abort();
        at = (size_t)(end - out.bytes) + 1;
    }
    buffer_free(&out);
}

/* As many as the plan says, however results are called. */
static void check_test_points(const struct report *report)
{
    struct buffer out = {0};
    size_t points = 0;
    report_tap(report, &out);
    for (size_t at = 0; at < out.length; at++) {
        const size_t left = out.length - at;
        if (at == 0 || out.bytes[at - 1] == '\n')
            points += (left >= 3 && memcmp(out.bytes + at, "ok ", 3) == 0) ||
                      (left >= 7 && memcmp(out.bytes + at, "not ok ", 7) == 0);
    }
    if (!out.failed && points != report->result_count)
        abort();
    buffer_free(&out);
}

/* Before the script every '<' begins one of our own elements, and there is one script. */
static void check_markup(const struct report *report)
{
    static const char *const ours[] = {
        "!DOCTYPE", "html", "head",  "meta",    "title",   "style",   "body",   "a ",
        "a>",       "svg",  "defs",  "clip",    "rect",    "pattern", "header", "h1",
        "h2",       "h3",   "p>",    "p ",      "b>",      "b ",      "button", "main",
        "ul",       "li",   "span",  "section", "div",     "label",   "input",  "select",
        "option",   "outp", "table", "thead",   "tbody",   "tr",      "th",     "td",
        "wbr",      "code", "capt",  "details", "summary", "script",
    };
    struct buffer out = {0};
    report_html(report, &out);
    buffer_char(&out, '\0');
    const char *script = out.failed ? NULL : strstr(out.bytes, "<script>");
    for (const char *at = script ? strchr(out.bytes, '<') : NULL; at && at < script;
         at = strchr(at + 1, '<')) {
        const char *name = at + 1 + (at[1] == '/');
        size_t i = 0;
        while (i < sizeof ours / sizeof ours[0] && strncmp(name, ours[i], strlen(ours[i])) != 0)
            i++;
        if (i == sizeof ours / sizeof ours[0])
            abort();
    }
    const char *end = script ? strstr(script, "</script>") : NULL;
    if (!out.failed && (!end || strstr(end + 1, "</script>") || strstr(script + 1, "<script")))
        abort();
    buffer_free(&out);
}

/* The report as JSON, after every other writer has had it. */
static struct buffer write_all(const struct report *report)
{
    struct buffer out = {0};
    struct report narrow = *report;
    narrow.width = 40; /* of a terminal */
    report_failures(&narrow, &out);
    report_properties(&narrow, &out);
    report_margins(&narrow, &out);
    report_failures(report, &out);
    report_properties(report, &out);
    report_recordings(report, &out);
    report_staleness(report, &out);
    report_margins(report, &out);
    report_junit(report, &out);
    report_sarif(report, &out);
    report_summary(report, &out);
    check_markup(report);
    check_commands(report);
    check_test_points(report);
    buffer_clear(&out);
    report_json(report, &out);
    return out;
}

/* As the only part there is. */
static void join(const char *bytes, size_t length)
{
    struct buffer complaint = {0};
    struct parts *parts = parts_new();
    const struct report_result *results;
    struct exploration_part part;
    size_t count = 0;
    if (!parts)
        return;
    const bool fine = parts_add(parts, "p", bytes, length, &complaint) &&
                      parts_are_whole(parts, parts_part(parts)->version, &complaint) &&
                      (parts_part(parts)->kind == PART_OF_RUN
                           ? parts_join_run(parts, &results, &count, &complaint)
                           : parts_exploration(parts, 0, &part, &complaint));
    if (fine != (complaint.length == 0))
        abort(); /* refused and not said why, or the other way round */
    buffer_free(&complaint);
    parts_free(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    join((const char *)bytes, length);
    struct buffer complaint = {0};
    struct report_file *file = report_file_read((const char *)bytes, length, &complaint);
    if (!file) {
        if (complaint.length == 0)
            abort(); /* refused, and not said why */
        buffer_free(&complaint);
        return 0;
    }
    struct buffer once = write_all(report_file_report(file));
    struct report_file *again = report_file_read(once.bytes, once.length, &complaint);
    if (!again)
        abort(); /* what we write we read */
    struct buffer twice = write_all(report_file_report(again));
    if (once.length != twice.length || memcmp(once.bytes, twice.bytes, once.length) != 0)
        abort(); /* and write again as it was */
    buffer_free(&once);
    buffer_free(&twice);
    buffer_free(&complaint);
    report_file_free(file);
    report_file_free(again);
    return 0;
}
