#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_SELECTION_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/command_line/options.h"
#include "harness/judge/verdict.h"

/*
 * --only PATTERN and --skip PATTERN over scenarios, implementations and properties. Each '*' stands
 * for any text. `scenario:PATTERN` and so on say of what; a bare pattern is of the first kind, in
 * the command's order, that has a name which it means. Patterns of one kind add up, those of several
 * kinds must all be met.
 */
enum selected_kind {
    SELECTED_SCENARIO,
    SELECTED_IMPLEMENTATION,
    SELECTED_PROPERTY,
    SELECTED_KIND_COUNT
};

struct selected_names {
    const char *const *items;
    size_t count;
};

struct selection {
    struct option_values only, skip; /* as they were given */
    enum selected_kind first;        /* that a bare pattern is tried on; then the others in order */
    const char *subject; /* what a command calls what it judges, "recording"; NULL: "scenario" */
    /* After selection_resolve(): for each kind one for each name, owned. */
    bool *chosen[SELECTED_KIND_COUNT];
    bool has_only[SELECTED_KIND_COUNT]; /* some --only is of this kind */
    bool is_given;                      /* any of both */
};

#define SELECTION_OPTIONS(selection)                                                     \
    {"only",                                                                             \
     "PATTERN",                                                                          \
     "only what this means, such as 'dashboard*' or property:fresh; may be given again", \
     NULL,                                                                               \
     NULL,                                                                               \
     &(selection).only},                                                                 \
    {                                                                                    \
        "skip", "PATTERN", "not what this means; may be given again", NULL, NULL,        \
            &(selection).skip                                                            \
    }

/*
 * Finds out what is chosen of these names; a kind of which a command has nothing to choose has none.
 * Properties are always those that there are, unless `names` of it is empty. Returns 0, or the exit
 * code after one sentence on stderr: a pattern that means nothing (with the nearest name), or out of
 * memory.
 */
int selection_resolve(struct selection *selection,
                      const struct selected_names names[SELECTED_KIND_COUNT]);

/* True where nothing was given. */
bool selection_has(const struct selection *selection, enum selected_kind kind, size_t index);

/* Whether a claim holds anything that is chosen. */
bool selection_has_any_of(const struct selection *selection, const struct claim *claim);

/* Takes properties that are not chosen out of a claim, and out of what was judged: the whole is then
 * the verdict on the others. To be done once all is judged, for what a property means may depend on
 * what else is claimed. */
void selection_narrow_claim(const struct selection *selection, struct claim *claim);
void selection_narrow(const struct selection *selection, struct judgement *judgement);

void selection_free(struct selection *selection);

#endif
