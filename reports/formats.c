#include "reports/formats.h"

#include <string.h>

/* Name, what it is and who reads it, writer, how its file comes to be, writer of findings about
 * a configuration. */
#define FORMAT_MAP(X)                                                                              \
    X("junit", "JUnit XML, a suite for each scenario: CI servers", report_junit, REPLACED, NULL)   \
    X("tap", "TAP 14, a test point for each result: prove, CI servers", report_tap, REPLACED,      \
      NULL)                                                                                        \
    X("sarif", "SARIF 2.1.0, at the lines of your files: code scanning", report_sarif, REPLACED,   \
      alerts_write_sarif)                                                                          \
    X("github", "annotations for GitHub Actions; FILE is mostly -", report_github, PRINTED,        \
      alerts_write_github)                                                                         \
    X("github-summary", "Markdown, added to $GITHUB_STEP_SUMMARY", report_summary, APPENDED, NULL) \
    X("html", "one page with pictures of what went wrong: a browser", report_html, REPLACED, NULL) \
    X("json", "all there is, as --format json prints it: programs", report_as_printed, REPLACED,   \
      NULL)

static void report_as_printed(const struct report *report, struct buffer *out)
{
    if (report->json)
        buffer_append(out, report->json->bytes, report->json->length);
    else
        report_json(report, out);
}

static const struct report_format formats[] = {
#define X(name, summary, write, file, alerts) {name, summary, write, REPORT_FILE_##file, alerts},
    FORMAT_MAP(X)
#undef X
};

static const char *const names[] = {
#define X(name, summary, write, file, alerts) name,
    FORMAT_MAP(X)
#undef X
};

size_t report_format_count(void)
{
    return sizeof formats / sizeof formats[0];
}

const struct report_format *report_format_at(size_t index)
{
    return &formats[index];
}

const struct report_format *report_format_find(const char *name, size_t length)
{
    for (size_t i = 0; i < report_format_count(); i++) {
        if (strlen(formats[i].name) == length && memcmp(formats[i].name, name, length) == 0)
            return &formats[i];
    }
    return NULL;
}

const char *const *report_format_names(void)
{
    return names;
}
