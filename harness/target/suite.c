#include "harness/target/suite.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"
#include "harness/live/address.h"
#include "harness/live/http_target.h"
#include "harness/target/bound_plan.h"
#include "harness/target/cluster_jobs.h"
#include "harness/target/job_life.h"
#include "harness/target/settings_fit.h"
#include "harness/target/suite_recording.h"

enum { LOOK_EVERY_MS = 50, LOOKS_MAX = 1200 }; /* a minute for jobs to come up */

struct suite {
    struct suite_options options;
    struct address address;
    struct http_target *http;
    struct target target;
    struct discovered discovered;
    char *jar; /* "/jars/ID"; NULL: none */
    bool jar_is_ours;
};

/* --- opening and closing --------------------------------------------------------------------- */

static enum call take_jar(struct suite *suite, const char **why)
{
    const struct suite_options *options = &suite->options;
    if (!options->jar_name)
        return CALL_ANSWERED;
    if (options->jar_bytes) {
        suite->jar_is_ours = true;
        return cluster_jar_upload(suite->target, options->jar_name, options->jar_bytes,
                                  options->jar_length, &suite->jar, why);
    }
    struct buffer path = {0};
    buffer_printf(&path, "/jars/%s", options->jar_name);
    suite->jar = buffer_take(&path);
    return suite->jar ? CALL_ANSWERED : CALL_NO_MEMORY;
}

struct suite *suite_open(const struct suite_options *options, enum call *outcome, const char **why)
{
    struct suite *suite = calloc(1, sizeof *suite);
    *outcome = CALL_NO_MEMORY;
    *why = "out of memory";
    if (!suite)
        return NULL;
    suite->options = *options;
    if (!address_read(options->url, &suite->address, why))
        goto fail;
    suite->http = http_target_new(options->url, why);
    if (!suite->http)
        goto fail;
    suite->target = http_target(suite->http);
    *outcome = discover(suite->target, &suite->discovered, why);
    if (*outcome == CALL_ANSWERED)
        *outcome = take_jar(suite, why);
    if (*outcome == CALL_ANSWERED)
        return suite;
fail:
    suite_close(suite);
    return NULL;
}

void suite_close(struct suite *suite)
{
    const char *ignored;
    if (!suite)
        return;
    if (suite->jar && suite->jar_is_ours)
        (void)cluster_jar_delete(suite->target, suite->jar, &ignored);
    discovered_free(&suite->discovered);
    http_target_free(suite->http);
    address_free(&suite->address);
    free(suite->jar);
    free(suite);
}

const struct discovered *suite_target(const struct suite *suite)
{
    return &suite->discovered;
}

/* --- a scenario ------------------------------------------------------------------------------ */

struct scenario {
    struct suite *suite;
    const struct plan *plan;
    struct suite_result *result;
    struct id *ids;
    bool *is_ours; /* was to be started by us */
    struct cluster_jobs there;
    struct bound_plan bound;
    struct suite_recording *recording;
};

static bool end(struct scenario *scenario, enum suite_outcome outcome, const char *why)
{
    scenario->result->outcome = outcome;
    buffer_text(&scenario->result->why, why);
    return false;
}

/* A call did not do; the sentence stands for itself where nobody answered. */
static bool end_by_call(struct scenario *scenario, enum call outcome, const char *why)
{
    return end(scenario, outcome == CALL_SILENT ? SUITE_GONE : SUITE_FAILED, why);
}

static bool is_stopped(const struct suite *suite, int wait_ms)
{
    struct pollfd stop = {.fd = suite->options.stop_fd, .events = POLLIN};
    return poll(&stop, 1, wait_ms) > 0;
}

/* --- what keeps it from being run ------------------------------------------------------------ */

static bool can_be_run(struct scenario *scenario)
{
    const struct plan *plan = scenario->plan;
    const struct discovered *target = &scenario->suite->discovered;
    struct buffer *why = &scenario->result->why;
    struct buffer own = {0};
    bool fine = false;
    scenario->result->outcome = SUITE_SKIPPED;
    if (plan->needs_origin_because) {
        buffer_printf(why, "needs control of the origin: %s", plan->needs_origin_because);
    } else if (!plan->live) {
        buffer_text(why, plan->not_live_because);
    } else if (job_life_is_own(plan, &own) && !scenario->suite->jar) {
        buffer_text(why, "needs a job of its own, so --jar: ");
        buffer_append(why, own.bytes, own.length);
    } else {
        fine = settings_fit(plan, &target->settings, target->flink_version, why);
    }
    buffer_free(&own);
    return fine;
}

/* --- which jobs ------------------------------------------------------------------------------ */

static const struct job_binding *binding_of(const struct suite *suite, const char *name)
{
    for (size_t i = 0; i < suite->options.binding_count; i++)
        if (strcmp(suite->options.bindings[i].name, name) == 0)
            return &suite->options.bindings[i];
    return NULL;
}

static bool is_taken(const struct scenario *scenario, size_t job_count, struct id id)
{
    for (size_t i = 0; i < job_count; i++)
        if (id_equal(scenario->ids[i], id))
            return true;
    return false;
}

/* At half the pace that the scenario wants, a job still puts to the test what it is for. */
static bool rhythm_fits(struct scenario *scenario, size_t job, struct id id, bool *fits)
{
    const int64_t wanted_us = scenario->plan->jobs[job].rhythm.interval_us;
    int64_t interval_us;
    const char *why;
    *fits = wanted_us == 0;
    if (*fits)
        return true;
    const enum call outcome = cluster_job_interval(scenario->suite->target, id, &interval_us, &why);
    if (outcome == CALL_SILENT || outcome == CALL_NO_MEMORY)
        return end_by_call(scenario, outcome, why);
    *fits = outcome == CALL_ANSWERED && interval_us <= 2 * wanted_us;
    return true;
}

static bool find_running(struct scenario *scenario, size_t job)
{
    for (size_t i = 0; i < scenario->there.count; i++) {
        const struct cluster_job *candidate = &scenario->there.jobs[i];
        bool fits;
        if (!candidate->runs || is_taken(scenario, job, candidate->id))
            continue;
        if (!rhythm_fits(scenario, job, candidate->id, &fits))
            return false;
        if (fits) {
            scenario->ids[job] = candidate->id;
            return true;
        }
    }
    const struct job_plan *wanted = &scenario->plan->jobs[job];
    struct buffer *why = &scenario->result->why;
    buffer_printf(why, "needs a running job for %s", wanted->name);
    if (wanted->rhythm.interval_us > 0)
        buffer_printf(why, " with a checkpoint each %.0f ms", wanted->rhythm.interval_us / 1000.0);
    return end(scenario, SUITE_SKIPPED, ", or --jar");
}

static bool choose_jobs(struct scenario *scenario)
{
    const struct suite *suite = scenario->suite;
    for (size_t i = 0; i < scenario->plan->job_count; i++) {
        const struct job_binding *binding = binding_of(suite, scenario->plan->jobs[i].name);
        scenario->is_ours[i] = !binding && suite->jar;
        if (binding)
            scenario->ids[i] = binding->id;
        else if (!suite->jar) {
            if (!find_running(scenario, i))
                return false;
        } else if (getrandom(&scenario->ids[i], sizeof scenario->ids[i], 0) !=
                   sizeof scenario->ids[i])
            return end(scenario, SUITE_FAILED, "the system has no random numbers to give");
    }
    return true;
}

static bool list_jobs(struct scenario *scenario)
{
    const char *why;
    cluster_jobs_free(&scenario->there);
    const enum call outcome = cluster_jobs_list(scenario->suite->target, &scenario->there, &why);
    return outcome == CALL_ANSWERED || end_by_call(scenario, outcome, why);
}

/* --- starting and ending them ---------------------------------------------------------------- */

static bool start_job(struct scenario *scenario, size_t job, const char *path, const char **why,
                      enum call *outcome)
{
    struct buffer order = {0};
    job_life_order(scenario->plan, job, scenario->ids[job], path, &order);
    char *body = buffer_take(&order);
    *outcome = CALL_NO_MEMORY;
    *why = "out of memory";
    if (body)
        *outcome = cluster_job_start(scenario->suite->target, scenario->suite->jar, body, why);
    free(body);
    return *outcome == CALL_ANSWERED;
}

static bool all_run(struct scenario *scenario, bool *run)
{
    if (!list_jobs(scenario))
        return false;
    *run = true;
    for (size_t i = 0; i < scenario->plan->job_count; i++) {
        const struct cluster_job *job = cluster_jobs_find(&scenario->there, scenario->ids[i]);
        if (!scenario->plan->jobs[i].exists_at_start)
            continue;
        if (!job && !scenario->is_ours[i])
            return end(scenario, SUITE_FAILED, "a job that --job names is not there");
        if (job && job->has_ended)
            return end(scenario, SUITE_FAILED, "a job ended before the scenario began");
        *run &= job && job->runs;
    }
    return true;
}

/* Those that are there before the scenario begins. */
static bool start_jobs(struct scenario *scenario)
{
    const char *why;
    enum call outcome;
    for (size_t i = 0; i < scenario->plan->job_count; i++) {
        if (scenario->is_ours[i] && scenario->plan->jobs[i].exists_at_start &&
            !start_job(scenario, i, NULL, &why, &outcome))
            return end_by_call(scenario, outcome, why);
    }
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
        bool run;
        if (!all_run(scenario, &run))
            return false;
        if (run)
            return true;
        if (is_stopped(scenario->suite, LOOK_EVERY_MS))
            return end(scenario, SUITE_STOPPED, "interrupted");
    }
    return end(scenario, SUITE_FAILED, "not all jobs were running after a minute");
}

/* One that has ended or was never started has nothing to cancel; and nobody is there to be told. */
static void cancel_jobs(const struct scenario *scenario)
{
    const char *ignored;
    for (size_t i = 0; i < scenario->plan->job_count; i++)
        if (scenario->is_ours[i])
            (void)cluster_job_cancel(scenario->suite->target, scenario->ids[i], &ignored);
}

/* A migration starts its job from the path that it read. */
static bool on_starts_job(void *context, int64_t now_us, const struct client_action *action)
{
    struct scenario *scenario = context;
    const char *why;
    enum call outcome;
    (void)now_us;
    (void)start_job(scenario, action->job, action->path, &why, &outcome);
    return outcome != CALL_NO_MEMORY;
}

/* --- asking and judging ---------------------------------------------------------------------- */

static bool still_answers(struct scenario *scenario)
{
    struct json_tree tree = {0};
    const char *why;
    const enum call outcome = call_get(scenario->suite->target, "/config", &tree, &why);
    json_tree_free(&tree);
    return outcome != CALL_SILENT || end(scenario, SUITE_GONE, why);
}

static bool on_began(void *context, int64_t epoch_us)
{
    struct scenario *scenario = context;
    return suite_recording_begin(scenario->recording, epoch_us);
}

static bool on_ended(void *context, const struct target_exchange *exchange)
{
    struct scenario *scenario = context;
    return suite_recording_add(scenario->recording, exchange);
}

static bool ask(struct scenario *scenario)
{
    struct suite *suite = scenario->suite;
    const char *why;
    const struct target_run_options options = {
        .address = &suite->address,
        .plan = &scenario->bound.plan,
        .seed = suite->options.seed,
        .listener = {.context = scenario,
                     .began = on_began,
                     .ended = on_ended,
                     .starts_job = on_starts_job},
        .stop_fd = suite->options.stop_fd,
    };
    switch (target_run(&options, &why)) {
    case TARGET_STOPPED:
        return end(scenario, SUITE_STOPPED, "interrupted");
    case TARGET_GIVEN_UP:
        why = suite_recording_failure(scenario->recording);
        return end(scenario, SUITE_FAILED, why ? why : "out of memory");
    case TARGET_BROKEN:
        return end(scenario, SUITE_FAILED, why);
    case TARGET_DONE:
        break;
    }
    scenario->result->exchanges = suite_recording_count(scenario->recording);
    return !suite_recording_lacks_answers(scenario->recording) || still_answers(scenario);
}

static bool judge(struct scenario *scenario)
{
    const char *why = suite_recording_judge(scenario->recording, &scenario->plan->claim,
                                            &scenario->result->judgement);
    return !why || end(scenario, SUITE_FAILED, why);
}

/* --- all of it ------------------------------------------------------------------------------- */

static bool prepare(struct scenario *scenario)
{
    const struct suite *suite = scenario->suite;
    const size_t count = scenario->plan->job_count;
    const char *why;
    scenario->ids = calloc(count + 1, sizeof *scenario->ids);
    scenario->is_ours = calloc(count + 1, sizeof *scenario->is_ours);
    if (!scenario->ids || !scenario->is_ours)
        return end(scenario, SUITE_FAILED, "out of memory");
    if (!list_jobs(scenario) || !choose_jobs(scenario))
        return false;
    if (!bound_plan_make(&scenario->bound, scenario->plan, scenario->ids, suite->jar))
        return end(scenario, SUITE_FAILED, "out of memory");
    scenario->recording = suite_recording_new(suite->options.keep_folder, scenario->plan->name,
                                              &suite->discovered, &why);
    return scenario->recording || end(scenario, SUITE_FAILED, why);
}

void suite_run(struct suite *suite, const struct plan *plan, struct suite_result *result)
{
    struct scenario scenario = {.suite = suite, .plan = plan, .result = result};
    *result = (struct suite_result){.outcome = SUITE_JUDGED};
    if (is_stopped(suite, 0)) {
        end(&scenario, SUITE_STOPPED, "interrupted");
        return;
    }
    if (can_be_run(&scenario) && prepare(&scenario)) {
        result->outcome = SUITE_JUDGED;
        if (start_jobs(&scenario) && ask(&scenario))
            judge(&scenario);
        cancel_jobs(&scenario);
    }
    suite_recording_free(scenario.recording);
    bound_plan_free(&scenario.bound);
    cluster_jobs_free(&scenario.there);
    free(scenario.is_ours);
    free(scenario.ids);
}
