/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>

#include "reports/html_internal.h"
#include "tests/support/report_cells.h"

#define EVIL "</script><b id='x' title=\"y\">&amp;\x01\xff"
#define TAMED "&lt;/script&gt;&lt;b id=&#39;x&#39; title=&quot;y&quot;&gt;&amp;amp;?"

/* Every link leads to something on the page, and to one thing. */
static void assert_links_lead_somewhere(const char *page)
{
    static const char link[] = "href=\"#";
    for (const char *at = strstr(page, link); at; at = strstr(at + 1, link)) {
        char id[200];
        const char *name = at + strlen(link);
        snprintf(id, sizeof id, "id=\"%.*s\"", (int)strcspn(name, "\""), name);
        const char *found = strstr(page, id);
        if (!found)
            print_message("no %s\n", id);
        assert_non_null(found);
        assert_null(strstr(found + 1, id));
    }
}

/* What stands after the style, whose rules are named as things on the page are. */
static const char *page_of(struct cells *cells)
{
    const char *page = written(cells, report_html);
    assert_links_lead_somewhere(page);
    return strstr(page, "<body>");
}

static size_t add_failing(struct cells *cells, const char *subject, const char *implementation)
{
    const size_t i = add_cell(cells, subject, implementation);
    struct property_verdict *verdict =
        break_cell(cells, i, PROPERTY_FRESH, LAYER_CACHE, "Checkpoint 11 had been complete.");
    add_witness(verdict, 200000, "J", "checkpoint 11 completed", 0);
    add_witness(verdict, 300000, "mover", "answered 10", 7);
    return i;
}

static void cells_are_told_apart_by_class_sign_and_word(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "good");
    add_failing(&cells, "s", "known");
    make_surprising(&cells, add_failing(&cells, "s", "bad"), "fresh should hold");
    leave_undecided(&cells, add_cell(&cells, "s", "open"), PROPERTY_FRESH, "Nobody asked.");
    cells.results[add_cell(&cells, "s", "lost")].failure = "it crashed";
    cells.results[add_cell(&cells, "s", "left")].skipped = "not asked for";
    const char *page = page_of(&cells);
    assert_contains(page, "<td class=\"good\"><span class=\"sign\" aria-hidden=\"true\">✓</span> "
                          "pass</td>");
    assert_contains(page, "◆</span> fresh</a></td>");
    assert_contains(page, "✗</span> fresh <span class=\"word\">unexpected</span></a></td>");
    assert_contains(page, "?</span> unknown</a></td>");
    assert_contains(page, "!</span> no verdict</a></td>");
    assert_contains(page, "–</span> skipped</td>");
    assert_contains(page, "data-states=\"good known bad unknown none skipped\"");
    assert_contains(page, "<details class=\"undecided\" open><summary>Not decided: 1</summary>");
    assert_contains(page, "<p class=\"cause\">it crashed</p>");
    assert_lacks(page, "class=\"notice\"");
    free_cells(&cells);
}

static void what_fails_comes_before_what_was_expected(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_failing(&cells, "first", "r");
    make_surprising(&cells, add_failing(&cells, "second", "r"), "fresh should hold");
    const char *page = page_of(&cells);
    assert_true(strstr(page, "id=\"cell-second-on-r\"") < strstr(page, "id=\"cell-first-on-r\""));
    free_cells(&cells);
}

static void markup_in_any_text_is_text(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, EVIL, EVIL);
    struct property_verdict *verdict =
        break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "cause " EVIL);
    add_witness(verdict, 1000, "<i>who</i>", "what " EVIL, 1);
    make_surprising(&cells, i, "difference " EVIL);
    cells.results[i].title = "title " EVIL;
    cells.results[i].claim = "claim " EVIL;
    cells.results[i].again = "again " EVIL;
    cells.results[add_cell(&cells, "t", EVIL)].failure = "failure " EVIL;
    const char *page = page_of(&cells);
    static const char *const texts[] = {"cause ",        "what ",  "difference ", "title ",
                                        "claim: claim ", "again ", "failure "};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        char tamed[160];
        snprintf(tamed, sizeof tamed, "%s" TAMED, texts[k]);
        assert_contains(page, tamed);
    }
    assert_lacks(page, "<b id='x'");
    assert_contains(page, "<td>&lt;i&gt;who&lt;/i&gt;</td>");
    assert_int_equal(occurrences(page, "</script>"), 1);
    for (const char *c = page; *c; c++)
        assert_true((unsigned char)*c >= 0x20 || *c == '\n');
    free_cells(&cells);
}

static void two_scenarios_of_one_name_have_links_of_their_own(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_failing(&cells, "s", "r");
    add_failing(&cells, "s", "r");
    add_failing(&cells, "s/1", "r");
    add_failing(&cells, "s?1", "r");
    const char *page = page_of(&cells);
    assert_int_equal(occurrences(page, "<section class=\"failure"), 4);
    free_cells(&cells);
}

static void one_scenario_on_many_implementations_is_a_list(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    struct cells cells = {0};
    for (size_t i = 0; i < 8; i++)
        add_cell(&cells, "s", names[i]);
    assert_int_equal(occurrences(page_of(&cells), "<tr data-states"), 1);
    add_cell(&cells, "s", names[8]);
    const char *page = page_of(&cells);
    assert_int_equal(occurrences(page, "<tr data-states"), 9);
    assert_contains(page, "<th scope=\"col\">implementation</th><th scope=\"col\">s</th></tr>");
    assert_contains(page, "<th scope=\"row\">i<span");
    free_cells(&cells);
}

static void a_report_of_nothing_is_a_page_too(void **state)
{
    (void)state;
    struct cells cells = {0};
    assert_contains(page_of(&cells), "Everything holds.");
    free_cells(&cells);
}

/* --- pictures ------------------------------------------------------------------------------ */

static struct story_exchange exchanges[2];
static char body[STORY_BODY_MAX + 1];

/* 120 to 320 ms are 832 wide, from 156 on. Checkpoint 11 completed at 200; at 300 mover got 10. */
static struct story stale_story(void)
{
    static struct story_mark marks[] = {
        {.kind = FACT_COMPLETED, .at_us = 90000, .checkpoint = 10},
        {.kind = FACT_BEGAN, .at_us = 200000, .checkpoint = 11},
        {.kind = FACT_COMPLETED, .at_us = 200000, .checkpoint = 11},
        {.kind = FACT_BEGAN, .at_us = 250000, .checkpoint = 12},
        {.kind = FACT_COMPLETED, .at_us = 310000, .checkpoint = 12},
    };
    static struct story_call calls[] = {
        {.fetch = 41,
         .kind = CALL_GRAPH,
         .sent_us = 110000,
         .taken_us = 111000,
         .ended_us = 112000},
    };
    exchanges[0] = (struct story_exchange){.seq = 7,
                                           .client = "mover",
                                           .method = "GET",
                                           .target = "/jobs/J/checkpoints",
                                           .sent_us = 300000,
                                           .left_us = 300000,
                                           .done_us = 301000,
                                           .status = 200,
                                           .shows_latest = true,
                                           .shown = 10,
                                           .newest = 11,
                                           .lacked_us = 200000,
                                           .fetch = 41,
                                           .is_witness = true,
                                           .body = body,
                                           .body_length = strlen(body)};
    return (struct story){.property = PROPERTY_FRESH,
                          .from_us = 120000,
                          .until_us = 320000,
                          .jobs = {{.name = "J"}},
                          .job_count = 1,
                          .exchanges = exchanges,
                          .exchange_count = 1,
                          .calls = calls,
                          .call_count = 1,
                          .marks = marks,
                          .mark_count = 5,
                          .graph_cache = {true, 3000000, false},
                          .series = {.width_us = 1000}};
}

static void the_stale_stretch_lies_between_completion_and_request(void **state)
{
    (void)state;
    struct cells cells = {0};
    snprintf(body, sizeof body, "{\"counts\":{\"completed\":1}}");
    const struct story story = stale_story();
    cells.results[add_failing(&cells, "s", "r")].story = &story;
    const char *page = page_of(&cells);
    /* 80 and 100 of 200 ms: 156 + 332.8, and 416 wide. */
    assert_contains(page, "class=\"s stale\" x=\"488.8\"");
    assert_contains(page, "width=\"416.0\"");
    assert_contains(page, "mover at 300.0 ms: GET /jobs/J/checkpoints, answered 200 at 301.0 ms; "
                          "latest completed: 10; true when it was sent: 11; stale for 100.0 ms; "
                          "from the fetch at 110.0 ms [seq 7]\"");
    assert_contains(page, "graph cache, J: what was fetched at 110.0 ms may be used until 3.11 s");
    assert_contains(page, "HTTP/1.1 200\n\n{\n  &quot;counts&quot;: {\n");
    free_cells(&cells);
}

static void a_completion_that_took_no_time_is_drawn_once(void **state)
{
    (void)state;
    struct cells cells = {0};
    const struct story story = stale_story();
    cells.results[add_failing(&cells, "s", "r")].story = &story;
    const char *page = page_of(&cells);
    assert_contains(page, "J at 200.0 ms: checkpoint 11 completed");
    assert_lacks(page, "checkpoint 11 began");
    assert_contains(page, "J at 250.0 ms: checkpoint 12 began to complete");
    free_cells(&cells);
}

static void a_job_that_nobody_asked_for_and_that_did_nothing_is_not_drawn(void **state)
{
    (void)state;
    struct cells cells = {0};
    struct story story = stale_story();
    struct story_mark marks[] = {
        {.kind = FACT_COMPLETED, .at_us = 1000, .checkpoint = 1, .job = 1},
        {.kind = FACT_COMPLETED, .at_us = 120000, .checkpoint = 1, .job = 2},
        {.kind = FACT_COMPLETED, .at_us = 120001, .checkpoint = 1, .job = 3}};
    const char *const names[] = {"J", "K", "L", "M"};
    for (size_t i = 0; i < 4; i++)
        snprintf(story.jobs[i].name, sizeof story.jobs[i].name, "%s", names[i]);
    story.job_count = 4;
    story.marks = marks;
    story.mark_count = 3;
    cells.results[add_failing(&cells, "s", "r")].story = &story;
    const char *page = page_of(&cells);
    assert_contains(page, "latest of</tspan> J");
    assert_lacks(page, "latest of</tspan> K");
    assert_lacks(page, "latest of</tspan> L");
    assert_contains(page, "latest of</tspan> M");
    free_cells(&cells);
}

static void calls_at_one_time_lie_one_below_the_other(void **state)
{
    (void)state;
    struct cells cells = {0};
    struct story_call calls[3];
    struct story story = stale_story();
    for (size_t i = 0; i < 3; i++)
        calls[i] = (struct story_call){.fetch = i + 1,
                                       .kind = CALL_STATISTICS,
                                       .sent_us = i == 2 ? 202000 : 200000,
                                       .taken_us = -1,
                                       .ended_us = i == 2 ? 203000 : 202000};
    story.calls = calls;
    story.call_count = 3;
    cells.results[add_failing(&cells, "s", "r")].story = &story;
    const char *page = strstr(page_of(&cells), "data-of=\"1\"");
    int y[3];
    for (size_t i = 0; i < 3; i++) {
        const char *bar = strstr(page, "class=\"s asked\"");
        assert_non_null(bar);
        assert_int_equal(sscanf(strstr(bar, "y=\""), "y=\"%d\"", &y[i]), 1);
        page = bar + 1;
    }
    assert_true(y[1] > y[0]);
    assert_int_equal(y[2], y[0]);
    free_cells(&cells);
}

/* --- size ---------------------------------------------------------------------------------- */

static void write_many(size_t count, size_t columns, const struct report_result *result,
                       struct buffer *out)
{
    struct report_result *results = calloc(count, sizeof *results);
    char(*names)[16] = calloc(count, sizeof *names);
    const struct report report = {
        .results = results, .result_count = count, .verdict = VERDICT_FAIL};
    assert_non_null(results);
    assert_non_null(names);
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], i % columns ? "i_%zu" : "reference", i % columns);
        results[i] = *result;
        results[i].implementation = names[i];
    }
    report_html(&report, out);
    buffer_char(out, '\0');
    assert_false(out->failed);
    free(names);
    free(results);
}

static void pictures_give_way_before_sentences_do(void **state)
{
    (void)state;
    struct cells cells = {0};
    struct buffer out = {0};
    for (size_t i = 0; i + 1 < sizeof body; i++)
        body[i] = i % 2 ? ',' : '1';
    const struct story story = stale_story();
    cells.results[add_failing(&cells, "s", "r")].story = &story;
    write_many(400, 5, &cells.results[0], &out);
    const char *page = out.bytes;
    const size_t pictures = occurrences(page, "<figure class=\"timeline\"");
    char notice[160];
    snprintf(notice, sizeof notice,
             "This file is kept under 2 MB. Of 400 results that are told, %zu are told without "
             "pictures. The JSON",
             400 - pictures);
    assert_true(out.length < 2000000);
    assert_in_range(pictures, 10, 399);
    assert_int_equal(occurrences(page, "<section class=\"failure"), 400);
    assert_contains(page, notice);
    assert_links_lead_somewhere(page);
    buffer_free(&out);
    free_cells(&cells);
}

static void what_lacks_a_picture_beside_others_is_counted(void **state)
{
    (void)state;
    struct cells cells = {0};
    const struct story story = stale_story();
    add_failing(&cells, "s", "a");
    add_failing(&cells, "s", "b");
    assert_lacks(page_of(&cells), "class=\"notice\"");
    cells.results[0].story = &story;
    assert_contains(page_of(&cells), "Of 2 results that are told, 1 are told without pictures.");
    cells.results[1].story = &story;
    assert_lacks(page_of(&cells), "class=\"notice\"");
    free_cells(&cells);
}

static void a_crowd_of_failures_stays_under_the_limit_and_is_counted(void **state)
{
    (void)state;
    enum { MANY = 30000 };
    struct cells cells = {0};
    struct buffer out = {0};
    add_failing(&cells, "s", "r");
    write_many(MANY, 100, &cells.results[0], &out);
    const char *page = out.bytes;
    size_t left_out = 0, rows_left_out = 0;
    const char *notice = strstr(page, "<p class=\"notice\">");
    assert_non_null(notice);
    assert_int_equal(sscanf(strstr(notice, "pictures. "),
                            "pictures. %zu more are left out. %zu rows", &left_out, &rows_left_out),
                     2);
    assert_true(out.length < 2000000);
    const size_t sections = occurrences(page, "<section class=\"failure");
    assert_int_equal(sections + left_out, MANY);
    assert_int_equal(occurrences(page, "<td class=\"known\"><a href"), sections);
    assert_int_equal(occurrences(page, "<tr data-states") + rows_left_out, MANY / 100);
    buffer_free(&out);
    free_cells(&cells);
}

static void the_worst_staleness_comes_first_and_the_rest_is_counted(void **state)
{
    (void)state;
    enum { COUNT = 62 };
    static struct report_result results[COUNT];
    static struct staleness_figures figures[COUNT];
    struct cells cells = {0};
    struct buffer out = {0};
    add_cell(&cells, "s", "r");
    for (size_t i = 0; i < COUNT; i++) {
        figures[i] = (struct staleness_figures){.reads = 9, .stale = 1, .max_us = 1000};
        results[i] = cells.results[0];
        results[i].staleness = &figures[i];
    }
    results[60].subject = "worst";
    figures[60].max_us = 5000;
    results[61].subject = "fine";
    figures[61].stale = 0;
    struct report report = {.results = results, .result_count = COUNT};
    html_distribution(&report, &out);
    buffer_char(&out, '\0');
    assert_int_equal(occurrences(out.bytes, "<th scope=\"row\">"), 60);
    assert_true(strstr(out.bytes, ">worst <span") < strstr(out.bytes, ">s <span"));
    assert_lacks(out.bytes, ">fine");
    assert_contains(out.bytes, "<p class=\"dim\">1 more had stale answers.</p>");
    buffer_clear(&out);
    report.results++; /* one less */
    report.result_count--;
    html_distribution(&report, &out);
    buffer_char(&out, '\0');
    assert_int_equal(occurrences(out.bytes, "<th scope=\"row\">"), 60);
    assert_lacks(out.bytes, "more had stale");
    buffer_free(&out);
    free_cells(&cells);
}

/* --- bodies -------------------------------------------------------------------------------- */

static void assert_json(const char *bytes, const char *wanted)
{
    struct buffer out = {0};
    html_json(&out, bytes, strlen(bytes));
    buffer_char(&out, '\0');
    assert_string_equal(out.bytes, wanted);
    buffer_free(&out);
}

static void bodies_are_laid_out_and_nothing_of_them_is_lost(void **state)
{
    (void)state;
    assert_json("{\"a\":[],\"b\":[1,2]}",
                "{\n  &quot;a&quot;: [],\n  &quot;b&quot;: [\n    1,\n    "
                "2\n  ]\n}");
    assert_json("{\"a\":\"{,}\\\"[\"}", "{\n  &quot;a&quot;: &quot;{,}\\&quot;[&quot;\n}");
    assert_json("<html>", "&lt;html&gt;");
    assert_json("{\"cut", "{\n  &quot;cut");
    assert_json("]]", "\n]\n]");
    assert_json("", "");
}

static void write_page_short_of_memory(void *context, bool may_fail)
{
    struct cells *cells = context;
    const struct report report = {
        .results = cells->results, .result_count = cells->count, .verdict = VERDICT_FAIL};
    struct buffer out = {0};
    report_html(&report, &out);
    assert_true(may_fail || !out.failed);
    if (!out.failed) {
        assert_int_equal(out.length + 1, cells->out.length);
        assert_memory_equal(out.bytes, cells->out.bytes, out.length);
    }
    buffer_free(&out);
}

static void a_page_is_whole_or_says_that_memory_ran_out(void **state)
{
    (void)state;
    struct cells cells = {0};
    struct staleness_figures stale = {.reads = 2, .stale = 1, .max_us = 100000};
    snprintf(body, sizeof body, "{}");
    const struct story story = stale_story();
    const size_t i = add_failing(&cells, "s", "r");
    cells.results[i].story = &story;
    cells.results[i].staleness = &stale;
    assert_contains(page_of(&cells), "id=\"staleness\"");
    assert_true(fail_each_allocation(write_page_short_of_memory, &cells) > 0);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_told_apart_by_class_sign_and_word),
        cmocka_unit_test(what_fails_comes_before_what_was_expected),
        cmocka_unit_test(markup_in_any_text_is_text),
        cmocka_unit_test(two_scenarios_of_one_name_have_links_of_their_own),
        cmocka_unit_test(a_report_of_nothing_is_a_page_too),
        cmocka_unit_test(the_stale_stretch_lies_between_completion_and_request),
        cmocka_unit_test(a_completion_that_took_no_time_is_drawn_once),
        cmocka_unit_test(one_scenario_on_many_implementations_is_a_list),
        cmocka_unit_test(a_job_that_nobody_asked_for_and_that_did_nothing_is_not_drawn),
        cmocka_unit_test(calls_at_one_time_lie_one_below_the_other),
        cmocka_unit_test(pictures_give_way_before_sentences_do),
        cmocka_unit_test(what_lacks_a_picture_beside_others_is_counted),
        cmocka_unit_test(a_crowd_of_failures_stays_under_the_limit_and_is_counted),
        cmocka_unit_test(the_worst_staleness_comes_first_and_the_rest_is_counted),
        cmocka_unit_test(bodies_are_laid_out_and_nothing_of_them_is_lost),
        cmocka_unit_test(a_page_is_whole_or_says_that_memory_ran_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
