#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/scenario/scenario_internal.h"

/*
 * Walks through the events of all jobs in order of time and complains of what cannot happen:
 * an event of a job that does not exist yet or has ended, a checkpoint that completes twice, ids
 * that fall. What the seed or a client decides (a rhythm, a trigger) is not known here; then only
 * contradictions within the file count.
 */

/* A completion that says nothing of how long it took; shorter where the last event is nearer. */
enum { DEFAULT_TAKES_US = 20000 };

struct life {
    bool exists, ended;
    uint64_t run;
    int64_t run_began_us; /* earliest moment at which this run can have triggered something */
    int64_t last_event_us;
    int64_t largest_id; /* triggered in this run */
    bool ids_unknown;   /* ids are drawn that the file does not show */
    size_t unnamed;     /* triggered without an id and pending */
};

enum checkpoint_state { UNSEEN, PENDING, COMPLETED, FAILED, DISCARDED };

struct known_checkpoint {
    size_t job;
    int64_t id; /* 0: an empty slot */
    uint64_t run;
    enum checkpoint_state state;
    enum checkpoint_type type; /* as it was triggered */
};

struct walk {
    struct loader *loader;
    struct life *lives;
    struct known_checkpoint *table; /* open addressing, at most half full */
    size_t mask;
};

static struct known_checkpoint *find_checkpoint(struct walk *walk, size_t job, int64_t id)
{
    uint64_t hash = ((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15)) ^ (job * UINT64_C(0xff51afd7));
    size_t slot = (size_t)(hash >> 20) & walk->mask;
    while (walk->table[slot].id != 0 &&
           (walk->table[slot].id != id || walk->table[slot].job != job))
        slot = (slot + 1) & walk->mask;
    if (walk->table[slot].id == 0)
        walk->table[slot] = (struct known_checkpoint){.job = job, .id = id};
    return &walk->table[slot];
}

static void begin_run(struct life *life, int64_t at_us)
{
    life->exists = true;
    life->ended = false;
    life->run++;
    life->run_began_us = at_us;
    life->largest_id = 0;
    life->unnamed = 0;
}

static bool check_existence(struct walk *walk, const struct planned_event *planned)
{
    struct loader *loader = walk->loader;
    const struct life *life = &walk->lives[planned->event.job];
    const char *name = loader->job_names[planned->event.job];
    if (planned->event.kind == JOB_EVENT_INITIALIZES || planned->event.kind == JOB_EVENT_RUNS)
        return true;
    if (!life->exists) {
        complain(loader, planned->node->at,
                 "%s does not exist yet here; `runs` or `initializes` brings it about", name);
        return false;
    }
    /* Files can go after the job has ended: retention, or somebody's hand. */
    if (life->ended && planned->event.kind != JOB_EVENT_DISCARDS) {
        complain(loader, planned->node->at,
                 "%s has ended before this; only `runs` or "
                 "`initializes` can follow",
                 name);
        return false;
    }
    return true;
}

/* A checkpoint that begins here: at `event` or `takes_us` before it. */
static void check_new_checkpoint(struct walk *walk, const struct planned_event *planned,
                                 struct known_checkpoint *known)
{
    struct life *life = &walk->lives[planned->event.job];
    if (planned->event.checkpoint < life->largest_id)
        complain(walk->loader, planned->node->at,
                 "checkpoint ids only rise within a run: %" PRId64
                 " has been triggered before; use `triggers` where one overtakes another",
                 life->largest_id);
    else
        life->largest_id = planned->event.checkpoint;
    known->run = life->run;
}

static void check_trigger(struct walk *walk, const struct planned_event *planned)
{
    struct life *life = &walk->lives[planned->event.job];
    if (planned->event.checkpoint == 0) {
        life->ids_unknown = true;
        life->unnamed++;
        return;
    }
    struct known_checkpoint *known =
        find_checkpoint(walk, planned->event.job, planned->event.checkpoint);
    if (known->state != UNSEEN && known->run == life->run) {
        complain(walk->loader, planned->node->at,
                 "checkpoint %" PRId64 " has been triggered before in this run",
                 planned->event.checkpoint);
        return;
    }
    check_new_checkpoint(walk, planned, known);
    known->state = PENDING;
    known->type = planned->event.type;
}

static void check_takes(struct walk *walk, struct planned_event *planned)
{
    const struct life *life = &walk->lives[planned->event.job];
    int64_t since_us = planned->event.at_us - life->run_began_us;
    if (planned->takes_given) {
        if (planned->event.takes_us > since_us)
            complain(walk->loader, planned->node->at,
                     "this takes longer than the job has been running: it would have been "
                     "triggered before %s",
                     life->run_began_us == 0 ? "the scenario begins" : "the run began");
        return;
    }
    int64_t gap_us = planned->event.at_us - life->last_event_us;
    planned->event.takes_us = gap_us < DEFAULT_TAKES_US ? gap_us : DEFAULT_TAKES_US;
}

/* "completes" alone: the oldest that was triggered without an id, or one of its own. */
static void check_end_of_unnamed(struct walk *walk, struct planned_event *planned)
{
    struct life *life = &walk->lives[planned->event.job];
    life->ids_unknown = true;
    if (life->unnamed == 0) {
        check_takes(walk, planned);
        return;
    }
    life->unnamed--;
    if (planned->takes_given)
        complain(walk->loader, planned->node->at,
                 "`taking` has no meaning here: this checkpoint was triggered above");
}

/* COMPLETES and FAILS_CHECKPOINT. */
static void check_end_of_checkpoint(struct walk *walk, struct planned_event *planned)
{
    struct life *life = &walk->lives[planned->event.job];
    bool completes = planned->event.kind == JOB_EVENT_COMPLETES;
    if (planned->event.checkpoint == 0) {
        check_end_of_unnamed(walk, planned);
        return;
    }
    struct known_checkpoint *known =
        find_checkpoint(walk, planned->event.job, planned->event.checkpoint);
    bool here = known->state != UNSEEN && known->run == life->run;
    if (here && known->state == PENDING) {
        if (planned->takes_given)
            complain(walk->loader, planned->node->at,
                     "`taking` has no meaning here: checkpoint %" PRId64 " was triggered above",
                     planned->event.checkpoint);
        planned->event.type = known->type;
    } else if (here) {
        complain(walk->loader, planned->node->at,
                 "checkpoint %" PRId64 " has ended before in this run", planned->event.checkpoint);
    } else {
        check_new_checkpoint(walk, planned, known);
        check_takes(walk, planned);
    }
    known->state = completes ? COMPLETED : FAILED;
}

static void check_acknowledgement(struct walk *walk, const struct planned_event *planned)
{
    const struct life *life = &walk->lives[planned->event.job];
    const struct known_checkpoint *known =
        find_checkpoint(walk, planned->event.job, planned->event.checkpoint);
    bool pending = known->state == PENDING && known->run == life->run;
    if (!pending && !(known->state == UNSEEN && life->ids_unknown))
        complain(walk->loader, planned->node->at,
                 "checkpoint %" PRId64 " is not pending here; `triggers %" PRId64
                 "` must come before",
                 planned->event.checkpoint, planned->event.checkpoint);
}

static void check_discard(struct walk *walk, const struct planned_event *planned)
{
    const struct life *life = &walk->lives[planned->event.job];
    struct known_checkpoint *known =
        find_checkpoint(walk, planned->event.job, planned->event.checkpoint);
    if (known->state != COMPLETED && !(known->state == UNSEEN && life->ids_unknown))
        complain(walk->loader, planned->node->at, "checkpoint %" PRId64 " %s",
                 planned->event.checkpoint,
                 known->state == DISCARDED ? "has been discarded before"
                                           : "has not completed here, so it cannot be discarded");
    known->state = DISCARDED;
}

static void check_event(struct walk *walk, struct planned_event *planned)
{
    struct life *life = &walk->lives[planned->event.job];
    switch (planned->event.kind) {
    case JOB_EVENT_TRIGGERS:
        check_trigger(walk, planned);
        break;
    case JOB_EVENT_COMPLETES:
    case JOB_EVENT_FAILS_CHECKPOINT:
        check_end_of_checkpoint(walk, planned);
        break;
    case JOB_EVENT_ACKNOWLEDGES:
        check_acknowledgement(walk, planned);
        break;
    case JOB_EVENT_DISCARDS:
        check_discard(walk, planned);
        break;
    case JOB_EVENT_INITIALIZES:
    case JOB_EVENT_RUNS:
        if (!life->exists || life->ended)
            begin_run(life, planned->event.at_us);
        life->run_began_us = planned->event.at_us;
        break;
    case JOB_EVENT_STARTS_OVER:
    case JOB_EVENT_FAILS_OVER:
        begin_run(life, planned->event.at_us);
        break;
    case JOB_EVENT_FINISHES:
    case JOB_EVENT_FAILS:
    case JOB_EVENT_IS_CANCELLED:
        life->ended = true;
        break;
    case JOB_EVENT_RESTARTS:
    case JOB_EVENT_RESCALES:
        life->unnamed = 0; /* what is pending is lost with the tasks */
        break;
    case JOB_EVENT_FAILS_TO_TRIGGER:
    case JOB_EVENT_RESTORES:
    case JOB_EVENT_COUNT:
        break;
    }
    life->last_event_us = planned->event.at_us;
}

static int compare_events(const void *left, const void *right)
{
    const struct planned_event *a = left, *b = right;
    if (a->event.at_us != b->event.at_us)
        return a->event.at_us < b->event.at_us ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool walk_begin(struct walk *walk)
{
    struct loader *loader = walk->loader;
    size_t slots = 16;
    while (slots < 2 * loader->event_count)
        slots *= 2;
    walk->mask = slots - 1;
    walk->table = arena_zeroed(loader->scratch, slots, sizeof(*walk->table));
    walk->lives = arena_zeroed(loader->scratch, loader->job_count + 1, sizeof(*walk->lives));
    if (!walk->table || !walk->lives)
        return false;
    for (size_t i = 0; i < loader->job_count; i++) {
        const struct job_draft *draft = &loader->drafts[i];
        walk->lives[i].exists = !draft->exists_later || draft->moved_to;
        walk->lives[i].run = 1;
        walk->lives[i].ids_unknown =
            loader->jobs[i].rhythm.interval_us != 0 || draft->triggered || draft->moved_to;
    }
    return true;
}

static void keep_events(struct loader *loader)
{
    struct job_event *events = arena_zeroed(loader->kept, loader->event_count, sizeof(*events));
    if (!events)
        return;
    for (size_t i = 0; i < loader->event_count; i++)
        events[i] = loader->events[i].event;
    loader->plan->events = events;
    loader->plan->event_count = loader->event_count;
}

void lifecycle_check(struct loader *loader)
{
    struct walk walk = {.loader = loader};
    if (loader->event_count == 0 || !walk_begin(&walk))
        return;
    qsort(loader->events, loader->event_count, sizeof(*loader->events), compare_events);
    for (size_t i = 0; i < loader->event_count; i++)
        if (check_existence(&walk, &loader->events[i]))
            check_event(&walk, &loader->events[i]);
    keep_events(loader);
}
