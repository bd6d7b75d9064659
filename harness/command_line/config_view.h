#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_VIEW_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_VIEW_H

#include "base/buffer.h"
#include "harness/advice/findings.h"
#include "harness/flink_config/effective.h"
#include "reports/advice_report.h"

/* What is shown of a configuration, for both writers. */

enum { RELEASES_MAX = 16 };

struct config_view {
    const struct config_entries *entries; /* borrowed */
    struct effective releases[RELEASES_MAX];
    size_t release_count;
    size_t chosen; /* the release that was asked for */
};

/* False when out of memory. */
bool config_view_init(struct config_view *view, const struct config_entries *entries,
                      const char *release);
void config_view_free(struct config_view *view);

/* Whether a release makes something else of an option than the chosen one. */
bool config_view_differs(const struct config_view *view, size_t release, enum flink_option option);

/* Why an entry does nothing, as one sentence; false when it does something, or nothing is known
 * against it. */
bool config_view_note(const struct config_view *view, const struct config_entry *entry,
                      struct buffer *sentence);

void config_text_write(const struct config_view *view, struct buffer *out);
void config_json_write(const struct config_view *view, const struct findings *findings,
                       const struct predicted *predicted, const struct wanted *wanted,
                       struct buffer *out);

#endif
