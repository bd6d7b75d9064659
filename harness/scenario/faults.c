#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* `faults:` of the JobManager. */

struct fault_draft {
    int64_t from_us, until_us;
    int64_t delay_us;
    size_t job;
};

struct read_faults {
    struct fault *faults;
    struct garbling *garblings;
    size_t fault_count, garbling_count;
};

static const struct field fault_fields[] = {
    {"delays", VALUE_DURATION, offsetof(struct fault_draft, delay_us)},
    {"slows the call", VALUE_DURATION, offsetof(struct fault_draft, delay_us)},
    {"fails", VALUE_NODE, 0},
    {"answers", VALUE_NODE, 0},
    {"lock", VALUE_NODE, 0},
    {"wall clock", VALUE_NODE, 0},
    {"garbles", VALUE_NODE, 0},
    {"from", VALUE_DURATION, offsetof(struct fault_draft, from_us)},
    {"until", VALUE_DURATION, offsetof(struct fault_draft, until_us)},
    {"fetch", VALUE_NODE, 0},
    {"job", VALUE_JOB, offsetof(struct fault_draft, job)},
};
enum { DELAYS, SLOWS, FAILS, ANSWERS, LOCK, WALL_CLOCK, GARBLES, FROM, UNTIL, FETCH, JOB };
enum { EFFECT_COUNT = GARBLES + 1 };

/* All but GARBLES, which is none of the JobManager's. */
static const enum fault_kind effects[EFFECT_COUNT] = {
    [DELAYS] = FAULT_DELAY,    [SLOWS] = FAULT_SLOW_CALL, [FAILS] = FAULT_OUTCOME,
    [ANSWERS] = FAULT_SILENCE, [LOCK] = FAULT_LOCK_BUSY,  [WALL_CLOCK] = FAULT_WALL_CLOCK,
};

static const struct shape fault_shape = {
    .what = "a fault",
    .fields = fault_fields,
    .count = sizeof(fault_fields) / sizeof(fault_fields[0]),
};

static void want_text(struct loader *loader, const struct node *node, const char *text)
{
    if (node->kind != NODE_TEXT || strcmp(node->text, text) != 0)
        complain(loader, node->at, "expected `%s`, found %s", text, shown_node(loader, node));
}

static void read_outcome(struct loader *loader, const struct node *node, struct fault *fault)
{
    /* The first one is "ok", which is no fault. */
    size_t index;
    size_t count = FETCH_OUTCOME_COUNT - 1;
    if (name_find(loader, node, "a way to fail", fetch_outcome_names() + 1, count, &index))
        fault->outcome = (enum fetch_outcome)(index + 1);
}

static void read_wall_clock(struct loader *loader, const struct node *node, struct fault *fault)
{
    const char *expected = "how far the wall clock jumps, such as `-1 h`";
    if (!is_text(loader, node, expected))
        return;
    bool back = node->text[0] == '-';
    bool sign = back || node->text[0] == '+';
    const char *rest = duration_read(node->text + sign, &fault->delay_us);
    if (!rest || *rest != '\0') {
        complain(loader, node->at, "expected %s, found %s", expected, shown_node(loader, node));
        return;
    }
    if (back)
        fault->delay_us = -fault->delay_us;
}

/* The one thing that a fault does, as an index of `effects`; EFFECT_COUNT after a complaint. */
static size_t find_effect(struct loader *loader, const struct node *node,
                          const struct node *const given[FIELDS_MAX])
{
    size_t found = EFFECT_COUNT;
    for (size_t i = 0; i < EFFECT_COUNT; i++) {
        if (!given[i])
            continue;
        if (found != EFFECT_COUNT) {
            complain(loader, given[i]->key->at, "a fault does one thing; this one has `%s` too",
                     fault_fields[found].name);
            return EFFECT_COUNT;
        }
        found = i;
    }
    if (found == EFFECT_COUNT)
        complain(loader, node->at,
                 "a fault needs one of `fails`, `delays`, `slows the call`, "
                 "`answers`, `lock`, `wall clock` and `garbles`");
    return found;
}

static void check_span(struct loader *loader, size_t effect, const struct fault_draft *draft,
                       const struct node *const given[FIELDS_MAX])
{
    if (given[UNTIL] && effect == WALL_CLOCK)
        complain(loader, given[UNTIL]->key->at,
                 "a wall clock stays where it was set; write a second fault to set it again");
    else if (given[UNTIL] && draft->from_us >= draft->until_us)
        complain(loader, given[UNTIL]->at, "`until` must be later than `from`");
    if (given[FETCH] && (effect == LOCK || effect == WALL_CLOCK || effect == GARBLES))
        complain(loader, given[FETCH]->key->at, "`fetch` has no meaning beside `%s`",
                 fault_fields[effect].name);
    if (given[JOB] && effect == WALL_CLOCK)
        complain(loader, given[JOB]->key->at, "`job` has no meaning beside `wall clock`");
}

/* Not a fault of the JobManager: what becomes of its answers. */
static void add_garbling(struct loader *loader, const struct fault_draft *draft,
                         const struct node *const given[FIELDS_MAX], struct read_faults *read)
{
    size_t garble;
    if (!name_find(loader, given[GARBLES], "what becomes of an answer", garble_names(),
                   GARBLE_COUNT, &garble))
        return;
    read->garblings[read->garbling_count++] = (struct garbling){.garble = (enum garble)garble,
                                                                .from_us = draft->from_us,
                                                                .until_us = draft->until_us,
                                                                .any_job = !given[JOB],
                                                                .job = draft->job};
}

static void fill_fault(struct loader *loader, size_t effect, const struct fault_draft *draft,
                       const struct node *const given[FIELDS_MAX], struct fault *fault)
{
    size_t fetch;
    *fault = (struct fault){
        .kind = effects[effect],
        .from_us = draft->from_us,
        .until_us = draft->until_us,
        .any_fetch = !given[FETCH],
        .any_job = !given[JOB],
        .job = draft->job,
        .delay_us = draft->delay_us,
    };
    if (effect == FAILS)
        read_outcome(loader, given[FAILS], fault);
    if (effect == ANSWERS)
        want_text(loader, given[ANSWERS], "never");
    if (effect == LOCK)
        want_text(loader, given[LOCK], "busy");
    if (effect == WALL_CLOCK)
        read_wall_clock(loader, given[WALL_CLOCK], fault);
    if (given[FETCH] &&
        name_find(loader, given[FETCH], "a fetch", fetch_kind_names(), FETCH_KIND_COUNT, &fetch))
        fault->fetch = (enum fetch_kind)fetch;
}

static void read_fault(struct loader *loader, const struct node *node, struct read_faults *read)
{
    const struct node *given[FIELDS_MAX];
    struct fault_draft draft = {.until_us = INT64_MAX};
    if (!map_read(loader, node, &fault_shape, &draft, given, NULL))
        return;
    size_t effect = find_effect(loader, node, given);
    if (effect == EFFECT_COUNT)
        return;
    check_span(loader, effect, &draft, given);
    if (effect == GARBLES)
        add_garbling(loader, &draft, given, read);
    else
        fill_fault(loader, effect, &draft, given, &read->faults[read->fault_count++]);
    note_planned(loader, draft.from_us, node->at);
    note_time(loader, draft.until_us);
}

void faults_read(struct loader *loader, const struct node *node)
{
    if (node->kind != NODE_LIST) {
        complain(loader, node->at,
                 "`faults` is a list of faults, such as "
                 "[{from: 1 s, until: 2 s, fails: timed out}]; found %s",
                 shown_node(loader, node));
        return;
    }
    struct read_faults read = {
        .faults = arena_zeroed(loader->kept, node->count, sizeof(*read.faults)),
        .garblings = arena_zeroed(loader->kept, node->count, sizeof(*read.garblings)),
    };
    if (!read.faults || !read.garblings)
        return;
    for (const struct node *item = node->first; item; item = item->next)
        if (count_planned(loader, item))
            read_fault(loader, item, &read);
    loader->plan->faults = read.faults;
    loader->plan->fault_count = read.fault_count;
    loader->plan->garblings = read.garblings;
    loader->plan->garbling_count = read.garbling_count;
}
