#ifndef FRESHCHECK_BASE_TEXT_H
#define FRESHCHECK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A copy to free(); NULL when out of memory or when `text` is NULL. (strdup() hides its malloc
 * from the tests that fail every allocation in turn.) */
char *text_copy(const char *text);
char *text_copy_length(const char *text, size_t length);

/* For tables. What is observed must not depend on it: it depends on the order of bytes. */
uint64_t text_hash(const char *text);

/* As much of a text as there is room for, and its end. size > 0. */
void text_put(char *to, size_t size, const char *text);

/*
 * The name that a mistyped one most likely meant: the nearest by edits (insert, delete, replace,
 * swap), at most a third of its length away. NULL when none is near. Ties go to the first.
 */
const char *text_nearest(const char *mistyped, const char *const *names, size_t count);

/* Whether a pattern means this name: each '*' in it stands for any text, also for none. */
bool text_matches(const char *pattern, const char *name);

#endif
