#ifndef FRESHCHECK_HARNESS_SITE_SITE_INTERNAL_H
#define FRESHCHECK_HARNESS_SITE_SITE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/site/site.h"

/*
 * For whoever reads files into a site. `path` is below its root: "assets/favicon.ico". Returns
 * where to put `length` bytes, of which the site is the owner. NULL with *why when a limit is
 * passed or out of memory.
 */
char *site_add(struct site *site, const char *path, size_t length, int64_t modified_epoch_s,
               const char **why);

/* False with *why (static text or strerror). */
bool site_read_folder(struct site *site, int folder_fd, const char **why);
bool site_read_jar(struct site *site, int file_fd, const char **why); /* takes neither fd */

/* The Content-Type of a file name, by its last suffix in any case. */
const char *site_content_type(const char *path);

#endif
