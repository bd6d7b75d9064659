#include "mock_jobmanager/checkpoint_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/slab.h"
#include "base/text.h"

enum { FIRST_BUCKETS = 64 };

struct file {
    struct checkpoint_file file;
    struct file *next; /* of its bucket */
    bool is_left;
    struct file *left_before, *left_after; /* is_left: in the order in which they were left */
};

struct checkpoint_files {
    struct file **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    struct file *left_first, *left_last;
    size_t left_count;
    struct slab memory; /* of files */
};

struct checkpoint_files *checkpoint_files_new(void)
{
    struct checkpoint_files *const files = memory_zeroed(1, sizeof *files);
    if (!files)
        return NULL;
    files->bucket_count = FIRST_BUCKETS;
    files->memory.item_size = sizeof(struct file);
    files->buckets = memory_zeroed(FIRST_BUCKETS, sizeof(struct file *));
    if (files->buckets)
        return files;
    free(files);
    return NULL;
}

void checkpoint_files_free(struct checkpoint_files *files)
{
    if (!files)
        return;
    for (size_t i = 0; i < files->bucket_count; i++) {
        while (files->buckets[i]) {
            struct file *const file = files->buckets[i];
            files->buckets[i] = file->next;
            shared_text_release(file->file.path);
        }
    }
    slab_free(&files->memory);
    free(files->buckets);
    free(files);
}

/* Where the file of this path hangs, or where one would be hung. */
static struct file **link_of(const struct checkpoint_files *files, const char *path)
{
    struct file **link = &files->buckets[text_hash(path) & (files->bucket_count - 1)];
    while (*link && strcmp((*link)->file.path->bytes, path) != 0)
        link = &(*link)->next;
    return link;
}

/* Without memory for more buckets the chains grow longer instead. */
static void resize(struct checkpoint_files *files, size_t bucket_count)
{
    struct file **const before = files->buckets;
    const size_t count_before = files->bucket_count;
    struct file **const buckets = memory_zeroed(bucket_count, sizeof(struct file *));
    if (!buckets)
        return;
    files->buckets = buckets;
    files->bucket_count = bucket_count;
    for (size_t i = 0; i < count_before; i++) {
        while (before[i]) {
            struct file *const file = before[i];
            before[i] = file->next;
            file->next = NULL;
            *link_of(files, file->file.path->bytes) = file;
        }
    }
    free(before);
}

static void leave_no_more(struct checkpoint_files *files, struct file *file)
{
    if (!file->is_left)
        return;
    *(file->left_before ? &file->left_before->left_after : &files->left_first) = file->left_after;
    *(file->left_after ? &file->left_after->left_before : &files->left_last) = file->left_before;
    file->is_left = false;
    files->left_count--;
}

static void remove_at(struct checkpoint_files *files, struct file **link)
{
    struct file *const file = *link;
    *link = file->next;
    leave_no_more(files, file);
    shared_text_release(file->file.path);
    slab_give(&files->memory, file);
    files->count--;
    if (files->bucket_count > FIRST_BUCKETS && files->count < files->bucket_count / 8)
        resize(files, files->bucket_count / 2);
}

bool checkpoint_files_put(struct checkpoint_files *files, const struct checkpoint_file *file)
{
    struct file **const link = link_of(files, file->path->bytes);
    struct file *const put = *link ? *link : slab_take(&files->memory);
    if (!put)
        return false;
    shared_text_retain(file->path);
    if (*link) {
        leave_no_more(files, put);
        shared_text_release(put->file.path);
        put->file = *file;
        return true;
    }
    *put = (struct file){.file = *file};
    *link = put;
    if (++files->count > files->bucket_count)
        resize(files, files->bucket_count * 2);
    return true;
}

const struct checkpoint_file *checkpoint_files_find(const struct checkpoint_files *files,
                                                    const char *path)
{
    const struct file *const file = *link_of(files, path);
    return file ? &file->file : NULL;
}

/* The file that was put with this very text, or NULL. */
static struct file **own_link_of(const struct checkpoint_files *files,
                                 const struct shared_text *path)
{
    struct file **const link = link_of(files, path->bytes);
    return *link && (*link)->file.path == path ? link : NULL;
}

void checkpoint_files_remove(struct checkpoint_files *files, const struct shared_text *path)
{
    struct file **const link = own_link_of(files, path);
    if (link)
        remove_at(files, link);
}

void checkpoint_files_leave(struct checkpoint_files *files, const struct shared_text *path)
{
    struct file **const link = own_link_of(files, path);
    struct file *const file = link ? *link : NULL;
    if (!file || file->is_left)
        return;
    file->is_left = true;
    file->left_before = files->left_last;
    file->left_after = NULL;
    *(files->left_last ? &files->left_last->left_after : &files->left_first) = file;
    files->left_last = file;
    if (++files->left_count > CHECKPOINT_FILES_LEFT_MAX)
        remove_at(files, link_of(files, files->left_first->file.path->bytes));
}
