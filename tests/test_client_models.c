/* rooms: harness/client_models harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <string.h>

#include "harness/client_models/client_models.h"
#include "harness/client_models/garble.h"

/* What each model decides on what it is told, and what it remembers. */

#define NOW_MS INT64_C(1767225600000)
#define HOUR_MS INT64_C(3600000)
#define PLACEHOLDER "<checkpoint-not-externally-addressable>"

#define CAREFUL CLIENT_MODEL_CAREFUL
#define SCRIPT CLIENT_MODEL_SCRIPT
#define LENIENT CLIENT_MODEL_LENIENT_SCRIPT
#define OPERATOR CLIENT_MODEL_FLINK_KUBERNETES_OPERATOR
#define HISTORY CLIENT_MODEL_HISTORY_SCAN
#define LYFT CLIENT_MODEL_LYFT
#define STREAMPARK CLIENT_MODEL_STREAMPARK
#define DINKY CLIENT_MODEL_DINKY
#define OPENLINEAGE CLIENT_MODEL_OPENLINEAGE

static char *path_of(int64_t id)
{
    static char paths[64][24];
    snprintf(paths[id % 64], sizeof paths[0], "file:/c/chk-%d", (int)id);
    return paths[id % 64];
}

static struct seen_checkpoint checkpoint(int64_t id)
{
    return (struct seen_checkpoint){.id = id,
                                    .status = SEEN_COMPLETED,
                                    .type = SEEN_TYPE_CHECKPOINT,
                                    .trigger_ms = NOW_MS - 60000,
                                    .latest_ack_ms = NOW_MS - 59000,
                                    .path = path_of(id)};
}

static struct seen_checkpoint savepoint(int64_t id)
{
    struct seen_checkpoint seen = checkpoint(id);
    seen.is_savepoint = true;
    seen.type = SEEN_TYPE_SAVEPOINT;
    return seen;
}

/* A list with these numbers; 0: null. Its history holds the completed checkpoint. */
struct list {
    struct observation seen;
    struct seen_checkpoint history;
};

static struct observation *list_of(struct list *list, int64_t completed, int64_t savepoint_id,
                                   int64_t restored)
{
    *list = (struct list){.seen = {.kind = OBSERVED_STATISTICS}};
    struct observation *seen = &list->seen;
    seen->completed = (completed > 0) + (savepoint_id > 0);
    seen->total = seen->completed;
    seen->has_latest_completed = completed > 0;
    seen->has_latest_savepoint = savepoint_id > 0;
    seen->has_latest_restored = restored > 0;
    if (completed > 0)
        list->history = seen->latest_completed = checkpoint(completed);
    if (savepoint_id > 0)
        seen->latest_savepoint = savepoint(savepoint_id);
    if (restored > 0)
        seen->restored_path = path_of(restored);
    seen->restored_id = restored;
    seen->restored_ms = restored > 0 ? NOW_MS : 0;
    seen->history = &list->history;
    seen->history_count = completed > 0;
    return seen;
}

static struct client_answer good(const struct observation *seen)
{
    return (struct client_answer){.status = 200, .seen = seen, .now_ms = NOW_MS};
}

static const struct observation not_enabled = {.kind = OBSERVED_ERROR, .error = ERROR_NOT_ENABLED};
static const struct observation timed_out = {.kind = OBSERVED_ERROR, .error = ERROR_TIMED_OUT};
static const struct observation not_found = {.kind = OBSERVED_ERROR, .error = ERROR_JOB_NOT_FOUND};
static const struct observation undecodable = {.kind = OBSERVED_OTHER};
static const struct client_answer no_answer = {.now_ms = NOW_MS};

static struct client_answer error_of(int status, const struct observation *seen)
{
    return (struct client_answer){.status = status, .seen = seen, .now_ms = NOW_MS};
}

static void watch(enum client_model model, struct client_answer answer,
                  struct client_memory *memory)
{
    assert_true(client_model_watch(model, &answer, memory));
}

/* Takes the answer in, and decides on it: a path, "nothing" or "refuses". */
static const char *decided_within(enum client_model model, struct client_answer answer,
                                  struct client_memory *memory, int64_t max_age_ms)
{
    struct client_decision decision;
    watch(model, answer, memory);
    client_model_decide(model, &answer, memory, max_age_ms, &decision);
    assert_non_null(decision.reason);
    if (decision.kind == DECIDED_PATH) {
        assert_non_null(decision.path);
        return decision.path;
    }
    assert_null(decision.path);
    return decision.kind == DECIDED_NOTHING ? "nothing" : "refuses";
}

/* On an empty memory, and without a limit of age. */
static void expect_decision(enum client_model model, struct client_answer answer,
                            const char *expected)
{
    struct client_memory memory = {0};
    const char *got = decided_within(model, answer, &memory, 0);
    if (strcmp(got, expected) != 0) {
        size_t count;
        print_error("%s: %s\n", client_model_names(&count)[model - 1], got);
    }
    assert_string_equal(got, expected);
    client_memory_clear(&memory);
}

/* One answer, and what each model makes of it. */
struct row {
    const char *careful, *script, *lenient, *operator, * history, *lyft, *streampark, *dinky,
        *openlineage;
};

static void expect_row(struct client_answer answer, const struct row *row)
{
    expect_decision(CAREFUL, answer, row->careful);
    expect_decision(SCRIPT, answer, row->script);
    expect_decision(LENIENT, answer, row->lenient);
    expect_decision(OPERATOR, answer, row->operator);
    expect_decision(HISTORY, answer, row->history);
    expect_decision(LYFT, answer, row->lyft);
    expect_decision(STREAMPARK, answer, row->streampark);
    expect_decision(DINKY, answer, row->dinky);
    expect_decision(OPENLINEAGE, answer, row->openlineage);
}

/* --- real bug R-44: three answers that clients confuse ---------------------------------------- */

static void test_checkpointing_that_is_off_is_no_failure(void **state)
{
    (void)state;
    expect_row(error_of(404, &not_enabled),
               &(struct row){"nothing", "null", "nothing", "nothing", "refuses", "refuses",
                             "nothing", "nothing", "nothing"});
}

static void test_a_job_that_has_completed_none_is_started_from_nothing(void **state)
{
    (void)state;
    struct list list;
    static const struct row row = {"nothing", "null",    "nothing", "nothing", "nothing",
                                   "refuses", "nothing", "nothing", "nothing"};
    expect_row(good(list_of(&list, 0, 0, 0)), &row);
    list.seen.total = list.seen.failed = 3; /* failed ones only */
    list.seen.has_latest_failed = true;
    expect_row(good(&list.seen), &row);
}

static void test_a_placeholder_is_no_path(void **state)
{
    (void)state;
    struct list list;
    list_of(&list, 5, 0, 0);
    list.seen.latest_completed.path = list.history.path = (char[]){PLACEHOLDER};
    expect_row(good(&list.seen),
               &(struct row){"refuses", PLACEHOLDER, PLACEHOLDER, "refuses", PLACEHOLDER,
                             PLACEHOLDER, PLACEHOLDER, PLACEHOLDER, PLACEHOLDER});
}

static void test_what_was_restored_counts_before_the_first_checkpoint(void **state)
{
    (void)state; /* */
    struct list list;
    expect_row(good(list_of(&list, 0, 0, 40)),
               &(struct row){path_of(40), "null", "nothing", path_of(40), "nothing", "refuses",
                             "nothing", "nothing", "nothing"});
}

/* --- the newest of three ---------------------------------------------------------------------- */

static void test_the_largest_number_is_the_newest(void **state)
{
    (void)state; /* */
    struct list list;
    char *const ten = path_of(10), *const eleven = path_of(11);
    expect_row(good(list_of(&list, 10, 11, 9)),
               &(struct row){eleven, ten, ten, eleven, ten, ten, eleven, ten, ten});
    expect_row(
        good(list_of(&list, 11, 10, 9)),
        &(struct row){eleven, eleven, eleven, eleven, eleven, eleven, eleven, eleven, eleven});
    expect_row(good(list_of(&list, 0, 11, 0)),
               &(struct row){eleven, "null", "nothing", eleven, "nothing", "refuses", eleven,
                             eleven, "nothing"});
}

static void test_of_equal_numbers_what_was_restored_is_kept(void **state)
{
    (void)state;
    struct list list;
    list_of(&list, 40, 0, 40);
    list.seen.restored_path = (char[]){"file:/restored"};
    expect_decision(OPERATOR, good(&list.seen), "file:/restored");
    expect_decision(CAREFUL, good(&list.seen), "file:/restored");
}

static void test_only_the_careful_one_looks_at_discarded(void **state)
{
    (void)state; /* */
    struct list list;
    char *const five = path_of(5);
    list_of(&list, 5, 0, 0);
    list.seen.latest_completed.discarded = true;
    expect_row(good(&list.seen),
               &(struct row){"refuses", five, five, five, five, five, five, five, five});
}

/* --- answers that are none -------------------------------------------------------------------- */

static void test_what_cannot_be_decoded_says_nothing(void **state)
{
    (void)state; /* */
    expect_row(good(&undecodable),
               &(struct row){"refuses", "refuses", "nothing", "refuses", "refuses", "refuses",
                             "nothing", "nothing", "nothing"});
}

static void test_errors_and_silence_say_nothing(void **state)
{
    (void)state;
    const struct row of_errors = {"refuses", "null",    "nothing", "refuses", "refuses",
                                  "refuses", "nothing", "nothing", "nothing"};
    struct row of_silence = of_errors;
    of_silence.script = "refuses";
    expect_row(error_of(500, &timed_out), &of_errors);
    expect_row(error_of(404, &not_found), &of_errors);
    expect_row(no_answer, &of_silence);
}

static void test_a_careful_client_refuses_what_contradicts_itself(void **state)
{
    (void)state;
    struct list list;
    list_of(&list, 0, 0, 0)->completed = 1; /* one completed, and none is shown */
    expect_decision(CAREFUL, good(&list.seen), "refuses");
    list_of(&list, 5, 0, 0)->latest_completed.path = NULL;
    expect_decision(CAREFUL, good(&list.seen), "refuses");
}

/* --- a slow JobManager, and what was seen before ----------------------------------------- */

static void test_a_failed_query_finds_what_was_seen_before_or_nobody(void **state)
{
    (void)state;
    struct list five, seven;
    static const struct {
        enum client_model model;
        bool saw_five;
        int then;   /* 7, 5 (out of a cache) or 0: it times out */
        int chosen; /* -1: refuses, 0: nothing */
    } cases[] = {
        {CAREFUL, true, 7, 7},     {CAREFUL, true, 5, 5},    {CAREFUL, true, 0, -1},
        {CAREFUL, false, 7, 7},    {CAREFUL, false, 0, -1},  {OPERATOR, true, 7, 7},
        {OPERATOR, true, 5, 5},    {OPERATOR, true, 0, -1},  {OPERATOR, false, 0, -1},
        {LYFT, true, 7, 7},        {LYFT, true, 5, 5},       {LYFT, true, 0, 5},
        {LYFT, false, 0, -1},      {STREAMPARK, true, 7, 7}, {STREAMPARK, true, 0, 5},
        {STREAMPARK, false, 0, 0}, {DINKY, true, 7, 7},      {DINKY, true, 0, 0},
        {HISTORY, true, 7, 7},     {HISTORY, true, 0, -1},   {OPENLINEAGE, true, 0, 5},
        {LENIENT, true, 0, 0},
    };
    list_of(&five, 5, 0, 0);
    list_of(&seven, 7, 0, 0)->total = 2;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const enum client_model model = cases[i].model;
        struct client_memory memory = {0};
        if (cases[i].saw_five)
            watch(model, good(&five.seen), &memory);
        const struct client_answer answer = cases[i].then == 7   ? good(&seven.seen)
                                            : cases[i].then == 5 ? good(&five.seen)
                                                                 : error_of(500, &timed_out);
        const char *expected = cases[i].chosen > 0    ? path_of(cases[i].chosen)
                               : cases[i].chosen == 0 ? "nothing"
                                                      : "refuses";
        assert_string_equal(decided_within(model, answer, &memory, 0), expected);
        client_memory_clear(&memory);
    }
}

/* --- the limit of age -------------------------------------------------------------------- */

static void test_the_limit_of_age_is_reckoned_from_the_trigger(void **state)
{
    (void)state;
    struct list list;
    struct client_memory memory = {0};
    list_of(&list, 3, 0, 0)->latest_completed.trigger_ms = NOW_MS - HOUR_MS;
    assert_string_equal(decided_within(CAREFUL, good(&list.seen), &memory, HOUR_MS), path_of(3));
    list.seen.latest_completed.trigger_ms--;
    assert_string_equal(decided_within(CAREFUL, good(&list.seen), &memory, HOUR_MS), "refuses");
    assert_string_equal(decided_within(CAREFUL, good(&list.seen), &memory, 0), path_of(3));
    client_memory_clear(&memory);
}

/* `restored` tells when it was restored, which is later: what was seen before may know. */
static void test_the_age_of_what_was_restored_is_known_from_before_or_not_at_all(void **state)
{
    (void)state;
    struct list list, before;
    struct client_memory memory = {0};
    list_of(&list, 0, 0, 40);
    assert_string_equal(decided_within(CAREFUL, good(&list.seen), &memory, HOUR_MS), "refuses");
    watch(CAREFUL, good(list_of(&before, 39, 40, 0)), &memory);
    assert_string_equal(decided_within(CAREFUL, good(&list.seen), &memory, HOUR_MS), path_of(40));
    assert_string_equal(decided_within(CAREFUL, good(&list.seen), &memory, 59999), "refuses");
    client_memory_clear(&memory);
}

static void test_milliseconds_taken_for_seconds_make_nothing_too_old(void **state)
{
    (void)state;
    struct list list;
    struct client_memory memory = {0};
    list_of(&list, 3, 0, 0)->latest_completed.trigger_ms = NOW_MS - 6 * HOUR_MS;
    list.seen.latest_completed.latest_ack_ms = NOW_MS - 6 * HOUR_MS;
    assert_string_equal(decided_within(LYFT, good(&list.seen), &memory, HOUR_MS), path_of(3));
    /* With the JobManager down the time comes from the status, in seconds: there it works. */
    assert_string_equal(decided_within(LYFT, error_of(500, &timed_out), &memory, HOUR_MS),
                        "refuses");
    assert_string_equal(decided_within(LYFT, error_of(500, &timed_out), &memory, 6 * HOUR_MS),
                        path_of(3));
    client_memory_clear(&memory);
}

/* --- what is kept ------------------------------------------------------------ */

static void test_numbers_that_begin_anew_are_ignored(void **state)
{
    (void)state; /* */
    struct list list;
    struct client_memory memory = {0};
    watch(STREAMPARK, good(list_of(&list, 50, 0, 0)), &memory);
    assert_string_equal(decided_within(STREAMPARK, good(list_of(&list, 1, 0, 0)), &memory, 0),
                        path_of(50));
    assert_string_equal(decided_within(STREAMPARK, good(list_of(&list, 50, 0, 0)), &memory, 0),
                        path_of(50));
    assert_string_equal(decided_within(STREAMPARK, good(list_of(&list, 51, 0, 0)), &memory, 0),
                        path_of(51));
    client_memory_clear(&memory);
}

static void test_a_type_that_an_enum_lacks_is_not_kept(void **state)
{
    (void)state; /* */
    static const enum seen_type types[] = {SEEN_TYPE_CHECKPOINT, SEEN_TYPE_UNALIGNED,
                                           SEEN_TYPE_SYNC_SAVEPOINT, SEEN_TYPE_UNKNOWN};
    static const int64_t kept[] = {1, 1, 3, 3};
    struct list list;
    struct client_memory memory = {0};
    for (int64_t i = 0; i < 4; i++) {
        list_of(&list, i + 1, 0, 0)->latest_completed.type = types[i];
        assert_string_equal(decided_within(STREAMPARK, good(&list.seen), &memory, 0),
                            path_of(kept[i]));
    }
    client_memory_clear(&memory);
}

static void test_a_completion_without_a_trigger_goes_unnoticed(void **state)
{
    (void)state; /* */
    struct list list;
    struct client_memory memory = {0};
    list_of(&list, 0, 0, 0)->total = 1; /* triggered, and not complete */
    assert_string_equal(decided_within(OPENLINEAGE, good(&list.seen), &memory, 0), "nothing");
    list_of(&list, 1, 0, 0)->total = 1;
    assert_string_equal(decided_within(OPENLINEAGE, good(&list.seen), &memory, 0), "nothing");
    list.seen.total = 2;
    assert_string_equal(decided_within(OPENLINEAGE, good(&list.seen), &memory, 0), path_of(1));
    list_of(&list, 0, 0, 0)->total = 1; /* a new run, with nothing */
    assert_string_equal(decided_within(OPENLINEAGE, good(&list.seen), &memory, 0), "nothing");
    client_memory_clear(&memory);
}

static void test_a_history_that_was_emptied_leaves_what_was_recorded(void **state)
{
    (void)state; /* */
    struct list list;
    struct client_memory memory = {0};
    watch(HISTORY, good(list_of(&list, 39, 0, 0)), &memory);
    assert_string_equal(decided_within(HISTORY, good(list_of(&list, 0, 0, 40)), &memory, 0),
                        path_of(39));
    client_memory_clear(&memory);
}

/* --- garbled answers --------------------------------------------------------------------------- */

static void test_a_garbled_answer_says_less_and_never_something_else(void **state)
{
    (void)state;
    struct list list;
    struct observation told;
    char *const five = path_of(5);
    static const struct row undecoded = {"refuses", "refuses", "nothing", "refuses", "refuses",
                                         "refuses", "nothing", "nothing", "nothing"};
    const struct row as_sent = {five, five, five, five, five, five, five, five, five};
    struct row row = as_sent;
    list_of(&list, 5, 0, 0);
    garble_answer(GARBLE_TRUNCATED_BODY, &list.seen, &told);
    expect_row(good(&told), &undecoded);
    garble_answer(GARBLE_HTML_PAGE, &list.seen, &told);
    expect_row(good(&told), &undecoded);
    garble_answer(GARBLE_UNKNOWN_TYPE, &list.seen, &told);
    row.streampark = "nothing";
    expect_row(good(&told), &row);
    garble_answer(GARBLE_NO_HISTORY, &list.seen, &told);
    row = as_sent;
    row.history = "nothing";
    expect_row(good(&told), &row);
    garble_answer(GARBLE_NO_LATEST, &list.seen, &told);
    expect_row(good(&told), &(struct row){"refuses", "null", "nothing", "nothing", five, "refuses",
                                          "nothing", "nothing", "nothing"});
}

static void test_grounds_are_what_an_answer_is_worth(void **state)
{
    (void)state;
    struct list list;
    struct observation told;
    const struct client_answer answers[] = {
        [GROUNDS_ANSWER] = good(list_of(&list, 5, 0, 0)),
        [GROUNDS_NOT_ENABLED] = error_of(404, &not_enabled),
        [GROUNDS_ERROR] = error_of(404, &not_found),
        [GROUNDS_UNREADABLE] = good(&undecodable),
        [GROUNDS_SILENCE] = no_answer,
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        assert_int_equal(client_answer_grounds(&answers[i]), i);
    garble_answer(GARBLE_NO_LATEST, &list.seen, &told);
    const struct client_answer lacking = good(&told);
    assert_int_equal(client_answer_grounds(&lacking), GROUNDS_UNREADABLE);
}

/* --- memory ------------------------------------------------------------------------------------ */

struct watching {
    enum client_model model;
    struct list first, second;
};

static void watch_again(void *context, bool may_fail)
{
    const struct watching *watching = context;
    const struct client_answer first = good(&watching->first.seen);
    const struct client_answer second = good(&watching->second.seen);
    struct client_memory memory = {0};
    if (client_model_watch(watching->model, &first, &memory)) {
        const bool done = client_model_watch(watching->model, &second, &memory);
        assert_true(done || may_fail);
        assert_string_equal(memory.path, path_of(done ? 2 : 1)); /* or as it was */
        assert_int_equal(memory.checkpoint, done ? 2 : 1);
    }
    client_memory_clear(&memory);
}

static void test_without_memory_what_was_kept_is_kept(void **state)
{
    (void)state;
    static const enum client_model models[] = {CAREFUL, HISTORY, LYFT, STREAMPARK, OPENLINEAGE};
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        struct watching watching = {.model = models[i]};
        list_of(&watching.first, 1, 0, 0);
        list_of(&watching.second, 2, 0, 0)->total = 2;
        assert_true(fail_each_allocation(watch_again, &watching) >= 2);
    }
}

static void streampark_alone_goes_by_names_that_differ(void **state)
{
    (void)state;
    for (int model = CLIENT_MODEL_NONE + 1; model < CLIENT_MODEL_COUNT; model++)
        assert_int_equal(client_model_goes_by_names((enum client_model)model),
                         model == CLIENT_MODEL_STREAMPARK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streampark_alone_goes_by_names_that_differ),
        cmocka_unit_test(test_checkpointing_that_is_off_is_no_failure),
        cmocka_unit_test(test_a_job_that_has_completed_none_is_started_from_nothing),
        cmocka_unit_test(test_a_placeholder_is_no_path),
        cmocka_unit_test(test_what_was_restored_counts_before_the_first_checkpoint),
        cmocka_unit_test(test_the_largest_number_is_the_newest),
        cmocka_unit_test(test_of_equal_numbers_what_was_restored_is_kept),
        cmocka_unit_test(test_only_the_careful_one_looks_at_discarded),
        cmocka_unit_test(test_what_cannot_be_decoded_says_nothing),
        cmocka_unit_test(test_errors_and_silence_say_nothing),
        cmocka_unit_test(test_a_careful_client_refuses_what_contradicts_itself),
        cmocka_unit_test(test_a_failed_query_finds_what_was_seen_before_or_nobody),
        cmocka_unit_test(test_the_limit_of_age_is_reckoned_from_the_trigger),
        cmocka_unit_test(test_the_age_of_what_was_restored_is_known_from_before_or_not_at_all),
        cmocka_unit_test(test_milliseconds_taken_for_seconds_make_nothing_too_old),
        cmocka_unit_test(test_numbers_that_begin_anew_are_ignored),
        cmocka_unit_test(test_a_type_that_an_enum_lacks_is_not_kept),
        cmocka_unit_test(test_a_completion_without_a_trigger_goes_unnoticed),
        cmocka_unit_test(test_a_history_that_was_emptied_leaves_what_was_recorded),
        cmocka_unit_test(test_a_garbled_answer_says_less_and_never_something_else),
        cmocka_unit_test(test_grounds_are_what_an_answer_is_worth),
        cmocka_unit_test(test_without_memory_what_was_kept_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
