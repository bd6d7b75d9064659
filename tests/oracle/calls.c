#include "tests/oracle/evidence.h"
#include "tests/oracle/traffic.h"

/* The properties of what reaches the JobManager. */

static bool is_call(const struct story *story, size_t fact, enum fact_kind kind,
                    enum call_kind call)
{
    return story->facts[fact].kind == kind && story->facts[fact].call == call;
}

/* How many requests about the job that could want this kind of answer are waiting at a step. */
static size_t waiting(const struct story *story, size_t job, size_t step,
                      bool (*wants)(enum exchange_path))
{
    size_t count = 0;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        count += answer->is_told_when_sent && answer->job == job && answer->sent_step < step &&
                 answer->done_step > step && wants(answer->exchange.path);
    }
    return count;
}

static bool wants_statistics(enum exchange_path path)
{
    return traffic_of(path) == TRAFFIC_STATISTICS;
}

static bool is_of_dashboard(enum exchange_path path)
{
    return traffic_of(path) == TRAFFIC_GRAPH;
}

/* Requests of other paths may need anything. */
static bool is_of_another_path(enum exchange_path path)
{
    return path == PATH_OTHER;
}

/* A call is explained by any waiting request that may have needed it. Requests are told from the
 * first one on. */
static bool requests_are_told(const struct story *story, size_t step)
{
    for (size_t i = 0; i < story->answer_count; i++) {
        if (story->answers[i].is_told_when_sent && story->answers[i].sent_step < step)
            return true;
    }
    return false;
}

/* Requests of one path wait when the call is made, and none that might have needed it. */
static bool is_foreign(const struct story *story, size_t fact)
{
    size_t job = story->fact_job[fact], step = story->fact_step[fact];
    bool graph = story->facts[fact].call == CALL_GRAPH;
    size_t needing = waiting(story, job, step, graph ? is_of_dashboard : wants_statistics) +
                     waiting(story, job, step, is_of_another_path);
    size_t others = waiting(story, job, step, graph ? wants_statistics : is_of_dashboard);
    return others > 0 && needing == 0;
}

/* ---- dashboard-cached ---- */

/* When the call was sent whose end this is. */
static int64_t sent_us(const struct story *story, size_t ended)
{
    for (size_t i = 0; i < story->fact_count; i++) {
        if (story->facts[i].kind == FACT_CALL_SENT &&
            story->facts[i].fetch == story->facts[ended].fetch)
            return story->facts[i].at_us;
    }
    return INT64_MIN;
}

/* Another fetch that succeeded by then had been sent within an interval of this one. */
static bool is_near_another(const struct story *story, size_t ended)
{
    int64_t own_us = sent_us(story, ended);
    for (size_t i = 0; i < story->fact_count; i++) {
        if (i == ended || !is_call(story, i, FACT_CALL_ENDED, CALL_GRAPH) ||
            story->facts[i].call_failed || story->fact_job[i] != story->fact_job[ended] ||
            story->fact_step[i] > story->fact_step[ended])
            continue;
        int64_t gap_us = own_us - sent_us(story, i);
        if (gap_us > -story->claim.refresh_interval_us && gap_us < story->claim.refresh_interval_us)
            return true;
    }
    return false;
}

/* Successful fetches of the job that were sent within an interval that ends with this one. */
static int64_t fetches_within_interval(const struct story *story, size_t ended)
{
    int64_t count = 0, last_us = sent_us(story, ended);
    for (size_t i = 0; i < story->fact_count; i++) {
        if (!is_call(story, i, FACT_CALL_ENDED, CALL_GRAPH) || story->facts[i].call_failed ||
            story->fact_job[i] != story->fact_job[ended])
            continue;
        const int64_t at_us = sent_us(story, i);
        count += at_us <= last_us && at_us > last_us - story->claim.refresh_interval_us;
    }
    return count;
}

struct ruling statement_dashboard_cached(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = calls_are_told(story)};
    (void)evidence;
    for (size_t i = 0; i < story->fact_count; i++) {
        size_t job = story->fact_job[i], step = story->fact_step[i];
        bool fetched =
            is_call(story, i, FACT_CALL_ENDED, CALL_GRAPH) && !story->facts[i].call_failed;
        bool repeated = fetched && is_near_another(story, i);
        raise_worst(&ruling, fetched ? fetches_within_interval(story, i) : 0);
        bool unwanted = is_call(story, i, FACT_CALL_SENT, CALL_GRAPH) &&
                        requests_are_told(story, step) &&
                        waiting(story, job, step, is_of_dashboard) == 0 &&
                        waiting(story, job, step, is_of_another_path) == 0;
        ruling.violations += repeated + unwanted;
    }
    for (size_t i = 0; i < story->answer_count; i++)
        ruling.tested +=
            story->answers[i].exchange.path == PATH_JOB && story->answers[i].exchange.status == 200;
    return ruling;
}

/* ---- isolated ---- */

static bool call_succeeded(const struct story *story, const struct answer *answer,
                           enum call_kind kind, int64_t by_us)
{
    for (size_t i = 0; i < story->fact_count; i++) {
        if (is_call(story, i, FACT_CALL_ENDED, kind) && !story->facts[i].call_failed &&
            story->fact_job[i] == answer->job && story->fact_step[i] < answer->done_step &&
            story->facts[i].at_us <= by_us)
            return true;
    }
    return false;
}

/* About checkpoints, out of an execution graph: no statistics had been fetched when it left. */
static bool is_out_of_graph(const struct story *story, const struct answer *answer)
{
    return (is_list(answer) || is_details(answer)) &&
           call_succeeded(story, answer, CALL_GRAPH, INT64_MAX) &&
           !call_succeeded(story, answer, CALL_STATISTICS, answer->exchange.left_us);
}

static bool has_borrowed_error(const struct story *story, const struct answer *answer)
{
    bool graph = traffic_of(answer->exchange.path) == TRAFFIC_GRAPH;
    enum call_kind own = graph ? CALL_GRAPH : CALL_STATISTICS;
    enum call_kind other = graph ? CALL_STATISTICS : CALL_GRAPH;
    const bool is_cancelled =
        answer->seen.kind == OBSERVED_ERROR && answer->seen.error == ERROR_CANCELLED;
    return is_failure(answer) && !is_cancelled &&
           !call_failed_within(story, answer, own, INT64_MIN, INT64_MAX) &&
           call_failed_within(story, answer, other, answer->exchange.sent_us,
                              answer->exchange.done_us);
}

struct ruling statement_isolated(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = false};
    bool was_read[3] = {false};
    (void)evidence;
    for (size_t i = 0; i < story->fact_count; i++)
        ruling.violations += (is_call(story, i, FACT_CALL_SENT, CALL_GRAPH) ||
                              is_call(story, i, FACT_CALL_SENT, CALL_STATISTICS)) &&
                             is_foreign(story, i);
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        enum traffic traffic = traffic_of(answer->exchange.path);
        if (traffic == TRAFFIC_OTHER || answer->exchange.status == 0)
            continue;
        ruling.tested++;
        was_read[traffic] |= answer->exchange.status == 200;
        ruling.violations += is_out_of_graph(story, answer) || has_borrowed_error(story, answer);
    }
    ruling.is_decidable =
        calls_are_told(story) && was_read[TRAFFIC_GRAPH] && was_read[TRAFFIC_STATISTICS];
    return ruling;
}

/* ---- minimal-fetch ---- */

struct ruling statement_minimal_fetch(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = calls_are_told(story)};
    (void)evidence;
    for (size_t i = 0; i < story->fact_count; i++)
        ruling.violations += is_call(story, i, FACT_CALL_SENT, CALL_GRAPH) && is_foreign(story, i);
    for (size_t i = 0; i < story->answer_count; i++)
        ruling.tested += is_list(&story->answers[i]) || is_details(&story->answers[i]);
    return ruling;
}

/* ---- bounded-load ---- */

struct load {
    uint64_t sent, succeeded, in_flight, in_flight_most, over;
    int64_t first_us, last_us;
};

static void count_call(const struct story *story, size_t fact, struct load *load)
{
    const struct fact *call = &story->facts[fact];
    if (call->kind == FACT_CALL_SENT) {
        load->sent++;
        load->in_flight++;
        load->over += (int64_t)load->in_flight > story->claim.in_flight_max;
        if (load->in_flight > load->in_flight_most)
            load->in_flight_most = load->in_flight;
    } else if (call->kind == FACT_CALL_ENDED) {
        load->in_flight--;
        if (call->call_failed)
            return;
        int64_t at_us = sent_us(story, fact);
        if (load->succeeded == 0 || at_us < load->first_us)
            load->first_us = at_us;
        if (load->succeeded++ == 0 || at_us > load->last_us)
            load->last_us = at_us;
    }
}

static struct load load_of(const struct story *story, size_t job, enum call_kind kind)
{
    struct load load = {0};
    for (size_t i = 0; i < story->step_count; i++) {
        const struct step *step = &story->steps[i];
        if (step->kind == STEP_FACT && story->fact_job[step->index] == job &&
            story->facts[step->index].call == kind)
            count_call(story, step->index, &load);
    }
    return load;
}

static void rule_on_load(const struct story *story, size_t job, struct ruling *ruling)
{
    const int64_t bound_us = story->claim.bound_us;
    uint64_t answers = 0, demanding = 0;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        const struct exchange *exchange = &answer->exchange;
        if (answer->job != job)
            continue;
        answers += is_list(answer) || is_details(answer);
        demanding += exchange->status != 0 && traffic_of(exchange->path) == TRAFFIC_STATISTICS &&
                     exchange->bound_us >= 0 && exchange->bound_us < bound_us;
    }
    struct load load = load_of(story, job, CALL_STATISTICS);
    if (load.sent == 0)
        load = load_of(story, job, CALL_GRAPH);
    if (answers == 0 || (bound_us > 0 ? load.succeeded : load.in_flight_most) == 0)
        return;
    ruling->tested += load.sent;
    raise_worst(ruling, (int64_t)(bound_us > 0 ? load.succeeded : load.in_flight_most));
    if (bound_us == 0) {
        ruling->violations += load.over;
        return;
    }
    uint64_t allowed = 1 + (uint64_t)((load.last_us - load.first_us) / bound_us) + demanding;
    ruling->violations += load.succeeded > allowed ? load.succeeded - allowed : 0;
}

struct ruling statement_bounded_load(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = calls_are_told(story)};
    (void)evidence;
    for (size_t job = 0; job < story->job_count; job++)
        rule_on_load(story, job, &ruling);
    return ruling;
}
