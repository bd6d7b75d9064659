#ifndef FRESHCHECK_BASE_BUFFER_H
#define FRESHCHECK_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A growing run of bytes. Start with `struct buffer b = {0};`.
 *
 * Running out of memory is sticky: `failed` turns true, later appends do nothing, and the
 * caller asks once at the end instead of after each append.
 */
struct buffer {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
};

void buffer_free(struct buffer *buffer);  /* leaves it empty and usable again */
void buffer_clear(struct buffer *buffer); /* keeps the memory, forgets content and failure */

/* Makes room for `count` more bytes; returns where to write them, or NULL when out of memory. */
char *buffer_reserve(struct buffer *buffer, size_t count);

void buffer_append(struct buffer *buffer, const void *bytes, size_t count);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char c);
void buffer_int64(struct buffer *buffer, int64_t value);
void buffer_uint64(struct buffer *buffer, uint64_t value);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/*
 * Gives the bytes away, NUL-terminated, for the caller to free(); the buffer is empty after.
 * Returns NULL when any append ran out of memory.
 */
char *buffer_take(struct buffer *buffer);

#endif
