#ifndef FRESHCHECK_REPORTS_TEXT_INTERNAL_H
#define FRESHCHECK_REPORTS_TEXT_INTERNAL_H

#include "reports/report.h"

/* What the writers for people share. */

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_KNOWN, COLOUR_BAD, COLOUR_DIM, COLOUR_BOLD };

void text_begin(const struct report *report, enum colour colour, struct buffer *out);
void text_end(const struct report *report, struct buffer *out);
void text_pad(struct buffer *out, size_t written, size_t width); /* blanks up to the width */

/* Names and sentences that may hold anything: control characters are shown as '?', so that no
 * recording or file name can talk to a terminal or break a line. */
void text_plain(struct buffer *out, const char *text);

/* The same, up to the width in columns of a terminal; returns how many were used. */
size_t text_clipped(struct buffer *out, const char *text, size_t width);
size_t text_width(const char *text); /* in characters, of UTF-8 */

/* The width of the widest subject. */
size_t text_subject_width(const struct report *report);

/* How many claimed properties are broken, and the first of them. */
size_t text_broken(const struct judgement *judgement, enum property *first);

/* Witness, cause and figures of one broken property, indented. */
void text_property(const struct report *report, const struct report_result *result,
                   enum property property, struct buffer *out);

#endif
