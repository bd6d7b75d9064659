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
/* Columns that text_plain() takes. */
size_t text_width(const char *text);

/* The same as text_plain(), broken between words where a line would be wider than `width`; what
 * follows begins after `indent` blanks. `used`: columns of the line so far. Width 0: no breaks. */
void text_folded(struct buffer *out, const char *text, size_t used, size_t indent, size_t width);

/* & < > and " as the references that XML and HTML have for them; false, and nothing is written, of any
 * other. Source: XML 1.0 section 4.6. */
bool text_reference(struct buffer *out, char c);

/* The width of the widest subject. */
size_t text_subject_width(const struct report *report);

/* How many claimed properties are broken, and the first of them. */
size_t text_broken(const struct judgement *judgement, enum property *first);

/* "300.0 ms", as witnesses tell times; returns its length. */
enum { TIME_TEXT_MAX = 32 };
size_t text_time(double us, char text[TIME_TEXT_MAX]);

/*
 * timeline.c: the witness drawn to scale, a lane for each who took part. Events are their numbers, 1
 * for the first, and `=` runs where what the last one did was wrong. Draws nothing, and returns
 * false, where all is at one time, or out of order.
 */
bool text_timeline_is_drawn(const struct property_verdict *verdict);
void text_timeline(const struct report *report, const struct property_verdict *verdict,
                   struct buffer *out);

/* Witness, cause and figures of one broken property, indented. */
void text_property(const struct report *report, const struct report_result *result,
                   enum property property, struct buffer *out);

#endif
