#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "harness/scenario/scenario_internal.h"

enum { SHOWN_MAX = 48, NAMES_LISTED_MAX = 20 };

struct text_place place_of(const struct loader *loader, size_t at)
{
    struct text_place place = {1, 1};
    size_t start = 0;
    if (at > loader->length)
        at = loader->length;
    for (size_t i = 0; i < at; i++) {
        if (loader->text[i] == '\n') {
            place.line++;
            start = i + 1;
        }
    }
    for (size_t i = start; i < at; i++)
        place.column += ((unsigned char)loader->text[i] & 0xc0) != 0x80;
    return place;
}

void complain(struct loader *loader, size_t at, const char *format, ...)
{
    /* Once memory has run out, what looks missing may only be what there was no room for. */
    if (arena_failed(loader->kept) || arena_failed(loader->scratch))
        return;
    loader->complaint_count++;
    if (loader->complaint_count == COMPLAINTS_MAX + 1)
        complaints_add(loader->complaints, 0, 0,
                       "there is more to mend; only the first %d complaints are shown",
                       COMPLAINTS_MAX);
    if (loader->complaint_count > COMPLAINTS_MAX)
        return;
    struct buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&message, format, arguments);
    buffer_char(&message, '\0');
    va_end(arguments);
    if (message.failed) {
        loader->complaints->failed = true;
    } else {
        const struct text_place place = place_of(loader, at);
        complaints_add(loader->complaints, place.line, place.column, "%s", message.bytes);
    }
    buffer_free(&message);
}

/* How many bytes of `text` may be shown without cutting a character in two. */
static size_t cut(const char *text, size_t length)
{
    if (length <= SHOWN_MAX)
        return length;
    size_t kept = SHOWN_MAX;
    while (kept > 0 && ((unsigned char)text[kept] & 0xc0) == 0x80)
        kept--;
    return kept;
}

const char *shown(struct loader *loader, const char *text, size_t length)
{
    size_t kept = cut(text, length);
    const char *dots = kept < length ? "..." : "";
    size_t size = kept + sizeof("`...`");
    char *result = arena_zeroed(loader->scratch, size, 1);
    if (!result)
        return "this";
    snprintf(result, size, "`%.*s%s`", (int)kept, text, dots);
    for (char *c = result; *c; c++) {
        /* U+0080 to U+009F are control characters too, and two bytes long. */
        bool wide = *c == '\xc2' && (unsigned char)c[1] < 0xa0;
        if (wide)
            c[1] = '?';
        if (wide || (unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    }
    return result;
}

const char *shown_node(struct loader *loader, const struct node *node)
{
    if (node->kind == NODE_LIST)
        return "a list";
    if (node->kind == NODE_MAP)
        return "a mapping";
    return node->length == 0 ? "nothing" : shown(loader, node->text, node->length);
}

const char *nearest_name(struct loader *loader, const char *text, size_t length,
                         const char *const *names, size_t count)
{
    /* Names of the language and of a scenario's things are short. */
    if (length > SHOWN_MAX || count == 0)
        return NULL;
    const char *mistyped = arena_text(loader->scratch, text, length);
    return mistyped ? text_nearest(mistyped, names, count) : NULL;
}

const char *suggestion(struct loader *loader, const char *text, size_t length,
                       const char *const *names, size_t count)
{
    struct buffer out = {0};
    const char *name = nearest_name(loader, text, length, names, count);
    if (name) {
        buffer_printf(&out, "; did you mean `%s`?", name);
    } else {
        for (size_t i = 0; i < count && i < NAMES_LISTED_MAX; i++)
            buffer_printf(&out, "%s`%s`", i == 0 ? "; expected one of " : ", ", names[i]);
        if (count > NAMES_LISTED_MAX)
            buffer_text(&out, " ...");
    }
    const char *kept = out.failed ? NULL : arena_text(loader->scratch, out.bytes, out.length);
    buffer_free(&out);
    return kept ? kept : "";
}
