#include "reports/formats.h"

#include <string.h>

#define FORMAT_MAP(X)                                                              \
    X("junit", "JUnit XML, a suite for each scenario: CI servers", report_junit)   \
    X("html", "one page with pictures of what went wrong: a browser", report_html) \
    X("json", "all there is, as --format json prints it: programs", report_json)

static const struct report_format formats[] = {
#define X(name, summary, write) {name, summary, write},
    FORMAT_MAP(X)
#undef X
};

static const char *const names[] = {
#define X(name, summary, write) name,
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
