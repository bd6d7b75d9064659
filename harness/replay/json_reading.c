#include <stdlib.h>
#include <string.h>

#include "harness/replay/replay_internal.h"

void *replay_grow(void *items, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity)
        return items;
    const size_t wanted = *capacity > 0 ? 2 * *capacity : 16;
    void *grown = wanted > SIZE_MAX / item_size ? NULL : realloc(items, wanted * item_size);
    if (grown)
        *capacity = wanted;
    return grown;
}

const json_t *json_at(const json_t *root, const char *keys)
{
    char key[64];
    for (const char *at = keys; root && at;) {
        const char *end = strchr(at, '/');
        const size_t length = end ? (size_t)(end - at) : strlen(at);
        if (length >= sizeof(key))
            return NULL;
        memcpy(key, at, length);
        key[length] = '\0';
        root = json_object_get(root, key);
        at = end ? end + 1 : NULL;
    }
    return root;
}

int64_t json_number_at(const json_t *root, const char *keys, int64_t otherwise)
{
    const json_t *value = json_at(root, keys);
    const json_int_t number = json_integer_value(value);
    return json_is_integer(value) && number > -NUMBER_LIMIT && number < NUMBER_LIMIT
               ? (int64_t)number
               : otherwise;
}

const char *json_text_at(const json_t *root, const char *keys)
{
    return json_string_value(json_at(root, keys));
}

bool path_job(const char *path, struct id *job, const char **rest)
{
    static const char jobs[] = "/jobs/";
    if (strncmp(path, jobs, sizeof(jobs) - 1) != 0)
        return false;
    const char *id = path + sizeof(jobs) - 1;
    *rest = id + strcspn(id, "/?");
    return id_parse(id, (size_t)(*rest - id), job);
}

bool path_is_run(const char *path)
{
    return conform_matches("/jars/*/run", path) || conform_matches("/jars/*/run?**", path);
}

bool exchange_is(const struct transcript_exchange *exchange, const char *method, int status)
{
    return strcmp(exchange->recorded.method, method) == 0 && exchange->recorded.status == status;
}
