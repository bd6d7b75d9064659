#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_ENTRIES_INTERNAL_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_ENTRIES_INTERNAL_H

#include "harness/flink_config/config_entries.h"
#include "harness/flink_config/yaml_tree.h"

/* What one reader works on. It adds entries and complains; whether the file is refused is what it
 * returns. */
struct config_reader {
    struct config_entries *entries;
    struct complaints *complaints;
    const char *source; /* the entries' own copy of the file's name */
    enum config_form form;
    const char *bytes;
    size_t length;
};

/* An entry at a place; superseding an earlier one of this source with its key. False when out of
 * memory or when there are too many, after a complaint. */
bool reader_add(struct config_reader *reader, const char *key, size_t key_length, const char *value,
                size_t value_length, unsigned line, unsigned column);

bool read_flink_conf(struct config_reader *reader);
bool read_config_yaml(struct config_reader *reader);
bool read_deployment(struct config_reader *reader);
bool read_cluster(struct config_reader *reader);

/* The options of a map, nested keys joined by points, as config.yaml has them. */
bool read_options(struct config_reader *reader, const struct yaml_node *map);

#endif
