#include "harness/command_line/sharding.h"

#include <stdio.h>
#include <string.h>

bool sharding_read(const char *text, const struct output_options *output, struct shard *shard)
{
    *shard = (struct shard){1, 1};
    if (!text)
        return true;
    if (!shard_parse(text, shard)) {
        fprintf(stderr,
                "freshcheck: --shard takes I/N such as 2/8, I from 1 to N and N up to %d, not "
                "'%s'\n",
                SHARD_COUNT_MAX, text);
        return false;
    }
    if (output->format && strcmp(output->format, "json") != 0) {
        fputs("freshcheck: a --shard is printed as JSON, for merge to print the whole; leave out "
              "--format\n",
              stderr);
        return false;
    }
    return true;
}

bool sharding_write(const struct part *part, struct buffer *json)
{
    part_write(part, json);
    if (json->failed)
        fputs("freshcheck: out of memory\n", stderr);
    return !json->failed;
}
