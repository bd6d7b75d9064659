#ifndef FRESHCHECK_REPORTS_HTML_INTERNAL_H
#define FRESHCHECK_REPORTS_HTML_INTERNAL_H

#include "reports/report.h"
#include "reports/story.h"
#include "reports/text_internal.h"

/* What the parts of the HTML report share. */

/* Any text, as it may stand between tags and in quoted attributes. Control characters and bytes
 * that are no UTF-8 become '?'. */
void html_text(struct buffer *out, const char *text);
void html_time(struct buffer *out, int64_t us); /* "300.0 ms" */

/* JSON with line ends and blanks, escaped; bytes that are none stay as they are. */
void html_json(struct buffer *out, const char *bytes, size_t length);

/* What a result is called in links: "cell-NAME-on-IMPLEMENTATION". */
void html_cell_id(struct buffer *out, const struct report *report, size_t index);

/* How a result came out, told apart by class, sign and word. */
struct html_state {
    const char *name; /* the class, and what filters go by: "bad" */
    const char *sign; /* one character */
    const char *word; /* "not as expected" */
};
const struct html_state *html_state(const struct report_result *result);
size_t html_state_count(void);
const struct html_state *html_state_at(size_t index);

/* Whether there is more to say of it than stands in the matrix. */
bool html_is_told(const struct report_result *result);

/* One section. Without `with_story`: its sentences and its command, nothing long. */
void html_failure(const struct report *report, size_t index, bool with_story, struct buffer *out);

/* The timeline of a story as an inline SVG with its controls. */
void html_picture(const struct story *story, const struct property_verdict *verdict,
                  struct buffer *out);

/* How stale answers were: bars over time where there is a story, and the share by age. */
void html_series(const struct story_series *series, struct buffer *out);
void html_distribution(const struct report *report, struct buffer *out);

#endif
