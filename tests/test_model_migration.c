/* rooms: harness/observer harness/clients harness/client_models harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "harness/clients/clients.h"
#include "harness/observer/deciders.h"

/* Migrations whose model decides: when they look, what they do then, and what the judge is told. */

enum { MS = 1000, SECOND = 1000 * MS, REACTION_US = 100 };

static const struct job_plan jobs[] = {{.id = {1, 1}, .name = "J"}, {.id = {2, 2}, .name = "K"}};

static const struct client_plan mover = {.name = "mover",
                                         .kind = CLIENT_MIGRATION,
                                         .count = 1,
                                         .to_job = 1,
                                         .model = CLIENT_MODEL_LYFT,
                                         .watch_every_us = 300 * MS,
                                         .max_age_us = 2 * SECOND,
                                         .from_us = SECOND};

struct stage {
    struct plan plan;
    struct client_plan client;
    struct clients *clients;
    uint64_t ticket;
};

static void open_stage(struct stage *stage, const struct client_plan *client)
{
    *stage = (struct stage){.client = *client};
    stage->plan = (struct plan){.jobs = jobs,
                                .job_count = 2,
                                .clients = &stage->client,
                                .client_count = 1,
                                .end_us = 100 * SECOND};
    stage->clients = clients_new(&stage->plan, 1, &stage->ticket);
    assert_non_null(stage->clients);
}

static void close_stage(struct stage *stage)
{
    clients_free(stage->clients);
}

static void next_at(struct stage *stage, int64_t at_us, struct client_action *action)
{
    assert_int_equal(clients_due(stage->clients, NULL), at_us);
    *action = *clients_next(stage->clients, at_us);
    assert_string_equal(action->client, "mover");
}

static void expect_read(struct stage *stage, int64_t at_ms, struct client_action *action)
{
    next_at(stage, at_ms * MS, action);
    assert_null(action->choice);
    assert_int_equal(action->what, PATH_STATISTICS);
    assert_int_equal(action->job, 0);
}

static void answer(struct stage *stage, int64_t at_ms, const struct client_action *action,
                   int status, const struct observation *seen)
{
    assert_true(clients_answered(stage->clients, at_ms * MS, action->request.id, 0, status, seen));
}

static struct observation list_of(int64_t id, char *path)
{
    return (struct observation){
        .kind = OBSERVED_STATISTICS,
        .completed = 1,
        .has_latest_completed = true,
        .latest_completed = {.id = id, .trigger_ms = 900, .latest_ack_ms = 950, .path = path}};
}

static const struct observation timed_out = {.kind = OBSERVED_ERROR, .error = ERROR_TIMED_OUT};

static void it_watches_reads_decides_cancels_and_starts(void **state)
{
    (void)state;
    char path[] = "file:/chk-5";
    struct observation seen = list_of(5, path);
    struct stage stage;
    struct client_action action, late;
    open_stage(&stage, &mover);
    clients_tell_epoch(stage.clients, 0);
    expect_read(&stage, 300, &late); /* answered after the next one */
    expect_read(&stage, 600, &action);
    answer(&stage, 610, &action, 200, &seen);
    expect_read(&stage, 900, &action);
    answer(&stage, 905, &action, 500, &timed_out);
    expect_read(&stage, 1000, &action);
    const uint64_t asked = action.request.id;
    answer(&stage, 1001, &late, 500, &timed_out);
    assert_int_equal(clients_due(stage.clients, NULL), INT64_MAX);
    answer(&stage, 1010, &action, 500, &timed_out);
    memset(path, 'X', sizeof path - 1); /* the answer is gone */
    next_at(&stage, 1010 * MS, &action);
    assert_non_null(action.choice);
    assert_int_equal(action.choice->decision.kind, DECIDED_PATH);
    assert_string_equal(action.choice->decision.path, "file:/chk-5");
    assert_int_equal(action.choice->request, asked);
    assert_int_equal(action.choice->grounds, GROUNDS_ERROR);
    assert_int_equal(action.choice->now_ms, 1010);
    assert_int_equal(action.choice->max_age_ms, 2000);
    assert_int_equal(action.job, 0);
    assert_int_equal(action.choice->to_job, 1);
    next_at(&stage, 1010 * MS + REACTION_US, &action);
    assert_int_equal(action.request.method, METHOD_PATCH);
    assert_int_equal(action.request.id, asked + 1); /* deciding took no number */
    assert_null(action.choice);
    answer(&stage, 1020, &action, 202, NULL);
    next_at(&stage, 1020 * MS + REACTION_US, &action);
    assert_true(action.starts_job);
    assert_int_equal(action.job, 1);
    assert_string_equal(action.path, "file:/chk-5");
    assert_int_equal(clients_due(stage.clients, NULL), INT64_MAX);
    struct migration_result result;
    assert_int_equal(clients_migrations(stage.clients, &result, 1), 1);
    assert_true(result.decided);
    assert_int_equal(result.chosen_checkpoint, 5);
    assert_int_equal(result.chosen_trigger_ms, 900);
    close_stage(&stage);
}

static void who_refuses_tells_so_and_leaves_the_job_alone(void **state)
{
    (void)state;
    struct stage stage;
    struct client_action action;
    struct client_plan careful = mover;
    careful.model = CLIENT_MODEL_CAREFUL;
    careful.watch_every_us = 0;
    open_stage(&stage, &careful);
    expect_read(&stage, 1000, &action);
    answer(&stage, 1010, &action, 500, &timed_out);
    next_at(&stage, 1010 * MS, &action);
    assert_int_equal(action.choice->decision.kind, DECIDED_REFUSE);
    assert_int_equal(clients_due(stage.clients, NULL), INT64_MAX);
    struct migration_result result;
    assert_int_equal(clients_migrations(stage.clients, &result, 1), 1);
    assert_false(result.decided);
    close_stage(&stage);
}

static void another_model_may_take_the_place_of_any(void **state)
{
    (void)state;
    struct stage stage;
    struct client_action action;
    struct client_plan careful = mover;
    careful.model = CLIENT_MODEL_CAREFUL;
    open_stage(&stage, &careful);
    clients_decide_as(stage.clients, CLIENT_MODEL_LENIENT_SCRIPT);
    for (int64_t at_ms = 300; at_ms <= 900; at_ms += 300)
        expect_read(&stage, at_ms, &action);
    expect_read(&stage, 1000, &action);
    answer(&stage, 1010, &action, 500, &timed_out);
    next_at(&stage, 1010 * MS, &action);
    assert_int_equal(action.choice->decision.kind, DECIDED_NOTHING);
    next_at(&stage, 1010 * MS + REACTION_US, &action);
    answer(&stage, 1020, &action, 202, NULL);
    next_at(&stage, 1020 * MS + REACTION_US, &action);
    assert_true(action.starts_job);
    assert_null(action.path);
    close_stage(&stage);
}

static void a_rhythm_that_meets_the_time_itself_reads_once(void **state)
{
    (void)state;
    struct stage stage;
    struct client_action action;
    struct client_plan halves = mover;
    halves.watch_every_us = 500 * MS;
    open_stage(&stage, &halves);
    expect_read(&stage, 500, &action);
    expect_read(&stage, 1000, &action);
    assert_int_equal(clients_due(stage.clients, NULL), INT64_MAX);
    close_stage(&stage);
}

static void move_short_of_memory(void *context, bool may_fail)
{
    char path[] = "file:/chk-5";
    const struct observation seen = list_of(5, path);
    const struct plan plan = {
        .jobs = jobs, .job_count = 2, .clients = &mover, .client_count = 1, .end_us = 100 * SECOND};
    uint64_t ticket = 0;
    const struct client_action *action;
    (void)context;
    struct clients *clients = clients_new(&plan, 1, &ticket);
    assert_true(clients || may_fail);
    bool fine = clients != NULL;
    for (int i = 0; fine && i < 4; i++) {
        action = clients_next(clients, clients_due(clients, NULL));
        fine = clients_answered(clients, SECOND, action->request.id, 0, 200, &seen);
        assert_true(fine || may_fail);
    }
    if (fine) {
        assert_int_equal(clients_due(clients, NULL), SECOND);
        action = clients_next(clients, SECOND);
        assert_string_equal(action->choice->decision.path, path);
    }
    clients_free(clients);
}

static void short_of_memory_it_decides_nothing_and_leaks_nothing(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(move_short_of_memory, NULL) > 8);
}

/* --- what the judge is told ------------------------------------------------------------------ */

static const struct garbling garblings[] = {
    {.garble = GARBLE_NO_LATEST, .from_us = 100, .until_us = 200, .job = 1},
    {.garble = GARBLE_HTML_PAGE, .from_us = 100, .until_us = 200, .any_job = true},
};

static struct plan garbled_plan(const struct client_plan *clients)
{
    return (struct plan){.jobs = jobs,
                         .job_count = 2,
                         .clients = clients,
                         .client_count = 2,
                         .garblings = garblings,
                         .garbling_count = 2};
}

static struct exchange exchange_at(int64_t done_us, enum exchange_path path, int status,
                                   const struct observation *seen)
{
    return (struct exchange){.seq = 7,
                             .client_index = 3,
                             .path = path,
                             .job = jobs[0].id,
                             .sent_us = 90,
                             .left_us = 95,
                             .done_us = done_us,
                             .bound_us = 4,
                             .status = status,
                             .seen = seen};
}

static void answers_are_garbled_within_their_time_and_only_good_lists(void **state)
{
    (void)state;
    const struct client_plan clients[] = {{.kind = CLIENT_POLLER, .count = 3}, mover};
    const struct plan plan = garbled_plan(clients);
    const struct observation seen = list_of(5, NULL);
    static const struct {
        int64_t done_us;
        enum exchange_path path;
        int status;
        bool garbled;
    } cases[] = {
        {99, PATH_STATISTICS, 200, false}, {100, PATH_STATISTICS, 200, true},
        {199, PATH_STATISTICS, 200, true}, {200, PATH_STATISTICS, 200, false},
        {100, PATH_DETAILS, 200, false},   {100, PATH_STATISTICS, 500, false},
    };
    struct deciders deciders;
    assert_true(deciders_start(&deciders, &plan));
    assert_null(deciders_find(&deciders, 2)); /* the last of three pollers */
    struct decider *decider = deciders_find(&deciders, 3);
    assert_non_null(decider);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct exchange exchange =
            exchange_at(cases[i].done_us, cases[i].path, cases[i].status, &seen);
        const struct observation *told = deciders_hear(&deciders, decider, 1, &exchange);
        assert_int_equal(told != &seen, cases[i].garbled);
        assert_int_equal(told->kind, cases[i].garbled ? OBSERVED_OTHER : OBSERVED_STATISTICS);
    }
    deciders_free(&deciders);
}

/* Job 1 has a garbling of its own, which comes first. */
static void a_garbling_may_concern_one_job(void **state)
{
    (void)state;
    const struct client_plan clients[] = {{.kind = CLIENT_POLLER, .count = 3}, mover};
    const struct plan plan = garbled_plan(clients);
    const struct observation seen = list_of(5, NULL);
    struct deciders deciders;
    assert_true(deciders_start(&deciders, &plan));
    struct exchange exchange = exchange_at(100, PATH_STATISTICS, 200, &seen);
    exchange.job = jobs[1].id;
    const struct observation *told =
        deciders_hear(&deciders, deciders_find(&deciders, 3), 1, &exchange);
    assert_int_equal(told->kind, OBSERVED_STATISTICS);
    assert_true(told->lacks_latest);
    assert_false(told->has_latest_completed);
    deciders_free(&deciders);
}

static void a_decision_is_told_with_the_answer_as_it_left(void **state)
{
    (void)state;
    const struct client_plan clients[] = {{.kind = CLIENT_POLLER, .count = 3}, mover};
    const struct plan plan = garbled_plan(clients);
    struct observation seen = list_of(5, NULL);
    const struct client_choice choice = {
        .decision = {.kind = DECIDED_PATH, .path = "file:/x", .checkpoint = 4, .reason = "so"},
        .request = 11,
        .grounds = GROUNDS_UNREADABLE,
        .now_ms = 1234,
        .max_age_ms = 99,
        .to_job = 1};
    const struct client_action action = {
        .choice = &choice, .client = "mover", .client_index = 3, .job = 0};
    struct deciders deciders;
    struct decision decision;
    assert_true(deciders_start(&deciders, &plan));
    seen.has_latest_savepoint = true;
    seen.latest_savepoint.id = 6;
    const struct exchange exchange = exchange_at(100, PATH_STATISTICS, 200, &seen);
    deciders_hear(&deciders, deciders_find(&deciders, 3), 11, &exchange);
    deciders_tell(&deciders, 120, &action, &decision);
    assert_true(id_equal(decision.job, jobs[0].id));
    assert_string_equal(decision.starts, "K");
    assert_string_equal(decision.path, "file:/x");
    assert_string_equal(decision.reason, "so");
    assert_int_equal(decision.at_us, 120);
    assert_int_equal(decision.seq, 7);
    assert_int_equal(decision.sent_us, 90);
    assert_int_equal(decision.left_us, 95);
    assert_int_equal(decision.bound_us, 4);
    assert_int_equal(decision.shown, 6); /* though the client could not read it */
    assert_int_equal(decision.grounds, GROUNDS_UNREADABLE);
    assert_int_equal(decision.now_ms, 1234);
    assert_int_equal(decision.max_age_ms, 99);
    deciders_free(&deciders);
}

static void start_deciders(void *context, bool may_fail)
{
    const struct client_plan clients[] = {{.kind = CLIENT_POLLER, .count = 3}, mover};
    const struct plan plan = garbled_plan(clients);
    struct deciders deciders;
    (void)context;
    assert_true(deciders_start(&deciders, &plan) || may_fail);
    deciders_free(&deciders);
}

static void without_memory_there_are_no_deciders(void **state)
{
    (void)state;
    assert_int_equal(fail_each_allocation(start_deciders, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_watches_reads_decides_cancels_and_starts),
        cmocka_unit_test(who_refuses_tells_so_and_leaves_the_job_alone),
        cmocka_unit_test(another_model_may_take_the_place_of_any),
        cmocka_unit_test(a_rhythm_that_meets_the_time_itself_reads_once),
        cmocka_unit_test(short_of_memory_it_decides_nothing_and_leaks_nothing),
        cmocka_unit_test(answers_are_garbled_within_their_time_and_only_good_lists),
        cmocka_unit_test(a_garbling_may_concern_one_job),
        cmocka_unit_test(a_decision_is_told_with_the_answer_as_it_left),
        cmocka_unit_test(without_memory_there_are_no_deciders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
