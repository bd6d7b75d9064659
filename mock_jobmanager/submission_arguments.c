#include <stdlib.h>
#include <string.h>

#include "mock_jobmanager/submissions_internal.h"

/*
 * What a program is told on its command line, as far as jobs here have it in them: the arguments of
 * the job that tests run on real clusters (tests/flink/job), so that one call starts both.
 */

enum { ARGUMENT_DIGITS_MAX = 15 };

struct argument {
    const char *name;
    size_t offset;
};

#define AT(member) offsetof(struct program_arguments, member)
static const struct argument numbers[] = {
    {"--interval-ms", AT(interval_ms)},           {"--snapshot-ms", AT(snapshot_ms)},
    {"--state-bytes", AT(state_bytes)},           {"--finish-after-ms", AT(finish_after_ms)},
    {"--restart-after-ms", AT(restart_after_ms)}, {"--parallelism", AT(parallelism)},
};
#undef AT

/* -1: it is no number. */
static int64_t number_of(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= ARGUMENT_DIGITS_MAX && text[digits] == '\0' ? atoll(text) : -1;
}

static void take(struct program_arguments *arguments, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (strcmp(numbers[i].name, name) == 0)
            *(int64_t *)((char *)arguments + numbers[i].offset) = number_of(value);
    if (strcmp(name, "--name") == 0)
        arguments->name = value;
}

void program_arguments_read(const struct job_order *order, struct program_arguments *arguments)
{
    *arguments = (struct program_arguments){NULL, -1, -1, -1, -1, -1, -1};
    if (!order || !order->arguments)
        return;
    const char *const end = order->arguments + order->arguments_length;
    const char *name = NULL;
    for (const char *text = order->arguments; text < end; text += strlen(text) + 1) {
        if (name)
            take(arguments, name, text);
        name = !name && strncmp(text, "--", 2) == 0 ? text : NULL;
    }
}
