#ifndef FRESHCHECK_HARNESS_RECORDING_RECORDING_SCENARIO_H
#define FRESHCHECK_HARNESS_RECORDING_RECORDING_SCENARIO_H

#include "base/buffer.h"
#include "harness/recording/recording.h"

/*
 * Writes a scenario (docs/scenario-language.md) in which the cluster does what the recording's
 * answers say it did, and clients read what the recording's clients read. It claims what could be
 * decided, and expects of `implementation` the properties that failed. Whether it comes to the same
 * verdict is to be seen by running it: answers are not played back, they come about again.
 *
 * @judgement: of this recording.
 * *left_out:  how many exchanges have no place in it: triggers, cancellations and other routes.
 *
 * NULL, or why there is no scenario, in static text.
 */
const char *recording_scenario(struct recording *recording, const struct judgement *judgement,
                               const char *implementation, struct buffer *out, size_t *left_out);

#endif
