#ifndef FRESHCHECK_TESTS_SCENARIO_TEXTS_H
#define FRESHCHECK_TESTS_SCENARIO_TEXTS_H

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "harness/scenario/scenario.h"

/* What the tests of the scenario language share; include it after test_prelude.h. */

static const char *const implementations[] = {
    "reference", "flink-1.17", "flink-1.18.0", "flink-1.18", "flink-1.19", "flink-1.20",
    "flink-2.0", "flink-2.1",  "flink-2.2",    "flink-2.3",  NULL,
};

#define HEAD "title: t\nwhy: w\n"
#define JOB "jobmanager: {J: {at 90 ms: completes 1}}\n"
#define CLIENT "clients: {c: {at 100 ms: job J}}\n"
#define CLAIMS "claims: [fresh]\n"

/* The plan of a text that must be right; prints what is wrong with it otherwise. */
static inline struct plan *load_length(const char *text, size_t length, const char *file)
{
    struct complaints complaints = {0};
    struct plan *plan = scenario_parse(text, length, file, implementations, &complaints);
    if (!plan || complaints.count != 0) {
        struct buffer printed = {0};
        complaints_print(&complaints, file, text, length, &printed);
        print_message("%.*s\n", (int)printed.length, printed.bytes ? printed.bytes : "");
        buffer_free(&printed);
    }
    assert_int_equal(complaints.count, 0);
    assert_false(complaints.failed);
    assert_non_null(plan);
    complaints_free(&complaints);
    return plan;
}

static inline struct plan *load(const char *text)
{
    return load_length(text, strlen(text), "scenarios/one.yaml");
}

static inline void assert_same_text(const char *left, const char *right)
{
    if (!left || !right)
        assert_ptr_equal(left, right);
    else
        assert_string_equal(left, right);
}

#endif
