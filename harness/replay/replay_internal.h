#ifndef FRESHCHECK_HARNESS_REPLAY_REPLAY_INTERNAL_H
#define FRESHCHECK_HARNESS_REPLAY_REPLAY_INTERNAL_H

#include "base/id.h"
#include "harness/replay/transcript.h"

/* Where the items are once there is room for one more; NULL when out of memory, then they are
 * where they were. */
void *replay_grow(void *items, size_t count, size_t *capacity, size_t item_size);

/* A member by a path of keys, "latest/completed"; NULL: there is none. Borrowed. */
const json_t *json_at(const json_t *root, const char *keys);

/* Members of an object. Where there is none of that type: `otherwise`, or NULL. So with numbers
 * that no time, id or count comes near: a thousand times as much can still be reckoned with. */
#define NUMBER_LIMIT INT64_C(1000000000000000)
int64_t json_number_at(const json_t *root, const char *keys, int64_t otherwise);
const char *json_text_at(const json_t *root, const char *keys);

/* The id of the job that a path of the API is about, and what follows it: "/jobs/ID/plan" gives
 * "/plan". False: it is about none. */
bool path_job(const char *path, struct id *job, const char **rest);

/* True for a request that starts a job: "/jars/ID/run". */
bool path_is_run(const char *path);

bool exchange_is(const struct transcript_exchange *exchange, const char *method, int status);

#endif
