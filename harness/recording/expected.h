#ifndef FRESHCHECK_HARNESS_RECORDING_EXPECTED_H
#define FRESHCHECK_HARNESS_RECORDING_EXPECTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/complaint.h"
#include "harness/judge/verdict.h"

/*
 * What recordings are expected to show: one line for a file and a claim,
 *     FILE CLAIM VERDICT [PROPERTY[=VIOLATIONS][@LAYER]...]      # comment
 * CLAIM is "own" or what `--claim` was given. The properties are those that fail, all of them; a
 * layer's name has dashes for its blanks. As in:
 *     1.18.0/details-of-another-job.jsonl own fail right-job=1@details-cache
 */
struct expected;
struct expected_verdict;

/* Reads the whole file and complains about every line that is wrong. NULL when out of memory;
 * what to do with a file that has complaints is for the caller to say. */
struct expected *expected_read(FILE *file, struct complaints *complaints);
void expected_free(struct expected *expected); /* NULL is allowed */

/* The expectation for a file by the longest end of its path ("x/1.18.0/a.jsonl" finds
 * "1.18.0/a.jsonl" before "a.jsonl"); NULL when there is none. Borrowed. */
const struct expected_verdict *expected_find(const struct expected *expected, const char *file,
                                             const char *claim);

/* True when the judgement is as expected; else one sentence of difference is appended. */
bool expected_verdict_met(const struct expected_verdict *expectation,
                          const struct judgement *judgement, struct buffer *difference);

#endif
