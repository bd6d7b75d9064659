#include "base/complaint.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { FIRST_CAPACITY = 8, SHOWN_LENGTH_MAX = 160 };

void complaints_free(struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->count; i++)
        free(complaints->items[i].message);
    free(complaints->items);
    *complaints = (struct complaints){0};
}

static bool make_room(struct complaints *complaints)
{
    if (complaints->count < complaints->capacity)
        return true;
    const size_t capacity = complaints->capacity ? complaints->capacity * 2 : FIRST_CAPACITY;
    struct complaint *items = realloc(complaints->items, capacity * sizeof *items);
    if (!items)
        return false;
    complaints->items = items;
    complaints->capacity = capacity;
    return true;
}

static bool stands_before(const struct complaint *a, const struct complaint *b)
{
    if (a->line != b->line)
        return a->line < b->line;
    return a->column < b->column;
}

/* Files are read from top to bottom, so a new complaint's place is at or near the end. */
static void insert_in_order(struct complaints *complaints, struct complaint complaint)
{
    size_t place = complaints->count;
    while (place > 0 && stands_before(&complaint, &complaints->items[place - 1])) {
        complaints->items[place] = complaints->items[place - 1];
        place--;
    }
    complaints->items[place] = complaint;
    complaints->count++;
}

void complaints_add(struct complaints *complaints, unsigned line, unsigned column,
                    const char *format, ...)
{
    struct buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&message, format, arguments);
    va_end(arguments);

    struct complaint complaint = {line, column, buffer_take(&message)};
    if (!complaint.message || !make_room(complaints)) {
        free(complaint.message);
        complaints->failed = true;
        return;
    }
    insert_in_order(complaints, complaint);
}

/* A run of text that is read character by character. */
struct text {
    const char *bytes;
    size_t length;
};

/* Takes one character off the front; a byte that is not valid UTF-8 counts as one. */
static struct text next_character(struct text *text)
{
    size_t length = utf8_character_length(text->bytes, text->length);
    if (length == 0)
        length = 1;
    const struct text character = {text->bytes, length};
    text->bytes += length;
    text->length -= length;
    return character;
}

/*
 * What comes from a file must not move the cursor or set colours of the terminal that shows it:
 * U+0000 to U+001F, U+007F to U+009F, and bytes that are no UTF-8.
 */
static bool is_harmless(struct text character)
{
    const unsigned char first = (unsigned char)character.bytes[0];
    if (first < ' ' || first == 0x7f)
        return false;
    if (first < 0x80)
        return true;
    if (character.length == 1)
        return false;
    return first != 0xc2 || (unsigned char)character.bytes[1] >= 0xa0;
}

static size_t character_count(struct text text)
{
    size_t count = 0;
    while (text.length > 0) {
        next_character(&text);
        count++;
    }
    return count;
}

/* Appends up to `count` characters of `text` after the first `skip`. */
static void show(struct buffer *out, struct text text, size_t skip, size_t count)
{
    for (; skip > 0 && text.length > 0; skip--)
        next_character(&text);
    for (; count > 0 && text.length > 0; count--) {
        const struct text character = next_character(&text);
        if (is_harmless(character))
            buffer_append(out, character.bytes, character.length);
        else
            buffer_char(out, '?');
    }
}

static void print_source_line(struct buffer *out, struct text line, unsigned column)
{
    const size_t length = character_count(line);
    size_t before = column > 0 ? column - 1 : 0; /* characters left of the caret */
    if (before > length)
        before = length;
    size_t skip = 0;
    if (length > SHOWN_LENGTH_MAX && before > SHOWN_LENGTH_MAX / 2) {
        skip = before - SHOWN_LENGTH_MAX / 2;
        if (skip > length - SHOWN_LENGTH_MAX)
            skip = length - SHOWN_LENGTH_MAX;
    }

    const char *const left = skip > 0 ? "..." : "";
    buffer_text(out, "  ");
    buffer_text(out, left);
    show(out, line, skip, SHOWN_LENGTH_MAX);
    buffer_text(out, skip + SHOWN_LENGTH_MAX < length ? "...\n" : "\n");
    if (column > 0)
        buffer_printf(out, "%*s^\n", (int)(2 + strlen(left) + before - skip), "");
}

/* Walks through a source once, because complaints come in order of line. */
struct cursor {
    struct text rest; /* starts at the beginning of `line` */
    unsigned line;
};

static struct text first_line(struct text text)
{
    const char *end = text.length > 0 ? memchr(text.bytes, '\n', text.length) : NULL;
    return end ? (struct text){text.bytes, (size_t)(end - text.bytes)} : text;
}

/* False when the source has no such line. */
static bool go_to_line(struct cursor *cursor, unsigned line, struct text *found)
{
    while (cursor->line < line) {
        const size_t length = first_line(cursor->rest).length;
        if (length == cursor->rest.length)
            return false;
        cursor->rest.bytes += length + 1;
        cursor->rest.length -= length + 1;
        cursor->line++;
    }
    *found = first_line(cursor->rest);
    if (found->length > 0 && found->bytes[found->length - 1] == '\r')
        found->length--;
    return true;
}

static void print_place(struct buffer *out, const char *file, const struct complaint *complaint)
{
    buffer_text(out, file);
    if (complaint->line > 0)
        buffer_printf(out, ":%u", complaint->line);
    if (complaint->line > 0 && complaint->column > 0)
        buffer_printf(out, ":%u", complaint->column);
    buffer_text(out, ": ");
}

void complaints_print(struct complaints *complaints, const char *file, const char *source,
                      size_t source_length, struct buffer *out)
{
    struct cursor cursor = {{source, source_length}, 1};
    for (size_t i = 0; i < complaints->count; i++) {
        const struct complaint *const complaint = &complaints->items[i];
        print_place(out, file, complaint);
        show(out, (struct text){complaint->message, strlen(complaint->message)}, 0, SIZE_MAX);
        buffer_char(out, '\n');
        struct text line;
        if (source && complaint->line > 0 && go_to_line(&cursor, complaint->line, &line))
            print_source_line(out, line, complaint->column);
    }
}
