#ifndef FRESHCHECK_MOCK_JOBMANAGER_CHECKPOINT_FILES_H
#define FRESHCHECK_MOCK_JOBMANAGER_CHECKPOINT_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/shared_text.h"

/*
 * The file system that checkpoints and savepoints lie in, as far as a JobManager looks at it: which
 * paths there are, and which checkpoint each holds. Several JobManagers may share one, so that a
 * job can be moved from one to the other. Single-threaded.
 */
struct checkpoint_files;

/* Files that no job can discard any more are kept all the same, but only so many, the latest. */
enum { CHECKPOINT_FILES_LEFT_MAX = 1000 };

struct checkpoint_file {
    struct shared_text *path;
    int64_t id;
    int64_t trigger_ms; /* epoch */
    bool is_savepoint;
};

struct checkpoint_files *checkpoint_files_new(void);        /* NULL: out of memory */
void checkpoint_files_free(struct checkpoint_files *files); /* NULL is allowed */

/* Keeps a reference to the path; writes over a file that lay there. False: out of memory. */
bool checkpoint_files_put(struct checkpoint_files *files, const struct checkpoint_file *file);

/* NULL: there is none. Borrowed until the next call with a file system that is not const. */
const struct checkpoint_file *checkpoint_files_find(const struct checkpoint_files *files,
                                                    const char *path);

/* The file that was put with this very text; one that wrote over it stays. */
void checkpoint_files_remove(struct checkpoint_files *files, const struct shared_text *path);

/* Likewise: whoever put the file is gone and leaves it there. */
void checkpoint_files_leave(struct checkpoint_files *files, const struct shared_text *path);

#endif
