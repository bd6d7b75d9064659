#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_TWINS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_TWINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/verdict.h"

/* Who spoiled the content of a list. */

struct judge;
struct look;

/* A list whose content agrees, or one that does not. */
struct twin {
    bool is_known, is_direct;
    size_t job, run;
    uint64_t version;
};

bool look_lists_beyond_latest(const struct look *look);
enum layer look_layer_of_content(struct judge *judge, const struct look *look,
                                 enum property property);
/* A sound list tells whose fault its faulty twins are. */
void look_for_twin(struct judge *judge, struct look *look);

#endif
