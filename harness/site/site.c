#include "harness/site/site.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/site/site_internal.h"
#include "rest_endpoint/endpoint.h"

enum { TARGET_LENGTH_MAX = 1024 };

struct file {
    char *path; /* below the root, without a slash in front */
    char *bytes;
    size_t length;
    int64_t modified_epoch_s;
};

struct site {
    struct file *files; /* ordered by path once everything is read */
    size_t count, capacity;
    size_t length; /* of all files */
    struct local_pages pages;
};

static bool make_room(struct site *site)
{
    if (site->count < site->capacity)
        return true;
    const size_t capacity = site->capacity ? site->capacity * 2 : 64;
    struct file *files = realloc(site->files, capacity * sizeof *files);
    if (!files)
        return false;
    site->files = files;
    site->capacity = capacity;
    return true;
}

char *site_add(struct site *site, const char *path, size_t length, int64_t modified_epoch_s,
               const char **why)
{
    *why = "it has too many files";
    if (site->count == SITE_FILE_COUNT_MAX)
        return NULL;
    *why = "its files are larger than 64 MiB";
    if (length > SITE_LENGTH_MAX - site->length)
        return NULL;
    *why = strerror(ENOMEM);
    if (!make_room(site))
        return NULL;
    struct file *file = &site->files[site->count];
    *file = (struct file){text_copy(path), malloc(length + 1), length, modified_epoch_s};
    if (!file->path || !file->bytes) {
        free(file->path);
        free(file->bytes);
        return NULL;
    }
    site->count++;
    site->length += length;
    return file->bytes;
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static const struct file *find_file(const struct site *site, const char *path)
{
    const struct file wanted = {.path = (char *)(uintptr_t)path};
    if (site->count == 0)
        return NULL;
    return bsearch(&wanted, site->files, site->count, sizeof wanted, compare_files);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)((found - digits) % 16) : -1;
}

/*
 * The path that a target asks for, below the root; false when it can be none of ours. Escapes need
 * no care: what is looked up are names of files in memory, and none of them has a ".." in it.
 * Source: Flink RouterHandler (QueryStringDecoder.path), StaticFileServerHandler.respondAsLeader.
 */
static bool read_target(const struct request *request, char path[TARGET_LENGTH_MAX])
{
    static const char index[] = "index.html";
    const char *at = request->target;
    const char *end = at + request->target_length;
    size_t length = 0;
    if (at == end || *at++ != '/')
        return false;
    for (; at < end && *at != '?' && *at != '#'; at++) {
        char c = *at;
        if (c == '%') {
            const int high = end - at > 2 ? hex_digit(at[1]) : -1;
            const int low = high >= 0 ? hex_digit(at[2]) : -1;
            if (low < 0 || high + low == 0)
                return false;
            c = (char)(high * 16 + low);
            at += 2;
        }
        if (length == TARGET_LENGTH_MAX - sizeof index)
            return false;
        path[length++] = c;
    }
    path[length] = '\0';
    if (length == 0 || path[length - 1] == '/')
        memcpy(path + length, index, sizeof index);
    return true;
}

static bool answer(void *context, int64_t now_us, const struct request *request,
                   struct local_answer *local)
{
    const struct site *site = context;
    char path[TARGET_LENGTH_MAX];
    (void)now_us;
    const struct file *file = read_target(request, path) ? find_file(site, path) : NULL;
    if (!file)
        return false;
    /* Flink takes these for logs, which change all the time, and lets nobody keep them. It looks
     * at the whole path, so the dashboard's flink-logo.png is one. Source:
     * StaticFileServerHandler.respondToRequest. */
    const bool is_log = strstr(path, "log") || strstr(path, "out");
    *local = (struct local_answer){.status = 200,
                                   .content_type = site_content_type(file->path),
                                   .bytes = file->bytes,
                                   .length = file->length,
                                   .modified_epoch_s = is_log ? -1 : file->modified_epoch_s,
                                   .now_us = now_us};
    return true;
}

static bool read_files(struct site *site, int fd, const char **why)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        *why = strerror(errno);
        return false;
    }
    if (!(S_ISDIR(status.st_mode) ? site_read_folder : site_read_jar)(site, fd, why))
        return false;
    if (site->count > 0)
        qsort(site->files, site->count, sizeof *site->files, compare_files);
    *why = "there is no index.html in it, nor in a folder web";
    return find_file(site, "index.html") != NULL;
}

struct site *site_open(const char *path, const char **why)
{
    struct site *site = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *why = strerror(errno);
    if (fd < 0)
        return NULL;
    site = calloc(1, sizeof *site);
    *why = strerror(ENOMEM);
    if (site && !read_files(site, fd, why)) {
        site_free(site);
        site = NULL;
    }
    if (site)
        site->pages = (struct local_pages){site, answer};
    close(fd);
    return site;
}

void site_free(struct site *site)
{
    if (!site)
        return;
    for (size_t i = 0; i < site->count; i++) {
        free(site->files[i].path);
        free(site->files[i].bytes);
    }
    free(site->files);
    free(site);
}

const struct local_pages *site_pages(const struct site *site)
{
    return &site->pages;
}

size_t site_file_count(const struct site *site)
{
    return site->count;
}
