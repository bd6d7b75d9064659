#include "harness/parts/shard.h"

#include <errno.h>
#include <stdlib.h>

static bool parse_number(const char *text, char end, char **rest, uint64_t *number)
{
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *number = strtoull(text, rest, 10);
    return errno == 0 && **rest == end;
}

bool shard_parse(const char *text, struct shard *shard)
{
    char *rest;
    return parse_number(text, '/', &rest, &shard->index) &&
           parse_number(rest + 1, '\0', &rest, &shard->count) && shard->index > 0 &&
           shard->index <= shard->count && shard->count <= SHARD_COUNT_MAX;
}

uint64_t shard_of_item(uint64_t item, uint64_t count)
{
    return (item % count + item / count % count) % count + 1;
}

uint64_t shard_item_count(const struct shard *shard, uint64_t items)
{
    const uint64_t rounds = items / shard->count;
    const uint64_t in_last_round =
        (shard->index - 1 + shard->count - rounds % shard->count) % shard->count;
    return rounds + (in_last_round < items % shard->count);
}

uint64_t shard_row_count(const struct shard *shard, uint64_t items)
{
    return items / shard->count + (shard->index - 1 < items % shard->count);
}
