#include <string.h>

#include "harness/conform/conform_internal.h"

/* Where the comparison is: the pointer of the values in hand. */
struct place {
    struct buffer pointer;
};

static bool compare(struct place *place, const json_t *recorded, const json_t *answered,
                    struct differences *out);

static bool add(struct place *place, const char *what, const json_t *recorded,
                const json_t *answered, struct differences *out)
{
    return differences_add_values(out, what, pointer_text(&place->pointer), recorded, answered);
}

/* Arrays where "none" and "some" are different answers. Others may be empty at one moment and not
 * at the next. */
static bool is_decisive(const char *pointer)
{
    static const char *const decisive[] = {
        "/history", "/subtasks", "/vertices",     "/plan/nodes",
        "/jobs",    "/errors",   "/taskmanagers", "/exceptionHistory/entries",
    };
    for (size_t i = 0; i < sizeof(decisive) / sizeof(decisive[0]); i++) {
        if (strcmp(pointer, decisive[i]) == 0)
            return true;
    }
    return false;
}

static bool is_literal(const char *pointer)
{
    size_t count;
    const char *const *patterns = conform_literal_pointers(&count);
    for (size_t i = 0; i < count; i++) {
        if (conform_matches(patterns[i], pointer))
            return true;
    }
    return false;
}

/* Compares with one recorded value; *best is what they differ in if that is less than before. */
static bool try_one(struct place *place, const json_t *recorded, const json_t *answered,
                    bool *has_best, struct differences *best)
{
    struct differences these = {0};
    if (!compare(place, recorded, answered, &these)) {
        differences_free(&these);
        return false;
    }
    if (*has_best && these.count + these.left_out >= best->count + best->left_out) {
        differences_free(&these);
        return true;
    }
    differences_free(best);
    *best = these;
    *has_best = true;
    return true;
}

/*
 * An answered element must be as some recorded one is; where none is, the differences from the
 * nearest are reported. Each pair of nodes is compared once, so this costs at most the product of
 * both sizes.
 */
static bool compare_with_any(struct place *place, const json_t *candidates, size_t index,
                             const json_t *answered, struct differences *out)
{
    const size_t count = json_array_size(candidates);
    struct differences best = {0};
    bool has_best = false;
    for (size_t i = 0; i < count; i++) {
        const json_t *candidate = json_array_get(candidates, (index + i) % count);
        if (!try_one(place, candidate, answered, &has_best, &best)) {
            differences_free(&best);
            return false;
        }
        if (best.count == 0)
            return true;
    }
    return differences_move(out, &best);
}

static bool compare_arrays(struct place *place, const json_t *recorded, const json_t *answered,
                           struct differences *out)
{
    const char *pointer = pointer_text(&place->pointer);
    const size_t length = place->pointer.length;
    if (!pointer)
        return false;
    if (json_array_size(recorded) == 0)
        return true;
    if (json_array_size(answered) == 0)
        return !is_decisive(pointer) || add(place, "the array is empty", recorded, answered, out);
    for (size_t i = 0; i < json_array_size(answered); i++) {
        pointer_push_index(&place->pointer, i);
        if (!compare_with_any(place, recorded, i, json_array_get(answered, i), out))
            return false;
        pointer_pop(&place->pointer, length);
    }
    return true;
}

/* Texts of errors have an order and a number: they are what clients match. */
static bool compare_errors(struct place *place, const json_t *recorded, const json_t *answered,
                           struct differences *out)
{
    const size_t length = place->pointer.length;
    if (json_array_size(recorded) != json_array_size(answered))
        return add(place, "the number of texts is another", recorded, answered, out);
    for (size_t i = 0; i < json_array_size(recorded); i++) {
        const json_t *wanted = json_array_get(recorded, i), *given = json_array_get(answered, i);
        bool same = false;
        const bool texts = json_is_string(wanted) && json_is_string(given);
        if (texts && !error_text_same(json_string_value(wanted), json_string_value(given), &same))
            return false;
        pointer_push_index(&place->pointer, i);
        if (!same && !add(place, "the error says something else", wanted, given, out))
            return false;
        pointer_pop(&place->pointer, length);
    }
    return true;
}

/* Keys that are ids name things of that one run, as vertices in `tasks`. */
static bool is_keyed_by_id(const json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!format_is_id(key))
            return false;
    }
    return json_object_size(object) > 0;
}

static json_t *values_of(const json_t *object)
{
    json_t *values = json_array();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!values || json_array_append(values, value) != 0) {
            json_decref(values);
            return NULL;
        }
    }
    return values;
}

static bool compare_keyed_by_id(struct place *place, const json_t *recorded, const json_t *answered,
                                struct differences *out)
{
    const size_t length = place->pointer.length;
    size_t index = 0;
    const char *key;
    json_t *value;
    if (json_object_size(recorded) != json_object_size(answered) &&
        !add(place, "the number of ids is another", recorded, answered, out))
        return false;
    json_t *candidates = values_of(recorded);
    bool has_memory = candidates != NULL;
    json_object_foreach((json_t *)(uintptr_t)answered, key, value)
    {
        pointer_push(&place->pointer, key);
        if (!has_memory)
            break;
        if (!format_is_id(key))
            has_memory = add(place, "the key is no id", NULL, value, out);
        else
            has_memory = compare_with_any(place, candidates, index++, value, out);
        pointer_pop(&place->pointer, length);
    }
    json_decref(candidates);
    return has_memory;
}

static bool compare_members(struct place *place, const json_t *recorded, const json_t *answered,
                            struct differences *out)
{
    const size_t length = place->pointer.length;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)recorded, key, value)
    {
        const json_t *given = json_object_get(answered, key);
        pointer_push(&place->pointer, key);
        if (!(given ? compare(place, value, given, out)
                    : add(place, "the key is missing", value, NULL, out)))
            return false;
        pointer_pop(&place->pointer, length);
    }
    json_object_foreach((json_t *)(uintptr_t)answered, key, value)
    {
        if (json_object_get(recorded, key))
            continue;
        pointer_push(&place->pointer, key);
        if (!add(place, "the key is not in the recording", NULL, value, out))
            return false;
        pointer_pop(&place->pointer, length);
    }
    return true;
}

static bool is_boolean_pair(const json_t *recorded, const json_t *answered)
{
    return json_is_boolean(recorded) && json_is_boolean(answered);
}

static bool compare_scalars(struct place *place, const json_t *recorded, const json_t *answered,
                            struct differences *out)
{
    const char *pointer = pointer_text(&place->pointer);
    if (!pointer)
        return false;
    if (is_literal(pointer) && !json_equal(recorded, answered))
        return add(place, "the value is another", recorded, answered, out);
    if (is_boolean_pair(recorded, answered))
        return true;
    const char *what = format_difference(recorded, answered);
    return !what || add(place, what, recorded, answered, out);
}

static bool compare(struct place *place, const json_t *recorded, const json_t *answered,
                    struct differences *out)
{
    if (json_typeof(recorded) != json_typeof(answered) && !is_boolean_pair(recorded, answered))
        return add(place, "the JSON type is another", recorded, answered, out);
    if (json_is_object(recorded))
        return (is_keyed_by_id(recorded) ? compare_keyed_by_id : compare_members)(place, recorded,
                                                                                  answered, out);
    if (!json_is_array(recorded))
        return compare_scalars(place, recorded, answered, out);
    const char *pointer = pointer_text(&place->pointer);
    if (!pointer)
        return false;
    const bool errors = strcmp(pointer, "/errors") == 0;
    return (errors ? compare_errors : compare_arrays)(place, recorded, answered, out);
}

bool compare_trees(const json_t *recorded, const json_t *answered, struct differences *out)
{
    struct place place = {0};
    const bool has_memory = compare(&place, recorded, answered, out) && !place.pointer.failed;
    buffer_free(&place.pointer);
    return has_memory;
}
