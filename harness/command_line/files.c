#include "harness/command_line/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text);
    const size_t ending_length = strlen(ending);
    return length >= ending_length && strcmp(text + length - ending_length, ending) == 0;
}

/* Takes over `name`; NULL: out of memory earlier on. */
static bool append_name(struct file_list *files, char *name)
{
    char **names = name ? realloc(files->names, (files->count + 1) * sizeof *names) : NULL;
    if (!names) {
        free(name);
        fputs("freshcheck: out of memory\n", stderr);
        return false;
    }
    files->names = names;
    files->names[files->count++] = name;
    return true;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* not the locale's order: same everywhere */
}

static bool add_folder(struct file_list *files, const char *folder, const char *ending, bool deep);

static bool add_entry(struct file_list *files, const char *folder, const char *entry,
                      const char *ending, bool deep)
{
    struct buffer path = {0};
    struct stat status;
    buffer_printf(&path, "%s/%s", folder, entry);
    char *name = buffer_take(&path);
    buffer_free(&path);
    if (!name || stat(name, &status) != 0 || !S_ISDIR(status.st_mode)) {
        if (!name || ends_with(name, ending))
            return append_name(files, name);
        free(name);
        return true;
    }
    const bool fine = !deep || add_folder(files, name, ending, true);
    free(name);
    return fine;
}

static bool add_folder(struct file_list *files, const char *folder, const char *ending, bool deep)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, by_name);
    bool fine = count >= 0;
    if (!fine)
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (fine && entries[i]->d_name[0] != '.')
            fine = add_entry(files, folder, entries[i]->d_name, ending, deep);
        free(entries[i]);
    }
    free(entries);
    return fine;
}

static bool add_some(struct file_list *files, const char *folder, const char *ending, bool deep)
{
    const size_t before = files->count;
    if (!add_folder(files, folder, ending, deep))
        return false;
    if (files->count == before)
        fprintf(stderr, "freshcheck: there is no *%s below %s\n", ending, folder);
    return files->count > before;
}

bool file_list_add(struct file_list *files, const char *path, const char *ending)
{
    struct stat status;
    if (strcmp(path, "-") != 0 && stat(path, &status) != 0) {
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    if (strcmp(path, "-") == 0 || !S_ISDIR(status.st_mode))
        return append_name(files, text_copy(path));
    return add_some(files, path, ending, true);
}

bool file_list_add_level(struct file_list *files, const char *folder, const char *ending)
{
    return add_some(files, folder, ending, false);
}

void file_list_free(struct file_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->names[i]);
    free(files->names);
    *files = (struct file_list){0};
}

bool file_read(const char *name, size_t size_max, struct buffer *content)
{
    const bool standard = strcmp(name, "-") == 0;
    FILE *file = standard ? stdin : fopen(name, "rb");
    if (!file) {
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", name, strerror(errno));
        return false;
    }
    const char *why = NULL;
    while (!why && !feof(file)) {
        char *room = buffer_reserve(content, 65536);
        if (!room) {
            why = "out of memory";
            break;
        }
        content->length += fread(room, 1, 65536, file);
        if (ferror(file))
            why = strerror(errno);
        else if (content->length > size_max)
            why = "it is too large to be what it should be";
    }
    if (!standard)
        fclose(file);
    if (why)
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", name, why);
    return why == NULL;
}

/* errno says why not. */
static bool write_all(FILE *file, const struct buffer *content)
{
    /* Of nothing there need be no bytes, and fwrite() takes no NULL. */
    const bool filled =
        content->length == 0 || fwrite(content->bytes, 1, content->length, file) == content->length;
    const bool written = filled && fflush(file) == 0;
    const int why = errno;
    const bool closed = fclose(file) == 0;
    if (!written)
        errno = why;
    return written && closed;
}

static bool cannot_write(const char *name)
{
    fprintf(stderr, "freshcheck: cannot write %s: %s\n", name, strerror(errno));
    return false;
}

/* A device, a pipe: what must stay the file that it is. */
static bool write_into(const char *name, const struct buffer *content)
{
    FILE *file = fopen(name, "wb");
    return (file && write_all(file, content)) || cannot_write(name);
}

static bool write_beside(const char *name, const struct buffer *content)
{
    struct buffer path = {0};
    buffer_printf(&path, "%s.%ld.part", name, (long)getpid());
    char *part = buffer_take(&path);
    buffer_free(&path);
    errno = ENOMEM;
    FILE *file = part ? fopen(part, "wb") : NULL;
    const bool fine = file && write_all(file, content) && rename(part, name) == 0;
    if (!fine) {
        cannot_write(name);
        if (file)
            unlink(part);
    }
    free(part);
    return fine;
}

bool file_write(const char *name, const struct buffer *content)
{
    struct stat status;
    errno = ENOMEM;
    if (content->failed)
        return cannot_write(name);
    if (stat(name, &status) == 0 && !S_ISREG(status.st_mode))
        return write_into(name, content);
    return write_beside(name, content);
}

size_t file_size(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0 && S_ISREG(status.st_mode) ? (size_t)status.st_size : 0;
}

/* What is there of it goes again; where even that fails there is no more to be done. */
static void undo_append(const char *name, bool was_there, off_t before)
{
    struct stat status;
    if (stat(name, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    if ((was_there ? truncate(name, before) : unlink(name)) != 0)
        fprintf(stderr, "freshcheck: %s ends with a part of a report\n", name);
}

bool file_append(const char *name, const struct buffer *content)
{
    const bool was_there = access(name, F_OK) == 0;
    const off_t before = (off_t)file_size(name);
    errno = ENOMEM;
    FILE *file = content->failed ? NULL : fopen(name, "ab");
    if (!file)
        return cannot_write(name);
    if (write_all(file, content))
        return true;
    cannot_write(name);
    undo_append(name, was_there, before);
    return false;
}
