#include "harness/flink_config/yaml_tabs.h"

#include <stdlib.h>
#include <string.h>

bool yaml_spans_add(struct yaml_spans *spans, size_t start, size_t end, bool is_plain)
{
    if (spans->count == spans->capacity) {
        const size_t capacity = spans->capacity ? 2 * spans->capacity : 64;
        struct yaml_span *items = realloc(spans->items, capacity * sizeof *items);
        if (!items)
            return false;
        spans->items = items;
        spans->capacity = capacity;
    }
    spans->items[spans->count++] = (struct yaml_span){start, end, is_plain};
    return true;
}

void yaml_spans_free(struct yaml_spans *spans)
{
    free(spans->items);
    *spans = (struct yaml_spans){0};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t skip_blanks(const char *bytes, size_t at, size_t end)
{
    while (at < end && is_blank(bytes[at]))
        at++;
    return at;
}

static size_t skip_comment(const char *bytes, size_t at, size_t end)
{
    while (at < end && bytes[at] != '\n' && bytes[at] != '\r')
        at++;
    return at;
}

/* The first tab between two scalars that Flink does not take; `end`: there is none. */
static size_t find_tab(const char *bytes, size_t at, size_t end, bool behind_plain)
{
    if (behind_plain)
        at = skip_blanks(bytes, at, end);
    for (; at < end && bytes[at] != '\t'; at++) {
        const bool begins =
            at == 0 || is_blank(bytes[at - 1]) || bytes[at - 1] == '\n' || bytes[at - 1] == '\r';
        if (bytes[at] == '#' && begins)
            at = skip_comment(bytes, at, end);
        if (at == end)
            break;
    }
    return at;
}

static void complain(struct complaints *complaints, const char *bytes, size_t tab)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < tab; i++) {
        column += ((unsigned char)bytes[i] & 0xc0) != 0x80;
        if (bytes[i] == '\n') {
            line++;
            column = 1;
        }
    }
    complaints_add(complaints, line, column,
                   "found character '\\t(TAB)' that cannot start any token: Flink does not start; "
                   "use blanks");
}

bool yaml_tabs_check(const struct yaml_spans *spans, const char *bytes, size_t length,
                     struct complaints *complaints)
{
    size_t at = 0;
    bool behind_plain = false;
    for (size_t i = 0; i <= spans->count; i++) {
        const size_t end = i < spans->count ? spans->items[i].start : length;
        const size_t tab = at < end ? find_tab(bytes, at, end, behind_plain) : end;
        if (tab < end) {
            complain(complaints, bytes, tab);
            return false;
        }
        if (i < spans->count && spans->items[i].end > at) {
            at = spans->items[i].end;
            behind_plain = spans->items[i].is_plain;
        }
    }
    return true;
}
