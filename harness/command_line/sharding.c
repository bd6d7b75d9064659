#include "harness/command_line/sharding.h"

#include <stdio.h>
#include <string.h>

#include "harness/command_line/files.h"
#include "harness/command_line/option_readers.h"

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

enum { OBJECT_SIZE_MAX = 1 << 28 };

bool sharding_fingerprint(const char *const *implementations, size_t count, uint64_t *fingerprint)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer content = {0};
        if (!option_implementation_is_file(implementations[i]))
            continue;
        if (!file_read(implementations[i], OBJECT_SIZE_MAX, &content))
            return false;
        *fingerprint = fingerprint_add(*fingerprint, content.bytes, content.length);
        buffer_free(&content);
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
