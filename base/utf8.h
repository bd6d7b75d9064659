#ifndef FRESHCHECK_BASE_UTF8_H
#define FRESHCHECK_BASE_UTF8_H

#include <stddef.h>

/*
 * How many bytes the character at the start of `bytes` takes, 1 to 4; 0 when no valid one starts
 * there. `length` is at least 1.
 * Source: RFC 3629, section 4 (no surrogates, no longer form than needed, nothing past U+10FFFF).
 */
size_t utf8_character_length(const char *bytes, size_t length);

/* Puts a '?' in the place of each byte of a text that is part of no character. */
void utf8_clean(char *text);

#endif
