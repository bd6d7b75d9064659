#include "harness/replay/same_life.h"

#include <stdio.h>

#include "harness/replay/replay_internal.h"

static const char what[] = "the number is another in the same life";

static bool compare_number(const json_t *recorded, const json_t *answered, const char *keys,
                           const char *pointer, struct differences *out)
{
    const json_t *wanted = json_at(recorded, keys), *given = json_at(answered, keys);
    char should[24], is[24];
    if (!json_is_integer(wanted) || !json_is_integer(given) || json_equal(wanted, given))
        return true;
    snprintf(should, sizeof(should), "%" JSON_INTEGER_FORMAT, json_integer_value(wanted));
    snprintf(is, sizeof(is), "%" JSON_INTEGER_FORMAT, json_integer_value(given));
    return differences_add(out, what, pointer, should, is);
}

static bool compare_history(const json_t *recorded, const json_t *answered, struct differences *out)
{
    const json_t *wanted = json_object_get(recorded, "history");
    const json_t *given = json_object_get(answered, "history");
    if (!json_is_array(wanted) || !json_is_array(given))
        return true;
    if (json_array_size(wanted) != json_array_size(given)) {
        char should[24], is[24];
        snprintf(should, sizeof(should), "%zu entries", json_array_size(wanted));
        snprintf(is, sizeof(is), "%zu entries", json_array_size(given));
        return differences_add(out, what, "/history", should, is);
    }
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        char pointer[40];
        snprintf(pointer, sizeof(pointer), "/history/%zu/id", i);
        if (!compare_number(json_array_get(wanted, i), json_array_get(given, i), "id", pointer,
                            out))
            return false;
    }
    return true;
}

bool compare_same_life(const json_t *recorded, const json_t *answered, struct differences *out)
{
    static const struct {
        const char *keys, *pointer;
    } numbers[] = {
        {"counts/restored", "/counts/restored"},
        {"counts/total", "/counts/total"},
        {"counts/in_progress", "/counts/in_progress"},
        {"counts/completed", "/counts/completed"},
        {"counts/failed", "/counts/failed"},
        {"latest/completed/id", "/latest/completed/id"},
        {"latest/savepoint/id", "/latest/savepoint/id"},
        {"latest/failed/id", "/latest/failed/id"},
        {"latest/restored/id", "/latest/restored/id"},
        {"operation/checkpointId", "/operation/checkpointId"},
        {"num_acknowledged_subtasks", "/num_acknowledged_subtasks"},
        {"slots-available", "/slots-available"},
        {"jobs-running", "/jobs-running"},
        {"jobs-finished", "/jobs-finished"},
        {"jobs-cancelled", "/jobs-cancelled"},
        {"jobs-failed", "/jobs-failed"},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (!compare_number(recorded, answered, numbers[i].keys, numbers[i].pointer, out))
            return false;
    }
    return compare_history(recorded, answered, out);
}
