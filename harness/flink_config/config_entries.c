#include "harness/flink_config/config_entries.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/flink_config/entries_internal.h"

enum { ENTRIES_MAX = 5000 }; /* Flink has some 900 options */

static bool contains(const char *bytes, size_t length, const char *wanted)
{
    return length > 0 && memmem(bytes, length, wanted, strlen(wanted)) != NULL;
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text), ending_length = strlen(ending);
    return length >= ending_length && strcmp(text + length - ending_length, ending) == 0;
}

enum config_form config_form_of(const char *file, const char *bytes, size_t length)
{
    size_t first = 0;
    while (first < length && strchr(" \t\r\n", bytes[first]) && bytes[first] != '\0')
        first++;
    if (ends_with(file, "flink-conf.yaml"))
        return FORM_FLINK_CONF;
    if (contains(bytes, length, "apiVersion") &&
        (contains(bytes, length, "FlinkDeployment") || contains(bytes, length, "FlinkSessionJob")))
        return FORM_DEPLOYMENT;
    if (first < length && bytes[first] == '[')
        return FORM_CLUSTER;
    return ends_with(file, ".conf") ? FORM_FLINK_CONF : FORM_YAML;
}

static bool grow_entries(struct config_entries *entries)
{
    if (entries->count < entries->capacity)
        return true;
    const size_t capacity = entries->capacity ? 2 * entries->capacity : 32;
    struct config_entry *items = realloc(entries->items, capacity * sizeof *items);
    if (!items)
        return false;
    entries->items = items;
    entries->capacity = capacity;
    return true;
}

static bool append(struct config_entries *entries, const struct config_entry *entry)
{
    if (!entry->key || !entry->value || !grow_entries(entries)) {
        free(entry->key);
        free(entry->value);
        return false;
    }
    for (size_t i = 0; i < entries->count; i++) {
        struct config_entry *earlier = &entries->items[i];
        if (earlier->source == entry->source && strcmp(earlier->key, entry->key) == 0)
            earlier->superseded = true;
    }
    entries->items[entries->count++] = *entry;
    return true;
}

bool reader_add(struct config_reader *reader, const char *key, size_t key_length, const char *value,
                size_t value_length, unsigned line, unsigned column)
{
    if (reader->entries->count == ENTRIES_MAX) {
        complaints_add(reader->complaints, line, column,
                       "more than 5,000 options: this is no configuration of Flink");
        return false;
    }
    const struct config_entry entry = {
        .key = text_copy_length(key, key_length),
        .value = text_copy_length(value, value_length),
        .source = reader->source,
        .line = line,
        .column = column,
        .form = reader->form,
    };
    if (append(reader->entries, &entry))
        return true;
    reader->complaints->failed = true;
    return false;
}

/* The entries' own copy of the name; NULL when out of memory. */
static const char *add_source(struct config_entries *entries, const char *name,
                              enum config_form form)
{
    struct config_source *sources =
        realloc(entries->sources, (entries->source_count + 1) * sizeof *sources);
    if (!sources)
        return NULL;
    entries->sources = sources;
    char *copy = text_copy(name);
    if (!copy)
        return NULL;
    sources[entries->source_count++] = (struct config_source){copy, form};
    return copy;
}

/* Takes back what a refused file has added. */
static void take_back(struct config_entries *entries, size_t count_before)
{
    while (entries->count > count_before) {
        struct config_entry *last = &entries->items[--entries->count];
        free(last->key);
        free(last->value);
    }
    free(entries->sources[--entries->source_count].name);
}

bool config_read(struct config_entries *entries, const char *file, enum config_form form,
                 const char *bytes, size_t length, struct complaints *complaints)
{
    bool (*const readers[])(struct config_reader *) = {
        [FORM_FLINK_CONF] = read_flink_conf,
        [FORM_YAML] = read_config_yaml,
        [FORM_DEPLOYMENT] = read_deployment,
        [FORM_CLUSTER] = read_cluster,
    };
    const size_t count_before = entries->count;
    const char *source = add_source(entries, file, form);
    if (!source) {
        complaints->failed = true;
        return false;
    }
    struct config_reader reader = {
        .entries = entries,
        .complaints = complaints,
        .source = source,
        .form = form,
        .bytes = bytes,
        .length = length,
    };
    if (readers[form](&reader) && !complaints->failed)
        return true;
    take_back(entries, count_before);
    return false;
}

/* Options without a place: all of one form are one source, so that a later one takes the place of
 * an earlier one. */
static const char *placeless_source(struct config_entries *entries, const char *name,
                                    enum config_form form)
{
    for (size_t i = 0; i < entries->source_count; i++) {
        if (entries->sources[i].form == form)
            return entries->sources[i].name;
    }
    return add_source(entries, name, form);
}

static bool add_placeless(struct config_entries *entries, const char *name, enum config_form form,
                          const char *key, const char *value)
{
    const char *source = placeless_source(entries, name, form);
    const struct config_entry entry = {
        .key = text_copy(key),
        .value = text_copy(value),
        .source = source,
        .form = form,
    };
    if (source)
        return append(entries, &entry);
    free(entry.key);
    free(entry.value);
    return false;
}

bool config_add_dynamic(struct config_entries *entries, const char *key, const char *value)
{
    return add_placeless(entries, "-D", FORM_DYNAMIC, key, value);
}

bool config_add_cluster(struct config_entries *entries, const char *key, const char *value)
{
    return add_placeless(entries, "cluster", FORM_CLUSTER, key, value);
}

void config_entries_free(struct config_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        free(entries->items[i].key);
        free(entries->items[i].value);
    }
    for (size_t i = 0; i < entries->source_count; i++)
        free(entries->sources[i].name);
    free(entries->items);
    free(entries->sources);
    free(entries->claimed_version);
    *entries = (struct config_entries){0};
}
