#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/verdict.h"

/*
 * Judges a history against a claim while it is fed. Pure: no clock, no file, no knowledge of how
 * an endpoint works inside.
 *
 * Feed facts and exchanges merged in order of time: a fact by at_us, an exchange by done_us;
 * at one instant facts first. Memory grows with facts (completions, calls) and with distinct
 * observations; with exchanges only where an age is allowed, clients have names and no horizon is
 * told.
 * Feeding returns false when out of memory; the judgement is then `unknown` throughout.
 *
 * Rules (each is stated at its function in judge_*.c with its source):
 * a completion counts against a read only if it ended strictly before the read was sent (minus
 * the bound); a read that overlaps a completion may show either state.
 */
struct judge;

struct judge *judge_new(const struct claim *claim); /* NULL: out of memory */
void judge_free(struct judge *judge);               /* NULL is allowed */

/*
 * What to call a job in witnesses; without it, the first 8 digits of its id. Copied, cut to 31
 * bytes. False when out of memory.
 */
bool judge_name_job(struct judge *judge, struct id id, const char *name);

/*
 * Calls of the gateway will be told, all of them. To be said before anything is fed; else it is
 * known from the first call on, and what came before is judged as in a recording.
 */
void judge_calls_are_told(struct judge *judge);

bool judge_fact(struct judge *judge, const struct fact *fact);

/*
 * A request is on its way. Optional: only needed where calls of the gateway are facts, so that a
 * call can be laid at the door of the requests that were waiting when it was made.
 */
bool judge_sent(struct judge *judge, const struct exchange *exchange);

bool judge_exchange(struct judge *judge, const struct exchange *exchange);

/* A client decided on an answer that was fed before; to be fed at at_us, after that answer. */
bool judge_decision(struct judge *judge, const struct decision *decision);

/*
 * No exchange that is fed from now on was sent before horizon_us. Optional: spares remembering what
 * each client saw long ago, which only matters to requests that take long.
 */
void judge_horizon(struct judge *judge, int64_t horizon_us);

/* The verdicts on all that was fed so far. May be asked again after feeding more. */
void judge_verdicts(const struct judge *judge, struct judgement *judgement);

/*
 * `fail` when any claimed property fails; `pass` when the claim's own property was put to the
 * test and held: `fresh` or `bounded-age` where checkpoint statistics were read, else any property
 * of the paths that were read; else `unknown`.
 */
enum verdict judge_whole(const struct judgement *judgement);

#endif
