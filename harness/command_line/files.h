#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_FILES_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* A list of file names, owned. */
struct file_list {
    char **names;
    size_t count;
};

/*
 * Adds a file, or all files below a folder whose names end in `ending`, in order of name. False,
 * after one sentence on stderr, when it cannot be read or nothing is there.
 */
bool file_list_add(struct file_list *files, const char *path, const char *ending);
/* The same, without the folders in it. */
bool file_list_add_level(struct file_list *files, const char *folder, const char *ending);
void file_list_free(struct file_list *files);

/* Reads a whole file ("-": standard input). False, after one sentence on stderr, when it cannot
 * be read or is larger than `size_max`. */
bool file_read(const char *name, size_t size_max, struct buffer *content);

/* Writes a file so that it is there whole or not at all. False, after one sentence on stderr.
 * Devices and pipes are written to as they are. */
bool file_write(const char *name, const struct buffer *content);

/* Adds to a file, all of it or nothing; it need not be there. False, after one sentence on stderr. */
bool file_append(const char *name, const struct buffer *content);
size_t file_size(const char *name); /* in bytes; 0: it is not there, or is no regular file */

#endif
