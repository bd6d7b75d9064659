#ifndef FRESHCHECK_TESTS_MUSEUM_FILES_H
#define FRESHCHECK_TESTS_MUSEUM_FILES_H

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "harness/implementations/implementation.h"
#include "harness/scenario/scenario.h"

/* Every case of the museum, read. */

enum { CASES_MAX = 256, CASE_TEXT_MAX = 65536 };

struct museum_files {
    struct plan *plans[CASES_MAX]; /* in order of name */
    size_t count;
};

static inline struct plan *museum_read_text(const char *text, size_t length, const char *name)
{
    struct complaints complaints = {0};
    struct plan *plan = scenario_parse(text, length, name, implementation_names(), &complaints);
    if (!plan)
        fail_msg("%s: %s", name, complaints.count > 0 ? complaints.items[0].message : "no memory");
    complaints_free(&complaints);
    return plan;
}

static inline struct plan *museum_read_file(const char *name)
{
    static char text[CASE_TEXT_MAX];
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    const size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    assert_true(length < sizeof text);
    return museum_read_text(text, length, name);
}

static inline void museum_open(struct museum_files *museum)
{
    glob_t found;
    museum->count = 0;
    assert_int_equal(glob("scenarios/museum/*.yaml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc <= CASES_MAX);
    for (size_t i = 0; i < found.gl_pathc; i++)
        museum->plans[museum->count++] = museum_read_file(found.gl_pathv[i]);
    globfree(&found);
}

static inline void museum_close(struct museum_files *museum)
{
    for (size_t i = 0; i < museum->count; i++)
        plan_free(museum->plans[i]);
}

/*
 * What is wrong with what came of a case on an implementation: each claim breaks exactly where the
 * file says so, in the layer that it names, and was put to the test. NULL: nothing.
 */
static inline const char *museum_difference(const struct plan *plan, const char *implementation,
                                            const struct judgement *judgement)
{
    static char text[400];
    const struct expectation *expectation = plan_expectation(plan, implementation);
    for (int property = 0; property < PROPERTY_COUNT; property++) {
        const struct property_verdict *verdict = &judgement->properties[property];
        const struct expected_failure *failure = NULL;
        for (size_t i = 0; expectation && i < expectation->failure_count; i++) {
            if (expectation->failures[i].property == (enum property)property)
                failure = &expectation->failures[i];
        }
        if (!plan->claim.claimed[property])
            continue;
        const enum verdict wanted = failure ? VERDICT_FAIL : VERDICT_PASS;
        const bool right_layer =
            !failure || failure->layer == LAYER_UNKNOWN || verdict->layer == failure->layer;
        if (verdict->verdict == wanted && right_layer)
            continue;
        snprintf(text, sizeof text, "%s on %s: %s is %s (%s), which the file does not expect",
                 plan->file, implementation, property_id((enum property)property),
                 verdict_name(verdict->verdict), layer_name(verdict->layer));
        return text;
    }
    return NULL;
}

#endif
