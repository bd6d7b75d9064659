#ifndef FRESHCHECK_MOCK_JOBMANAGER_JOURNAL_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_JOURNAL_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/shared_text.h"
#include "mock_jobmanager/journal.h"

/* Lines of the journal on their way out. */

struct call;
struct fetch_result;
struct job;
struct jobmanager;
struct pending_checkpoint;
struct stored_checkpoint;

/* A line of the journal, and what keeps its path alive. */
struct journal_line {
    struct journal_entry entry;
    struct shared_text *path; /* counted reference, or NULL */
};

void journal_free(struct jobmanager *jobmanager);
bool journal_run(struct jobmanager *jobmanager, const struct job *job);
bool journal_state(struct jobmanager *jobmanager, const struct job *job);
bool journal_pending(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                     const struct pending_checkpoint *pending);
bool journal_stored(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                    const struct stored_checkpoint *stored, uint64_t run);
bool journal_call(struct jobmanager *jobmanager, enum journal_kind kind, const struct call *call,
                  const struct fetch_result *result);

#endif
