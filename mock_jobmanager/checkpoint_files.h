#ifndef FRESHCHECK_MOCK_JOBMANAGER_CHECKPOINT_FILES_H
#define FRESHCHECK_MOCK_JOBMANAGER_CHECKPOINT_FILES_H

/*
 * The file system that checkpoints and savepoints lie in, as far as a JobManager looks at it: which
 * paths there are, and which checkpoint each holds. Several JobManagers may share one, so that a
 * job can be moved from one to the other.
 */
struct checkpoint_files;

struct checkpoint_files *checkpoint_files_new(void);        /* NULL: out of memory */
void checkpoint_files_free(struct checkpoint_files *files); /* NULL is allowed */

#endif
