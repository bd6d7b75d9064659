#include "harness/command_line/known_failures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/complaint.h"
#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/files.h"

enum { FILE_SIZE_MAX = 1 << 20, WORD_COUNT = 3 };

/* One line being read: borrowed from the file's text. */
struct line {
    const char *text;
    size_t length;
    unsigned number;
    struct complaints *complaints;
};

struct word {
    const char *text;
    size_t length;
};

static unsigned column_of(const struct line *line, const char *at)
{
    unsigned column = 1;
    for (const char *c = line->text; c < at; c++)
        column += ((unsigned char)*c & 0xc0) != 0x80; /* bytes that continue a character */
    return column;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The word that begins at or after *at; *at is moved behind it. Empty: there is none. */
static struct word next_word(const struct line *line, size_t *at)
{
    while (*at < line->length && is_blank(line->text[*at]))
        (*at)++;
    const size_t begin = *at;
    while (*at < line->length && !is_blank(line->text[*at]))
        (*at)++;
    return (struct word){line->text + begin, *at - begin};
}

static bool complain_of_shape(const struct line *line, const char *at)
{
    complaints_add(line->complaints, line->number, column_of(line, at),
                   "a line is IMPLEMENTATION SCENARIO PROPERTY: reason");
    return false;
}

/* False after a complaint. */
static bool read_property(const struct line *line, struct word word, struct known_failure *item)
{
    char glob[64]; /* longer than any property's name */
    bool is_any = false;
    snprintf(glob, sizeof glob, "%.*s", (int)word.length, word.text);
    for (size_t i = 0; i < PROPERTY_COUNT && word.length < sizeof glob; i++) {
        item->properties[i] = text_matches(glob, property_id((enum property)i));
        is_any |= item->properties[i];
    }
    if (is_any)
        return true;
    const char *near = text_nearest(glob, property_ids(), PROPERTY_COUNT);
    complaints_add(line->complaints, line->number, column_of(line, word.text),
                   "there is no property '%s'%s%s%s", glob, near ? "; did you mean '" : "",
                   near ? near : "", near ? "'?" : "");
    return false;
}

/* False: out of memory, where nothing was complained about. */
static bool read_item(const struct line *line, struct known_failure *item)
{
    struct word words[WORD_COUNT];
    size_t at = 0;
    for (size_t i = 0; i < WORD_COUNT; i++)
        words[i] = next_word(line, &at);
    struct word *property = &words[WORD_COUNT - 1];
    if (property->length < 2 || property->text[property->length - 1] != ':')
        return complain_of_shape(line, property->text);
    property->length--;
    size_t end = line->length;
    while (at < end && is_blank(line->text[at]))
        at++;
    while (end > at && is_blank(line->text[end - 1]))
        end--;
    if (at == end) {
        complaints_add(line->complaints, line->number, column_of(line, line->text + at),
                       "why is this expected? A reason must follow");
        return false;
    }
    if (!read_property(line, *property, item))
        return false;
    item->line = line->number;
    item->implementation = text_copy_length(words[0].text, words[0].length);
    item->scenario = text_copy_length(words[1].text, words[1].length);
    item->reason = text_copy_length(line->text + at, end - at);
    return item->implementation && item->scenario && item->reason;
}

static void item_free(struct known_failure *item)
{
    free(item->implementation);
    free(item->scenario);
    free(item->reason);
}

/* A line that says again what another said would never be used. */
static bool is_new(const struct known_failures *known, const struct known_failure *item,
                   struct complaints *complaints)
{
    for (size_t i = 0; i < known->count; i++) {
        const struct known_failure *before = &known->items[i];
        if (strcmp(before->implementation, item->implementation) != 0 ||
            strcmp(before->scenario, item->scenario) != 0 ||
            memcmp(before->properties, item->properties, sizeof item->properties) != 0)
            continue;
        complaints_add(complaints, item->line, 0, "line %u means the same", before->line);
        return false;
    }
    return true;
}

/* False when out of memory. */
static bool take_line(struct known_failures *known, const struct line *line)
{
    struct known_failure item = {0};
    size_t at = 0;
    const size_t complained = line->complaints->count;
    const struct word first = next_word(line, &at);
    if (first.length == 0 || first.text[0] == '#')
        return true;
    if (!read_item(line, &item) || !is_new(known, &item, line->complaints)) {
        item_free(&item);
        return line->complaints->count > complained;
    }
    struct known_failure *items = realloc(known->items, (known->count + 1) * sizeof *items);
    if (!items) {
        item_free(&item);
        return false;
    }
    known->items = items;
    known->items[known->count++] = item;
    return true;
}

static bool take_lines(struct known_failures *known, const struct buffer *text,
                       struct complaints *complaints)
{
    struct line line = {.complaints = complaints};
    for (size_t at = 0; at < text->length; at += line.length + 1) {
        const char *end = memchr(text->bytes + at, '\n', text->length - at);
        line.text = text->bytes + at;
        line.length = end ? (size_t)(end - line.text) : text->length - at;
        line.number++;
        if (!take_line(known, &line))
            return false;
    }
    return true;
}

int known_failures_read(struct known_failures *known, const char *file)
{
    struct buffer text = {0}, out = {0};
    struct complaints complaints = {0};
    int code = EXIT_AS_CLAIMED;
    *known = (struct known_failures){.file = file};
    if (!file_read(file, FILE_SIZE_MAX, &text)) {
        code = EXIT_BAD_INPUT;
    } else if (!take_lines(known, &text, &complaints) || complaints.failed) {
        fputs("freshcheck: out of memory\n", stderr);
        code = EXIT_INTERNAL;
    } else if (complaints.count > 0) {
        complaints_print(&complaints, file, text.bytes, text.length, &out);
        fwrite(out.bytes, 1, out.length, stderr);
        code = EXIT_BAD_INPUT;
    }
    buffer_free(&out);
    buffer_free(&text);
    complaints_free(&complaints);
    return code;
}

void known_failures_free(struct known_failures *known)
{
    for (size_t i = 0; i < known->count; i++)
        item_free(&known->items[i]);
    free(known->items);
    *known = (struct known_failures){0};
}

bool known_failure_names(const struct known_failure *item, const char *implementation,
                         const char *scenario)
{
    return text_matches(item->implementation, implementation) &&
           text_matches(item->scenario, scenario);
}

const struct known_failure *known_failures_find(const struct known_failures *known,
                                                const char *implementation, const char *scenario,
                                                enum property property)
{
    for (size_t i = 0; known && i < known->count; i++) {
        const struct known_failure *item = &known->items[i];
        if (item->properties[property] && known_failure_names(item, implementation, scenario))
            return item;
    }
    return NULL;
}

bool known_failures_name(const struct known_failures *known, const char *implementation,
                         const char *scenario)
{
    for (size_t i = 0; known && i < known->count; i++) {
        if (known_failure_names(&known->items[i], implementation, scenario))
            return true;
    }
    return false;
}
