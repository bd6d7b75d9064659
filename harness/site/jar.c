#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "harness/site/site_internal.h"

static const char damaged[] = "it is a damaged jar";

/* What libzip says of a file that it cannot open, as a text that stays. */
static const char *reason(const zip_error_t *error)
{
    if (zip_error_code_zip(error) == ZIP_ER_NOZIP)
        return "it is neither a folder nor a jar";
    if (zip_error_code_zip(error) == ZIP_ER_MEMORY)
        return strerror(ENOMEM);
    return zip_error_system_type(error) == ZIP_ET_SYS ? strerror(zip_error_code_system(error))
                                                      : damaged;
}

static zip_t *open_jar(int file_fd, const char **why)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_t *jar = NULL;
    const int own_fd = dup(file_fd);
    FILE *file = own_fd >= 0 ? fdopen(own_fd, "rb") : NULL;
    *why = strerror(errno);
    if (!file) {
        if (own_fd >= 0)
            close(own_fd);
        return NULL;
    }
    zip_source_t *source = zip_source_filep_create(file, 0, -1, &error);
    if (source)
        jar = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (!jar) {
        *why = reason(&error);
        if (source)
            zip_source_free(source); /* closes the file */
        else
            fclose(file);
    }
    zip_error_fini(&error);
    return jar;
}

/* Reads on to the end, since only there libzip compares the checksum. */
static bool unpack(zip_file_t *entry, char *bytes, size_t length)
{
    char beyond;
    size_t count = 0;
    while (count < length) {
        const zip_int64_t got = zip_fread(entry, bytes + count, length - count);
        if (got <= 0)
            return false;
        count += (size_t)got;
    }
    return zip_fread(entry, &beyond, 1) == 0;
}

static bool read_entry(struct site *site, zip_t *jar, const zip_stat_t *status, const char *path,
                       const char **why)
{
    const size_t length =
        status->size > SITE_LENGTH_MAX ? (size_t)SITE_LENGTH_MAX + 1 : (size_t)status->size;
    char *bytes = site_add(site, path, length, (int64_t)status->mtime, why);
    if (!bytes)
        return false;
    zip_file_t *entry = zip_fopen_index(jar, status->index, 0);
    const bool good = entry && unpack(entry, bytes, length);
    *why = damaged;
    if (entry)
        zip_fclose(entry);
    return good;
}

/* Folders end in a slash. Hidden files are left out, and with them "..". */
static bool is_wanted(const char *path)
{
    const size_t length = strlen(path);
    return length > 0 && path[0] != '/' && path[length - 1] != '/' && path[0] != '.' &&
           !strstr(path, "/.");
}

bool site_read_jar(struct site *site, int file_fd, const char **why)
{
    zip_t *jar = open_jar(file_fd, why);
    if (!jar)
        return false;
    const char *root = zip_name_locate(jar, "web/index.html", 0) >= 0 ? "web/" : "";
    const zip_int64_t count = zip_get_num_entries(jar, 0);
    bool good = true;
    for (zip_int64_t i = 0; i < count && good; i++) {
        const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_MTIME | ZIP_STAT_INDEX;
        zip_stat_t status;
        zip_stat_init(&status);
        *why = damaged;
        good = zip_stat_index(jar, (zip_uint64_t)i, 0, &status) == 0 &&
               (status.valid & needed) == needed;
        if (!good || strncmp(status.name, root, strlen(root)) != 0)
            continue;
        const char *path = status.name + strlen(root);
        good = !is_wanted(path) || read_entry(site, jar, &status, path, why);
    }
    zip_discard(jar);
    return good;
}
