#include "harness/explore/generate_internal.h"

#include <string.h>

/*
 * What happens to jobs at given times. Each event is one that the loader would accept where it
 * stands: the job exists, ids rise with the times of their triggers, nothing completes twice.
 */

enum known_state { KNOWN_PENDING, KNOWN_COMPLETED, KNOWN_GONE };

struct known {
    int64_t id;
    enum known_state state;
    enum checkpoint_type type;
};

/* A job as far as its life has been drawn. */
struct life {
    size_t job;
    bool is_named; /* events give the numbers of their checkpoints */
    bool exists, initializes, ended;
    int64_t now_us;
    int64_t up_us;           /* its tasks run from here on, not included */
    int64_t last_trigger_us; /* the next one is not triggered before */
    int64_t next_id;
    size_t unnamed; /* triggered without a number, and pending */
    struct known known[JOB_EVENTS_MAX + 1];
    size_t known_count;
    unsigned weights[JOB_EVENT_COUNT];
};

/* --- state ---------------------------------------------------------------------------------- */

static size_t count_in(const struct life *life, enum known_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < life->known_count; i++)
        count += life->known[i].state == state;
    return count;
}

static struct known *nth_in(struct life *life, enum known_state state, size_t n)
{
    for (size_t i = 0;; i++)
        if (life->known[i].state == state && n-- == 0)
            return &life->known[i];
}

static struct known *draw_known(struct choices *choices, struct life *life, enum known_state state)
{
    return nth_in(life, state, choices_below(choices, count_in(life, state)));
}

/* What is pending when tasks go never completes. */
static void lose_pending(struct life *life)
{
    for (size_t i = 0; i < life->known_count; i++)
        if (life->known[i].state == KNOWN_PENDING)
            life->known[i].state = KNOWN_GONE;
    life->unnamed = 0;
}

/* Numbers begin again, and those of earlier runs are of no use to events. */
static void begin_run(struct life *life, int64_t first_id)
{
    lose_pending(life);
    life->exists = true;
    life->ended = false;
    life->up_us = life->last_trigger_us = life->now_us;
    life->next_id = first_id;
    life->known_count = 0;
}

static bool is_possible(const struct life *life, enum job_event_kind kind)
{
    const bool runs = life->exists && !life->ended && !life->initializes;
    const bool is_up = runs && life->now_us > life->up_us;
    switch (kind) {
    case JOB_EVENT_INITIALIZES:
        return !life->exists || life->ended;
    case JOB_EVENT_RUNS:
        return !runs;
    case JOB_EVENT_ACKNOWLEDGES:
        return is_up && count_in(life, KNOWN_PENDING) > 0;
    case JOB_EVENT_DISCARDS:
    case JOB_EVENT_RESTORES:
        return runs && count_in(life, KNOWN_COMPLETED) > 0;
    case JOB_EVENT_FAILS_CHECKPOINT:
        return is_up && life->is_named;
    case JOB_EVENT_TRIGGERS:
    case JOB_EVENT_COMPLETES:
    case JOB_EVENT_RESTARTS:
    case JOB_EVENT_RESCALES:
        return is_up;
    case JOB_EVENT_FAILS_TO_TRIGGER:
    case JOB_EVENT_STARTS_OVER:
    case JOB_EVENT_FAILS_OVER:
    case JOB_EVENT_FINISHES:
    case JOB_EVENT_FAILS:
    case JOB_EVENT_IS_CANCELLED:
        return runs;
    case JOB_EVENT_COUNT:
        break;
    }
    return false;
}

/* --- one event ------------------------------------------------------------------------------ */

static void draw_type(struct choices *choices, struct job_event *event)
{
    static const unsigned weights[] = {[CHECKPOINT_ALIGNED] = 14,
                                       [CHECKPOINT_UNALIGNED] = 2,
                                       [CHECKPOINT_SAVEPOINT] = 3,
                                       [CHECKPOINT_SYNC_SAVEPOINT] = 1};
    event->type = (enum checkpoint_type)choices_weighted(choices, weights, 4);
}

/* One that is triggered by this event, or for it; numbers now and then leave one out. */
static void draw_new(struct choices *choices, struct life *life, struct job_event *event,
                     enum known_state state)
{
    draw_type(choices, event);
    if (!life->is_named)
        return;
    event->checkpoint = life->next_id + choices_chance(choices, 50);
    life->next_id = event->checkpoint + 1;
    life->known[life->known_count++] =
        (struct known){.id = event->checkpoint, .state = state, .type = event->type};
}

/* From trigger to end. Triggers have the order of their numbers, in one millisecond at most one. */
static void draw_takes(struct choices *choices, struct life *life, struct job_event *event)
{
    static const int64_t takes_us[] = {20 * MS, 1 * MS, 5 * MS, 100 * MS, 400 * MS};
    const int64_t most_us = event->at_us - life->last_trigger_us - 1;
    event->takes_us = choices_pick(choices, takes_us);
    if (event->takes_us > most_us)
        event->takes_us = most_us;
    life->last_trigger_us = event->at_us - event->takes_us;
}

static void draw_end_of_checkpoint(struct choices *choices, struct life *life,
                                   struct job_event *event)
{
    const bool completes = event->kind == JOB_EVENT_COMPLETES;
    const enum known_state state = completes ? KNOWN_COMPLETED : KNOWN_GONE;
    if (completes && choices_chance(choices, 20))
        event->durable_after_us = draw_time_us(choices, MS, 200 * MS);
    if (life->unnamed > 0) {
        life->unnamed--;
        return;
    }
    if (count_in(life, KNOWN_PENDING) > 0 && choices_chance(choices, 700)) {
        struct known *ended = draw_known(choices, life, KNOWN_PENDING);
        event->checkpoint = ended->id;
        event->type = ended->type;
        ended->state = state;
        return;
    }
    draw_new(choices, life, event, state);
    draw_takes(choices, life, event);
}

static void draw_trigger(struct choices *choices, struct life *life, struct job_event *event)
{
    draw_new(choices, life, event, KNOWN_PENDING);
    life->last_trigger_us = event->at_us;
    life->unnamed += !life->is_named;
}

static void draw_parts(struct choices *choices, struct life *life, struct job_event *event)
{
    static const int64_t down_us[] = {100 * MS, 1 * MS, 20 * MS, 500 * MS};
    switch (event->kind) {
    case JOB_EVENT_TRIGGERS:
        draw_trigger(choices, life, event);
        break;
    case JOB_EVENT_COMPLETES:
    case JOB_EVENT_FAILS_CHECKPOINT:
        draw_end_of_checkpoint(choices, life, event);
        break;
    case JOB_EVENT_ACKNOWLEDGES:
        event->checkpoint = draw_known(choices, life, KNOWN_PENDING)->id;
        break;
    case JOB_EVENT_RESTORES:
        event->checkpoint = draw_known(choices, life, KNOWN_COMPLETED)->id;
        break;
    case JOB_EVENT_DISCARDS: {
        struct known *discarded = draw_known(choices, life, KNOWN_COMPLETED);
        event->checkpoint = discarded->id;
        discarded->state = KNOWN_GONE;
        break;
    }
    case JOB_EVENT_RESTARTS:
        event->takes_us = choices_pick(choices, down_us);
        break;
    case JOB_EVENT_INITIALIZES:
    case JOB_EVENT_RUNS:
    case JOB_EVENT_FAILS_TO_TRIGGER:
    case JOB_EVENT_RESCALES:
    case JOB_EVENT_STARTS_OVER:
    case JOB_EVENT_FAILS_OVER:
    case JOB_EVENT_FINISHES:
    case JOB_EVENT_FAILS:
    case JOB_EVENT_IS_CANCELLED:
    case JOB_EVENT_COUNT:
        break;
    }
}

/* What it does to the job. While tasks are down nothing is triggered. */
static void follow(struct life *life, const struct job_plan *job, const struct job_event *event)
{
    const enum job_event_kind kind = event->kind;
    const bool was_absent = !life->exists || life->ended;
    if (kind == JOB_EVENT_RESTARTS)
        life->up_us = life->last_trigger_us = life->now_us + event->takes_us;
    if (kind == JOB_EVENT_RESTARTS || kind == JOB_EVENT_RESCALES)
        lose_pending(life);
    /* Nor does what would have been triggered before. */
    if (kind == JOB_EVENT_RESCALES)
        life->last_trigger_us = life->now_us;
    if (kind == JOB_EVENT_STARTS_OVER)
        begin_run(life, 1);
    if (kind == JOB_EVENT_FAILS_OVER)
        begin_run(life, life->next_id);
    if ((kind == JOB_EVENT_INITIALIZES || kind == JOB_EVENT_RUNS) && was_absent)
        begin_run(life, job->first_checkpoint_id);
    if (kind == JOB_EVENT_INITIALIZES || kind == JOB_EVENT_RUNS) {
        life->initializes = kind == JOB_EVENT_INITIALIZES;
        life->up_us = life->last_trigger_us = life->now_us;
    }
    life->ended |=
        kind == JOB_EVENT_FINISHES || kind == JOB_EVENT_FAILS || kind == JOB_EVENT_IS_CANCELLED;
}

static bool draw_event(struct making *making, struct life *life, struct job_event *event)
{
    unsigned weights[JOB_EVENT_COUNT];
    unsigned sum = 0;
    for (size_t i = 0; i < JOB_EVENT_COUNT; i++) {
        weights[i] = is_possible(life, (enum job_event_kind)i) ? life->weights[i] : 0;
        sum += weights[i];
    }
    if (sum == 0)
        return false;
    *event = (struct job_event){
        .at_us = life->now_us,
        .job = life->job,
        .kind = (enum job_event_kind)choices_weighted(making->choices, weights, JOB_EVENT_COUNT),
        .type = CHECKPOINT_ALIGNED};
    draw_parts(making->choices, life, event);
    follow(life, &making->jobs[life->job], event);
    return true;
}

/* --- one life ------------------------------------------------------------------------------- */

/*
 * Rates: what a job does besides taking checkpoints is left out, rare or frequent, each by itself,
 * so that some lives are full of one thing (swarm testing: Groce et al., ISSTA 2012).
 */
static void draw_weights(struct choices *choices, struct life *life)
{
    static const unsigned usual[JOB_EVENT_COUNT] = {[JOB_EVENT_INITIALIZES] = 20,
                                                    [JOB_EVENT_RUNS] = 40,
                                                    [JOB_EVENT_TRIGGERS] = 12,
                                                    [JOB_EVENT_ACKNOWLEDGES] = 4,
                                                    [JOB_EVENT_COMPLETES] = 40,
                                                    [JOB_EVENT_FAILS_CHECKPOINT] = 4,
                                                    [JOB_EVENT_FAILS_TO_TRIGGER] = 2,
                                                    [JOB_EVENT_DISCARDS] = 3,
                                                    [JOB_EVENT_RESTARTS] = 3,
                                                    [JOB_EVENT_RESCALES] = 2,
                                                    [JOB_EVENT_STARTS_OVER] = 2,
                                                    [JOB_EVENT_FAILS_OVER] = 2,
                                                    [JOB_EVENT_RESTORES] = 1,
                                                    [JOB_EVENT_FINISHES] = 2,
                                                    [JOB_EVENT_FAILS] = 1,
                                                    [JOB_EVENT_IS_CANCELLED] = 1};
    static const unsigned factors[] = {0, 0, 1, 4};
    for (size_t i = 0; i < JOB_EVENT_COUNT; i++) {
        const bool always =
            i == JOB_EVENT_COMPLETES || i == JOB_EVENT_RUNS || i == JOB_EVENT_INITIALIZES;
        life->weights[i] = usual[i] * (always ? 1 : choices_pick(choices, factors));
    }
}

/* Few long pauses, or many short ones. False: the plan ends before. */
static bool draw_gap(struct making *making, struct life *life, int64_t pace_us)
{
    const int64_t gap_us = draw_time_us(making->choices, MS, pace_us);
    life->now_us += gap_us;
    return life->now_us < making->chaos_end_us;
}

static size_t draw_life(struct making *making, struct life *life, struct job_event *events)
{
    static const int64_t paces_us[] = {100 * MS, 10 * MS, 30 * MS, 300 * MS, 1000 * MS};
    static const uint32_t rates_permille[] = {800, 0, 900, 970};
    struct choices *choices = making->choices;
    const int64_t pace_us = choices_pick(choices, paces_us);
    const uint32_t rate_permille = choices_pick(choices, rates_permille);
    size_t count = 0;
    draw_weights(choices, life);
    while (count < JOB_EVENTS_MAX && choices_chance(choices, rate_permille) &&
           draw_gap(making, life, pace_us) && draw_event(making, life, &events[count]))
        count++;
    return count;
}

/* A job that is there from the start with nothing but the one completion that anything is about. */
static size_t simplest_life(struct life *life, struct job_event *event)
{
    life->now_us += 10 * MS;
    *event = (struct job_event){.at_us = life->now_us,
                                .job = life->job,
                                .kind = JOB_EVENT_COMPLETES,
                                .type = CHECKPOINT_ALIGNED,
                                .takes_us = 5 * MS};
    life->last_trigger_us = life->now_us - event->takes_us;
    if (!life->is_named)
        return 1;
    event->checkpoint = life->next_id++;
    life->known[life->known_count++] =
        (struct known){.id = event->checkpoint, .state = KNOWN_COMPLETED};
    return 1;
}

/* As the loader does: a job whose first event brings it about is not there at the start. */
static size_t draw_life_of(struct making *making, size_t index, struct job_event *events)
{
    struct job_plan *job = &making->jobs[index];
    struct life life = {
        .job = index,
        .is_named = job->rhythm.interval_us == 0 && !making->traits[index].is_triggered,
        .exists = true,
        .next_id = job->first_checkpoint_id,
    };
    if (making->traits[index].is_target)
        return 0;
    if (choices_chance(making->choices, 150)) {
        life.exists = job->exists_at_start = false;
        return draw_life(making, &life, events);
    }
    size_t count = job->rhythm.interval_us == 0 ? simplest_life(&life, events) : 0;
    return count + draw_life(making, &life, events + count);
}

/* In order of time; at one instant those of the job that comes first. */
static void sort_events(struct job_event *events, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct job_event moved = events[i];
        size_t at = i;
        for (; at > 0 && events[at - 1].at_us > moved.at_us; at--)
            events[at] = events[at - 1];
        events[at] = moved;
    }
}

/* Most lives have few events: the plan keeps no room for all that there might have been. */
void draw_lives(struct making *making)
{
    struct job_event drawn[JOBS_MAX * (JOB_EVENTS_MAX + 1)];
    size_t count = 0;
    for (size_t i = 0; i < making->plan->job_count; i++)
        count += draw_life_of(making, i, drawn + count);
    sort_events(drawn, count);
    struct job_event *events = arena_zeroed(making->arena, count, sizeof *events);
    if (!events)
        return;
    memcpy(events, drawn, count * sizeof *events);
    making->plan->events = events;
    making->plan->event_count = count;
}
