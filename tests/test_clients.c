/* rooms: harness/clients harness/client_models harness/judge base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/clients/clients_internal.h"

enum { MS = 1000, SECOND = 1000 * MS };

#define JOB_J "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define JOB_K "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define VERTEX "cccccccccccccccccccccccccccccccc"

static const struct job_vertex vertices[] = {
    {.id = {UINT64_C(0xcccccccccccccccc), UINT64_C(0xcccccccccccccccc)}}};

static const struct job_plan jobs[] = {
    {.id = {UINT64_C(0xaaaaaaaaaaaaaaaa), UINT64_C(0xaaaaaaaaaaaaaaaa)},
     .name = "J",
     .vertices = vertices,
     .vertex_count = 1},
    {.id = {UINT64_C(0xbbbbbbbbbbbbbbbb), UINT64_C(0xbbbbbbbbbbbbbbbb)}, .name = "K"},
};

static struct plan plan_of(const struct client_plan *clients, size_t client_count)
{
    return (struct plan){
        .jobs = jobs,
        .job_count = 2,
        .clients = clients,
        .client_count = client_count,
        .settings = {.refresh_interval_us = 3 * SECOND},
        .end_us = 100 * SECOND,
    };
}

struct stage {
    struct plan plan;
    struct clients *clients;
    uint64_t ticket;
};

static void open_stage(struct stage *stage, const struct client_plan *clients, size_t client_count,
                       uint64_t seed)
{
    *stage = (struct stage){.plan = plan_of(clients, client_count)};
    stage->clients = clients_new(&stage->plan, seed, &stage->ticket);
    assert_non_null(stage->clients);
}

static void close_stage(struct stage *stage)
{
    clients_free(stage->clients);
}

/* The action that is due by now. */
static void take(struct clients *clients, int64_t now_us, struct client_action *action)
{
    assert_true(clients_due(clients, NULL) <= now_us);
    *action = *clients_next(clients, now_us);
}

/* The next action, whenever it is due; returns when, in microseconds. */
static int64_t next_action(struct stage *stage, struct client_action *action)
{
    const int64_t due_us = clients_due(stage->clients, NULL);
    assert_true(due_us != INT64_MAX);
    take(stage->clients, due_us, action);
    return due_us;
}

static void assert_silent(struct stage *stage)
{
    assert_true(clients_due(stage->clients, NULL) == INT64_MAX);
}

static void assert_next_us(struct stage *stage, int64_t at_us, const char *client,
                           const char *target)
{
    struct client_action action;
    assert_int_equal(next_action(stage, &action), at_us);
    assert_string_equal(action.client, client);
    assert_string_equal(action.request.target, target);
    assert_int_equal(action.request.target_length, strlen(target));
}

static void assert_next(struct stage *stage, int64_t at_ms, const char *client, const char *target)
{
    assert_next_us(stage, at_ms * MS, client, target);
}

static void answer(struct stage *stage, int64_t at_ms, const struct client_action *action,
                   int status, const struct observation *seen)
{
    assert_true(clients_answered(stage->clients, at_ms * MS, action->request.id,
                                 action->client_index, status, seen));
}

/* --- all kinds ------------------------------------------------------------------------------- */

static void without_clients_nothing_is_ever_due(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, NULL, 0, 1);
    assert_silent(&stage);
    close_stage(&stage);
}

static void clients_of_one_instant_act_in_the_order_they_were_scheduled(void **state)
{
    (void)state;
    const struct client_plan clients[] = {
        {.name = "often",
         .kind = CLIENT_POLLER,
         .count = 1,
         .until_us = 101 * MS,
         .every_us = 50 * MS},
        {.name = "rare",
         .kind = CLIENT_POLLER,
         .count = 1,
         .until_us = 101 * MS,
         .every_us = 100 * MS},
    };
    struct stage stage;
    open_stage(&stage, clients, 2, 1);
    assert_next(&stage, 0, "often", "/jobs/" JOB_J "/checkpoints");
    assert_next(&stage, 0, "rare", "/jobs/" JOB_J "/checkpoints");
    assert_next(&stage, 50, "often", "/jobs/" JOB_J "/checkpoints");
    /* Scheduled at 0 and at 50. */
    assert_next(&stage, 100, "rare", "/jobs/" JOB_J "/checkpoints");
    assert_next(&stage, 100, "often", "/jobs/" JOB_J "/checkpoints");
    assert_silent(&stage);
    close_stage(&stage);
}

static void tickets_are_drawn_from_the_one_given(void **state)
{
    (void)state;
    const struct client_plan clients[] = {
        {.name = "p", .kind = CLIENT_POLLER, .count = 1, .until_us = SECOND, .every_us = 50 * MS}};
    struct stage stage = {.plan = plan_of(clients, 1), .ticket = 40};
    struct client_action action;
    uint64_t ticket = 0;
    stage.clients = clients_new(&stage.plan, 1, &stage.ticket);
    assert_non_null(stage.clients);
    clients_due(stage.clients, &ticket);
    assert_int_equal(ticket, 40);
    stage.ticket = 50;
    next_action(&stage, &action);
    clients_due(stage.clients, &ticket);
    assert_int_equal(ticket, 50);
    assert_int_equal(stage.ticket, 51);
    close_stage(&stage);
}

static void hundreds_of_clients_act_in_order_of_time_and_each_as_often_as_it_should(void **state)
{
    (void)state;
    struct client_plan clients[20];
    struct stage stage;
    struct client_action action;
    size_t asked[200] = {0};
    for (size_t i = 0; i < 20; i++)
        clients[i] = (struct client_plan){.name = "p",
                                          .kind = CLIENT_POLLER,
                                          .count = 10,
                                          .until_us = SECOND,
                                          .every_us = (int64_t)(17 + 3 * i) * MS,
                                          .jitter_us = 40 * MS};
    open_stage(&stage, clients, 20, 5);
    int64_t last_us = 0;
    for (uint64_t number = 1; clients_due(stage.clients, NULL) != INT64_MAX; number++) {
        const int64_t now_us = next_action(&stage, &action);
        assert_true(now_us >= last_us && now_us < SECOND);
        assert_int_equal(action.request.id, number);
        assert_true(action.client_index < 200);
        asked[action.client_index]++;
        last_us = now_us;
    }
    for (size_t i = 0; i < 200; i++) {
        const size_t rounds = (size_t)((SECOND - 1) / clients[i / 10].every_us) + 1;
        assert_true(asked[i] <= rounds &&
                    asked[i] + 3 >= rounds); /* the last may be past the end */
    }
    close_stage(&stage);
}

static void alike_clients_are_numbered_and_a_single_one_is_not(void **state)
{
    (void)state;
    const struct client_plan clients[] = {
        {.name = "one", .kind = CLIENT_POLLER, .count = 1, .until_us = 1, .every_us = 1},
        {.name = "many", .kind = CLIENT_POLLER, .count = 3, .until_us = 1, .every_us = 1},
    };
    static const char *const names[] = {"one", "many-1", "many-2", "many-3"};
    struct stage stage;
    struct client_action action;
    open_stage(&stage, clients, 2, 1);
    for (size_t i = 0; i < 4; i++) {
        next_action(&stage, &action);
        assert_string_equal(action.client, names[i]);
        assert_int_equal(action.client_index, i);
    }
    assert_silent(&stage);
    close_stage(&stage);
}

static int64_t bound_of(const char *cache_control)
{
    const struct client_plan client = {.name = "p",
                                       .kind = CLIENT_POLLER,
                                       .count = 1,
                                       .until_us = 1,
                                       .every_us = 1,
                                       .cache_control = cache_control};
    struct stage stage;
    struct client_action action;
    open_stage(&stage, &client, 1, 1);
    next_action(&stage, &action);
    assert_ptr_equal(action.request.cache_control, cache_control);
    close_stage(&stage);
    return action.bound_us;
}

static void cache_control_says_how_old_an_answer_may_be(void **state)
{
    (void)state;
    assert_int_equal(bound_of(NULL), -1);
    assert_int_equal(bound_of("no-store"), -1);
    assert_int_equal(bound_of("no-cache"), 0);
    assert_int_equal(bound_of("No-Cache"), 0);
    assert_int_equal(bound_of("max-age=0"), 0);
    assert_int_equal(bound_of("max-age=3"), 3 * SECOND);
    assert_int_equal(bound_of("Max-Age=3, no-store"), 3 * SECOND);
    assert_int_equal(bound_of("max-age=5, no-cache"), 0);
    assert_int_equal(bound_of("max-age=-3"), -1);
    assert_int_equal(bound_of("max-age="), -1);
    assert_int_equal(bound_of("max-age=2147483647"), INT64_C(2147483647) * SECOND);
    assert_int_equal(bound_of("max-age=2147483649"), INT64_C(2147483648) * SECOND);
    assert_int_equal(bound_of("max-age=99999999999999999999"), INT64_C(2147483648) * SECOND);
}

/* --- poller ---------------------------------------------------------------------------------- */

static void a_poller_begins_at_from_and_ends_before_until_whatever_comes_back(void **state)
{
    (void)state;
    const struct client_plan client = {.name = "p",
                                       .kind = CLIENT_POLLER,
                                       .count = 1,
                                       .job = 1,
                                       .from_us = 20 * MS,
                                       .until_us = 40 * MS,
                                       .every_us = 10 * MS};
    struct stage stage;
    struct client_action action;
    open_stage(&stage, &client, 1, 1);
    assert_int_equal(next_action(&stage, &action), 20 * MS);
    assert_string_equal(action.request.target, "/jobs/" JOB_K "/checkpoints");
    assert_int_equal(action.request.method, METHOD_GET);
    assert_int_equal(action.what, PATH_STATISTICS);
    assert_int_equal(action.job, 1);
    assert_false(action.starts_job);
    answer(&stage, 21, &action, 500, NULL);
    assert_next(&stage, 30, "p", "/jobs/" JOB_K "/checkpoints");
    assert_silent(&stage);
    close_stage(&stage);
}

static void a_poller_whose_time_is_over_before_it_begins_never_asks(void **state)
{
    (void)state;
    const struct client_plan clients[] = {
        {.name = "p",
         .kind = CLIENT_POLLER,
         .count = 1,
         .from_us = 5,
         .until_us = 5,
         .every_us = 1},
        {.name = "d", .kind = CLIENT_DASHBOARD, .count = 1, .from_us = 5, .until_us = 5},
    };
    struct stage stage;
    open_stage(&stage, clients, 2, 1);
    assert_silent(&stage);
    close_stage(&stage);
}

static void a_poller_asks_each_path_as_often_as_its_share_says(void **state)
{
    (void)state;
    const struct client_plan client = {.name = "p",
                                       .kind = CLIENT_POLLER,
                                       .count = 1,
                                       .until_us = 10000 * MS,
                                       .every_us = MS,
                                       .shares = {8, 1, 1, 10}};
    static const char *const targets[] = {
        [PATH_STATISTICS] = "/jobs/" JOB_J "/checkpoints",
        [PATH_DETAILS] = "/jobs/" JOB_J "/checkpoints/details/7",
        [PATH_JOB] = "/jobs/" JOB_J,
        [PATH_CONFIG] = "/jobs/" JOB_J "/checkpoints/config",
    };
    struct seen_checkpoint history[] = {{.id = 7}, {.id = 6}};
    const struct observation seen = {
        .kind = OBSERVED_STATISTICS, .history = history, .history_count = 2};
    struct stage stage;
    struct client_action action;
    size_t asked[PATH_OTHER + 1] = {0};
    open_stage(&stage, &client, 1, 1);
    clients_answered(stage.clients, 0, 0, 0, 200, &seen);
    while (clients_due(stage.clients, NULL) != INT64_MAX) {
        next_action(&stage, &action);
        assert_string_equal(action.request.target, targets[action.what]);
        assert_int_equal(action.request.target_length, strlen(targets[action.what]));
        assert_int_equal(action.checkpoint, action.what == PATH_DETAILS ? 7 : 0);
        asked[action.what]++;
    }
    /* 10,000 draws: each share is met within a tenth of itself, for this seed and nearly all. */
    assert_in_range(asked[PATH_STATISTICS], 3600, 4400);
    assert_in_range(asked[PATH_DETAILS], 420, 580);
    assert_in_range(asked[PATH_JOB], 420, 580);
    assert_in_range(asked[PATH_CONFIG], 4500, 5500);
    close_stage(&stage);
}

static void a_poller_asks_details_of_the_newest_that_it_was_shown(void **state)
{
    (void)state;
    const struct client_plan client = {.name = "p",
                                       .kind = CLIENT_POLLER,
                                       .count = 2,
                                       .until_us = SECOND,
                                       .every_us = MS,
                                       .shares = {[POLLED_DETAILS] = 1}};
    struct seen_checkpoint history[] = {{.id = 7}, {.id = 6}};
    struct observation seen = {.kind = OBSERVED_STATISTICS, .history = history, .history_count = 2};
    const struct observation latest_only = {
        .kind = OBSERVED_STATISTICS, .has_latest_completed = true, .latest_completed = {.id = 9}};
    const struct observation failure = {.kind = OBSERVED_ERROR};
    struct client_action action;
    struct stage stage;
    open_stage(&stage, &client, 1, 1);
    next_action(&stage, &action);
    assert_int_equal(action.what, PATH_STATISTICS); /* nothing was shown yet */
    answer(&stage, 0, &action, 200, &seen);
    assert_next(&stage, 0, "p-2", "/jobs/" JOB_J "/checkpoints"); /* not to this one */
    assert_next(&stage, 1, "p-1", "/jobs/" JOB_J "/checkpoints/details/7");
    history[0].id = 5; /* a later answer that shows an older one */
    answer(&stage, 1, &action, 200, &seen);
    answer(&stage, 1, &action, 500, &failure);
    answer(&stage, 1, &action, 0, NULL);
    assert_next(&stage, 1, "p-2", "/jobs/" JOB_J "/checkpoints");
    assert_next(&stage, 2, "p-1", "/jobs/" JOB_J "/checkpoints/details/7");
    answer(&stage, 2, &action, 200, &latest_only);
    assert_next(&stage, 2, "p-2", "/jobs/" JOB_J "/checkpoints");
    assert_next(&stage, 3, "p-1", "/jobs/" JOB_J "/checkpoints/details/9");
    close_stage(&stage);
}

static void a_poller_that_was_kept_from_running_leaves_out_what_it_missed(void **state)
{
    (void)state;
    static const struct {
        int64_t now_ms, next_ms;
    } cases[] = {{1000, 300}, {1001, 1200}, {5250, 5400}};
    const struct client_plan client = {.name = "p",
                                       .kind = CLIENT_POLLER,
                                       .count = 1,
                                       .until_us = 100 * SECOND,
                                       .every_us = 300 * MS};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage;
        struct client_action action;
        open_stage(&stage, &client, 1, 1);
        take(stage.clients, cases[i].now_ms * MS, &action);
        assert_int_equal(clients_due(stage.clients, NULL), cases[i].next_ms * MS);
        close_stage(&stage);
    }
}

static const struct client_plan jittery = {.name = "p",
                                           .kind = CLIENT_POLLER,
                                           .count = 1,
                                           .until_us = 100 * SECOND,
                                           .every_us = 100 * MS,
                                           .jitter_us = 90 * MS};

static void jitter_moves_single_polls_and_not_the_rate(void **state)
{
    (void)state;
    struct stage stage;
    struct client_action action;
    bool early = false, late = false;
    open_stage(&stage, &jittery, 1, 1);
    assert_int_equal(next_action(&stage, &action), 0);
    for (int64_t round = 1; round < 999; round++) {
        const int64_t moved_us = next_action(&stage, &action) - round * 100 * MS;
        assert_true(moved_us >= 0 && moved_us <= 90 * MS);
        early |= moved_us < 10 * MS;
        late |= moved_us > 80 * MS;
    }
    assert_true(early && late);
    close_stage(&stage);
}

static void jitter_longer_than_the_period_never_sends_a_client_back_in_time(void **state)
{
    (void)state;
    struct client_plan client = jittery;
    struct stage stage;
    struct client_action action;
    client.jitter_us = SECOND;
    open_stage(&stage, &client, 1, 1);
    int64_t last_us = 0;
    while (clients_due(stage.clients, NULL) != INT64_MAX) {
        const int64_t now_us = next_action(&stage, &action);
        assert_true(now_us >= last_us && now_us < client.until_us);
        last_us = now_us;
    }
    assert_true(last_us > 99 * SECOND);
    close_stage(&stage);
}

/* The times of 100 polls of one client, run together into one number. */
static uint64_t times_of(uint64_t seed, size_t count, size_t wanted)
{
    struct client_plan client = jittery;
    struct stage stage;
    struct client_action action;
    uint64_t sum = 0;
    client.count = count;
    open_stage(&stage, &client, 1, seed);
    for (int polls = 0; polls < 100;) {
        const int64_t now_us = next_action(&stage, &action);
        if (action.client_index != wanted)
            continue;
        sum = sum * 31 + (uint64_t)now_us;
        polls++;
    }
    close_stage(&stage);
    return sum;
}

static void a_seed_fixes_the_jitter_and_every_client_draws_for_itself(void **state)
{
    (void)state;
    assert_true(times_of(1, 1, 0) == times_of(1, 1, 0));
    assert_true(times_of(1, 1, 0) != times_of(2, 1, 0));
    assert_true(times_of(1, 2, 0) != times_of(1, 2, 1));
    assert_true(times_of(1, 1, 0) == times_of(1, 2, 0)); /* one more client moves no other */
}

/* --- dashboard ------------------------------------------------------------------------------- */

static void
a_dashboard_boots_opens_the_tab_once_and_asks_for_the_rest_each_refresh_interval(void **state)
{
    (void)state;
    const struct client_plan client = {.name = "browser",
                                       .kind = CLIENT_DASHBOARD,
                                       .count = 1,
                                       .from_us = 100 * MS,
                                       .until_us = 6100 * MS};
    struct stage stage;
    open_stage(&stage, &client, 1, 1);
    assert_next(&stage, 100, "browser", "/config");
    for (int64_t at_ms = 100; at_ms < 6100; at_ms += 3000) {
        assert_next(&stage, at_ms, "browser", "/overview");
        assert_next(&stage, at_ms, "browser", "/jobs/overview");
        assert_next(&stage, at_ms, "browser", "/jobs/" JOB_J);
        if (at_ms > 100)
            continue;
        assert_next(&stage, at_ms, "browser", "/jobs/" JOB_J "/checkpoints");
        assert_next(&stage, at_ms, "browser", "/jobs/" JOB_J "/checkpoints/config");
    }
    assert_silent(&stage);
    close_stage(&stage);
}

static void each_request_of_a_dashboard_says_which_path_and_job_it_is(void **state)
{
    (void)state;
    const struct client_plan client = {
        .name = "b", .kind = CLIENT_DASHBOARD, .count = 1, .job = 1, .until_us = SECOND};
    static const struct {
        enum exchange_path what;
        size_t job;
    } wanted[] = {{PATH_OTHER, SIZE_MAX}, {PATH_OTHER, SIZE_MAX}, {PATH_OTHER, SIZE_MAX},
                  {PATH_JOB, 1},          {PATH_STATISTICS, 1},   {PATH_CONFIG, 1}};
    struct stage stage;
    struct client_action action;
    open_stage(&stage, &client, 1, 1);
    for (size_t i = 0; i < 6; i++) {
        next_action(&stage, &action);
        assert_int_equal(action.what, wanted[i].what);
        assert_true(action.job == wanted[i].job);
        assert_int_equal(action.request.method, METHOD_GET);
    }
    close_stage(&stage);
}

static void a_period_of_its_own_goes_before_the_refresh_interval(void **state)
{
    (void)state;
    const struct client_plan client = {.name = "b",
                                       .kind = CLIENT_DASHBOARD,
                                       .count = 1,
                                       .until_us = SECOND,
                                       .every_us = 500 * MS};
    struct stage stage;
    struct client_action action;
    open_stage(&stage, &client, 1, 1);
    for (int i = 0; i < 6; i++)
        assert_int_equal(next_action(&stage, &action), 0);
    assert_next(&stage, 500, "b", "/overview");
    close_stage(&stage);
}

/* --- scripted -------------------------------------------------------------------------------- */

static void open_script(struct stage *stage, struct client_plan *client,
                        const struct client_step *steps, size_t step_count)
{
    *client = (struct client_plan){
        .name = "s", .kind = CLIENT_SCRIPTED, .count = 1, .steps = steps, .step_count = step_count};
    open_stage(stage, client, 1, 1);
}

static void every_step_asks_for_what_it_says_at_its_time(void **state)
{
    (void)state;
    static const struct client_step steps[] = {
        {.at_us = 1 * MS, .kind = STEP_GET_STATISTICS, .job = 1},
        {.at_us = 2 * MS, .kind = STEP_GET_DETAILS, .job = 0, .checkpoint = 7},
        {.at_us = 3 * MS, .kind = STEP_GET_SUBTASKS, .job = 0, .checkpoint = 8},
        {.at_us = 4 * MS, .kind = STEP_GET_CONFIG, .job = 0},
        {.at_us = 5 * MS, .kind = STEP_GET_JOB, .job = 0},
        {.at_us = 6 * MS, .kind = STEP_GET_OVERVIEW, .job = SIZE_MAX},
        {.at_us = 6 * MS, .kind = STEP_GET_JOBS, .job = SIZE_MAX},
        {.at_us = 7 * MS, .kind = STEP_CANCEL, .job = 0},
        {.at_us = 8 * MS, .kind = STEP_GET_TARGET, .job = SIZE_MAX, .target = "/v1/any?x=1"},
        {.at_us = 9 * MS, .kind = STEP_GET_TARGET, .job = 1, .target = "/jobs/" JOB_K "/plan"},
    };
    static const struct {
        int64_t at_ms;
        const char *target;
        enum exchange_path what;
        enum http_method method;
        size_t job;
        int64_t checkpoint;
    } wanted[] = {
        {1, "/jobs/" JOB_K "/checkpoints", PATH_STATISTICS, METHOD_GET, 1, 0},
        {2, "/jobs/" JOB_J "/checkpoints/details/7", PATH_DETAILS, METHOD_GET, 0, 7},
        {3, "/jobs/" JOB_J "/checkpoints/details/8/subtasks/" VERTEX, PATH_DETAILS, METHOD_GET, 0,
         8},
        {4, "/jobs/" JOB_J "/checkpoints/config", PATH_CONFIG, METHOD_GET, 0, 0},
        {5, "/jobs/" JOB_J, PATH_JOB, METHOD_GET, 0, 0},
        {6, "/overview", PATH_OTHER, METHOD_GET, SIZE_MAX, 0},
        {6, "/jobs", PATH_OTHER, METHOD_GET, SIZE_MAX, 0},
        {7, "/jobs/" JOB_J "?mode=cancel", PATH_OTHER, METHOD_PATCH, 0, 0},
        {8, "/v1/any?x=1", PATH_OTHER, METHOD_GET, SIZE_MAX, 0},
        {9, "/jobs/" JOB_K "/plan", PATH_OTHER, METHOD_GET, 1, 0},
    };
    struct stage stage;
    struct client_plan client;
    struct client_action action;
    open_script(&stage, &client, steps, 9);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(next_action(&stage, &action), wanted[i].at_ms * MS);
        assert_string_equal(action.request.target, wanted[i].target);
        assert_int_equal(action.request.target_length, strlen(wanted[i].target));
        assert_int_equal(action.what, wanted[i].what);
        assert_int_equal(action.request.method, wanted[i].method);
        assert_true(action.job == wanted[i].job);
        assert_int_equal(action.checkpoint, wanted[i].checkpoint);
        assert_null(action.request.body);
        assert_int_equal(action.bound_us, -1);
    }
    assert_silent(&stage);
    close_stage(&stage);
}

static void a_step_may_have_a_header_of_its_own_instead_of_the_clients(void **state)
{
    (void)state;
    static const struct client_step steps[] = {
        {.kind = STEP_GET_STATISTICS, .cache_control = "max-age=2"},
        {.kind = STEP_GET_STATISTICS},
    };
    const struct client_plan client = {.name = "s",
                                       .kind = CLIENT_SCRIPTED,
                                       .count = 1,
                                       .cache_control = "no-cache",
                                       .steps = steps,
                                       .step_count = 2};
    struct stage stage;
    struct client_action action;
    open_stage(&stage, &client, 1, 1);
    next_action(&stage, &action);
    assert_string_equal(action.request.cache_control, "max-age=2");
    assert_int_equal(action.bound_us, 2 * SECOND);
    next_action(&stage, &action);
    assert_string_equal(action.request.cache_control, "no-cache");
    assert_int_equal(action.bound_us, 0);
    close_stage(&stage);
}

static void two_scripts_find_their_own_steps(void **state)
{
    (void)state;
    static const struct client_step first[] = {
        {.at_us = 1 * MS, .kind = STEP_GET_DETAILS, .checkpoint = 1},
        {.at_us = 3 * MS, .kind = STEP_GET_DETAILS, .checkpoint = 3},
    };
    static const struct client_step second[] = {
        {.at_us = 2 * MS, .kind = STEP_GET_DETAILS, .checkpoint = 2},
    };
    const struct client_plan clients[] = {
        {.name = "a", .kind = CLIENT_SCRIPTED, .count = 1, .steps = first, .step_count = 2},
        {.name = "b", .kind = CLIENT_SCRIPTED, .count = 1, .steps = second, .step_count = 1},
    };
    struct stage stage;
    open_stage(&stage, clients, 2, 1);
    assert_next(&stage, 1, "a", "/jobs/" JOB_J "/checkpoints/details/1");
    assert_next(&stage, 2, "b", "/jobs/" JOB_J "/checkpoints/details/2");
    assert_next(&stage, 3, "a", "/jobs/" JOB_J "/checkpoints/details/3");
    close_stage(&stage);
}

/* The id in a trigger's body. */
static const char *trigger_in(const struct client_action *action, char id[ID_DIGITS + 1])
{
    assert_int_equal(action->request.method, METHOD_POST);
    assert_int_equal(action->what, PATH_TRIGGER);
    assert_non_null(action->request.body);
    assert_int_equal(sscanf(action->request.body, "{\"triggerId\":\"%32[0-9a-f]\"}", id), 1);
    assert_int_equal(strlen(id), ID_DIGITS);
    assert_int_equal(strlen(action->request.body), strlen("{\"triggerId\":\"\"}") + ID_DIGITS);
    return id;
}

static void a_status_is_asked_of_the_last_trigger_by_the_id_its_body_chose(void **state)
{
    (void)state;
    static const struct client_step steps[] = {
        {.at_us = 1 * MS, .kind = STEP_TRIGGER, .job = 0},
        {.at_us = 2 * MS, .kind = STEP_TRIGGER_STATUS, .job = 0},
        {.at_us = 3 * MS, .kind = STEP_TRIGGER, .job = 1},
        {.at_us = 4 * MS, .kind = STEP_TRIGGER_STATUS, .job = 1},
    };
    struct stage stage;
    struct client_plan client;
    struct client_action action;
    char first[ID_DIGITS + 1], second[ID_DIGITS + 1], target[128];
    open_script(&stage, &client, steps, 4);
    next_action(&stage, &action);
    assert_string_equal(action.request.target, "/jobs/" JOB_J "/checkpoints");
    snprintf(target, sizeof target, "/jobs/" JOB_J "/checkpoints/%s", trigger_in(&action, first));
    next_action(&stage, &action);
    assert_string_equal(action.request.target, target);
    assert_int_equal(action.what, PATH_TRIGGER_STATUS);
    assert_int_equal(action.request.method, METHOD_GET);
    next_action(&stage, &action);
    assert_string_equal(action.request.target, "/jobs/" JOB_K "/checkpoints");
    snprintf(target, sizeof target, "/jobs/" JOB_K "/checkpoints/%s", trigger_in(&action, second));
    assert_string_not_equal(first, second);
    next_action(&stage, &action);
    assert_string_equal(action.request.target, target);
    close_stage(&stage);
}

static void clients_of_one_plan_trigger_under_different_ids(void **state)
{
    (void)state;
    static const struct client_step step = {.kind = STEP_TRIGGER};
    const struct client_plan client = {
        .name = "s", .kind = CLIENT_SCRIPTED, .count = 2, .steps = &step, .step_count = 1};
    struct stage stage;
    struct client_action action;
    char first[ID_DIGITS + 1], second[ID_DIGITS + 1];
    open_stage(&stage, &client, 1, 1);
    next_action(&stage, &action);
    trigger_in(&action, first);
    next_action(&stage, &action);
    assert_string_not_equal(first, trigger_in(&action, second));
    close_stage(&stage);
}

static void another_seed_triggers_under_other_ids(void **state)
{
    (void)state;
    static const struct client_step step = {.kind = STEP_TRIGGER};
    const struct client_plan client = {
        .name = "s", .kind = CLIENT_SCRIPTED, .count = 1, .steps = &step, .step_count = 1};
    char ids[3][ID_DIGITS + 1];
    for (size_t i = 0; i < 3; i++) {
        struct stage stage;
        struct client_action action;
        open_stage(&stage, &client, 1, i == 0 ? 1 : 2);
        next_action(&stage, &action);
        trigger_in(&action, ids[i]);
        close_stage(&stage);
    }
    assert_string_not_equal(ids[0], ids[1]);
    assert_string_equal(ids[1], ids[2]);
}

static void a_call_of_whoever_runs_the_plan_goes_out_with_its_body(void **state)
{
    (void)state;
    static const struct client_step step = {
        .kind = STEP_POST_TARGET, .job = SIZE_MAX, .target = "/jars/a.jar/run", .body = "{}"};
    struct stage stage;
    struct client_plan client;
    struct client_action action;
    open_script(&stage, &client, &step, 1);
    next_action(&stage, &action);
    assert_int_equal(action.request.method, METHOD_POST);
    assert_string_equal(action.request.target, "/jars/a.jar/run");
    assert_string_equal(action.request.body, "{}");
    assert_int_equal(action.what, PATH_OTHER);
    close_stage(&stage);
}

static const struct client_step awaiting[] = {
    {.at_us = 1 * MS, .kind = STEP_TRIGGER},
    {.at_us = 5 * MS, .kind = STEP_AWAIT_TRIGGER},
    {.at_us = 20 * MS, .kind = STEP_GET_OVERVIEW, .job = SIZE_MAX},
};

static const struct observation pending = {.kind = OBSERVED_TRIGGER_STATUS};
static const struct observation done = {.kind = OBSERVED_TRIGGER_STATUS, .trigger_done = true};

/* Up to the first look at the status, sent at 5 ms. */
static void begin_awaiting(struct stage *stage, struct client_plan *client,
                           struct client_action *action)
{
    open_script(stage, client, awaiting, 3);
    next_action(stage, action);
    answer(stage, 2, action, 202, NULL);
    assert_int_equal(next_action(stage, action), 5 * MS);
    assert_int_equal(action->what, PATH_TRIGGER_STATUS);
    assert_silent(stage); /* nothing more before the answer */
}

static void a_trigger_is_awaited_until_it_is_done_and_then_read(void **state)
{
    (void)state;
    struct stage stage;
    struct client_plan client;
    struct client_action action;
    begin_awaiting(&stage, &client, &action);
    answer(&stage, 7, &action, 200, &pending);
    assert_int_equal(next_action(&stage, &action), 17 * MS);
    assert_int_equal(action.what, PATH_TRIGGER_STATUS);
    answer(&stage, 18, &action, 200, &pending);
    assert_int_equal(next_action(&stage, &action), 28 * MS);
    answer(&stage, 31, &action, 200, &done);
    assert_int_equal(next_action(&stage, &action), 31 * MS + REACTION_US);
    assert_int_equal(action.what, PATH_STATISTICS);
    assert_string_equal(action.request.target, "/jobs/" JOB_J "/checkpoints");
    /* The next step's time went by meanwhile: it is due now, not in the past. */
    assert_next_us(&stage, 31 * MS + REACTION_US, "s", "/overview");
    assert_silent(&stage);
    close_stage(&stage);
}

static void a_step_after_an_early_answer_keeps_its_time(void **state)
{
    (void)state;
    struct stage stage;
    struct client_plan client;
    struct client_action action;
    begin_awaiting(&stage, &client, &action);
    answer(&stage, 6, &action, 200, &done);
    assert_next_us(&stage, 6 * MS + REACTION_US, "s", "/jobs/" JOB_J "/checkpoints");
    assert_next(&stage, 20, "s", "/overview");
    close_stage(&stage);
}

static void a_status_that_cannot_be_had_is_not_asked_again(void **state)
{
    (void)state;
    static const int statuses[] = {404, 500, 0};
    for (size_t i = 0; i < 3; i++) {
        struct stage stage;
        struct client_plan client;
        struct client_action action;
        begin_awaiting(&stage, &client, &action);
        answer(&stage, 25, &action, statuses[i], NULL);
        assert_next(&stage, 25, "s", "/overview");
        close_stage(&stage);
    }
}

static void answers_to_other_requests_move_nothing(void **state)
{
    (void)state;
    struct stage stage;
    struct client_plan client;
    struct client_action action, other;
    begin_awaiting(&stage, &client, &action);
    other = action;
    other.request.id = 1; /* the trigger's own */
    answer(&stage, 6, &other, 200, &done);
    assert_silent(&stage);
    answer(&stage, 7, &action, 200, &done);
    answer(&stage, 8, &action, 200, &done); /* and once more counts for nothing */
    assert_next_us(&stage, 7 * MS + REACTION_US, "s", "/jobs/" JOB_J "/checkpoints");
    close_stage(&stage);
}

static void a_second_trigger_is_awaited_anew(void **state)
{
    (void)state;
    static const struct client_step steps[] = {
        {.kind = STEP_TRIGGER},
        {.kind = STEP_AWAIT_TRIGGER},
        {.kind = STEP_TRIGGER},
        {.kind = STEP_AWAIT_TRIGGER},
    };
    struct stage stage;
    struct client_plan client;
    struct client_action action;
    char first[128];
    open_script(&stage, &client, steps, 4);
    next_action(&stage, &action);
    next_action(&stage, &action);
    snprintf(first, sizeof first, "%s", action.request.target);
    answer(&stage, 1, &action, 200, &done);
    next_action(&stage, &action);
    assert_int_equal(action.what, PATH_STATISTICS);
    next_action(&stage, &action);
    assert_int_equal(action.what, PATH_TRIGGER);
    next_action(&stage, &action);
    assert_int_equal(action.what, PATH_TRIGGER_STATUS);
    assert_string_not_equal(action.request.target, first);
    answer(&stage, 2, &action, 200, &pending);
    assert_int_equal(next_action(&stage, &action), 12 * MS);
    assert_int_equal(action.what, PATH_TRIGGER_STATUS);
    close_stage(&stage);
}

/* --- migration ------------------------------------------------------------------------------- */

static const struct client_plan mover = {.name = "mover",
                                         .kind = CLIENT_MIGRATION,
                                         .count = 1,
                                         .job = 0,
                                         .to_job = 1,
                                         .from_us = 300 * MS};

static void begin_migration(struct stage *stage, struct client_action *action)
{
    open_stage(stage, &mover, 1, 1);
    assert_int_equal(next_action(stage, action), 300 * MS);
    assert_int_equal(action->what, PATH_STATISTICS);
    assert_string_equal(action->request.target, "/jobs/" JOB_J "/checkpoints");
    assert_silent(stage);
}

static struct migration_result result_of(struct stage *stage)
{
    struct migration_result result = {0};
    assert_int_equal(clients_migrations(stage->clients, &result, 1), 1);
    return result;
}

static void a_migration_reads_cancels_and_starts_the_other_job_from_the_path_it_read(void **state)
{
    (void)state;
    char path[] = "file:/chk-10";
    const struct observation seen = {
        .kind = OBSERVED_STATISTICS,
        .has_latest_completed = true,
        .latest_completed = {.id = 10, .trigger_ms = 77, .path = path}};
    struct stage stage;
    struct client_action action;
    begin_migration(&stage, &action);
    answer(&stage, 310, &action, 200, &seen);
    path[0] = 'X';                            /* the answer is gone by the time the job starts */
    answer(&stage, 311, &action, 200, &seen); /* told twice, it acts once */
    assert_int_equal(next_action(&stage, &action), 310 * MS + REACTION_US);
    assert_int_equal(action.request.method, METHOD_PATCH);
    assert_string_equal(action.request.target, "/jobs/" JOB_J "?mode=cancel");
    assert_int_equal(action.job, 0);
    assert_silent(&stage);
    answer(&stage, 320, &action, 202, NULL);
    assert_int_equal(next_action(&stage, &action), 320 * MS + REACTION_US);
    assert_true(action.starts_job);
    assert_int_equal(action.job, 1);
    assert_string_equal(action.path, "file:/chk-10");
    assert_silent(&stage);
    const struct migration_result result = result_of(&stage);
    assert_string_equal(result.client, "mover");
    assert_true(result.decided);
    assert_int_equal(result.chosen_checkpoint, 10);
    assert_int_equal(result.chosen_trigger_ms, 77);
    assert_int_equal(result.cancelled_us, 310 * MS + REACTION_US);
    close_stage(&stage);
}

static void a_migration_gives_up_on_an_error_and_leaves_the_job_alone(void **state)
{
    (void)state;
    const struct observation error = {.kind = OBSERVED_ERROR};
    static const int statuses[] = {404, 500, 0};
    for (size_t i = 0; i < 3; i++) {
        struct stage stage;
        struct client_action action;
        begin_migration(&stage, &action);
        answer(&stage, 310, &action, statuses[i], statuses[i] ? &error : NULL);
        assert_silent(&stage);
        assert_false(result_of(&stage).decided);
        close_stage(&stage);
    }
}

static void without_a_checkpoint_the_job_is_started_from_nothing(void **state)
{
    (void)state;
    const struct observation answers[] = {
        {.kind = OBSERVED_STATISTICS},
        {.kind = OBSERVED_STATISTICS, .has_latest_completed = true, .latest_completed = {.id = 3}},
    };
    for (size_t i = 0; i < 2; i++) {
        struct stage stage;
        struct client_action action;
        begin_migration(&stage, &action);
        answer(&stage, 310, &action, 200, &answers[i]);
        next_action(&stage, &action);
        answer(&stage, 320, &action, 404, NULL); /* whatever the cancel says, it goes on */
        next_action(&stage, &action);
        assert_true(action.starts_job);
        assert_null(action.path);
        assert_true(result_of(&stage).decided);
        assert_int_equal(result_of(&stage).chosen_checkpoint, 0);
        close_stage(&stage);
    }
}

static void only_migrations_are_listed_and_no_more_than_there_is_room_for(void **state)
{
    (void)state;
    const struct client_plan clients[] = {
        mover,
        {.name = "p", .kind = CLIENT_POLLER, .count = 1, .until_us = 1, .every_us = 1},
        mover,
    };
    struct stage stage;
    struct migration_result results[3];
    open_stage(&stage, clients, 3, 1);
    assert_int_equal(clients_migrations(stage.clients, results, 3), 2);
    assert_int_equal(clients_migrations(stage.clients, results, 1), 1);
    assert_int_equal(clients_migrations(stage.clients, results, 0), 0);
    close_stage(&stage);
}

/* --- memory ---------------------------------------------------------------------------------- */

static void make_and_act(void *context, bool may_fail)
{
    char path[] = "file:/chk-10";
    const struct observation seen = {.kind = OBSERVED_STATISTICS,
                                     .has_latest_completed = true,
                                     .latest_completed = {.id = 10, .path = path}};
    static const struct client_step steps[] = {{.kind = STEP_TRIGGER},
                                               {.kind = STEP_GET_DETAILS, .checkpoint = 1},
                                               {.kind = STEP_TRIGGER}};
    const struct client_plan clients[] = {
        {.name = "p", .kind = CLIENT_POLLER, .count = 2, .until_us = 1, .every_us = 1},
        {.name = "s", .kind = CLIENT_SCRIPTED, .count = 1, .steps = steps, .step_count = 3},
        mover,
    };
    const struct plan plan = plan_of(clients, 3);
    uint64_t ticket = 0;
    struct client_action action;
    (void)context;
    struct clients *made = clients_new(&plan, 1, &ticket);
    assert_true(made || may_fail);
    if (!made)
        return;
    do
        take(made, SECOND, &action);
    while (strcmp(action.client, "mover") != 0);
    if (clients_answered(made, SECOND, action.request.id, action.client_index, 200, &seen)) {
        take(made, 2 * SECOND, &action);
        assert_true(
            clients_answered(made, SECOND, action.request.id, action.client_index, 200, NULL));
        take(made, 2 * SECOND, &action);
        assert_string_equal(action.path, path);
    } else {
        assert_true(may_fail);
    }
    clients_free(made);
}

static void short_of_memory_there_are_no_clients_or_a_refused_answer_and_no_leak(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(make_and_act, NULL) > 10);
    clients_free(NULL);
}

/* --- triggerer ------------------------------------------------------------------------------- */

static const struct client_plan triggering = {.name = "t",
                                              .kind = CLIENT_TRIGGERER,
                                              .count = 1,
                                              .from_us = 5 * MS,
                                              .until_us = 3 * SECOND,
                                              .every_us = SECOND};

static void a_triggerer_reads_at_once_when_its_checkpoint_is_done(void **state)
{
    (void)state;
    struct stage stage;
    struct client_action action;
    char body[64], status[128], digits[33];
    open_stage(&stage, &triggering, 1, 1);
    assert_int_equal(next_action(&stage, &action), 5 * MS);
    assert_int_equal(action.request.method, METHOD_POST);
    assert_int_equal(action.what, PATH_TRIGGER);
    assert_string_equal(action.request.target, "/jobs/" JOB_J "/checkpoints");
    assert_int_equal(sscanf(action.request.body, "{\"triggerId\":\"%32[0-9a-f]\"}", digits), 1);
    snprintf(body, sizeof body, "{\"triggerId\":\"%s\"}", digits);
    snprintf(status, sizeof status, "/jobs/" JOB_J "/checkpoints/%s", digits);
    assert_string_equal(action.request.body, body);
    assert_true(clients_due(stage.clients, NULL) == INT64_MAX); /* one after the other */
    answer(&stage, 8, &action, 202, NULL);
    assert_int_equal(next_action(&stage, &action), 18 * MS);
    assert_int_equal(action.what, PATH_TRIGGER_STATUS);
    assert_int_equal(action.request.method, METHOD_GET);
    assert_string_equal(action.request.target, status);
    answer(&stage, 19, &action, 200, &pending);
    assert_int_equal(next_action(&stage, &action), 29 * MS);
    assert_string_equal(action.request.target, status);
    answer(&stage, 405, &action, 200, &pending); /* 400 ms after the trigger: looks 40 ms later */
    assert_int_equal(next_action(&stage, &action), 445 * MS);
    answer(&stage, 446, &action, 200, &done);
    assert_int_equal(next_action(&stage, &action), 446 * MS + REACTION_US);
    assert_int_equal(action.what, PATH_STATISTICS);
    assert_string_equal(action.request.target, "/jobs/" JOB_J "/checkpoints");
    answer(&stage, 450, &action, 200, NULL);
    assert_int_equal(next_action(&stage, &action), 1005 * MS);
    assert_int_equal(action.what, PATH_TRIGGER);
    assert_string_not_equal(action.request.body, body);
    close_stage(&stage);
}

static void a_triggerer_gives_up_a_round_that_goes_wrong(void **state)
{
    (void)state;
    struct stage stage;
    struct client_action action;
    open_stage(&stage, &triggering, 1, 1);
    next_action(&stage, &action);
    answer(&stage, 6, &action, 0, NULL);
    assert_int_equal(next_action(&stage, &action), 1005 * MS);
    assert_int_equal(action.what, PATH_TRIGGER);
    answer(&stage, 1006, &action, 202, NULL);
    next_action(&stage, &action);
    assert_int_equal(action.what, PATH_TRIGGER_STATUS);
    const struct client_action late = action;
    answer(&stage, 1020, &action, 404, NULL);
    answer(&stage, 1021, &late, 200, &done); /* not what it waits for any more */
    assert_int_equal(next_action(&stage, &action), 2005 * MS);
    assert_int_equal(action.what, PATH_TRIGGER);
    answer(&stage, 2010, &action, 202, NULL);
    next_action(&stage, &action);
    answer(&stage, 4000, &action, 200, NULL); /* an unreadable status; and its time is over */
    assert_silent(&stage);
    close_stage(&stage);
}

static void rounds_that_a_long_checkpoint_takes_are_left_out(void **state)
{
    (void)state;
    struct client_plan client = triggering;
    client.until_us = 1000 * SECOND;
    struct stage stage;
    struct client_action action;
    open_stage(&stage, &client, 1, 1);
    next_action(&stage, &action);
    answer(&stage, 10, &action, 202, NULL);
    next_action(&stage, &action);
    answer(&stage, 100 * 1000, &action, 200, &pending);
    assert_int_equal(next_action(&stage, &action), 101 * SECOND); /* a second at most */
    answer(&stage, 101 * 1000, &action, 200, &done);
    next_action(&stage, &action);
    assert_int_equal(action.what, PATH_STATISTICS);
    answer(&stage, 101 * 1000 + 50, &action, 200, NULL);
    next_action(&stage, &action);
    assert_int_equal(action.what, PATH_TRIGGER);
    answer(&stage, 101 * 1000 + 60, &action, 500, NULL);
    assert_int_equal(next_action(&stage, &action), 102 * SECOND + 5 * MS);
    close_stage(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_clients_nothing_is_ever_due),
        cmocka_unit_test(clients_of_one_instant_act_in_the_order_they_were_scheduled),
        cmocka_unit_test(tickets_are_drawn_from_the_one_given),
        cmocka_unit_test(hundreds_of_clients_act_in_order_of_time_and_each_as_often_as_it_should),
        cmocka_unit_test(alike_clients_are_numbered_and_a_single_one_is_not),
        cmocka_unit_test(cache_control_says_how_old_an_answer_may_be),
        cmocka_unit_test(a_poller_begins_at_from_and_ends_before_until_whatever_comes_back),
        cmocka_unit_test(a_poller_whose_time_is_over_before_it_begins_never_asks),
        cmocka_unit_test(a_poller_asks_each_path_as_often_as_its_share_says),
        cmocka_unit_test(a_poller_asks_details_of_the_newest_that_it_was_shown),
        cmocka_unit_test(a_poller_that_was_kept_from_running_leaves_out_what_it_missed),
        cmocka_unit_test(jitter_moves_single_polls_and_not_the_rate),
        cmocka_unit_test(jitter_longer_than_the_period_never_sends_a_client_back_in_time),
        cmocka_unit_test(a_seed_fixes_the_jitter_and_every_client_draws_for_itself),
        cmocka_unit_test(
            a_dashboard_boots_opens_the_tab_once_and_asks_for_the_rest_each_refresh_interval),
        cmocka_unit_test(each_request_of_a_dashboard_says_which_path_and_job_it_is),
        cmocka_unit_test(a_period_of_its_own_goes_before_the_refresh_interval),
        cmocka_unit_test(a_triggerer_reads_at_once_when_its_checkpoint_is_done),
        cmocka_unit_test(a_triggerer_gives_up_a_round_that_goes_wrong),
        cmocka_unit_test(rounds_that_a_long_checkpoint_takes_are_left_out),
        cmocka_unit_test(every_step_asks_for_what_it_says_at_its_time),
        cmocka_unit_test(a_step_may_have_a_header_of_its_own_instead_of_the_clients),
        cmocka_unit_test(two_scripts_find_their_own_steps),
        cmocka_unit_test(a_status_is_asked_of_the_last_trigger_by_the_id_its_body_chose),
        cmocka_unit_test(clients_of_one_plan_trigger_under_different_ids),
        cmocka_unit_test(another_seed_triggers_under_other_ids),
        cmocka_unit_test(a_call_of_whoever_runs_the_plan_goes_out_with_its_body),
        cmocka_unit_test(a_trigger_is_awaited_until_it_is_done_and_then_read),
        cmocka_unit_test(a_step_after_an_early_answer_keeps_its_time),
        cmocka_unit_test(a_status_that_cannot_be_had_is_not_asked_again),
        cmocka_unit_test(answers_to_other_requests_move_nothing),
        cmocka_unit_test(a_second_trigger_is_awaited_anew),
        cmocka_unit_test(a_migration_reads_cancels_and_starts_the_other_job_from_the_path_it_read),
        cmocka_unit_test(a_migration_gives_up_on_an_error_and_leaves_the_job_alone),
        cmocka_unit_test(without_a_checkpoint_the_job_is_started_from_nothing),
        cmocka_unit_test(only_migrations_are_listed_and_no_more_than_there_is_room_for),
        cmocka_unit_test(short_of_memory_there_are_no_clients_or_a_refused_answer_and_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
