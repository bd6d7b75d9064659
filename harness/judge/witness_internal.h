#ifndef FRESHCHECK_HARNESS_JUDGE_WITNESS_INTERNAL_H
#define FRESHCHECK_HARNESS_JUDGE_WITNESS_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/verdict.h"

/* Putting evidence into plain words. Needs no memory of its own. */

struct look;

enum { TARGET_MAX = 96 };

const char *client_name(const struct judge *judge, size_t client);
const char *look_client(const struct judge *judge, const struct look *look);
void target_text(const struct judge *judge, const struct exchange *exchange, char text[TARGET_MAX]);
void path_text(const struct job_state *job, enum exchange_path path, char text[TARGET_MAX]);
void duration_text(const struct judge *judge, int64_t us, char text[LABEL_MAX]); /* "300.0 ms" */
void shown_text(int64_t id, char text[LABEL_MAX]); /* "10", or "none" */

/* Adds an event, keeping order of time; events at one instant stay in the order they were added.
 * Beyond WITNESS_EVENTS_MAX nothing is added. */
void witness_add(struct property_verdict *verdict, int64_t at_us, const char *who, uint64_t seq,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same for the event from which on the last one of the witness was wrong. */
void witness_since(struct property_verdict *verdict, int64_t at_us, const char *who, uint64_t seq,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));
void witness_cause(struct property_verdict *verdict, enum layer layer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Of what an answer lacks. */
void witness_completion(const struct judge *judge, const struct job_state *job,
                        const struct completion *completion, struct property_verdict *verdict);
/* "GET /jobs/J/checkpoints  answered 10, from the graph fetched at 100.0 ms", and that fetch. */
void witness_answer(const struct judge *judge, const struct look *look,
                    struct property_verdict *verdict);
/* When a checkpoint of the job completed, if that is known. */
void witness_checkpoint(const struct job_state *job, int64_t id, struct property_verdict *verdict);
/* One event makes no timeline: an answer that stands alone is told as a request and its answer. */
void witness_lone_answer(const struct judge *judge, const struct look *look,
                         struct property_verdict *verdict);
/* "GET /jobs/J  answered 500 cancelled" */
void witness_error(const struct judge *judge, const struct look *look,
                   struct property_verdict *verdict);

#endif
