#include <inttypes.h>
#include <stdio.h>

#include "harness/conform/conform_internal.h"

/* In one object, the one is never above the other. -1 and 0 stand for "not yet".
 * Source: reference sections 2.1, 2.4 and 2.7. */
struct relation {
    const char *low, *high;
    const char *sentence;
};

static const struct relation relations[] = {
    {"trigger_timestamp", "latest_ack_timestamp", "trigger_timestamp <= latest_ack_timestamp"},
    {"trigger_timestamp", "failure_timestamp", "trigger_timestamp <= failure_timestamp"},
    {"num_acknowledged_subtasks", "num_subtasks", "num_acknowledged_subtasks <= num_subtasks"},
    {"start-time", "end-time", "start-time <= end-time"},
    {"start-time", "now", "start-time <= now"},
    {"end-time", "now", "end-time <= now"},
    {"start-time", "last-modification", "start-time <= last-modification"},
    {"min", "max", "min <= max"},
};

enum { RELATION_COUNT = sizeof(relations) / sizeof(relations[0]) };

static bool is_broken(const json_t *object, const struct relation *relation)
{
    const json_t *low = json_object_get(object, relation->low);
    const json_t *high = json_object_get(object, relation->high);
    return json_is_integer(low) && json_is_integer(high) && json_integer_value(high) > 0 &&
           json_integer_value(low) > json_integer_value(high);
}

struct walk {
    struct buffer pointer;
    bool excused[RELATION_COUNT]; /* the recorded answer breaks it too */
    struct differences *out;      /* NULL while excuses are gathered */
};

static bool report(struct walk *walk, const json_t *object, const struct relation *relation)
{
    const size_t length = walk->pointer.length;
    char broken[64];
    snprintf(broken, sizeof(broken), "%" JSON_INTEGER_FORMAT " > %" JSON_INTEGER_FORMAT,
             json_integer_value(json_object_get(object, relation->low)),
             json_integer_value(json_object_get(object, relation->high)));
    pointer_push(&walk->pointer, relation->high);
    const char *pointer = pointer_text(&walk->pointer);
    const bool added = pointer && differences_add(walk->out, "the answer contradicts itself",
                                                  pointer, relation->sentence, broken);
    pointer_pop(&walk->pointer, length);
    return added;
}

static bool check_object(struct walk *walk, const json_t *object)
{
    for (size_t i = 0; i < RELATION_COUNT; i++) {
        if (walk->excused[i] || !is_broken(object, &relations[i]))
            continue;
        if (!walk->out)
            walk->excused[i] = true;
        else if (!report(walk, object, &relations[i]))
            return false;
    }
    return true;
}

static bool visit(struct walk *walk, const json_t *value)
{
    const size_t length = walk->pointer.length;
    const char *key;
    json_t *member;
    if (json_is_object(value) && !check_object(walk, value))
        return false;
    for (size_t i = 0; i < json_array_size(value); i++) {
        pointer_push_index(&walk->pointer, i);
        if (!visit(walk, json_array_get(value, i)))
            return false;
        pointer_pop(&walk->pointer, length);
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        pointer_push(&walk->pointer, key);
        if (!visit(walk, member))
            return false;
        pointer_pop(&walk->pointer, length);
    }
    return true;
}

bool compare_relations(const json_t *recorded, const json_t *answered, struct differences *out)
{
    struct walk walk = {0};
    bool has_memory = visit(&walk, recorded);
    walk.out = out;
    has_memory = has_memory && visit(&walk, answered) && !walk.pointer.failed;
    buffer_free(&walk.pointer);
    return has_memory;
}
