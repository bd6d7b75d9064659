#ifndef FRESHCHECK_TESTS_REPORT_CELLS_H
#define FRESHCHECK_TESTS_REPORT_CELLS_H

#include <stdio.h>
#include <string.h>

#include "reports/report.h"

/* Results filled in by hand, for the writers of reports: cells of a matrix, or recordings. */

enum { CELLS_MAX = 12 };

struct cells {
    struct judgement judgements[CELLS_MAX];
    struct report_result results[CELLS_MAX];
    size_t count;
    bool colour;
    size_t width;
    struct buffer out;
};

/* A cell that claims `fresh` and `right-job`, both of which passed, as expected. */
static inline size_t add_cell(struct cells *cells, const char *subject, const char *implementation)
{
    const size_t index = cells->count++;
    struct judgement *judgement = &cells->judgements[index];
    assert_true(index < CELLS_MAX);
    judgement->whole = VERDICT_PASS;
    judgement->claim.claimed[PROPERTY_FRESH] = true;
    judgement->claim.claimed[PROPERTY_RIGHT_JOB] = true;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        judgement->properties[i] = (struct property_verdict){.verdict = VERDICT_UNKNOWN};
    judgement->properties[PROPERTY_FRESH] =
        (struct property_verdict){.verdict = VERDICT_PASS, .tested = 5};
    judgement->properties[PROPERTY_RIGHT_JOB] =
        (struct property_verdict){.verdict = VERDICT_PASS, .tested = 5};
    cells->results[index] = (struct report_result){
        .subject = subject,
        .title = subject,
        .implementation = implementation,
        .claim = "fresh",
        .judgement = judgement,
        .has_expectation = implementation != NULL,
        .as_expected = true,
    };
    return index;
}

/* Breaks a property of a cell, twice in nine times. */
static inline struct property_verdict *break_cell(struct cells *cells, size_t index,
                                                  enum property property, enum layer layer,
                                                  const char *cause)
{
    struct judgement *judgement = &cells->judgements[index];
    struct property_verdict *verdict = &judgement->properties[property];
    judgement->whole = VERDICT_FAIL;
    judgement->claim.claimed[property] = true;
    *verdict = (struct property_verdict){
        .verdict = VERDICT_FAIL, .tested = 9, .violations = 2, .layer = layer};
    snprintf(verdict->cause, sizeof verdict->cause, "%s", cause);
    return verdict;
}

static inline void leave_undecided(struct cells *cells, size_t index, enum property property,
                                   const char *cause)
{
    struct property_verdict *verdict = &cells->judgements[index].properties[property];
    cells->judgements[index].whole = VERDICT_UNKNOWN;
    cells->judgements[index].claim.claimed[property] = true;
    *verdict = (struct property_verdict){.verdict = VERDICT_UNKNOWN};
    snprintf(verdict->cause, sizeof verdict->cause, "%s", cause);
}

static inline void make_surprising(struct cells *cells, size_t index, const char *difference)
{
    cells->results[index].as_expected = false;
    cells->results[index].difference = difference;
}

static inline void add_witness(struct property_verdict *verdict, int64_t at_us, const char *who,
                               const char *what, uint64_t seq)
{
    struct witness_event *event = &verdict->witness[verdict->witness_count++];
    event->at_us = at_us;
    event->seq = seq;
    snprintf(event->who, sizeof event->who, "%s", who);
    snprintf(event->what, sizeof event->what, "%s", what);
}

/* What a writer makes of the cells: text that lives until the next call. */
static inline const char *written(struct cells *cells,
                                  void (*writer)(const struct report *, struct buffer *))
{
    const struct report report = {
        .results = cells->results,
        .result_count = cells->count,
        .verdict = VERDICT_FAIL,
        .colour = cells->colour,
        .width = cells->width,
    };
    buffer_clear(&cells->out);
    writer(&report, &cells->out);
    buffer_char(&cells->out, '\0');
    assert_false(cells->out.failed);
    return cells->out.bytes;
}

static inline void free_cells(struct cells *cells)
{
    buffer_free(&cells->out);
}

/* Not by strstr(): ASan's looks at the whole text at each call. */
static inline size_t occurrences(const char *text, const char *wanted)
{
    size_t count = 0;
    for (const char *at = strchr(text, wanted[0]); at; at = strchr(at + 1, wanted[0]))
        count += strncmp(at, wanted, strlen(wanted)) == 0;
    return count;
}

#define assert_contains(text, wanted) assert_non_null(strstr(text, wanted))
#define assert_lacks(text, unwanted) assert_null(strstr(text, unwanted))

/* Every allocation fails in turn; what comes out is either whole or marked as failed. */
struct writing {
    struct cells *cells;
    void (*writer)(const struct report *, struct buffer *);
    char whole[8192];
};

static inline void write_short_of_memory(void *context, bool may_fail)
{
    struct writing *writing = context;
    const struct report report = {.results = writing->cells->results,
                                  .result_count = writing->cells->count,
                                  .verdict = VERDICT_FAIL};
    struct buffer out = {0};
    writing->writer(&report, &out);
    if (!may_fail)
        assert_false(out.failed);
    if (!out.failed) {
        assert_int_equal(out.length, strlen(writing->whole));
        assert_memory_equal(out.bytes, writing->whole, out.length);
    }
    buffer_free(&out);
}

/* The text must not depend on `colour`. */
static inline void assert_whole_or_failed(struct cells *cells,
                                          void (*writer)(const struct report *, struct buffer *))
{
    struct writing writing = {.cells = cells, .writer = writer};
    snprintf(writing.whole, sizeof writing.whole, "%s", written(cells, writer));
    assert_true(strlen(writing.whole) + 1 < sizeof writing.whole);
    assert_true(fail_each_allocation(write_short_of_memory, &writing) > 0);
}

#endif
