#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_YAML_TABS_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_YAML_TABS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/complaint.h"

/*
 * Where tabs may stand. YAML allows them between tokens, and libfyaml reads them; the
 * snakeyaml-engine of Flink does not: a tab may stand inside of a scalar, behind a plain one on its
 * line, and in a comment.
 * Source: snakeyaml-engine ScannerImpl.scanToNextToken, seen on 2.3.0.
 */

/* Where a scalar stands in the file's bytes. Start with an empty list: {0}. */
struct yaml_spans {
    struct yaml_span {
        size_t start, end;
        bool is_plain;
    } * items;
    size_t count, capacity;
};

/* In order of their places. False when out of memory. */
bool yaml_spans_add(struct yaml_spans *spans, size_t start, size_t end, bool is_plain);
void yaml_spans_free(struct yaml_spans *spans);

/* False after a complaint of the first tab that Flink does not take. */
bool yaml_tabs_check(const struct yaml_spans *spans, const char *bytes, size_t length,
                     struct complaints *complaints);

#endif
