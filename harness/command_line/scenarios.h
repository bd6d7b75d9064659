#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_SCENARIOS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_SCENARIOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/scenario/plan.h"

/* Scenarios that a command was given by name. */
struct scenario_list {
    struct plan **plans; /* owned */
    size_t count;
    uint64_t fingerprint; /* of the names and the content of their files, in order */
};

/*
 * Loads the files and folders named; when none is, those of the folder `scenarios` (else the
 * installed one), without the folders in it. All complaints about all files are printed on stderr before it returns. Returns 0, or the
 * exit code: 65 for a file with a fault, 70 when out of memory.
 */
int scenario_list_load(struct scenario_list *list, char **names, size_t name_count);

/* The same with options KEY=VALUE that go before those of the scenarios. 64: one is no option. */
struct option_values;
int scenario_list_load_with(struct scenario_list *list, char **names, size_t name_count,
                            const struct option_values *given);

/* The same, but where none is named it is those for any cluster: `scenarios/any-cluster`. */
int scenario_list_load_any_cluster(struct scenario_list *list, char **names, size_t name_count);

/* The same, but where none is named it is the museum: `scenarios/museum`. */
int scenario_list_load_museum(struct scenario_list *list, char **names, size_t name_count);

/* All that come with freshcheck and run in virtual time: `scenarios` and its museum. */
int scenario_list_load_bundled(struct scenario_list *list);

/* Takes those out that are not kept; the others stay in order. */
void scenario_list_keep(struct scenario_list *list, const bool *kept);

void scenario_list_free(struct scenario_list *list);

#endif
