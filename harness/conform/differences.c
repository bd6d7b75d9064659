#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/conform/conform_internal.h"

enum { SHOWN_MAX = 160 };

void *conform_grow(void *items, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity)
        return items;
    const size_t wanted = *capacity > 0 ? 2 * *capacity : 8;
    if (wanted > SIZE_MAX / item_size)
        return NULL;
    void *grown = realloc(items, wanted * item_size);
    if (grown)
        *capacity = wanted;
    return grown;
}

static void difference_clear(struct difference *difference)
{
    free(difference->pointer);
    free(difference->recorded);
    free(difference->answered);
}

void differences_free(struct differences *differences)
{
    for (size_t i = 0; i < differences->count; i++)
        difference_clear(&differences->items[i]);
    free(differences->items);
    *differences = (struct differences){0};
}

/* Takes the texts of *difference, also when it fails. */
static bool put(struct differences *differences, struct difference difference)
{
    if (differences->count >= DIFFERENCES_MAX) {
        difference_clear(&difference);
        differences->left_out++;
        return true;
    }
    struct difference *items = conform_grow(differences->items, differences->count,
                                            &differences->capacity, sizeof(difference));
    if (!items) {
        difference_clear(&difference);
        return false;
    }
    differences->items = items;
    items[differences->count++] = difference;
    return true;
}

bool differences_add(struct differences *differences, const char *what, const char *pointer,
                     const char *recorded, const char *answered)
{
    struct difference difference = {
        .pointer = text_copy(pointer),
        .recorded = text_copy(recorded),
        .answered = text_copy(answered),
        .what = what,
    };
    if (!difference.pointer || (recorded && !difference.recorded) ||
        (answered && !difference.answered)) {
        difference_clear(&difference);
        return false;
    }
    return put(differences, difference);
}

bool differences_move(struct differences *to, struct differences *from)
{
    bool has_memory = true;
    for (size_t i = 0; i < from->count; i++)
        has_memory = put(to, from->items[i]) && has_memory;
    to->left_out += from->left_out;
    free(from->items);
    *from = (struct differences){0};
    return has_memory;
}

/* Never cuts a character of UTF-8 in two. */
static void append_cut(struct buffer *out, const char *text, size_t length)
{
    size_t shown = length;
    if (length > SHOWN_MAX) {
        shown = SHOWN_MAX;
        while (shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
            shown--;
    }
    buffer_append(out, text, shown);
    if (shown < length)
        buffer_text(out, "...");
}

/* Containers are shown as what they are only: their parts have differences of their own. */
static char *shown_value(const json_t *value)
{
    struct buffer out = {0};
    if (json_is_object(value)) {
        buffer_text(&out, json_object_size(value) > 0 ? "{...}" : "{}");
    } else if (json_is_array(value)) {
        buffer_text(&out, json_array_size(value) > 0 ? "[...]" : "[]");
    } else {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        if (!text)
            return NULL;
        append_cut(&out, text, strlen(text));
        free(text);
    }
    char *shown = buffer_take(&out);
    buffer_free(&out);
    return shown;
}

bool differences_add_values(struct differences *differences, const char *what, const char *pointer,
                            const json_t *recorded, const json_t *answered)
{
    char *recorded_text = recorded ? shown_value(recorded) : NULL;
    char *answered_text = answered ? shown_value(answered) : NULL;
    bool added = false;
    if (pointer && (!recorded || recorded_text) && (!answered || answered_text))
        added = differences_add(differences, what, pointer, recorded_text, answered_text);
    free(recorded_text);
    free(answered_text);
    return added;
}

static char *shown_bytes(const struct conform_exchange *exchange)
{
    struct buffer out = {0};
    const bool cut = exchange->body_length > SHOWN_MAX;
    const size_t length = cut ? SHOWN_MAX : exchange->body_length;
    for (size_t i = 0; i < length; i++) {
        const char c = exchange->body[i];
        buffer_char(&out, c >= ' ' && c <= '~' ? c : '?');
    }
    buffer_text(&out, cut ? "..." : "");
    char *shown = buffer_take(&out);
    buffer_free(&out);
    return shown;
}

bool differences_add_bytes(struct differences *differences, const char *what,
                           const struct conform_exchange *recorded,
                           const struct conform_exchange *answered)
{
    char *recorded_text = shown_bytes(recorded);
    char *answered_text = shown_bytes(answered);
    const bool added = recorded_text && answered_text &&
                       differences_add(differences, what, "@body", recorded_text, answered_text);
    free(recorded_text);
    free(answered_text);
    return added;
}

void pointer_push(struct buffer *pointer, const char *name)
{
    buffer_char(pointer, '/');
    for (; *name; name++) {
        if (*name == '~')
            buffer_text(pointer, "~0");
        else if (*name == '/')
            buffer_text(pointer, "~1");
        else
            buffer_char(pointer, *name);
    }
}

void pointer_push_index(struct buffer *pointer, size_t index)
{
    buffer_char(pointer, '/');
    buffer_uint64(pointer, index);
}

void pointer_pop(struct buffer *pointer, size_t length)
{
    if (!pointer->failed)
        pointer->length = length;
}

const char *pointer_text(struct buffer *pointer)
{
    if (pointer->length == 0 && !pointer->failed)
        return "@body";
    const size_t length = pointer->length;
    buffer_char(pointer, '\0');
    if (pointer->failed)
        return NULL;
    pointer->length = length;
    return pointer->bytes;
}
