#include "harness/conform/conform.h"

/*
 * Values that the state of a job fixes: names of kinds, states and exceptions. In an array these
 * are what an element is told apart by. Source: reference sections 2.1 to 2.7.
 */
static const char *const literal_pointers[] = {
    "**/className",
    "**/status",
    "**/status/id",
    "**/state",
    "**/is_savepoint",
    "**/savepointFormat",
    "**/checkpoint_type",
    "**/discarded",
    "**/aborted",
    "**/unaligned_checkpoint",
    "**/type",
    "**/job-type",
    "**/jobType",
    "**/schedulerType",
    "**/ship_strategy",
    "**/exchange",
    "**/execution-mode",
    "**/object-reuse-mode",
    "**/isStoppable",
    "**/class",
    "**/exceptionName",
    "/mode",
    "/externalization/*",
    "/checkpoints_after_tasks_finish",
    "/state_changelog_enabled",
    "/unaligned_checkpoints",
    "/state_backend",
    "/checkpoint_storage",
    "/changelog_storage",
};

const char *const *conform_literal_pointers(size_t *count)
{
    *count = sizeof(literal_pointers) / sizeof(literal_pointers[0]);
    return literal_pointers;
}

/* Where to take up again: after a star in the pattern, with the star holding one byte more. */
struct retry {
    const char *pattern, *text;
};

/*
 * The last star of each kind is enough to go back to: what an earlier one could take as well, the
 * later one could too, and a single star never gets past the '/' that stops it.
 */
bool conform_matches(const char *pattern, const char *text)
{
    struct retry one = {0}, any = {0};
    for (;;) {
        if (pattern[0] == '*' && pattern[1] == '*') {
            pattern += 2;
            any = (struct retry){pattern, text};
            one = (struct retry){0};
        } else if (*pattern == '*') {
            one = (struct retry){++pattern, text};
        } else if (*pattern == *text) {
            if (*text == '\0')
                return true;
            pattern++;
            text++;
        } else if (one.pattern && *one.text != '\0' && *one.text != '/') {
            pattern = one.pattern;
            text = ++one.text;
        } else if (any.pattern && *any.text != '\0') {
            one = (struct retry){0};
            pattern = any.pattern;
            text = ++any.text;
        } else {
            return false;
        }
    }
}
