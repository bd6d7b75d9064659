#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_CONFIG_ENTRIES_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_CONFIG_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/complaint.h"

/* Options as they were written, whatever file they stand in. Nothing is resolved here. */

enum config_form {
    FORM_FLINK_CONF, /* flink-conf.yaml, line by line: GlobalConfiguration.loadLegacyYAMLResource */
    FORM_YAML,       /* config.yaml, YAML 1.2: since 1.19 */
    FORM_DEPLOYMENT, /* spec.flinkConfiguration of a FlinkDeployment or FlinkSessionJob */
    FORM_CLUSTER,    /* GET /jobmanager/config */
    FORM_DYNAMIC     /* -D */
};

struct config_entry {
    char *key, *value;     /* the value as the text that Flink makes of it; owned */
    const char *source;    /* file name, "-D", "cluster"; borrowed from the entries */
    unsigned line, column; /* of the value, from 1 on; 0: it has no place */
    enum config_form form;
    bool superseded; /* a later one of the same source takes its place */
};

struct config_source {
    char *name;
    enum config_form form;
};

struct config_entries {
    struct config_entry *items; /* in the order in which they were read */
    size_t count, capacity;
    struct config_source *sources; /* also those without any option */
    size_t source_count;
    char *claimed_version; /* what a source says of its version, as "1.20"; NULL: nothing. Owned */
};

/* Which form a file has, by its name and by what is in it. `file` may be a path. */
enum config_form config_form_of(const char *file, const char *bytes, size_t length);

/*
 * Adds what a file says. Complaints have a place and one sentence. False: the file is refused (or
 * memory ran out: complaints->failed), and nothing of it was added. True with complaints: they are
 * what Flink warns of and skips.
 * Source: Flink GlobalConfiguration, YamlParserUtils; reference section 6.2.
 */
bool config_read(struct config_entries *entries, const char *file, enum config_form form,
                 const char *bytes, size_t length, struct complaints *complaints);

/* Adds one -D KEY=VALUE, and one option that a running cluster says it has. Neither has a place in
 * a file. False when out of memory. */
bool config_add_dynamic(struct config_entries *entries, const char *key, const char *value);
bool config_add_cluster(struct config_entries *entries, const char *key, const char *value);

void config_entries_free(struct config_entries *entries);

#endif
