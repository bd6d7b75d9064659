#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* `claims:` what is promised. */

static bool find_property(struct loader *loader, const struct node *node, enum property *property)
{
    if (property_find(node->text, property))
        return true;
    const char *near = suggestion(loader, node->text, node->length, property_ids(), PROPERTY_COUNT);
    complain(loader, node->at, "there is no property %s%s", shown_node(loader, node), near);
    return false;
}

static bool take_property(struct loader *loader, const struct node *node, enum property *property)
{
    if (!is_text(loader, node, "the id of a property") || !find_property(loader, node, property))
        return false;
    bool *claimed = &loader->plan->claim.claimed[*property];
    if (*claimed)
        complain(loader, node->at, "`%s` is claimed a second time here", node->text);
    *claimed = true;
    loader->plan->claim_places[*property] = place_of(loader, node->at);
    return true;
}

static const struct field load_fields[] = {
    {"in flight", VALUE_COUNT, offsetof(struct claim, in_flight_max)},
};

static const struct shape load_shape = {
    .what = "`bounded-load`",
    .fields = load_fields,
    .count = 1,
};

/* "bounded-age: 3 s": a property with what it needs to know. */
static void take_parameter(struct loader *loader, const struct node *value)
{
    struct claim *claim = &loader->plan->claim;
    enum property property;
    if (!take_property(loader, value->key, &property))
        return;
    const struct node *given[FIELDS_MAX];
    if (property == PROPERTY_BOUNDED_AGE)
        value_read(loader, value, VALUE_PERIOD, &claim->bound_us);
    else if (property == PROPERTY_RESTORE_WINDOW)
        value_read(loader, value, VALUE_PERIOD, &claim->restore_window_us);
    else if (property == PROPERTY_CONVERGES)
        value_read(loader, value, VALUE_DURATION, &claim->settled_from_us);
    else if (property == PROPERTY_BOUNDED_LOAD)
        map_read(loader, value, &load_shape, claim, given, NULL);
    else
        complain(loader, value->at, "`%s` takes no value", value->key->text);
}

static void take_bare(struct loader *loader, const struct node *node)
{
    struct claim *claim = &loader->plan->claim;
    enum property property;
    if (!take_property(loader, node, &property))
        return;
    if (property == PROPERTY_RESTORE_WINDOW)
        complain(loader, node->at,
                 "`restore-window` needs a time, such as `{restore-window: 1 s}`");
    if (property == PROPERTY_CONVERGES)
        complain(loader, node->at,
                 "`converges` needs the time from which all is quiet, such as `{converges: 3 s}`");
    if (property != PROPERTY_BOUNDED_AGE)
        return;
    claim->bound_us = settings_stats_timeout_us(&loader->plan->settings);
    if (claim->bound_us <= 0)
        complain(loader, node->at,
                 "the checkpoint statistics timeout is 0 here, and an age of 0 "
                 "is `fresh`; claim that, or write `{bounded-age: 3 s}`");
}

void claims_read(struct loader *loader, const struct node *node)
{
    struct claim *claim = &loader->plan->claim;
    const struct settings *settings = &loader->plan->settings;
    claim->in_flight_max = 1;
    claim->settings_known = true;
    claim->settings_timeout_us = settings_stats_timeout_us(settings);
    claim->stats_entry_count_max = settings->stats_entry_count_max;
    claim->detail_entry_count_max = settings->history_count_max;
    claim->refresh_interval_us = loader->plan->settings.refresh_interval_us;
    if (node->kind != NODE_LIST || node->count == 0) {
        complain(loader, node->at,
                 "`claims` is a list of properties, such as [fresh, available]; "
                 "found %s",
                 node->kind == NODE_LIST ? "an empty one" : shown_node(loader, node));
        return;
    }
    for (const struct node *item = node->first; item; item = item->next) {
        if (item->kind == NODE_MAP) {
            for (const struct node *child = item->first; child; child = child->next)
                take_parameter(loader, child);
        } else {
            take_bare(loader, item);
        }
    }
}
