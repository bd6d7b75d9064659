#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/explore/exploration.h"
#include "harness/recording/json_tree.h"

/* --- writing -------------------------------------------------------------------------------- */

static void write_number(const char *name, uint64_t number, struct json_writer *json)
{
    json_key(json, name);
    json_uint64(json, number);
}

static void write_property(enum property property, const struct property_tally *of,
                           struct json_writer *json)
{
    json_begin_object(json);
    json_member_text(json, "id", property_id(property));
    write_number("tested", of->tested, json);
    write_number("tested_runs", of->tested_runs, json);
    write_number("failed_runs", of->failed_runs, json);
    if (of->failed_runs > 0)
        write_number("first_failed", of->first_failed, json);
    json_end_object(json);
}

static void write_failure(enum property property, enum layer layer,
                          const struct exploration_failure *failure, struct json_writer *json)
{
    json_begin_object(json);
    json_member_text(json, "property", property_id(property));
    json_member_text(json, "layer", layer_name(layer));
    write_number("seed", failure->seed, json);
    if (failure->choices) {
        json_member_array(json, "choices");
        for (size_t i = 0; i < failure->choice_count; i++)
            json_uint64(json, failure->choices[i]);
        json_end_array(json);
    }
    json_end_object(json);
}

void exploration_write(const struct exploration *exploration, struct json_writer *json)
{
    const struct tally *tally = &exploration->tally;
    json_begin_object(json);
    write_number("seeds", tally->seeds, json);
    write_number("reads", tally->reads, json);
    write_number("calls", tally->fetches, json);
    write_number("completions", tally->completions, json);
    write_number("failed_runs", tally->failed_runs, json);
    json_member_array(json, "properties");
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        write_property((enum property)i, &tally->of[i], json);
    json_end_array(json);
    json_member_array(json, "failures");
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        for (size_t k = 0; k < LAYER_COUNT; k++)
            if (exploration->failures[i][k].found)
                write_failure((enum property)i, (enum layer)k, &exploration->failures[i][k], json);
    json_end_array(json);
    json_end_object(json);
}

/* --- reading -------------------------------------------------------------------------------- */

struct reader {
    struct exploration *exploration;
    char *complaint;
    const char *list; /* where in the object: "failures", or NULL at its top */
    size_t index;
};

/* Always false: what the caller returns. */
__attribute__((format(printf, 3, 4))) static bool
complain(const struct reader *reader, const char *member, const char *format, ...)
{
    char wrong[EXPLORATION_COMPLAINT_MAX / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(wrong, sizeof wrong, format, arguments);
    va_end(arguments);
    if (reader->list)
        snprintf(reader->complaint, EXPLORATION_COMPLAINT_MAX, "%s[%zu].%s: %s", reader->list,
                 reader->index, member, wrong);
    else
        snprintf(reader->complaint, EXPLORATION_COMPLAINT_MAX, "%s: %s", member, wrong);
    return false;
}

static bool read_number(const struct reader *reader, const struct node *object, const char *name,
                        uint64_t *number)
{
    const struct node *node = node_get(object, name);
    if (!node)
        return complain(reader, name, "is missing");
    if (!node_is(node, NODE_INTEGER) || node->as.integer < 0)
        return complain(reader, name, "is no number from 0 on");
    *number = (uint64_t)node->as.integer;
    return true;
}

/* The text of a member, to be freed; NULL: said. */
static char *read_text(const struct reader *reader, const struct node *object, const char *name)
{
    const struct node *node = node_get(object, name);
    char *text = node_is(node, NODE_TEXT) ? node_copy(node) : NULL;
    if (!node)
        complain(reader, name, "is missing");
    else if (!node_is(node, NODE_TEXT))
        complain(reader, name, "is no text");
    else if (!text)
        complain(reader, name, "out of memory");
    return text;
}

static bool read_property_id(const struct reader *reader, const struct node *object,
                             const char *name, enum property *property)
{
    char *id = read_text(reader, object, name);
    bool fine = id && property_find(id, property);
    if (id && !fine)
        complain(reader, name, "there is no property '%.40s'", id);
    free(id);
    return fine;
}

static bool read_property(struct reader *reader, const struct node *object)
{
    enum property property;
    if (!read_property_id(reader, object, "id", &property))
        return false;
    struct property_tally *of = &reader->exploration->tally.of[property];
    return read_number(reader, object, "tested", &of->tested) &&
           read_number(reader, object, "tested_runs", &of->tested_runs) &&
           read_number(reader, object, "failed_runs", &of->failed_runs) &&
           (of->failed_runs == 0 || read_number(reader, object, "first_failed", &of->first_failed));
}

static bool read_choices(const struct reader *reader, const struct node *object,
                         struct exploration_failure *failure)
{
    const struct node *list = node_get(object, "choices");
    if (!list)
        return true;
    if (!node_is(list, NODE_LIST))
        return complain(reader, "choices", "is no list");
    failure->choices = malloc((list->as.count + 1) * sizeof *failure->choices);
    if (!failure->choices)
        return complain(reader, "choices", "out of memory");
    const struct node *item = node_first(list);
    for (size_t i = 0; i < list->as.count; i++, item = node_next(item)) {
        if (!node_is(item, NODE_INTEGER) || item->as.integer < 0)
            return complain(reader, "choices", "holds something else than numbers from 0 on");
        failure->choices[failure->choice_count++] = (uint64_t)item->as.integer;
    }
    return true;
}

static bool read_failure(struct reader *reader, const struct node *object)
{
    enum property property;
    enum layer layer;
    if (!read_property_id(reader, object, "property", &property))
        return false;
    char *name = read_text(reader, object, "layer");
    const bool known = name && layer_find(name, &layer);
    if (name && !known)
        complain(reader, "layer", "there is no layer '%.40s'", name);
    free(name);
    if (!known)
        return false;
    struct exploration_failure *failure = &reader->exploration->failures[property][layer];
    if (failure->found)
        return complain(reader, "layer", "the same failure stands there twice");
    failure->found = true;
    return read_number(reader, object, "seed", &failure->seed) &&
           read_choices(reader, object, failure);
}

static bool read_list(struct reader *reader, const struct node *root, const char *name,
                      bool (*read_item)(struct reader *reader, const struct node *object))
{
    const struct node *list = node_get(root, name);
    if (!node_is(list, NODE_LIST))
        return complain(reader, name, list ? "is no list" : "is missing");
    const struct node *item = node_first(list);
    reader->list = name;
    for (reader->index = 0; reader->index < list->as.count; reader->index++, item = node_next(item))
        if (!read_item(reader, item))
            return false;
    reader->list = NULL;
    return true;
}

static bool read_all(struct reader *reader, const struct node *root)
{
    struct tally *tally = &reader->exploration->tally;
    return read_number(reader, root, "seeds", &tally->seeds) &&
           read_number(reader, root, "reads", &tally->reads) &&
           read_number(reader, root, "calls", &tally->fetches) &&
           read_number(reader, root, "completions", &tally->completions) &&
           read_number(reader, root, "failed_runs", &tally->failed_runs) &&
           read_list(reader, root, "properties", read_property) &&
           read_list(reader, root, "failures", read_failure);
}

bool exploration_read(const char *bytes, size_t length, struct exploration *exploration,
                      char complaint[EXPLORATION_COMPLAINT_MAX])
{
    static const char *const wrong[] = {
        [JSON_DAMAGED] = "it is no JSON", [JSON_NO_MEMORY] = "out of memory"};
    struct json_tree tree = {0};
    struct reader reader = {.exploration = exploration, .complaint = complaint};
    const enum json_outcome outcome = json_tree_read(&tree, bytes, length);
    bool fine = outcome == JSON_READ;
    if (!fine)
        snprintf(complaint, EXPLORATION_COMPLAINT_MAX, "%s", wrong[outcome]);
    fine = fine && read_all(&reader, tree.nodes);
    json_tree_free(&tree);
    if (!fine)
        exploration_free(exploration);
    return fine;
}
