#include "tests/oracle/evidence.h"
#include "tests/oracle/traffic.h"

/* The properties of failing answers. */

bool is_failure(const struct answer *answer)
{
    const struct exchange *exchange = &answer->exchange;
    enum observed_error error =
        answer->seen.kind == OBSERVED_ERROR ? answer->seen.error : ERROR_NONE;
    if (traffic_of(exchange->path) == TRAFFIC_OTHER || error == ERROR_NO_CHECKPOINT ||
        error == ERROR_NOT_ENABLED)
        return false;
    return exchange->status >= 500 || error == ERROR_JOB_NOT_FOUND || error == ERROR_INITIALIZING;
}

/* The kind of calls that answers of this path come from, by what was seen of it so far. */
static enum call_kind source_of(const struct story *story, const struct answer *answer)
{
    size_t statistics = 0, graphs = 0;
    for (size_t i = 0; i < story->fact_count; i++) {
        const struct fact *fact = &story->facts[i];
        if (fact->kind != FACT_CALL_SENT || story->fact_job[i] != answer->job ||
            story->fact_step[i] > answer->done_step)
            continue;
        statistics += fact->call == CALL_STATISTICS;
        graphs += fact->call == CALL_GRAPH;
    }
    if (traffic_of(answer->exchange.path) == TRAFFIC_STATISTICS && statistics == 0 && graphs > 0)
        return CALL_GRAPH;
    return traffic_of(answer->exchange.path) == TRAFFIC_STATISTICS ? CALL_STATISTICS : CALL_GRAPH;
}

/* A call of that kind that is known to have failed, and ended within these instants. */
bool call_failed_within(const struct story *story, const struct answer *answer, enum call_kind kind,
                        int64_t from_us, int64_t to_us)
{
    for (size_t i = 0; i < story->fact_count; i++) {
        const struct fact *fact = &story->facts[i];
        if (fact->kind == FACT_CALL_ENDED && fact->call_failed && fact->call == kind &&
            story->fact_job[i] == answer->job && story->fact_step[i] < answer->done_step &&
            fact->at_us >= from_us && fact->at_us <= to_us)
            return true;
    }
    return false;
}

bool is_explained_by_call(const struct story *story, const struct answer *answer)
{
    return call_failed_within(story, answer, source_of(story, answer), answer->exchange.sent_us,
                              answer->exchange.done_us);
}

static bool has_failed_before(const struct story *story, const struct answer *answer)
{
    return call_failed_within(story, answer, source_of(story, answer), INT64_MIN,
                              answer->exchange.sent_us - 1);
}

/* For how long the last failure before the request had been over. */
static int64_t over_for_us(const struct story *story, const struct answer *answer)
{
    const int64_t sent_us = answer->exchange.sent_us;
    int64_t over_us = 1;
    while (!call_failed_within(story, answer, source_of(story, answer), sent_us - over_us,
                               sent_us - over_us))
        over_us++;
    return over_us;
}

bool is_cancelled(const struct answer *answer)
{
    return answer->seen.kind == OBSERVED_ERROR && answer->seen.error == ERROR_CANCELLED;
}

/* ---- no-kept-error ---- */

static bool is_error_of_list(const struct answer *answer, enum observed_error error)
{
    return answer->exchange.path == PATH_STATISTICS && answer->seen.kind == OBSERVED_ERROR &&
           answer->seen.error == error;
}

static bool shows_running(const struct answer *answer)
{
    return answer->exchange.path == PATH_JOB && answer->exchange.status == 200 &&
           answer->seen.kind == OBSERVED_JOB && !answer->seen.job_initializing &&
           !answer->seen.job_terminal;
}

/* Good statistics, good details, or a running job, before the step: then the job may have ended
 * since, and a later error may be an honest one. */
static bool was_seen_well(const struct story *story, const struct answer *answer)
{
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *earlier = &story->answers[i];
        if (earlier->job == answer->job && earlier->done_step < answer->done_step &&
            (shows_running(earlier) || is_list(earlier) || is_details(earlier)))
            return true;
    }
    return false;
}

static bool lists_between(const struct story *story, const struct answer *first,
                          const struct answer *second)
{
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        if (answer->job == first->job && is_list(answer) && answer->done_step > first->done_step &&
            answer->done_step < second->done_step)
            return true;
    }
    return false;
}

/* An error before, the job seen running after it, and then this request: since when it was ruled
 * out; NOT_RULED_OUT: it is not. */
#define NOT_RULED_OUT INT64_MAX
static int64_t ruled_out_us(const struct story *story, const struct answer *answer,
                            enum observed_error error)
{
    int64_t since_us = NOT_RULED_OUT;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *first = &story->answers[i];
        if (first->job != answer->job || !is_error_of_list(first, error) ||
            first->done_step >= answer->done_step || was_seen_well(story, first) ||
            lists_between(story, first, answer))
            continue;
        for (size_t k = 0; k < story->answer_count; k++) {
            const struct answer *running = &story->answers[k];
            if (running->job == answer->job && shows_running(running) &&
                running->exchange.done_us > first->exchange.done_us &&
                running->exchange.done_us < answer->exchange.sent_us &&
                running->exchange.done_us < since_us)
                since_us = running->exchange.done_us;
        }
    }
    return since_us;
}

static void rule_from_answers(const struct story *story, const struct answer *answer,
                              struct ruling *ruling)
{
    const enum observed_error errors[] = {ERROR_JOB_NOT_FOUND, ERROR_INITIALIZING};
    bool tested = false;
    if (answer->exchange.path != PATH_STATISTICS)
        return;
    for (size_t i = 0; i < 2; i++) {
        const int64_t since_us = ruled_out_us(story, answer, errors[i]);
        if (since_us == NOT_RULED_OUT)
            continue;
        tested = true;
        if (!is_error_of_list(answer, errors[i]))
            continue;
        ruling->violations++;
        raise_worst(ruling, answer->exchange.sent_us - since_us);
    }
    ruling->tested += tested;
}

struct ruling statement_no_kept_error(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    bool told = calls_are_told(story);
    (void)evidence;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        if (answer->exchange.status == 0 || traffic_of(answer->exchange.path) == TRAFFIC_OTHER)
            continue;
        if (!told) {
            rule_from_answers(story, answer, &ruling);
        } else if (has_failed_before(story, answer)) {
            ruling.tested++;
            bool kept =
                is_failure(answer) && !is_cancelled(answer) && !is_explained_by_call(story, answer);
            ruling.violations += kept;
            raise_worst(&ruling, kept ? over_for_us(story, answer) : 0);
        }
    }
    return ruling;
}

/* ---- undisturbed ---- */

/* Another request of the same path kind was under way, as far as the history tells when this one
 * is answered. */
static bool was_accompanied(const struct story *story, const struct answer *answer)
{
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *other = &story->answers[i];
        if (other == answer || other->job != answer->job ||
            traffic_of(other->exchange.path) != traffic_of(answer->exchange.path))
            continue;
        bool waits = other->is_told_when_sent && other->sent_step < answer->done_step &&
                     other->done_step > answer->done_step;
        bool was_answered = other->done_step < answer->done_step && other->exchange.status != 0 &&
                            other->exchange.done_us > answer->exchange.sent_us;
        if (waits || was_answered)
            return true;
    }
    return false;
}

static bool is_disturbed(const struct story *story, const struct answer *answer)
{
    if (!is_failure(answer))
        return false;
    if (!calls_are_told(story))
        return is_cancelled(answer);
    enum call_kind other =
        traffic_of(answer->exchange.path) == TRAFFIC_STATISTICS ? CALL_GRAPH : CALL_STATISTICS;
    bool borrowed = call_failed_within(story, answer, other, answer->exchange.sent_us,
                                       answer->exchange.done_us);
    return !is_explained_by_call(story, answer) &&
           (is_cancelled(answer) || (!has_failed_before(story, answer) && !borrowed));
}

struct ruling statement_undisturbed(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    (void)evidence;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        if (answer->exchange.status == 0 || traffic_of(answer->exchange.path) == TRAFFIC_OTHER)
            continue;
        bool disturbed = is_disturbed(story, answer);
        ruling.tested += disturbed || was_accompanied(story, answer);
        ruling.violations += disturbed;
    }
    return ruling;
}

/* ---- available ---- */

int64_t known_since_us(const struct story *story, const struct answer *answer,
                       int64_t *unknown_to_us)
{
    int64_t since_us = NEVER;
    for (size_t i = 0; i < answer->done_step; i++) {
        const struct step *step = &story->steps[i];
        const struct answer *earlier = step_answer(story, step);
        if (step->kind == STEP_FACT && story->fact_job[step->index] == answer->job) {
            const struct fact *fact = &story->facts[step->index];
            if (fact->kind == FACT_JOB_KNOWN && fact->at_us < since_us)
                since_us = *unknown_to_us = fact->at_us;
            if (fact->kind == FACT_JOB_INITIALIZING)
                since_us = NEVER;
        }
        if (!earlier || earlier->job != answer->job || earlier->exchange.path != PATH_JOB ||
            earlier->seen.kind != OBSERVED_JOB || earlier->exchange.status != 200)
            continue;
        if (earlier->seen.job_initializing) {
            since_us = NEVER;
        } else if (since_us == NEVER) {
            *unknown_to_us = earlier->exchange.done_us;
            since_us = *unknown_to_us + 1;
        }
    }
    return since_us;
}

/* What this request is promised: a smaller age where it demands one. */
static int64_t allowed_age_us(const struct story *story, const struct answer *answer)
{
    return answer->exchange.bound_us >= 0 ? answer->exchange.bound_us : story->claim.bound_us;
}

/* Some failed call that ended meanwhile had been sent by when the job was known, and not longer
 * before the request than an answer may be old. */
static bool is_from_before(const struct story *story, const struct answer *answer)
{
    const struct exchange *exchange = &answer->exchange;
    const int64_t oldest_us = exchange->sent_us - allowed_age_us(story, answer);
    int64_t unknown_to_us = 0;
    known_since_us(story, answer, &unknown_to_us);
    for (size_t i = 0; i < story->fact_count; i++) {
        const struct fact *ended = &story->facts[i];
        if (ended->kind != FACT_CALL_ENDED || !ended->call_failed ||
            ended->call != source_of(story, answer) || story->fact_job[i] != answer->job ||
            story->fact_step[i] > answer->done_step || ended->at_us < exchange->sent_us ||
            ended->at_us > exchange->done_us)
            continue;
        for (size_t k = 0; k < story->fact_count; k++) {
            const struct fact *sent = &story->facts[k];
            if (sent->kind == FACT_CALL_SENT && sent->fetch == ended->fetch &&
                story->fact_job[k] == answer->job && sent->at_us >= oldest_us &&
                sent->at_us <= unknown_to_us)
                return true;
        }
    }
    return false;
}

struct ruling statement_available(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    (void)evidence;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        bool silent = answer->exchange.status == 0;
        int64_t unknown_to_us = 0;
        bool known = answer->exchange.path == PATH_STATISTICS &&
                     known_since_us(story, answer, &unknown_to_us) <= answer->exchange.sent_us;
        ruling.tested += silent || known;
        ruling.violations +=
            silent ||
            (known && answer->exchange.status == 404 && answer->seen.kind == OBSERVED_ERROR &&
             answer->seen.error == ERROR_JOB_NOT_FOUND && !is_from_before(story, answer));
    }
    return ruling;
}
