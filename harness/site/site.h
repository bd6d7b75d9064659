#ifndef FRESHCHECK_HARNESS_SITE_SITE_H
#define FRESHCHECK_HARNESS_SITE_SITE_H

#include <stddef.h>

#include "harness/live/server.h"

/*
 * The files of a web page, Flink's own dashboard above all, read into memory once when it is
 * opened. What happens to the folder or the jar after that does not show.
 */
struct site;

enum { SITE_LENGTH_MAX = 64 << 20, SITE_FILE_COUNT_MAX = 20000 };

/*
 * Opens a folder or a jar (any zip file). The files are those of its folder "web" when there is a
 * web/index.html in it, as in flink-dist-*.jar; else all of them. Only plain files are read:
 * symbolic links and hidden files are left out, so nothing from outside gets in.
 *
 * NULL with *why (static text or strerror) when it cannot be read, has no index.html, or is larger
 * than the limits above.
 */
struct site *site_open(const char *path, const char **why);
void site_free(struct site *site); /* NULL is allowed */

/*
 * For the server: answers a GET of a file with 200, and leaves all else to others. "/" means
 * "/index.html", in any folder. Borrows from the site, which must outlive it.
 */
const struct local_pages *site_pages(const struct site *site);

size_t site_file_count(const struct site *site);

#endif
