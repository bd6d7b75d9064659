#ifndef FRESHCHECK_HARNESS_RECORDING_RECORDING_H
#define FRESHCHECK_HARNESS_RECORDING_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/complaint.h"
#include "harness/judge/verdict.h"
#include "rest_endpoint/settings.h"

/* A recording of a real cluster: JSON lines, see docs/recording-format.md. */
struct recording;

/*
 * Reads a recording. A damaged line (cut off, no JSON, fields missing or of the wrong type) is a
 * complaint with its line, and reading goes on where that is safe: after a damaged line nothing
 * more is read, since order is lost. What came before is in the recording.
 * A sound line whose body is no answer to its request is a complaint too, but reading goes on.
 * Returns NULL only when nothing could be read: then complaints say why.
 */
struct recording *recording_read(FILE *file, struct complaints *complaints);
void recording_free(struct recording *recording); /* NULL is allowed */

const char *recording_name(const struct recording *recording);
const char *recording_flink_version(const struct recording *recording); /* "1.20.3" */

/* The claim that follows from version and settings: the age the documented timeout promises. */
void recording_own_claim(const struct recording *recording, struct claim *claim);

/* Judges it; false when out of memory. */
bool recording_judge(const struct recording *recording, const struct claim *claim,
                     struct judgement *judgement);

#endif
