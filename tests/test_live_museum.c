/* rooms: harness/live harness/control harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
/* in real time: compares. Cases of the museum over HTTP, all at once: the reference holds, and who shows
 * a case shows it there too. With the argument `all` every case that may run live, else those that
 * are over soon. */

#include "tests/support/test_prelude.h"

#include "harness/live/live.h"
#include "tests/support/museum_files.h"

enum { SOON_US = 1600 * 1000, CELLS_MAX = 2 * CASES_MAX };

static bool all;
static struct museum_files museum;

static struct live_cell cells[CELLS_MAX];
static size_t cell_count;

static void add_cell(const struct plan *plan, const char *implementation)
{
    cells[cell_count++] =
        (struct live_cell){.plan = plan, .implementation = implementation_find(implementation)};
}

/* From outside nobody sees how many entries a cache has (docs/properties.md). */
static bool can_be_decided(const struct plan *plan)
{
    return !plan->claim.claimed[PROPERTY_BOUNDED_MEMORY];
}

static void choose_cells(void)
{
    cell_count = 0;
    for (size_t i = 0; i < museum.count; i++) {
        const struct plan *plan = museum.plans[i];
        if (!plan->live || !can_be_decided(plan) || plan->expectation_count == 0 ||
            (!all && plan->end_us > SOON_US))
            continue;
        add_cell(plan, "reference");
        add_cell(plan, plan->expectations[0].implementation);
    }
}

static void what_a_case_says_holds_over_http(void **state)
{
    (void)state;
    const struct run_options options = {.seed = 1, .parse_every = 1};
    size_t wrong_count = 0;
    museum_open(&museum);
    choose_cells();
    assert_true(cell_count >= 10);
    assert_null(live_run(cells, cell_count, &options, NULL));
    for (size_t i = 0; i < cell_count; i++) {
        const char *name = implementation_name(cells[i].implementation);
        const char *wrong =
            cells[i].failure ? cells[i].failure
                             : museum_difference(cells[i].plan, name, &cells[i].result.judgement);
        if (wrong)
            print_message("%s on %s: %s\n", cells[i].plan->name, name, wrong);
        wrong_count += wrong != NULL;
    }
    print_message("%zu cases over HTTP\n", cell_count / 2);
    museum_close(&museum);
    assert_int_equal(wrong_count, 0);
}

int main(int argument_count, char **arguments)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_a_case_says_holds_over_http)};
    all = argument_count > 1 && strcmp(arguments[1], "all") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
