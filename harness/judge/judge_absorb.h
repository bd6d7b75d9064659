#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_ABSORB_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_ABSORB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an answer adds to the memory, and which run it shows. */

struct judge;
struct look;

/* A list that nothing was wrong with, the last one. */
struct clean_list {
    uint64_t serial; /* 0: none */
    size_t run;      /* the current run at that time */
    bool is_numeric; /* it put numeric-latest to the test */
};

bool absorb_run(struct judge *judge, struct look *look); /* sets look->run and look->current */
/*
 * What need not be looked at again. Entries of a list that an earlier list showed alike, of the
 * current run, and that nothing was wrong with, are most of every list; and a list with no others
 * is clean as a whole: when other clients are given the same, its content is only counted.
 */
void absorb_known_content(struct look *look);
/* False: out of memory. */
bool absorb_answer(struct judge *judge, struct look *look);

#endif
