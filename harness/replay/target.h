#ifndef FRESHCHECK_HARNESS_REPLAY_TARGET_H
#define FRESHCHECK_HARNESS_REPLAY_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/conform/conform.h"
#include "harness/implementations/implementation.h"
#include "harness/replay/life.h"

/* Whom the requests of a transcript are sent to. */

/* Everything is borrowed for the call only. */
struct target_request {
    int64_t at_us; /* since the start of the conversation; never before that of an earlier one */
    const char *method;
    const char *path;        /* with its query */
    const char *body;        /* NULL: none */
    const char *upload_name; /* of the one file that is uploaded; NULL: nothing is */
    const char *upload;      /* what it holds; NULL: it is not worth looking at */
    size_t upload_length;
};

enum target_outcome { TARGET_ANSWERED, TARGET_SILENT, TARGET_NO_MEMORY };

struct target {
    void *context;
    bool lives_the_same_life; /* then numbers of checkpoints are the recorded ones, too */
    /* Fills status, headers and body of *answer; borrowed until the next call. SILENT: no answer
     * came, and *why says why (static text, or valid until the next call). */
    enum target_outcome (*ask)(void *context, const struct target_request *request,
                               struct conform_exchange *answer, const char **why);
};

/* The built-in mock, which lives this life in virtual time. */
struct mock_target;

struct mock_options {
    const struct life *life; /* borrowed; outlives the target */
    const struct implementation *implementation;
    const char *flink_version; /* what answers say; NULL: the implementation's own */
    uint64_t seed;
};

struct mock_target *mock_target_new(const struct mock_options *options); /* NULL: out of memory */
void mock_target_free(struct mock_target *mock);                         /* NULL is allowed */
struct target mock_target(struct mock_target *mock);

/* For who asks it by other means: what it is made of, what time it is there, and all that happens
 * by itself until then (false: out of memory). */
struct cluster *mock_target_cluster(struct mock_target *mock);
int64_t mock_target_now_us(const struct mock_target *mock);
bool mock_target_live_until(struct mock_target *mock, int64_t until_us);

#endif
