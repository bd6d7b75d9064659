#ifndef FRESHCHECK_HARNESS_SCENARIO_SCENARIO_H
#define FRESHCHECK_HARNESS_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/complaint.h"
#include "harness/scenario/plan.h"

/*
 * Reads scenario text (YAML 1.2, so JSON too) and checks all of it. Returns the plan, or NULL with
 * at least one complaint; complaints->failed when memory ran out. The language is described in
 * docs/scenario-language.md.
 *
 * @implementations: names that `expect:` may use, in order, for ranges ("flink-1.18..flink-2.3")
 *                   and patterns ("flink-*"); NULL-terminated.
 */
struct plan *scenario_parse(const char *text, size_t length, const char *file,
                            const char *const *implementations, struct complaints *complaints);

/*
 * The same with options of the caller's: those of the scenario with these names do not count.
 */
struct plan *scenario_parse_with(const char *text, size_t length, const char *file,
                                 const char *const *implementations,
                                 const struct configuration_line *options, size_t option_count,
                                 struct complaints *complaints);

/*
 * The same with jobs that have other ids for each salt, where the scenario gives them none: who
 * runs a scenario again behind somebody's cache must not be answered about the jobs of before. Salt
 * 0 is that of scenario_parse().
 */
struct plan *scenario_parse_salted(const char *text, size_t length, const char *file,
                                   const char *const *implementations, uint64_t salt,
                                   struct complaints *complaints);

#endif
