#include <string.h>

#include "base/text.h"
#include "harness/scenario/scenario_internal.h"

/* `expect:` which implementations break which properties, and why. */

struct failure_list {
    struct expected_failure *failures; /* kept */
    size_t count;
};

/* What is being read: one entry of `expect:`. */
struct entry {
    struct failure_list *lists; /* one for each implementation */
    bool *chosen;               /* those that the entry's name means */
};

static bool find_implementation(struct loader *loader, const char *name, size_t length, size_t at,
                                size_t *index)
{
    for (size_t i = 0; i < loader->implementation_count; i++) {
        const char *known = loader->implementations[i];
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            *index = i;
            return true;
        }
    }
    complain(
        loader, at, "there is no implementation %s%s", shown(loader, name, length),
        suggestion(loader, name, length, loader->implementations, loader->implementation_count));
    return false;
}

static bool choose_range(struct loader *loader, const struct node *key, const char *dots,
                         bool *chosen)
{
    size_t head = (size_t)(dots - key->text);
    size_t first, last;
    bool found = find_implementation(loader, key->text, head, key->at, &first);
    found = find_implementation(loader, dots + 2, key->length - head - 2, key->at, &last) && found;
    if (!found)
        return false;
    if (first > last) {
        complain(loader, key->at, "this range ends before it begins");
        return false;
    }
    for (size_t i = first; i <= last; i++)
        chosen[i] = true;
    return true;
}

static bool choose(struct loader *loader, const struct node *key, bool *chosen)
{
    const char *dots = strstr(key->text, "..");
    if (dots)
        return choose_range(loader, key, dots, chosen);
    if (!strchr(key->text, '*')) {
        size_t index;
        if (!find_implementation(loader, key->text, key->length, key->at, &index))
            return false;
        chosen[index] = true;
        return true;
    }
    bool any = false;
    for (size_t i = 0; i < loader->implementation_count; i++) {
        chosen[i] = text_matches(key->text, loader->implementations[i]);
        any = any || chosen[i];
    }
    if (!any)
        complain(loader, key->at, "no implementation is called %s", shown_node(loader, key));
    return any;
}

struct reason {
    const char *why;
};

static const struct field reason_fields[] = {
    {"layer", VALUE_NODE, 0},
    {"why", VALUE_TEXT, offsetof(struct reason, why)},
};

static const struct shape reason_shape = {
    .what = "an expected failure",
    .fields = reason_fields,
    .count = 2,
};

static void read_layer(struct loader *loader, const struct node *node, enum layer *layer)
{
    if (!is_text(loader, node, "a layer") || layer_find(node->text, layer))
        return;
    const char *names[LAYER_COUNT];
    for (int i = 0; i < LAYER_COUNT; i++)
        names[i] = layer_name((enum layer)i);
    complain(loader, node->at, "there is no layer %s%s", shown_node(loader, node),
             suggestion(loader, node->text, node->length, names, LAYER_COUNT));
}

/* "why text", or {layer: origin, why: text}. */
static void read_reason(struct loader *loader, const struct node *node,
                        struct expected_failure *failure)
{
    if (node->kind != NODE_MAP) {
        value_read(loader, node, VALUE_TEXT, &failure->why);
        return;
    }
    const struct node *given[FIELDS_MAX];
    struct reason reason = {0};
    map_read(loader, node, &reason_shape, &reason, given, NULL);
    if (given[0])
        read_layer(loader, given[0], &failure->layer);
    if (!given[1])
        complain(loader, node->at, "an expected failure needs `why`");
    failure->why = reason.why;
}

static void add_failure(struct loader *loader, struct failure_list *list, const char *name,
                        const struct expected_failure *failure, const struct node *key)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->failures[i].property == failure->property) {
            complain(loader, key->at, "`%s` of %s is expected to fail a second time here",
                     key->text, name);
            return;
        }
    }
    if (!list->failures)
        list->failures = arena_zeroed(loader->kept, PROPERTY_COUNT, sizeof(*list->failures));
    if (list->failures)
        list->failures[list->count++] = *failure;
}

static void read_failure(struct loader *loader, const struct node *value, struct entry *entry)
{
    struct expected_failure failure = {.layer = LAYER_UNKNOWN};
    const struct node *key = value->key;
    read_reason(loader, value, &failure);
    if (!property_find(key->text, &failure.property)) {
        complain(loader, key->at, "there is no property %s%s", shown_node(loader, key),
                 suggestion(loader, key->text, key->length, property_ids(), PROPERTY_COUNT));
        return;
    }
    if (!loader->plan->claim.claimed[failure.property]) {
        complain(loader, key->at, "`%s` is not among the claims, so nothing can be expected of it",
                 key->text);
        return;
    }
    for (size_t i = 0; i < loader->implementation_count; i++)
        if (entry->chosen[i])
            add_failure(loader, &entry->lists[i], loader->implementations[i], &failure, key);
}

static void read_entry(struct loader *loader, const struct node *node, struct entry *entry)
{
    memset(entry->chosen, 0, loader->implementation_count * sizeof(*entry->chosen));
    if (!choose(loader, node->key, entry->chosen))
        return;
    if (node->kind != NODE_MAP || node->count == 0) {
        complain(loader, node->at,
                 "expected the properties that break, such as {fresh: why}; "
                 "what is not named here is expected to pass; found %s",
                 node->kind == NODE_MAP ? "an empty mapping" : shown_node(loader, node));
        return;
    }
    for (const struct node *child = node->first; child; child = child->next)
        read_failure(loader, child, entry);
}

static void keep_expectations(struct loader *loader, const struct failure_list *lists)
{
    size_t count = 0;
    struct expectation *expectations =
        arena_zeroed(loader->kept, loader->implementation_count, sizeof(*expectations));
    if (!expectations)
        return;
    for (size_t i = 0; i < loader->implementation_count; i++) {
        const char *name = loader->implementations[i];
        if (lists[i].count == 0)
            continue;
        expectations[count++] = (struct expectation){
            .implementation = arena_text(loader->kept, name, strlen(name)),
            .failures = lists[i].failures,
            .failure_count = lists[i].count,
        };
    }
    loader->plan->expectations = expectations;
    loader->plan->expectation_count = count;
}

void expectations_read(struct loader *loader, const struct node *node)
{
    if (node->kind != NODE_MAP) {
        complain(loader, node->at,
                 "`expect` is a mapping of implementations, such as "
                 "{flink-1.17: {fresh: why}}; found %s",
                 shown_node(loader, node));
        return;
    }
    size_t room = loader->implementation_count + 1;
    struct entry entry = {
        .lists = arena_zeroed(loader->scratch, room, sizeof(*entry.lists)),
        .chosen = arena_zeroed(loader->scratch, room, sizeof(*entry.chosen)),
    };
    if (!entry.lists || !entry.chosen)
        return;
    for (const struct node *child = node->first; child; child = child->next)
        read_entry(loader, child, &entry);
    keep_expectations(loader, entry.lists);
}
