/* rooms: harness/implementations rest_endpoint gateway harness/client_models harness/judge base */
#include "tests/support/test_prelude.h"

#include "harness/implementations/implementation_internal.h"
#include "tests/support/conversation.h"

/* --- names ----------------------------------------------------------------------------------- */

static void every_name_is_the_only_one_of_its_kind_and_leads_back(void **state)
{
    (void)state;
    assert_true(implementation_count() > 0);
    for (size_t i = 0; i < implementation_count(); i++) {
        const struct implementation *implementation = implementation_at(i);
        const char *name = implementation_name(implementation);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(name, implementation_name(implementation_at(j)));
        assert_ptr_equal(implementation_find(name), implementation);
        assert_true(strlen(implementation_summary(implementation)) > 0);
        assert_null(strchr(implementation_summary(implementation), '\n'));
        assert_non_null(implementation_origin(implementation));
    }
}

static void the_list_of_names_holds_all_and_ends(void **state)
{
    (void)state;
    const char *const *names = implementation_names();
    for (size_t i = 0; i < implementation_count(); i++)
        assert_string_equal(names[i], implementation_name(implementation_at(i)));
    assert_null(names[implementation_count()]);
}

static void a_name_that_is_none_finds_nothing(void **state)
{
    (void)state;
    assert_null(implementation_find("flink-9"));
    assert_null(implementation_find(""));
    assert_null(implementation_find("Reference"));
}

static void the_reference_comes_first_then_versions_then_mutants_then_clients(void **state)
{
    (void)state;
    assert_true(implementation_count() >= policy_set_count() + 60);
    for (size_t i = 0; i < policy_set_count(); i++) {
        const struct implementation *implementation = implementation_at(i);
        assert_string_equal(implementation_name(implementation), policy_set_name(policy_set_at(i)));
        assert_int_equal(implementation_kind(implementation),
                         i ? IMPLEMENTATION_FLINK : IMPLEMENTATION_REFERENCE);
    }
    for (size_t i = policy_set_count(); i < implementation_count(); i++)
        assert_true(implementation_is_broken(implementation_at(i)));
}

/* All but the careful one, which comes first. */
static void every_model_of_a_client_stands_for_the_reference_asked_by_it(void **state)
{
    (void)state;
    size_t model_count;
    const char *const *models = client_model_names(&model_count);
    assert_int_equal(broken_clients.count, model_count - 1);
    for (size_t i = 0; i < broken_clients.count; i++) {
        const struct implementation *implementation = &broken_clients.items[i];
        assert_int_equal(implementation_kind(implementation), IMPLEMENTATION_BROKEN_CLIENT);
        assert_memory_equal(implementation_name(implementation), "client-", 7);
        assert_string_equal(implementation_name(implementation) + 7, models[i + 1]);
        assert_int_equal(implementation_client_model(implementation), i + 2);
        assert_ptr_equal(implementation_origin(implementation),
                         implementation_origin(implementation_find("reference")));
    }
    assert_int_equal(implementation_client_model(implementation_find("reference")),
                     CLIENT_MODEL_NONE);
}

static void origins_have_the_faults_of_their_versions(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool forgets, announces, late;
    } wanted[] = {
        {"reference", false, false, false}, {"flink-1.17", false, true, true},
        {"flink-1.18.0", true, true, true}, {"flink-1.18", false, true, true},
        {"flink-2.1", false, true, true},   {"flink-2.2", false, false, true},
        {"flink-2.3", false, false, true},  {"stampede", false, false, false},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct implementation *implementation = implementation_find(wanted[i].name);
        assert_non_null(implementation);
        const struct origin_quirks *origin = implementation_origin(implementation);
        assert_int_equal(origin->forgets_ended_jobs, wanted[i].forgets);
        assert_int_equal(origin->announces_before_statistics, wanted[i].announces);
        assert_int_equal(origin->late_savepoint_is_checkpoint, wanted[i].late);
    }
}

static void test_a_version_of_flink_finds_the_nearest_of_its_minor_version(void **state)
{
    (void)state;
    static const struct {
        const char *version, *name;
    } wanted[] = {
        {"1.17.2", "flink-1.17"}, {"1.17", "flink-1.17"}, {"1.18.0", "flink-1.18.0"},
        {"1.18.1", "flink-1.18"}, {"1.18", "flink-1.18"}, {"1.18.9", "flink-1.18"},
        {"1.19.0", "flink-1.19"}, {"2.3.0", "flink-2.3"}, {"2.0.1", "flink-2.0"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        assert_string_equal(implementation_name(implementation_for_flink(wanted[i].version)),
                            wanted[i].name);
    static const char *const unknown[] = {"1.16.3", "3.0.0",    "1",        "",
                                          "1.",     "1.20.3.1", "v1.20",    "1.20-",
                                          "1..20",  "1.x.2",    "99999.1.1"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_null(implementation_for_flink(unknown[i]));
}

/* --- mutants --------------------------------------------------------------------------------- */

static void configure_reference(const struct settings *settings, struct endpoint_config *config)
{
    memset(config, 0, sizeof *config);
    policy_set_configure(policy_set_find("reference"), settings, config);
}

static size_t differences_of_caches(const struct cache_policy *a, const struct cache_policy *b)
{
    return (size_t)(a->ttl_us != b->ttl_us) + (a->entry_count_max != b->entry_count_max) +
           (a->key != b->key) + (a->start != b->start) + (a->expiry != b->expiry) +
           (a->clock != b->clock) + (a->slot != b->slot) + (a->join != b->join) +
           (a->replaced != b->replaced) + (a->failures != b->failures) + (a->late != b->late) +
           (a->rendering != b->rendering);
}

static size_t differences_of_quirks(const struct endpoint_quirks *a,
                                    const struct endpoint_quirks *b)
{
    return (size_t)(a->statistics_from_graph != b->statistics_from_graph) +
           (a->dashboard_uncached != b->dashboard_uncached) +
           (a->honours_cache_control != b->honours_cache_control) +
           (a->details_outlive_history != b->details_outlive_history) +
           (a->refuses_incremental_trigger != b->refuses_incremental_trigger);
}

/* The broken ones among all that there are; NULL after the last. */
static const struct implementation *broken_at(size_t index)
{
    index += policy_set_count();
    return index < implementation_count() ? implementation_at(index) : NULL;
}

static void a_broken_one_is_broken_by_one_means_only_and_says_where_that_was_seen(void **state)
{
    const struct implementation *broken;
    (void)state;
    for (size_t i = 0; (broken = broken_at(i)) != NULL; i++) {
        assert_int_equal((broken->misread != NULL) + (broken->breaks != NULL) +
                             (broken->alter != NULL) + (broken->wrap != NULL) +
                             (broken->origin != NULL || broken->retains_one) +
                             (broken->client_model != CLIENT_MODEL_NONE),
                         1);
        assert_int_equal(broken->origin != NULL || broken->retains_one,
                         implementation_kind(broken) == IMPLEMENTATION_BROKEN_ORIGIN);
        assert_int_equal(broken->client_model != CLIENT_MODEL_NONE,
                         implementation_kind(broken) == IMPLEMENTATION_BROKEN_CLIENT);
        assert_non_null(implementation_source(broken));
        assert_true(strlen(implementation_source(broken)) > 0);
    }
    assert_null(implementation_source(implementation_find("reference")));
}

static void a_mutant_by_policy_differs_from_the_reference_in_one_place_of_it(void **state)
{
    (void)state;
    struct settings settings;
    struct endpoint_config reference, broken;
    settings_default(&settings);
    configure_reference(&settings, &reference);
    for (size_t i = 0; i < policy_mutants.count; i++) {
        broken = reference;
        policy_mutants.items[i].breaks(&broken);
        const size_t graph = differences_of_caches(&reference.graph, &broken.graph);
        const size_t stats = differences_of_caches(&reference.stats, &broken.stats);
        const size_t details = differences_of_caches(&reference.details, &broken.details);
        const size_t quirks = differences_of_quirks(&reference.quirks, &broken.quirks);
        assert_int_equal((graph > 0) + (stats > 0) + (details > 0) + (quirks > 0), 1);
        assert_true(graph <= 3 && stats <= 3 && details <= 1 && quirks <= 1);
        assert_int_equal(broken.refresh_interval_ms, reference.refresh_interval_ms);
        assert_memory_equal(&broken.wire, &reference.wire, sizeof broken.wire);
    }
}

static void two_mutants_are_never_the_same(void **state)
{
    (void)state;
    struct settings settings;
    struct endpoint_config a, b;
    settings_default(&settings);
    for (size_t i = 0; i < policy_mutants.count; i++) {
        for (size_t j = 0; j < i; j++) {
            configure_reference(&settings, &a);
            configure_reference(&settings, &b);
            policy_mutants.items[i].breaks(&a);
            policy_mutants.items[j].breaks(&b);
            assert_true(differences_of_caches(&a.graph, &b.graph) +
                            differences_of_caches(&a.stats, &b.stats) +
                            differences_of_caches(&a.details, &b.details) +
                            differences_of_quirks(&a.quirks, &b.quirks) >
                        0);
        }
    }
}

/* What a mutant that reads settings wrongly makes of a timeout; NULL: none is given. */
static int64_t misread_timeout(const char *name, const char *timeout)
{
    const struct implementation *mutant = implementation_find(name);
    struct settings settings;
    settings_default(&settings);
    if (timeout)
        assert_null(settings_put(&settings, "rest.cache.checkpoint-statistics.timeout", timeout));
    mutant->misread(&settings);
    return settings_stats_timeout_us(&settings);
}

static void a_timeout_in_the_wrong_unit_is_a_thousand_times_as_long(void **state)
{
    (void)state;
    assert_int_equal(misread_timeout("timeout-in-wrong-unit", "3 s"), INT64_C(3000000000));
    assert_int_equal(misread_timeout("timeout-in-wrong-unit", NULL), INT64_C(3000000000));
    assert_int_equal(misread_timeout("timeout-in-wrong-unit", "0 s"), 0);
    assert_true(misread_timeout("timeout-in-wrong-unit", "100000000 d") > 0);
}

static void only_a_timeout_of_0_is_taken_for_none(void **state)
{
    (void)state;
    assert_int_equal(misread_timeout("zero-read-as-unset", "0 s"), 3000000);
    assert_int_equal(misread_timeout("zero-read-as-unset", "1 ms"), 1000);
    assert_int_equal(misread_timeout("zero-read-as-unset", NULL), 3000000);
}

/* Completed checkpoints 8, 9, 10, 11 with the newest as latest. */
static struct fetch_result four_completed(void)
{
    struct checkpoint_stats *stats = stats_of(JOB_A, 1, 11, 8, "file:/a");
    assert_non_null(stats);
    return (struct fetch_result){.outcome = OUTCOME_OK, .stats = stats};
}

static void in_text_order_9_comes_last(void **state)
{
    (void)state;
    struct fetch_result result = four_completed();
    struct checkpoint_stats *original = checkpoint_stats_retain(result.stats);
    implementation_find("text-order")->alter(&result);
    assert_int_equal(result.stats->latest_completed->id, 9);
    assert_ptr_not_equal(result.stats, original);
    assert_int_equal(original->latest_completed->id, 11); /* the tracker's own is left alone */
    checkpoint_stats_release(original);
    fetch_result_clear(&result);
}

static void text_order_passes_over_what_is_no_completed_checkpoint(void **state)
{
    (void)state;
    struct fetch_result result = four_completed();
    result.stats->history[2]->type = CHECKPOINT_SAVEPOINT;     /* 9 */
    result.stats->history[3]->status = CHECKPOINT_IN_PROGRESS; /* 8 */
    implementation_find("text-order")->alter(&result);
    assert_int_equal(result.stats->latest_completed->id, 11);
    fetch_result_clear(&result);
}

static void text_order_leaves_failures_and_empty_statistics_alone(void **state)
{
    (void)state;
    struct fetch_result failed = {.outcome = OUTCOME_TIMED_OUT};
    implementation_find("text-order")->alter(&failed);
    assert_int_equal(failed.outcome, OUTCOME_TIMED_OUT);
    assert_null(failed.stats);
    struct fetch_result empty = {.outcome = OUTCOME_OK, .stats = checkpoint_stats_new(JOB_A, 1, 0)};
    implementation_find("text-order")->alter(&empty);
    assert_null(empty.stats->latest_completed);
    fetch_result_clear(&empty);
}

static void text_order_without_memory_leaks_nothing(void **state)
{
    (void)state;
    struct fetch_result result = four_completed();
    failing_allocator_arm(1);
    implementation_find("text-order")->alter(&result);
    assert_true(failing_allocator_fired());
    fetch_result_clear(&result);
}

/* --- running --------------------------------------------------------------------------------- */

/* One read of job A's statistics, from the request to its answer. */
static void read_once(void *context, bool may_fail)
{
    const struct implementation *implementation = context;
    struct settings settings;
    struct endpoint_action action;
    const struct request request = {
        .id = 5, .target = CHECKPOINTS_OF_A, .target_length = strlen(CHECKPOINTS_OF_A)};
    settings_default(&settings);
    struct subject *subject =
        implementation_start(implementation, &(struct subject_options){.settings = &settings});
    assert_true(subject || may_fail);
    if (!subject)
        return;
    const struct subject_operations *operations = subject->operations;
    operations->set_wall_offset(subject, 1000);
    size_t replies = 0;
    bool fine = operations->request(subject, 0, &request) == 0;
    while (fine && operations->next(subject, &action)) {
        if (action.kind == ACTION_REPLY) {
            assert_int_equal(action.request, 5);
            assert_true(action.status == 200 || may_fail);
            body_release(action.body);
            replies++;
            continue;
        }
        struct checkpoint_stats *stats = stats_of(JOB_A, 1, 2, 1, "file:/a");
        struct fetch_result result = {.outcome = OUTCOME_OK};
        if (action.what.kind == FETCH_EXECUTION_GRAPH)
            result.graph = graph_of(JOB_A, 1, stats);
        else
            result.stats = stats;
        if (!result.graph && !result.stats)
            break;
        fine = operations->fetched(subject, 1, action.fetch, &result) == 0;
    }
    const bool twice = strcmp(implementation_name(implementation), "answers-twice") == 0;
    assert_true(replies == (twice ? 2 : 1) || may_fail);
    operations->abandon(subject, 2, 5);
    operations->free(subject);
}

static void every_implementation_answers_and_survives_every_failing_allocation(void **state)
{
    (void)state;
    for (size_t i = 0; i < implementation_count(); i++) {
        union {
            const struct implementation *implementation;
            void *context;
        } as = {implementation_at(i)};
        assert_true(fail_each_allocation(read_once, as.context) > 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_version_of_flink_finds_the_nearest_of_its_minor_version),
        cmocka_unit_test(every_name_is_the_only_one_of_its_kind_and_leads_back),
        cmocka_unit_test(the_list_of_names_holds_all_and_ends),
        cmocka_unit_test(a_name_that_is_none_finds_nothing),
        cmocka_unit_test(the_reference_comes_first_then_versions_then_mutants_then_clients),
        cmocka_unit_test(every_model_of_a_client_stands_for_the_reference_asked_by_it),
        cmocka_unit_test(origins_have_the_faults_of_their_versions),
        cmocka_unit_test(a_broken_one_is_broken_by_one_means_only_and_says_where_that_was_seen),
        cmocka_unit_test(a_mutant_by_policy_differs_from_the_reference_in_one_place_of_it),
        cmocka_unit_test(two_mutants_are_never_the_same),
        cmocka_unit_test(a_timeout_in_the_wrong_unit_is_a_thousand_times_as_long),
        cmocka_unit_test(only_a_timeout_of_0_is_taken_for_none),
        cmocka_unit_test(in_text_order_9_comes_last),
        cmocka_unit_test(text_order_passes_over_what_is_no_completed_checkpoint),
        cmocka_unit_test(text_order_leaves_failures_and_empty_statistics_alone),
        cmocka_unit_test(text_order_without_memory_leaks_nothing),
        cmocka_unit_test(every_implementation_answers_and_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
