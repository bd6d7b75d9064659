#include "harness/replay/renames.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/replay/replay_internal.h"

struct rename {
    char *recorded, *answered;
};

/* Where answers name what later requests speak of. */
static const char *const naming[] = {
    "request-id",
    "jobid",
    "operation/location",
    "latest/completed/external_path",
    "latest/savepoint/external_path",
};

/* The latest word counts: a path of that name may mean another one later. */
static bool put(struct renames *renames, const char *recorded, const char *answered)
{
    if (!recorded || !answered || *recorded == '\0')
        return true;
    for (size_t i = 0; i < renames->count; i++) {
        struct rename *known = &renames->items[i];
        if (strcmp(known->recorded, recorded) != 0)
            continue;
        char *copy = text_copy(answered);
        if (!copy)
            return false;
        free(known->answered);
        known->answered = copy;
        return true;
    }
    struct rename *items =
        replay_grow(renames->items, renames->count, &renames->capacity, sizeof(*items));
    if (!items)
        return false;
    renames->items = items;
    const struct rename item = {text_copy(recorded), text_copy(answered)};
    if (!item.recorded || !item.answered) {
        free(item.recorded);
        free(item.answered);
        return false;
    }
    items[renames->count++] = item;
    return true;
}

/* A jar is uploaded as a file and asked for by that file's name. */
static const char *jar_of(const json_t *body)
{
    const char *file = json_text_at(body, "filename");
    const char *slash = file ? strrchr(file, '/') : NULL;
    return slash ? slash + 1 : file;
}

bool renames_learn(struct renames *renames, const json_t *recorded, const json_t *answered)
{
    for (size_t i = 0; i < sizeof(naming) / sizeof(naming[0]); i++) {
        if (!put(renames, json_text_at(recorded, naming[i]), json_text_at(answered, naming[i])))
            return false;
    }
    return put(renames, jar_of(recorded), jar_of(answered));
}

void renames_free(struct renames *renames)
{
    for (size_t i = 0; i < renames->count; i++) {
        free(renames->items[i].recorded);
        free(renames->items[i].answered);
    }
    free(renames->items);
    *renames = (struct renames){0};
}

/* The longest one that the text begins with: a path may begin with another. */
static const struct rename *find(const struct renames *renames, const char *text)
{
    const struct rename *longest = NULL;
    size_t longest_length = 0;
    for (size_t i = 0; i < renames->count; i++) {
        const size_t length = strlen(renames->items[i].recorded);
        if (length > longest_length && strncmp(text, renames->items[i].recorded, length) == 0) {
            longest = &renames->items[i];
            longest_length = length;
        }
    }
    return longest;
}

void renames_apply(const struct renames *renames, const char *text, struct buffer *out)
{
    while (*text) {
        const struct rename *rename = find(renames, text);
        if (rename) {
            buffer_text(out, rename->answered);
            text += strlen(rename->recorded);
        } else {
            buffer_char(out, *text++);
        }
    }
}
