#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_OPTION_TABLE_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_OPTION_TABLE_H

#include "harness/flink_config/effective.h"

/* What each release knows of each option. Source: ConfigOption fields of Flink's classes. */

enum release {
    RELEASE_1_17,
    RELEASE_1_18,
    RELEASE_1_19,
    RELEASE_1_20,
    RELEASE_2_0,
    RELEASE_2_1,
    RELEASE_2_2,
    RELEASE_2_3,
    RELEASE_COUNT
};

/* Types of values, as Flink's ConfigOption has them. */
enum value_type {
    TYPE_DURATION,
    TYPE_LONG_MS,
    TYPE_LONG_S,
    TYPE_INT,
    TYPE_BOOLEAN,
    TYPE_RETENTION
};

struct other_key {
    const char *key; /* NULL: none */
    enum value_origin origin;
    enum value_type type;
};

/* An option in some releases. */
struct option_row {
    enum flink_option option;
    enum release first, last;
    const char *key;
    enum value_type type;
    const char *standard;   /* the default as text; NULL: Flink has none */
    struct other_key other; /* looked up where the key itself is absent */
    int64_t least;          /* less than this is refused, with `too_small` */
    const char *too_small;  /* NULL: nothing is refused */
    enum refused_by refused_by;
};

/* NULL: the release does not know the option. */
const struct option_row *option_row(enum flink_option option, enum release release);

/* RELEASE_COUNT: it is none of flink_releases(). */
enum release release_number(const char *name);

#endif
