#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_KNOWN_OPTIONS_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_KNOWN_OPTIONS_H

#include <stdbool.h>

/* The names of all of Flink's options, by release: options.txt. */
struct known_option;

/* NULL: no release knows it. */
const struct known_option *known_option_find(const char *key);

/* `release`: one of flink_releases(). */
bool known_option_is_in(const struct known_option *option, const char *release);

/* The first and the last minor version that knows it, as "1.18". */
const char *known_option_first(const struct known_option *option);
const char *known_option_last(const struct known_option *option);

/* The option that an unknown key was most likely meant to be; NULL: none is near. */
const char *known_option_nearest(const char *key);

#endif
