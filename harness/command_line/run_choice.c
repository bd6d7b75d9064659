#include "harness/command_line/run_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/parts/part.h"

int run_choice_read(struct run_choice *choice)
{
    choice->fail_on_text = fail_on_text(choice->fail_on_given, choice->strict);
    if (!choice->fail_on_text || !fail_on_read(choice->fail_on_text, &choice->fail_on))
        return EXIT_USAGE;
    return choice->expect_name ? known_failures_read(&choice->known, choice->expect_name)
                               : EXIT_AS_CLAIMED;
}

/* Keeps those that are chosen and claim something that is. */
static bool drop_scenarios(const struct selection *selection, struct scenario_list *scenarios)
{
    /* No scenario claims it: it is asked of what comes from outside, whatever the scenario. */
    const bool asks_for_behaviour =
        selection->has_only[SELECTED_PROPERTY] &&
        selection_has(selection, SELECTED_PROPERTY, PROPERTY_WELL_BEHAVED);
    bool *kept = calloc(scenarios->count + 1, sizeof *kept);
    for (size_t i = 0; kept && i < scenarios->count; i++) {
        const struct claim *claim = &scenarios->plans[i]->claim;
        kept[i] = selection_has(selection, SELECTED_SCENARIO, i) &&
                  (asks_for_behaviour || selection_has_any_of(selection, claim));
    }
    if (kept)
        scenario_list_keep(scenarios, kept);
    free(kept);
    return kept != NULL;
}

int run_choice_scenarios(struct run_choice *choice, struct scenario_list *scenarios,
                         const char *const *columns, size_t column_count)
{
    const char **names = calloc(scenarios->count + 1, sizeof *names);
    if (!names) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    for (size_t i = 0; i < scenarios->count; i++)
        names[i] = scenarios->plans[i]->name;
    const struct selected_names choices[SELECTED_KIND_COUNT] = {
        [SELECTED_SCENARIO] = {names, scenarios->count},
        [SELECTED_IMPLEMENTATION] = {columns, column_count},
        [SELECTED_PROPERTY] = {property_ids(), PROPERTY_COUNT},
    };
    const int code = selection_resolve(&choice->selection, choices);
    free(names);
    if (code != EXIT_AS_CLAIMED)
        return code;
    if (!drop_scenarios(&choice->selection, scenarios)) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    if (scenarios->count > 0)
        return EXIT_AS_CLAIMED;
    fputs("freshcheck: --only and --skip leave no scenario that claims what is wanted\n", stderr);
    return EXIT_USAGE;
}

static bool means_cell(const struct known_failure *item, const struct plan *plan,
                       const char *column)
{
    if (!known_failure_names(item, column, plan->name))
        return false;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (item->properties[i] && (plan->claim.claimed[i] || i == PROPERTY_WELL_BEHAVED))
            return true;
    }
    return false;
}

void run_choice_tell_unmet(const struct run_choice *choice, const struct scenario_list *scenarios,
                           const char *const *columns, size_t column_count)
{
    for (size_t i = 0; i < choice->known.count; i++) {
        const struct known_failure *item = &choice->known.items[i];
        bool is_met = false;
        for (size_t j = 0; j < scenarios->count * column_count && !is_met; j++)
            is_met =
                means_cell(item, scenarios->plans[j / column_count], columns[j % column_count]);
        if (!is_met)
            fprintf(stderr, "freshcheck: %s:%u: this line means nothing that is run here\n",
                    choice->known.file, item->line);
    }
}

void run_choice_narrow_plans(const struct run_choice *choice, struct scenario_list *scenarios)
{
    for (size_t i = 0; i < scenarios->count; i++)
        selection_narrow_claim(&choice->selection, &scenarios->plans[i]->claim);
}

static uint64_t add_text(uint64_t before, const char *text)
{
    return fingerprint_add(before, text, strlen(text) + 1);
}

static uint64_t add_values(uint64_t before, const char *option, const struct option_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        before = fingerprint_add(before, option, strlen(option) + 1);
        before = fingerprint_add(before, values->items[i], strlen(values->items[i]) + 1);
    }
    return before;
}

uint64_t run_choice_fingerprint(const struct run_choice *choice, uint64_t before)
{
    uint64_t all = add_values(before, "--only", &choice->selection.only);
    all = add_values(all, "--skip", &choice->selection.skip);
    for (size_t i = 0; i < choice->known.count; i++) {
        const struct known_failure *item = &choice->known.items[i];
        all = add_text(add_text(all, item->implementation), item->scenario);
        all =
            add_text(fingerprint_add(all, item->properties, sizeof item->properties), item->reason);
    }
    return all;
}

void run_choice_free(struct run_choice *choice)
{
    selection_free(&choice->selection);
    known_failures_free(&choice->known);
}
