#include "harness/target/proxied_run.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/implementations/implementation.h"
#include "harness/scenario/scenario.h"
#include "harness/target/proxied_history.h"

/* Round trips on either side of a scenario: the quickest of so many is quick. */
enum { ROUND_TRIPS = 20 };

/* How long answers may be missing after the end of a plan. */
static const int64_t patience_us = 5000000;

struct proxied {
    const struct proxied_options *options;
    struct proxied_outcome *outcome;
    struct proxied_history history;
    struct origin_truth truth;
    int64_t our_zero_us;
    size_t failed_count; /* requests that the target failed, and what it said to the first */
    char failed_how[120];
};

static void ends(struct proxied *run, enum proxied_end end, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void ends(struct proxied *run, enum proxied_end end, const char *format, ...)
{
    run->outcome->end = end;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->outcome->why, sizeof run->outcome->why, format, arguments);
    va_end(arguments);
}

/* What a call of the origin came to; true: it went well. */
static bool went_well(struct proxied *run, const char *why)
{
    if (why)
        ends(run, PROXIED_DEAD, "the origin: %s", why);
    return why == NULL;
}

/* --- while it runs ------------------------------------------------------------------------- */

static bool began(void *context, int64_t epoch_us)
{
    struct proxied *run = context;
    (void)epoch_us;
    return went_well(run, origin_start_clock(run->options->origin));
}

static bool starts_job(void *context, int64_t now_us, const struct client_action *action)
{
    struct proxied *run = context;
    (void)now_us;
    return went_well(run, origin_start_job(run->options->origin,
                                           run->options->plan->jobs[action->job].id, action->path));
}

/* No mock says 502 or 504, and none breaks a connection unless it is told to. */
static void note_failure(struct proxied *run, const struct target_exchange *exchange)
{
    const int status = exchange->landing->status;
    if (exchange->cut_off || (status != 0 && status != 502 && status != 504))
        return;
    if (run->failed_count++ > 0)
        return;
    if (status == 0)
        snprintf(run->failed_how, sizeof run->failed_how, "%s", exchange->landing->failure);
    else
        snprintf(run->failed_how, sizeof run->failed_how, "it answered %d", status);
}

static bool ended(void *context, const struct target_exchange *exchange)
{
    struct proxied *run = context;
    note_failure(run, exchange);
    if (proxied_history_add(&run->history, exchange))
        return true;
    ends(run, PROXIED_BROKEN, "out of memory");
    return false;
}

static bool ask_through_target(struct proxied *run)
{
    const struct proxied_options *options = run->options;
    const struct target_run_options target = {
        .address = options->target,
        .plan = options->plan,
        .seed = options->load.seed,
        .listener = {.context = run, .began = began, .ended = ended, .starts_job = starts_job},
        .patience_us = patience_us,
        .zero_us = &run->our_zero_us,
        .stop_fd = options->stop_fd,
        .tag_requests = true,
    };
    const char *why = NULL;
    const enum target_end end = target_run(&target, &why);
    if (end == TARGET_BROKEN)
        ends(run, PROXIED_BROKEN, "%s", why);
    else if (end == TARGET_STOPPED)
        ends(run, PROXIED_STOPPED, "interrupted");
    return end == TARGET_DONE;
}

/* --- afterwards ---------------------------------------------------------------------------- */

static bool learn_truth(struct proxied *run)
{
    struct origin *origin = run->options->origin;
    const char *why = origin_compare_clocks(origin, ROUND_TRIPS);
    if (!why)
        why = origin_tell(origin, &run->truth);
    if (why)
        ends(run, PROXIED_UNDECIDED, "%s", why);
    return why == NULL;
}

/* A target that fails is never a pass, however fresh its other answers were. */
static void weigh_failures(struct proxied *run)
{
    if (run->failed_count == 0 || run->outcome->result.judgement.whole == VERDICT_FAIL)
        return;
    run->outcome->target_failed = true;
    ends(run, PROXIED_UNDECIDED, "the target failed %zu of %zu requests: %s", run->failed_count,
         run->history.count, run->failed_how);
}

static void judge(struct proxied *run)
{
    struct proxied_evidence evidence = {
        .plan = run->options->plan,
        .history = &run->history,
        .truth = &run->truth,
        .clocks = {.offset = *origin_offset(run->options->origin),
                   .origin_zero_us = origin_zero_us(run->options->origin),
                   .our_zero_us = run->our_zero_us},
        .tags_pass = run->options->tags_pass,
    };
    if (run->failed_count > 0 && run->failed_count == run->history.count) {
        ends(run, PROXIED_DEAD, "the target failed every request: %s", run->failed_how);
        return;
    }
    if (!proxied_history_trace(&evidence)) {
        ends(run, PROXIED_UNDECIDED,
             "the origin's clock was set, or does not go as fast as ours: no time can be compared");
        return;
    }
    const char *why = proxied_history_judge(&evidence, &run->outcome->result);
    if (why) {
        ends(run, PROXIED_UNDECIDED, "%s", why);
        return;
    }
    run->outcome->end = PROXIED_JUDGED;
    run->outcome->clock_error_us = clock_offset_error_us(&evidence.clocks.offset);
    weigh_failures(run);
}

static bool live_it(struct proxied *run)
{
    struct origin *origin = run->options->origin;
    return went_well(run, origin_load(origin, &run->options->load)) &&
           went_well(run, origin_compare_clocks(origin, ROUND_TRIPS)) && ask_through_target(run) &&
           learn_truth(run);
}

static void release(struct proxied *run)
{
    proxied_history_free(&run->history);
    origin_truth_free(&run->truth);
}

void proxied_run(const struct proxied_options *options, struct proxied_outcome *outcome)
{
    struct proxied run = {.options = options, .outcome = outcome};
    *outcome = (struct proxied_outcome){.end = PROXIED_BROKEN};
    if (live_it(&run))
        judge(&run);
    release(&run);
}

/* --- the probe ----------------------------------------------------------------------------- */

static const char probe_text[] =
    "title: Does the target lead to the origin?\n"
    "why: A job that only the origin knows is asked for through the target.\n"
    "jobmanager: {J: {}}\n"
    "clients: {probe: {at 1 ms: latest completed checkpoint of J}}\n"
    "claims: [fresh]\n"
    "ends: 100 ms\n"; /* a busy machine may wake up late, and would not ask at all */

static void look_at_probe(struct proxied *run, bool *tags_pass)
{
    const struct proxied_exchange *first = run->history.count > 0 ? run->history.items : NULL;
    *tags_pass = run->truth.request_count > 0;
    run->outcome->end = PROXIED_JUDGED;
    if (run->failed_count > 0)
        ends(run, PROXIED_DEAD, "the target does not answer: %s", run->failed_how);
    else if (!first)
        ends(run, PROXIED_BROKEN, "this machine is too busy to ask within 0.1 s");
    else if (first->status == 0)
        ends(run, PROXIED_DEAD, "the target does not answer");
    else if (first->status != 200)
        ends(run, PROXIED_DEAD,
             "the target does not lead to the origin: it answered %d about a job that runs there",
             first->status);
}

void proxied_probe(struct origin *origin, const struct address *target, uint64_t salt, int stop_fd,
                   bool *tags_pass, struct proxied_outcome *outcome)
{
    struct complaints complaints = {0};
    struct plan *plan = scenario_parse_salted(probe_text, sizeof probe_text - 1, "probe",
                                              implementation_names(), salt, &complaints);
    const struct proxied_options options = {
        .origin = origin,
        .target = target,
        .plan = plan,
        .load = {.name = "probe",
                 .text = probe_text,
                 .implementation = "reference",
                 .seed = 1,
                 .salt = salt},
        .stop_fd = stop_fd,
    };
    struct proxied run = {.options = &options, .outcome = outcome};
    *outcome = (struct proxied_outcome){.end = PROXIED_BROKEN, .why = "out of memory"};
    if (plan && live_it(&run))
        look_at_probe(&run, tags_pass);
    release(&run);
    plan_free(plan);
    complaints_free(&complaints);
}
