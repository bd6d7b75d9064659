#ifndef FRESHCHECK_HARNESS_RECORDING_RECORDING_H
#define FRESHCHECK_HARNESS_RECORDING_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/complaint.h"
#include "harness/judge/listener.h"
#include "harness/judge/verdict.h"
#include "rest_endpoint/settings.h"

/* A recording of a real cluster: JSON lines, see docs/recording-format.md. */
struct recording;

/*
 * Reads a recording for the first time, and keeps of it what must be known before any exchange can
 * be judged: which checkpoints completed, and how far lines are out of order. Memory grows with
 * the completions and the clients, not with the file.
 *
 * Takes the file over: recording_judge() reads it again, recording_free() closes it. What cannot
 * be read twice, as a pipe, is copied to a temporary file.
 *
 * A damaged line (cut off, no JSON, fields missing or of the wrong type) is a complaint with its
 * line, and nothing after it is used, since order is lost: see recording_is_damaged(). A sound line
 * whose body is no answer to its request is a complaint too, but no damage.
 * Returns NULL only when nothing could be read: then complaints say why.
 */
struct recording *recording_take(FILE *file, struct complaints *complaints);
void recording_free(struct recording *recording); /* NULL is allowed */

/* Whether lines are missing at its end. */
bool recording_is_damaged(const struct recording *recording);

const char *recording_name(const struct recording *recording);
const char *recording_flink_version(const struct recording *recording); /* "1.20.3" */

/* The claim that follows from version and settings: the age the documented timeout promises. */
void recording_own_claim(const struct recording *recording, struct claim *claim);

/* Judges it. NULL, or why there is no judgement, in static text. */
const char *recording_judge(struct recording *recording, const struct claim *claim,
                            struct judgement *judgement);

/*
 * Tells all that was judged once more, in the same order. Of the exchanges that the witness of
 * `property` names it also tells what they were on the wire. Reads the file three times more.
 * NULL, or why not all was told, in static text.
 */
const char *recording_retell(struct recording *recording, const struct judgement *judgement,
                             enum property property, const struct listener *listener);

/* The line of the last exchange in the witness of each broken property; 0 for the others and where
 * it is not found. Reads the file once more when something is broken. */
void recording_find_lines(struct recording *recording, const struct judgement *judgement,
                          size_t lines[PROPERTY_COUNT]);

#endif
