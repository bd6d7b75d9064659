#include "harness/flink_config/effective.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "harness/flink_config/option_table.h"
#include "harness/flink_config/option_value.h"

/*
 * Source: Flink Configuration.getOptional (the key, then the other keys in their order; the first
 * that is there counts, even when it cannot be parsed), RestHandlerConfiguration.fromConfiguration.
 */

struct resolver {
    const struct config_entries *entries;
    enum release release;
    bool reads[FORM_DYNAMIC + 1]; /* which forms count */
    struct effective *effective;
    bool no_memory;
};

static bool is_given(const struct config_entries *entries, enum config_form form)
{
    for (size_t i = 0; i < entries->source_count; i++) {
        if (entries->sources[i].form == form)
            return true;
    }
    return false;
}

/*
 * flink-conf.yaml until 1.18; in 1.19 and 1.20 it goes before config.yaml; 2.0 dropped it.
 * Source: Flink GlobalConfiguration.loadConfiguration.
 */
static void choose_files(struct resolver *resolver)
{
    const bool old_given = is_given(resolver->entries, FORM_FLINK_CONF);
    const bool new_given = is_given(resolver->entries, FORM_YAML);
    const bool knows_old = resolver->release <= RELEASE_1_20;
    const bool knows_new = resolver->release >= RELEASE_1_19;
    const bool takes_old = (knows_old && old_given) || !new_given;
    const bool takes_new = !takes_old || !old_given;
    resolver->reads[FORM_FLINK_CONF] = takes_old;
    resolver->reads[FORM_YAML] = takes_new;
    resolver->reads[FORM_DEPLOYMENT] = true;
    resolver->reads[FORM_CLUSTER] = true;
    resolver->reads[FORM_DYNAMIC] = true;
    if (old_given && !new_given && !knows_old)
        resolver->effective->missing_file = "config.yaml";
    if (new_given && !old_given && !knows_new)
        resolver->effective->missing_file = "flink-conf.yaml";
}

/* The entry that counts for a key: of -D, else of the last file that has it. */
static const struct config_entry *find_entry(const struct resolver *resolver, const char *key)
{
    const struct config_entry *found = NULL;
    for (size_t i = 0; i < resolver->entries->count; i++) {
        const struct config_entry *entry = &resolver->entries->items[i];
        if (entry->superseded || !resolver->reads[entry->form] || strcmp(entry->key, key) != 0)
            continue;
        if (!found || found->form != FORM_DYNAMIC || entry->form == FORM_DYNAMIC)
            found = entry;
    }
    return found;
}

const struct config_entry *effective_entry(const struct config_entries *entries,
                                           const char *release, const char *key)
{
    struct effective unused = {0};
    struct resolver resolver = {
        .entries = entries, .release = release_number(release), .effective = &unused};
    choose_files(&resolver);
    return find_entry(&resolver, key);
}

static void refuse(struct resolver *resolver, struct effective_value *value,
                   const struct option_row *row, struct buffer *sentence)
{
    value->refusal = buffer_take(sentence);
    value->refused_by = row->refused_by;
    if (value->refusal)
        resolver->effective->refusal_count++;
    else
        resolver->no_memory = true;
}

static void read_value(struct resolver *resolver, struct effective_value *value,
                       const struct option_row *row, enum value_type type)
{
    struct buffer sentence = {0};
    /* A deprecated key of another type is an option of its own. */
    const char *key = type == row->type ? row->key : value->key;
    if (!option_value_read(type, resolver->release, value->text, &value->number)) {
        buffer_printf(&sentence, "Could not parse value '%s' for key '%s'.", value->text, key);
        refuse(resolver, value, row, &sentence);
    } else if (row->too_small && value->number < row->least) {
        buffer_text(&sentence, row->too_small);
        refuse(resolver, value, row, &sentence);
    }
}

static void resolve_row(struct resolver *resolver, struct effective_value *value,
                        const struct option_row *row)
{
    enum value_type type = row->type;
    value->exists = true;
    value->key = row->key;
    value->entry = find_entry(resolver, row->key);
    value->origin = value->entry ? VALUE_SET : VALUE_DEFAULT;
    if (!value->entry && row->other.key) {
        value->entry = find_entry(resolver, row->other.key);
        if (value->entry) {
            value->origin = row->other.origin;
            value->key = row->other.key;
            type = row->other.type;
        }
    }
    value->text = value->entry ? value->entry->value : row->standard;
    value->number = -1;
    if (value->text)
        read_value(resolver, value, row, type);
}

/* A deprecated key of another type is an option of its own, which is looked at even where the new
 * one counts. Source: Flink ArchivedApplicationStoreUtils (2.3). */
static void check_other_option(struct resolver *resolver, struct effective_value *value,
                               const struct option_row *row)
{
    struct buffer sentence = {0};
    int64_t number;
    if (!row->other.key || row->other.type == row->type || value->origin != VALUE_SET)
        return;
    const struct config_entry *entry = find_entry(resolver, row->other.key);
    if (!entry || option_value_read(row->other.type, resolver->release, entry->value, &number))
        return;
    buffer_printf(&sentence, "Could not parse value '%s' for key '%s'.", entry->value,
                  row->other.key);
    if (value->refusal)
        resolver->effective->refusal_count--;
    free(value->refusal);
    value->entry = entry;
    refuse(resolver, value, row, &sentence);
}

static void resolve_option(struct resolver *resolver, enum flink_option option)
{
    struct effective_value *value = &resolver->effective->values[option];
    const struct option_row *row = option_row(option, resolver->release);
    if (row) {
        resolve_row(resolver, value, row);
        check_other_option(resolver, value, row);
        return;
    }
    *value = (struct effective_value){
        .origin = VALUE_DEFAULT,
        .key = flink_option_key(option, resolver->effective->version),
        .number = -1,
    };
}

/* What an option amounts to that stands for the refresh interval where it is not set. */
static void take_refresh_interval(const struct effective_value *refresh,
                                  struct effective_value *value)
{
    value->number = refresh->number;
    if (!value->exists)
        return;
    value->origin = refresh->entry ? VALUE_BY_FALLBACK : VALUE_DEFAULT;
    value->entry = refresh->entry;
    value->text = refresh->text;
    if (refresh->entry)
        value->key = refresh->key;
}

/* Both cache timeouts. Up to 2.0 the statistics' own followed the refresh interval whatever name
 * that was given by; since 2.1 only its fallback key counts (PR #26349). */
static void follow_refresh_interval(struct resolver *resolver)
{
    struct effective_value *values = resolver->effective->values;
    const struct effective_value *refresh = &values[OPTION_REFRESH_INTERVAL];
    struct effective_value *stats = &values[OPTION_STATS_TIMEOUT];
    struct effective_value *graph = &values[OPTION_GRAPH_TIMEOUT];
    if (!stats->exists || (resolver->release <= RELEASE_2_0 && stats->origin == VALUE_DEFAULT))
        take_refresh_interval(refresh, stats);
    if (!graph->exists || !graph->text)
        take_refresh_interval(refresh, graph);
}

/* Source: Flink DefaultCompletedCheckpointStoreUtils.getMaximumNumberOfRetainedCheckpoints, which
 * warns and goes on with the default. */
static void mend_retained(struct effective_value *retained)
{
    if (retained->number <= 0)
        retained->number = 1;
}

/* Source: RestHandlerConfiguration.fromConfiguration: Duration.toMillis() of both up to 1.20. Differs:
 * past 292 million years Flink does not start (`long overflow`). */
static void cut_to_milliseconds(struct effective_value *value)
{
    if (value->number != INT64_MAX)
        value->number = value->number / 1000 * 1000;
}

bool effective_resolve(struct effective *effective, const struct config_entries *entries,
                       const char *release)
{
    *effective = (struct effective){0};
    struct resolver resolver = {
        .entries = entries,
        .release = release_number(release),
        .effective = effective,
    };
    if (resolver.release == RELEASE_COUNT)
        return false;
    effective->version = flink_releases()[resolver.release];
    choose_files(&resolver);
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        resolve_option(&resolver, (enum flink_option)i);
    cut_to_milliseconds(&effective->values[OPTION_REFRESH_INTERVAL]);
    if (resolver.release <= RELEASE_1_20)
        cut_to_milliseconds(&effective->values[OPTION_CALL_TIMEOUT]);
    mend_retained(&effective->values[OPTION_RETAINED]);
    follow_refresh_interval(&resolver);
    if (!resolver.no_memory)
        return true;
    effective_free(effective);
    return false;
}

void effective_free(struct effective *effective)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        free(effective->values[i].refusal);
    *effective = (struct effective){0};
}
