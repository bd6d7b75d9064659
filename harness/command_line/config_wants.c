#include "harness/command_line/config_wants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/text.h"

static bool complain_of_name(const char *name)
{
    const char *names[WANT_COUNT];
    for (unsigned i = 0; i < WANT_COUNT; i++)
        names[i] = want_name((enum want_kind)i);
    const char *nearest = text_nearest(name, names, WANT_COUNT);
    fprintf(stderr, "freshcheck: --want has no '%s'%s%s%s\n", name,
            nearest ? "; did you mean '"
                    : ": it takes staleness, mean-staleness and "
                      "fetches-per-second",
            nearest ? nearest : "", nearest ? "'?" : "");
    return false;
}

static bool read_calls(const char *text, double *calls)
{
    char *end;
    if (!*text || strspn(text, "0123456789.") != strlen(text) || strlen(text) > 15)
        return false;
    *calls = strtod(text, &end);
    return *end == '\0';
}

static bool read_age(const char *text, double *us)
{
    int64_t age_us;
    if (duration_parse(text, strlen(text), &age_us) != NULL)
        return false;
    *us = (double)age_us;
    return true;
}

static bool read_want(const char *name, const char *value, struct wants *wants)
{
    unsigned kind = 0;
    while (kind < WANT_COUNT && strcmp(want_name((enum want_kind)kind), name) != 0)
        kind++;
    if (kind == WANT_COUNT)
        return complain_of_name(name);
    const bool is_calls = kind == WANT_CALLS;
    if (is_calls ? read_calls(value, &wants->at_most[kind])
                 : read_age(value, &wants->at_most[kind]))
        return true;
    fprintf(stderr, "freshcheck: --want %s is %s, not '%s'\n", name,
            is_calls ? "a number such as 5 or 0.5" : "a duration such as 500ms or 2s", value);
    return false;
}

bool config_wants_read(const char *text, struct wanted *wanted)
{
    bool fine = true;
    *wanted = (struct wanted){.given = text != NULL, .wants = wants_none()};
    if (!text)
        return true;
    char *const copy = text_copy(text);
    if (!copy) {
        fputs("freshcheck: out of memory\n", stderr);
        return false;
    }
    for (char *want = copy, *next; want && fine; want = next) {
        next = strchr(want, ',');
        if (next)
            *next++ = '\0';
        char *value = strchr(want, '=');
        if (value)
            *value++ = '\0';
        fine = read_want(want, value ? value : "", &wanted->wants);
    }
    free(copy);
    return fine;
}
