#include "harness/rehearsal/load_plan_internal.h"

#include "base/random.h"
#include "base/arena.h"

/* What is being laid out. Running out of memory shows in the arena at the end. */
struct layout {
    struct arena *arena;
    const struct rehearsal *rehearsal;
    const struct load *load;
    struct plan *plan;
    struct random random;
    struct job_plan *jobs;
    struct job_event *events;
    size_t event_count, event_capacity;
    struct client_plan *clients;
};

static const struct job_vertex vertices[] = {
    {.id = {UINT64_C(0xcccccccccccccccc), 1}, .name = "Source", .parallelism = 1}};

static int64_t phase_us(struct layout *layout, int64_t interval_us)
{
    return (int64_t)random_below(&layout->random, (uint64_t)interval_us);
}

static void lay_out_random_completions(struct layout *layout, size_t job)
{
    const double interval_us = (double)layout->load->completion_interval_us;
    double at_us = random_exponential(&layout->random, interval_us);
    for (; at_us < (double)layout->plan->end_us;
         at_us += random_exponential(&layout->random, interval_us)) {
        layout->events = arena_grow(layout->arena, layout->events, layout->event_count,
                                    &layout->event_capacity, sizeof *layout->events);
        if (!layout->events)
            return;
        layout->events[layout->event_count++] =
            (struct job_event){.at_us = (int64_t)at_us, .job = job, .kind = JOB_EVENT_COMPLETES};
    }
}

static void lay_out_jobs(struct layout *layout)
{
    const struct load *load = layout->load;
    for (size_t i = 0; i < (size_t)load->job_count; i++) {
        struct job_plan *job = &layout->jobs[i];
        *job = (struct job_plan){.id = {UINT64_C(0xaaaaaaaaaaaaaaaa), i + 1},
                                 .name = "job",
                                 .exists_at_start = true,
                                 .checkpointing = true,
                                 .state_size = 100,
                                 .vertices = vertices,
                                 .vertex_count = 1};
        if (load->completes_at_random) {
            lay_out_random_completions(layout, i);
            continue;
        }
        job->rhythm =
            (struct job_rhythm){.interval_us = load->completion_interval_us,
                                .first_us = phase_us(layout, load->completion_interval_us),
                                .ends_us = INT64_MAX};
    }
}

static struct client_plan *add_client(struct layout *layout, enum client_kind kind, size_t job,
                                      int64_t from_us, int64_t every_us)
{
    struct client_plan *client = &layout->clients[layout->plan->client_count++];
    *client = (struct client_plan){.name = kind == CLIENT_POLLER ? "program" : "dashboard",
                                   .kind = kind,
                                   .count = 1,
                                   .job = job,
                                   .from_us = from_us,
                                   .until_us = layout->plan->end_us,
                                   .every_us = every_us};
    return client;
}

/* Steady ones are evenly spread, from a phase of their own for each job. */
static void spread(struct layout *layout, enum client_kind kind, size_t job, int64_t count,
                   int64_t every_us)
{
    const int64_t first_us = count > 0 ? phase_us(layout, every_us) : 0;
    for (int64_t i = 0; i < count; i++)
        add_client(layout, kind, job, first_us + i * every_us / count, every_us);
}

/* Programs at random are together one that asks as often as all of them. */
static void lay_out_clients(struct layout *layout)
{
    const struct load *load = layout->load;
    const int64_t refresh_us = layout->plan->settings.refresh_interval_us;
    for (size_t job = 0; job < (size_t)load->job_count; job++) {
        if (!load->polls_at_random)
            spread(layout, CLIENT_POLLER, job, load->program_count, load->poll_interval_us);
        else if (load->program_count > 0)
            add_client(layout, CLIENT_POLLER, job, 0, load->poll_interval_us / load->program_count)
                ->at_random = true;
        spread(layout, CLIENT_DASHBOARD, job, load->dashboard_count, refresh_us);
    }
}

static void fill_plan(struct layout *layout)
{
    const struct rehearsal *rehearsal = layout->rehearsal;
    struct plan *plan = layout->plan;
    plan->file = plan->name = plan->title = "a stated load";
    plan->settings = *rehearsal->settings;
    plan->call_out_us = rehearsal->load->call_us / 2;
    plan->call_back_us = rehearsal->load->call_us - plan->call_out_us;
    plan->end_us = rehearsal->duration_us;
    plan->claim.claimed[PROPERTY_BOUNDED_AGE] = true;
    plan->claim.bound_us = INT64_MAX / 4; /* ages are only measured */
    random_seed(&layout->random, rehearsal->seed);
    lay_out_jobs(layout);
    lay_out_clients(layout);
    plan->jobs = layout->jobs;
    plan->job_count = (size_t)rehearsal->load->job_count;
    plan->events = layout->events;
    plan->event_count = layout->event_count;
    plan->clients = layout->clients;
}

struct plan *load_plan(const struct rehearsal *rehearsal)
{
    const struct load *load = rehearsal->load;
    const size_t job_count = (size_t)load->job_count;
    struct layout layout = {.rehearsal = rehearsal, .load = load, .arena = arena_new()};
    if (!layout.arena)
        return NULL;
    layout.plan = plan_new(layout.arena);
    layout.jobs = arena_zeroed(layout.arena, job_count, sizeof *layout.jobs);
    layout.clients = arena_zeroed(
        layout.arena, job_count * (size_t)(load->program_count + load->dashboard_count + 1),
        sizeof *layout.clients);
    if (layout.plan && layout.jobs && layout.clients)
        fill_plan(&layout);
    if (!arena_failed(layout.arena))
        return layout.plan;
    arena_free(layout.arena);
    return NULL;
}
