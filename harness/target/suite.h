#ifndef FRESHCHECK_HARNESS_TARGET_SUITE_H
#define FRESHCHECK_HARNESS_TARGET_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/judge/verdict.h"
#include "harness/scenario/plan.h"
#include "harness/target/discovery.h"

/*
 * Scenarios, one after the other, on a cluster that somebody else runs and nobody here controls. What
 * its clients ask and get is written as a recording and judged as one: by what answers prove.
 *
 * Jobs are the scenario's own where there is a jar to start them from: under ids drawn anew, and
 * cancelled when the scenario is over, however it ends. Else they are jobs that run there already,
 * and nothing is done to them but reading and triggering checkpoints.
 */
struct suite;

/* A job that stands for the scenarios' job of this name. */
struct job_binding {
    const char *name;
    struct id id;
};

/* Texts are borrowed and live as long as the suite. */
struct suite_options {
    const char *url;
    const char *jar_name;  /* of the jar that jobs are started from; NULL: there is none */
    const char *jar_bytes; /* what is in it, to be uploaded; NULL: it is there, under this id */
    size_t jar_length;
    const struct job_binding *bindings;
    size_t binding_count;
    const char *keep_folder; /* recordings go there as NAME.jsonl; NULL: they do not stay */
    uint64_t seed;           /* of what clients draw; ids are drawn anew in any case */
    int stop_fd;             /* readable: ends all; -1: nothing does */
};

/* Finds out who is there and uploads the jar. NULL: *outcome and *why (as in call_target()). */
struct suite *suite_open(const struct suite_options *options, enum call *outcome, const char **why);
void suite_close(struct suite *suite); /* takes the jar away again; NULL is allowed */

const struct discovered *suite_target(const struct suite *suite);

enum suite_outcome {
    SUITE_JUDGED,
    SUITE_SKIPPED, /* this scenario cannot be run on this cluster */
    SUITE_FAILED,  /* it could not be run or judged */
    SUITE_GONE,    /* the cluster no longer answers */
    SUITE_STOPPED  /* by stop_fd */
};

struct suite_result {
    enum suite_outcome outcome;
    struct judgement judgement; /* SUITE_JUDGED */
    uint64_t exchanges;
    struct buffer why; /* all others: one sentence, without a NUL; to be freed */
};

/* Takes as long as the plan, and a while before for jobs to come up. */
void suite_run(struct suite *suite, const struct plan *plan, struct suite_result *result);

#endif
