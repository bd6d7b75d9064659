#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_MUSEUM_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_MUSEUM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "harness/scenario/plan.h"

/* The museum of real defects as a table: freshcheck list --museum. */

enum { MUSEUM_WIDTH = 100 }; /* columns of the table */

/*
 * Writes cases, hall by hall and in each by number and name; plans without a label are left out.
 * `plans` is put in that order.
 */
void museum_print(struct plan **plans, size_t count, struct buffer *out);
void museum_print_json(struct plan **plans, size_t count, struct buffer *out);

/*
 * Who shows a case: "flink-1.18.0..flink-2.3, failures-kept". Versions of Flink that follow each
 * other are one range, all of them are "flink-*".
 */
void museum_print_shown_by(const struct plan *plan, struct buffer *out);

#endif
