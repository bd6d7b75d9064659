#ifndef FRESHCHECK_HARNESS_PARTS_SHARD_H
#define FRESHCHECK_HARNESS_PARTS_SHARD_H

#include <stdbool.h>
#include <stdint.h>

/* One of `count` parts of some work; index is from 1 to count. */
struct shard {
    uint64_t index, count;
};

enum { SHARD_COUNT_MAX = 1000000 };

/* Reads "2/8". False when it is none. */
bool shard_parse(const char *text, struct shard *shard);

/*
 * Items of a table, numbered row by row from 0, are dealt out like cards, one to each part in turn,
 * and each round begins one part further on. So of any number of items no part gets more than one
 * more than another, and no part gets a column for itself because the table is as wide as the parts
 * are many.
 */
uint64_t shard_of_item(uint64_t item, uint64_t count);                /* whose it is, from 1 */
uint64_t shard_item_count(const struct shard *shard, uint64_t items); /* how many it gets of them */

/* Of a row of numbers every `count`-th is a part's, from its index on: how many that are. */
uint64_t shard_row_count(const struct shard *shard, uint64_t items);

#endif
