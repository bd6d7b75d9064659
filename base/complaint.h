#ifndef FRESHCHECK_BASE_COMPLAINT_H
#define FRESHCHECK_BASE_COMPLAINT_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/*
 * What is wrong with a file, each complaint with its place. All are collected before any is
 * printed, so that one run shows everything there is to mend.
 */
struct complaint {
    unsigned line;   /* from 1; 0 when the complaint is about the whole file */
    unsigned column; /* from 1, in characters; 0 when it is about the whole line */
    char *message;   /* one sentence: what was found and what was expected */
};

struct complaints {
    struct complaint *items;
    size_t count;
    size_t capacity;
    bool failed; /* out of memory: some complaints are missing */
};

void complaints_free(struct complaints *complaints);
void complaints_add(struct complaints *complaints, unsigned line, unsigned column,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Prints every complaint in order of place as
 *     FILE:LINE:COLUMN: MESSAGE
 *       the source line
 *          ^
 * `source` (NULL is allowed) is the text of the file; control characters in it are shown as '?',
 * lines over 160 characters are cut around the column.
 */
void complaints_print(struct complaints *complaints, const char *file, const char *source,
                      size_t source_length, struct buffer *out);

#endif
