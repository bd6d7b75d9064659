#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/site/site_internal.h"

enum { PATH_LENGTH_MAX = 512, DEPTH_MAX = 16 };

static bool read_bytes(int fd, char *bytes, size_t length)
{
    errno = EIO; /* a file that became shorter is no success */
    while (length > 0) {
        const ssize_t count = read(fd, bytes, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

static bool read_file(struct site *site, int fd, const struct stat *status, const char *path,
                      const char **why)
{
    const uint64_t size = (uint64_t)status->st_size;
    const size_t length = size > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)size;
    char *bytes = site_add(site, path, length, (int64_t)status->st_mtim.tv_sec, why);
    if (!bytes)
        return false;
    if (!read_bytes(fd, bytes, length)) {
        *why = strerror(errno);
        return false;
    }
    return true;
}

static bool read_folder(struct site *site, int folder_fd, const char *path, int depth,
                        const char **why);

/* Symbolic links are refused by O_NOFOLLOW, and so left out; so is what is no plain file. */
static bool read_entry(struct site *site, int folder_fd, const char *name, const char *path,
                       int depth, const char **why)
{
    bool good = true;
    struct stat status;
    const int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == ELOOP || errno == ENXIO))
        return true;
    if (fd < 0 || fstat(fd, &status) != 0) {
        *why = strerror(errno);
        good = false;
    } else if (S_ISDIR(status.st_mode)) {
        good = read_folder(site, fd, path, depth + 1, why);
    } else if (S_ISREG(status.st_mode)) {
        good = read_file(site, fd, &status, path, why);
    }
    if (fd >= 0)
        close(fd);
    return good;
}

static bool read_folder(struct site *site, int folder_fd, const char *path, int depth,
                        const char **why)
{
    bool good = true;
    *why = "its folders are too deep";
    if (depth > DEPTH_MAX)
        return false;
    /* A descriptor of its own: closedir() closes it. */
    const int stream_fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = stream_fd >= 0 ? fdopendir(stream_fd) : NULL;
    *why = strerror(errno);
    if (!stream) {
        if (stream_fd >= 0)
            close(stream_fd);
        return false;
    }
    for (const struct dirent *entry = readdir(stream); entry && good; entry = readdir(stream)) {
        char below[PATH_LENGTH_MAX];
        if (entry->d_name[0] == '.')
            continue;
        const int length =
            snprintf(below, sizeof below, "%s%s%s", path, *path ? "/" : "", entry->d_name);
        *why = "the path of a file is too long";
        good = length > 0 && (size_t)length < sizeof below &&
               read_entry(site, folder_fd, entry->d_name, below, depth, why);
    }
    closedir(stream);
    return good;
}

bool site_read_folder(struct site *site, int folder_fd, const char **why)
{
    if (faccessat(folder_fd, "web/index.html", R_OK, 0) != 0)
        return read_folder(site, folder_fd, "", 0, why);
    const int web_fd = openat(folder_fd, "web", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (web_fd < 0) {
        *why = strerror(errno);
        return false;
    }
    const bool good = read_folder(site, web_fd, "", 0, why);
    close(web_fd);
    return good;
}
