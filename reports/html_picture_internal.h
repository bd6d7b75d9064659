#ifndef FRESHCHECK_REPORTS_HTML_PICTURE_INTERNAL_H
#define FRESHCHECK_REPORTS_HTML_PICTURE_INTERNAL_H

#include "reports/html_internal.h"

/*
 * The timeline of a story: time runs to the right, in lanes. What lies at an instant is a group of
 * class "t" that is moved, what lasts is a rectangle of class "s" with x and width: that is all
 * that the script needs to know to zoom.
 */

enum {
    PICTURE_LEFT = 156, /* as in html/script.js */
    PICTURE_RIGHT = 12,
    PICTURE_WIDTH = 1000,
    PICTURE_PLOT = PICTURE_WIDTH - PICTURE_LEFT - PICTURE_RIGHT,
    PICTURE_LANE = 30,
    PICTURE_ROWS_MAX = 12
};

struct picture {
    const struct story *story;
    const struct property_verdict *verdict;
    struct buffer *out;    /* what is clipped to the plot */
    struct buffer *labels; /* what stands left of it */
    int y;                 /* where the next lane begins */
};

double picture_x(const struct picture *picture, int64_t us);

/* A lane `height` high: what it is, dimmed ("" for nothing), and whose. */
void picture_begin_lane(struct picture *picture, const char *what, const char *who, int height);

/* What overlaps in time lies in rows of its lane, one below the other. Start with {0}. */
struct picture_rows {
    int64_t free_us[PICTURE_ROWS_MAX];
    size_t count;
};

/* Adds a stretch of time and returns its row; what is one too many lies upon the last. */
size_t picture_row(struct picture_rows *rows, int64_t from_us, int64_t to_us);

/* Of a lane with so many rows: how high it is, and each bar, and where the bars of a row begin. */
int picture_rows_height(size_t count);
int picture_row_height(size_t count);
int picture_row_top(size_t count, size_t row);

/* An event up to its text, which is to follow, then `">`, what is drawn, and `</g>`. */
void picture_begin_event(struct picture *picture, const char *class);

/* The line at an event's beginning, beside a bar of that height. */
void picture_tick(struct picture *picture, const char *class, int64_t us, int top, int height);

/* A group at an instant, to be ended by `</g>`. */
void picture_begin_at(struct picture *picture, int64_t us, int y);
void picture_bar(struct picture *picture, const char *class, int64_t from_us, int64_t to_us, int y,
                 int height);
const char *picture_job_name(const struct picture *picture, size_t job);

/* The lanes, from top to bottom; those with nothing in them are left out. */
void picture_truth(struct picture *picture, size_t job); /* what was true and what was answered */
void picture_clients(struct picture *picture);
void picture_endpoint(struct picture *picture); /* its caches, and what it asks */
void picture_origin(struct picture *picture, size_t job);

#endif
