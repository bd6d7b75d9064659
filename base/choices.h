#ifndef FRESHCHECK_BASE_CHOICES_H
#define FRESHCHECK_BASE_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A sequence of choices that something is made up from: drawn from a seed and written down, or
 * played back. What is made from a shorter sequence of smaller numbers is simpler, for 0 is always
 * the simplest choice, and behind the end of a sequence there are only zeros. So whatever is made
 * from choices can be made smaller without knowing what it is.
 *
 * Running out of memory is sticky: from then on every choice is 0, and choices_failed() tells.
 */
struct choices;

struct choices *choices_new(void);          /* plays back nothing; NULL: out of memory */
void choices_free(struct choices *choices); /* NULL is allowed */

/* Begins anew. What was taken before is forgotten; `values` is borrowed. */
void choices_draw(struct choices *choices, uint64_t seed);
void choices_replay(struct choices *choices, const uint64_t *values, size_t count);

/* The choices that were taken since, each less than its bound: played back, they are taken again.
 * Valid until the next choice. */
const uint64_t *choices_taken(const struct choices *choices, size_t *count);
bool choices_failed(const struct choices *choices);

uint64_t choices_below(struct choices *choices, uint64_t bound); /* 0 .. bound-1; bound > 0 */
int64_t choices_between(struct choices *choices, int64_t low, int64_t high); /* both included */
bool choices_chance(struct choices *choices, uint32_t permille);             /* simplest: false */

/* An index below `count`, each as often as its weight says, of their sum. The simplest is the first
 * whose weight is not 0; one has to be there. */
size_t choices_weighted(struct choices *choices, const unsigned *weights, size_t count);

/* One of a table of numbers; the simplest is its first. */
#define choices_pick(choices, table) \
    ((table)[choices_below((choices), sizeof(table) / sizeof((table)[0]))])

#endif
