/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "base/random.h"
#include "harness/judge/judge_plain.h"
#include "tests/support/history_builder.h"
#include "tests/support/same_judgement.h"

/*
 * Pages of jobs, errors, and answers about one checkpoint that say what one before them said are only
 * counted. Here the same random histories are fed twice. Jobs that nobody reads become known in them:
 * once all at the beginning, and once one of them before each read, so that always something has
 * changed, and every read is looked at. Nothing else may differ. Times are microseconds: every edge
 * is met.
 */

enum { STEPS = 160, SEEDS = 3000 };

struct said {
    int status;
    struct observation seen;
    char path[64]; /* of the one checkpoint; "": none */
    int64_t asked;
};

struct walk {
    struct random random;
    struct history h;
    bool tells_calls;
    int64_t now_us;
    uint64_t version;
    uint64_t run;
    int64_t newest; /* checkpoint completed in it */
    uint64_t strangers;
    uint64_t open_call[2];
    struct said said[EXCHANGE_PATH_COUNT]; /* last, on that path */
};

static int64_t draw(struct walk *w, int64_t low, int64_t high)
{
    return random_between(&w->random, low, high);
}

static bool chance(struct walk *w, int64_t one_in)
{
    return draw(w, 1, one_in) == 1;
}

static void stranger_becomes_known(struct walk *w)
{
    feed_fact(&w->h, &(struct fact){.kind = FACT_JOB_KNOWN,
                                    .at_us = w->now_us,
                                    .job = {0xcccccccccccccccc, ++w->strangers}});
}

static void tell_of_job(struct walk *w, enum fact_kind kind)
{
    feed_fact(&w->h, &(struct fact){.kind = kind, .at_us = w->now_us, .job = JOB_A});
}

static void completes_one(struct walk *w)
{
    static const enum fact_kind kinds[] = {FACT_BEGAN, FACT_COMPLETED};
    char path[64];
    path_of(JOB_A, ++w->newest, path);
    for (size_t i = 0; i < 2; i++)
        feed_fact(&w->h, &(struct fact){.kind = kinds[i],
                                        .at_us = w->now_us,
                                        .job = JOB_A,
                                        .run = w->run,
                                        .checkpoint = w->newest,
                                        .trigger_ms = trigger_of(w->run, w->newest),
                                        .path = path});
}

static void starts_anew(struct walk *w)
{
    w->newest = 0;
    feed_fact(
        &w->h,
        &(struct fact){.kind = FACT_RUN_BEGAN, .at_us = w->now_us, .job = JOB_A, .run = ++w->run});
}

static void ask_origin(struct walk *w)
{
    static const enum fact_kind kinds[] = {FACT_CALL_SENT, FACT_CALL_ENDED};
    const enum call_kind kind = chance(w, 2) ? CALL_GRAPH : CALL_STATISTICS;
    uint64_t *open = &w->open_call[kind];
    const bool ends = *open != 0;
    if (!ends)
        *open = ++w->h.fetch;
    feed_fact(&w->h, &(struct fact){.kind = kinds[ends],
                                    .at_us = w->now_us,
                                    .job = JOB_A,
                                    .call = kind,
                                    .fetch = *open,
                                    .version = w->version,
                                    .call_failed = ends && chance(w, 2),
                                    .call_outcome = "timed out"});
    if (ends)
        *open = 0;
}

static void feed(struct walk *w, enum exchange_path path, struct id job, const struct said *said)
{
    static const char *const clients[] = {"m", "n", NULL};
    struct exchange exchange;
    struct observation seen = said->seen;
    char told[sizeof said->path]; /* the next answer is in memory of its own */
    const int64_t sent_us = w->now_us - (chance(w, 2) ? draw(w, 0, 5) : 0);
    memcpy(told, said->path, sizeof told);
    if (seen.kind == OBSERVED_DETAILS)
        seen.latest_completed.path = told[0] ? told : NULL;
    exchange_parts(&w->h, &exchange, clients[draw(w, 0, 2)], path, job, 0, 0);
    exchange.sent_us = sent_us < 0 ? 0 : sent_us;
    exchange.done_us = w->now_us;
    exchange.left_us = draw(w, exchange.sent_us, w->now_us);
    exchange.checkpoint = said->asked;
    exchange.bound_us = chance(w, 5) ? draw(w, 0, 9) : -1;
    exchange.status = said->status;
    exchange.seen = &seen;
    feed_exchange(&w->h, &exchange);
}

static void read_list(struct walk *w)
{
    struct shown_answer answer;
    const struct id job = chance(w, 3) ? JOB_B : JOB_A;
    const struct shown shown = {
        .run = w->run, .latest = w->newest, .version = w->version += chance(w, 2)};
    show(&shown, job, &answer);
    feed(w, PATH_STATISTICS, job, &(struct said){.status = 200, .seen = answer.seen});
}

/* Most are of the job's own checkpoint that was asked for, as lists show it. */
static struct said draw_details(struct walk *w)
{
    struct said said = {.status = 200, .asked = w->newest - draw(w, 0, 2)};
    const int64_t id = said.asked + chance(w, 12);
    if (!chance(w, 8))
        path_of(chance(w, 8) ? JOB_B : JOB_A, id, said.path);
    said.seen.kind = OBSERVED_DETAILS;
    said.seen.latest_completed =
        (struct seen_checkpoint){.id = id,
                                 .status = chance(w, 8) ? SEEN_IN_PROGRESS : SEEN_COMPLETED,
                                 .trigger_ms = trigger_of(w->run, id) + chance(w, 12),
                                 .state_size = 100 * id + chance(w, 12)};
    return said;
}

/* One thing is another. */
static void spoil_details(struct walk *w, struct said *said)
{
    struct seen_checkpoint *shown = &said->seen.latest_completed;
    int64_t *const numbers[] = {&said->asked, &shown->id, &shown->trigger_ms, &shown->state_size};
    const size_t at = (size_t)draw(w, 0, 5);
    if (at < sizeof numbers / sizeof *numbers)
        ++*numbers[at];
    else if (at == 4)
        shown->status = shown->status == SEEN_COMPLETED ? SEEN_FAILED : SEEN_COMPLETED;
    else
        said->path[0] = said->path[0] ? '\0' : 'p';
}

static struct said draw_error(struct walk *w)
{
    static const struct {
        int status;
        enum observed_error error;
    } errors[] = {
        {404, ERROR_JOB_NOT_FOUND}, {404, ERROR_JOB_NOT_FOUND}, {404, ERROR_NO_CHECKPOINT},
        {404, ERROR_NOT_ENABLED},   {404, ERROR_OTHER},         {500, ERROR_OTHER},
        {500, ERROR_INITIALIZING},  {500, ERROR_CANCELLED},     {500, ERROR_TIMED_OUT},
        {503, ERROR_UNAVAILABLE},
    };
    const size_t at = (size_t)draw(w, 0, sizeof errors / sizeof *errors - 1);
    return (struct said){.status = errors[at].status,
                         .seen = {.kind = OBSERVED_ERROR, .error = errors[at].error}};
}

static struct said draw_page(struct walk *w, enum exchange_path path)
{
    struct said said = {.status = 200, .seen = {.kind = OBSERVED_OTHER}};
    if (path == PATH_JOB)
        said.seen = (struct observation){
            .kind = OBSERVED_JOB, .job_terminal = chance(w, 4), .job_initializing = chance(w, 4)};
    return said;
}

static struct said draw_said(struct walk *w, enum exchange_path path)
{
    if (path == PATH_DETAILS && w->newest > 0 && !chance(w, 4))
        return draw_details(w);
    return path <= PATH_DETAILS || chance(w, 3) ? draw_error(w) : draw_page(w, path);
}

static void read_plain(struct walk *w)
{
    static const enum exchange_path paths[] = {PATH_STATISTICS, PATH_STATISTICS, PATH_DETAILS,
                                               PATH_DETAILS,    PATH_JOB,        PATH_JOB,
                                               PATH_CONFIG,     PATH_OTHER};
    const enum exchange_path path = paths[draw(w, 0, sizeof paths / sizeof *paths - 1)];
    struct said *said = &w->said[path];
    if (said->status == 0 || chance(w, 12))
        *said = draw_said(w, path);
    else if (said->seen.kind == OBSERVED_DETAILS && chance(w, 8))
        spoil_details(w, said);
    feed(w, path, JOB_A, said);
}

static void change_something(struct walk *w)
{
    switch (draw(w, 0, 12)) {
    case 0:
        tell_of_job(w, FACT_JOB_KNOWN);
        return;
    case 1:
        tell_of_job(w, FACT_JOB_INITIALIZING);
        return;
    case 2:
        read_list(w);
        return;
    case 3:
    case 4:
        completes_one(w);
        return;
    case 5:
        if (chance(w, 2))
            starts_anew(w);
        return;
    case 6:
        sends(&w->h, "n", chance(w, 2) ? PATH_JOB : PATH_DETAILS, 0);
        return;
    default:
        if (w->tells_calls)
            ask_origin(w);
    }
}

static struct claim draw_claim(struct walk *w)
{
    struct claim claim = claim_all(0);
    claim.bound_us = chance(w, 2) ? draw(w, 1, 9) : 0;
    claim.refresh_interval_us = draw(w, 1, 20);
    claim.settled_from_us = draw(w, 0, 60);
    claim.settings_known = chance(w, 2);
    claim.settings_timeout_us = draw(w, 0, 9);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        claim.claimed[i] = !chance(w, 5);
    return claim;
}

static void take_walk(uint64_t seed, bool looks_at_all, struct judgement *judgement)
{
    struct walk w = {.version = 1, .run = 1};
    random_seed(&w.random, seed);
    const struct claim claim = draw_claim(&w);
    history_start(&w.h, &claim);
    w.tells_calls = !chance(&w, 4);
    if (w.tells_calls)
        judge_calls_are_told(w.h.judge);
    for (int i = 0; i < (looks_at_all ? 2 : STEPS + 2); i++)
        stranger_becomes_known(&w);
    for (int step = 0; step < STEPS; step++) {
        w.now_us += chance(&w, 2);
        if (looks_at_all)
            stranger_becomes_known(&w);
        if (chance(&w, 5))
            change_something(&w);
        else
            read_plain(&w);
        if (chance(&w, 40))
            verdict_on(&w.h, PROPERTY_FRESH);
    }
    verdict_on(&w.h, PROPERTY_FRESH);
    *judgement = w.h.judgement;
    history_end(&w.h);
}

static void test_counting_plain_answers_changes_no_verdict(void **state)
{
    (void)state;
    static struct judgement counted, looked;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        take_walk(seed, false, &counted);
        take_walk(seed, true, &looked);
        expect_same_judgement(seed, &counted, &looked);
    }
}

/* The call had left before the job was known, and no longer ago than an answer may be old. */
static void test_what_excuses_one_error_need_not_excuse_the_next_that_says_the_same(void **state)
{
    (void)state;
    enum { CALL = 0, KNOWN = 5, DONE = 20, BOUND = 10 };
    const struct claim claim = claim_all(BOUND);
    struct history h;
    history_start(&h, &claim);
    const uint64_t call = call_leaves(&h, CALL_STATISTICS, CALL);
    fact(&h, FACT_JOB_KNOWN, KNOWN, 0);
    call_ends(&h, CALL_STATISTICS, call, DONE, 0, "job not found");
    for (int64_t sent_ms = CALL + BOUND - 2; sent_ms <= CALL + BOUND; sent_ms++)
        answered_error(&h, "m", PATH_STATISTICS, sent_ms, DONE, 404, ERROR_JOB_NOT_FOUND);
    expect_pass(&h, PROPERTY_AVAILABLE);
    answered_error(&h, "m", PATH_STATISTICS, CALL + BOUND + 1, DONE, 404, ERROR_JOB_NOT_FOUND);
    expect_fail(&h, PROPERTY_AVAILABLE, 1);
    history_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counting_plain_answers_changes_no_verdict),
        cmocka_unit_test(test_what_excuses_one_error_need_not_excuse_the_next_that_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
