#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void buffer_free(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
}

static bool grow(struct buffer *buffer, size_t count)
{
    if (count > SIZE_MAX / 2 - buffer->length)
        return false;
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity - buffer->length < count)
        capacity *= 2;
    char *bytes = realloc(buffer->bytes, capacity);
    if (!bytes)
        return false;
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

char *buffer_reserve(struct buffer *buffer, size_t count)
{
    if (buffer->failed)
        return NULL;
    /* Memory is taken even for no bytes, so that the answer is never NULL by accident. */
    if (!buffer->bytes || buffer->capacity - buffer->length < count) {
        if (!grow(buffer, count)) {
            buffer->failed = true;
            return NULL;
        }
    }
    return buffer->bytes + buffer->length;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t count)
{
    if (count == 0)
        return;
    char *end = buffer_reserve(buffer, count);
    if (!end)
        return;
    memcpy(end, bytes, count);
    buffer->length += count;
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_char(struct buffer *buffer, char c)
{
    char *end = buffer_reserve(buffer, 1);
    if (!end)
        return;
    *end = c;
    buffer->length++;
}

void buffer_int64(struct buffer *buffer, int64_t value)
{
    if (value >= 0) {
        buffer_uint64(buffer, (uint64_t)value);
        return;
    }
    buffer_char(buffer, '-');
    buffer_uint64(buffer, 0 - (uint64_t)value);
}

/* Bodies are mostly numbers, and a rendering through printf would spend most of its time there. */
void buffer_uint64(struct buffer *buffer, uint64_t value)
{
    char digits[20];
    char *first = digits + sizeof digits;
    do {
        *--first = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    buffer_append(buffer, first, (size_t)(digits + sizeof digits - first));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(buffer, format, arguments);
    va_end(arguments);
}

/* Most texts fit into the room that is there, and are not measured first. */
void buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments)
{
    char *end = buffer_reserve(buffer, 1);
    if (!end)
        return;
    va_list again;
    va_copy(again, arguments);
    const size_t room = buffer->capacity - buffer->length;
    const int length = vsnprintf(end, room, format, arguments);
    if (length >= 0 && (size_t)length >= room) {
        end = buffer_reserve(buffer, (size_t)length + 1);
        if (end)
            vsnprintf(end, (size_t)length + 1, format, again);
    }
    if (length >= 0 && end)
        buffer->length += (size_t)length;
    else
        buffer->failed = true;
    va_end(again);
}

char *buffer_take(struct buffer *buffer)
{
    buffer_char(buffer, '\0');
    if (buffer->failed) {
        buffer_free(buffer);
        return NULL;
    }
    char *text = buffer->bytes;
    *buffer = (struct buffer){0};
    return text;
}
