#ifndef FRESHCHECK_REPORTS_HTML_INTERNAL_H
#define FRESHCHECK_REPORTS_HTML_INTERNAL_H

#include "reports/report.h"
#include "reports/story.h"
#include "reports/text_internal.h"

/* What the parts of the HTML report share. */

/* Any text, as it may stand between tags and in quoted attributes. Control characters and bytes
 * that are no UTF-8 become '?'. */
void html_text(struct buffer *out, const char *text);
/* The same between tags, with places where a long name may be broken. */
void html_name(struct buffer *out, const char *name);
void html_time(struct buffer *out, int64_t us); /* "300.0 ms" */

/* JSON with line ends and blanks, escaped; bytes that are none stay as they are. */
void html_json(struct buffer *out, const char *bytes, size_t length);

/* What a result is called in links: "cell-NAME-on-IMPLEMENTATION". */
void html_cell_id(struct buffer *out, const struct report *report, size_t index);

/* How a result came out, told apart by class, sign and word. */
struct html_state {
    const char *name; /* the class, and what filters go by: "bad" */
    const char *sign; /* one character */
    const char *word; /* "failed" */
};
const struct html_state *html_state(const struct report *report,
                                    const struct report_result *result);
size_t html_state_count(void);
const struct html_state *html_state_at(size_t index);

/* What there is more to say of than stands in the matrix. */
bool html_is_told(const struct report *report, const struct report_result *result);

/* What has room in the file. */
struct html_page {
    const struct report *report;
    bool has_stories;         /* some result has one: then those without lack something */
    size_t matrix_room, room; /* bytes; the second is for all sections */
    size_t told, shortened, left_out, rows_left_out;
    size_t first_left_out; /* means something with left_out: nothing after it is written either */
    bool first_left_out_fails;
};

/* Whether a result has a section, so that links to it lead somewhere. */
bool html_is_written(const struct html_page *page, size_t index);

/* Counts rows_left_out. */
void html_matrix(struct html_page *page, struct buffer *out);

/* One section. Without `with_story`: its sentences and its command, nothing long. */
void html_failure(const struct report *report, size_t index, bool with_story, struct buffer *out);

/* The timeline of a story as an inline SVG with its controls. */
void html_picture(const struct story *story, const struct property_verdict *verdict,
                  struct buffer *out);

/* How stale answers were: bars over time where there is a story, and the share by age. */
void html_series(const struct story_series *series, struct buffer *out);
void html_distribution(const struct report *report, struct buffer *out);

#endif
