#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_LENGTH_MAX = 127 };

char *text_copy(const char *text)
{
    return text ? text_copy_length(text, strlen(text)) : NULL;
}

char *text_copy_length(const char *text, size_t length)
{
    if (!text || length == SIZE_MAX)
        return NULL;
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void text_put(char *to, size_t size, const char *text)
{
    const size_t length = strnlen(text, size - 1);
    memcpy(to, text, length);
    to[length] = '\0';
}

/* As FNV-1a, eight bytes at a time; the last few by themselves. */
uint64_t text_hash(const char *text)
{
    uint64_t mixed = UINT64_C(0xcbf29ce484222325);
    uint64_t part;
    size_t length = strlen(text);
    for (; length >= sizeof part; text += sizeof part, length -= sizeof part) {
        memcpy(&part, text, sizeof part);
        mixed = (mixed ^ part) * UINT64_C(0x9e3779b97f4a7c15);
        mixed ^= mixed >> 29;
    }
    for (; *text; text++)
        mixed = (mixed ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return mixed ^ (mixed >> 32);
}

/* The names are ASCII, and what the locale thinks of other letters must not matter. */
static unsigned char lower(char c)
{
    const unsigned char byte = (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : byte;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/*
 * Edits from one text to the other; a swap of neighbours is one edit. Both are at most
 * NAME_LENGTH_MAX long.
 * Source: Damerau-Levenshtein distance, restricted to one edit per piece of text (optimal string
 * alignment). Row i holds the distances from the first i characters of `from`.
 */
static size_t edit_distance(const char *from, size_t from_length, const char *to, size_t to_length)
{
    size_t rows[3][NAME_LENGTH_MAX + 1];
    size_t *before_last = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= to_length; j++) {
        before_last[j] = j;
        last[j] = j;
    }
    for (size_t i = 1; i <= from_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= to_length; j++) {
            const unsigned char a = lower(from[i - 1]), b = lower(to[j - 1]);
            row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + (a != b));
            if (i > 1 && j > 1 && a == lower(to[j - 2]) && b == lower(from[i - 2]))
                row[j] = least(row[j], before_last[j - 2] + 1);
        }
        size_t *const spare = before_last;
        before_last = last;
        last = row;
        row = spare;
    }
    return last[to_length];
}

const char *text_nearest(const char *mistyped, const char *const *names, size_t count)
{
    const size_t length = strlen(mistyped);
    if (length > NAME_LENGTH_MAX)
        return NULL;
    const char *nearest = NULL;
    size_t limit = length / 3 + 1; /* a name must be nearer than this */
    for (size_t i = 0; i < count; i++) {
        const size_t name_length = strlen(names[i]);
        if (name_length > NAME_LENGTH_MAX)
            continue;
        const size_t distance = edit_distance(mistyped, length, names[i], name_length);
        if (distance < limit) {
            limit = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

bool text_matches(const char *pattern, const char *name)
{
    const char *star = NULL, *retry = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            retry = name;
        } else if (*pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
