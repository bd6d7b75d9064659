#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/html_picture_internal.h"

enum { TOP = 26, AT_EDGE = 26 /* as in html/script.js */ };

double picture_x(const struct picture *picture, int64_t us)
{
    const struct story *story = picture->story;
    const double span = (double)(story->until_us - story->from_us);
    const double x =
        PICTURE_LEFT + (double)(us - story->from_us) * PICTURE_PLOT / (span > 0 ? span : 1);
    /* What lies far outside is drawn at a spot not quite as far. */
    return x < PICTURE_LEFT - 2.0 * PICTURE_PLOT   ? PICTURE_LEFT - 2.0 * PICTURE_PLOT
           : x > PICTURE_LEFT + 3.0 * PICTURE_PLOT ? PICTURE_LEFT + 3.0 * PICTURE_PLOT
                                                   : x;
}

void picture_begin_lane(struct picture *picture, const char *what, const char *who, int height)
{
    buffer_printf(picture->labels, "<line class=\"rule\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
                  PICTURE_WIDTH, picture->y, picture->y);
    buffer_printf(picture->labels, "<text class=\"lane\" x=\"4\" y=\"%d\">", picture->y + 19);
    char name[40];
    struct buffer clipped = {0};
    text_clipped(&clipped, who, 21 - (what[0] ? strlen(what) + 1 : 0));
    snprintf(name, sizeof name, "%.*s", (int)clipped.length, clipped.bytes ? clipped.bytes : "");
    picture->labels->failed |= clipped.failed;
    buffer_free(&clipped);
    if (what[0])
        buffer_printf(picture->labels, "<tspan class=\"kind\">%s</tspan> ", what);
    html_text(picture->labels, name);
    buffer_text(picture->labels, "</text>");
    picture->y += height;
}

void picture_begin_event(struct picture *picture, const char *class)
{
    buffer_printf(picture->out, "<g class=\"%s\" tabindex=\"0\" role=\"img\" aria-label=\"", class);
}

void picture_bar(struct picture *picture, const char *class, int64_t from_us, int64_t to_us, int y,
                 int height)
{
    const double x = picture_x(picture, from_us);
    double width = picture_x(picture, to_us) - x;
    buffer_printf(picture->out,
                  "<rect class=\"s %s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", class,
                  x, y, width > 0 ? width : 0, height);
}

void picture_begin_at(struct picture *picture, int64_t us, int y)
{
    buffer_printf(picture->out, "<g class=\"t\" transform=\"translate(%.1f,%d)\">",
                  picture_x(picture, us), y);
}

void picture_tick(struct picture *picture, const char *class, int64_t us, int top, int height)
{
    picture_begin_at(picture, us, top);
    buffer_printf(picture->out, "<path class=\"tick %s\" d=\"M0 -2V%d\"/></g>", class, height + 2);
}

/* --- rows of a lane ------------------------------------------------------------------------ */

size_t picture_row(struct picture_rows *rows, int64_t from_us, int64_t to_us)
{
    size_t row = 0;
    while (row < rows->count && rows->free_us[row] > from_us)
        row++;
    if (row == PICTURE_ROWS_MAX)
        row--;
    if (row >= rows->count)
        rows->count = row + 1;
    /* What takes no time is seen too. */
    rows->free_us[row] = to_us > from_us ? to_us : from_us + 1;
    return row;
}

int picture_rows_height(size_t count)
{
    return count > 1 ? 12 * (int)count + 8 : PICTURE_LANE;
}

int picture_row_height(size_t count)
{
    return count > 1 ? 7 : 14;
}

int picture_row_top(size_t count, size_t row)
{
    return count > 1 ? 6 + 12 * (int)row : 8;
}

const char *picture_job_name(const struct picture *picture, size_t job)
{
    return job < picture->story->job_count ? picture->story->jobs[job].name : "";
}

/* Numbers at about one time stand side by side. */
static void draw_guides(struct picture *picture)
{
    double free_from = 0;
    for (size_t i = 0; i < picture->verdict->witness_count; i++) {
        const int64_t at_us = picture->verdict->witness[i].at_us;
        const double x = picture_x(picture, at_us);
        const double aside = x < free_from && free_from - x < 100 ? free_from - x : 0;
        free_from = x + aside + 20;
        picture_begin_at(picture, at_us, 0);
        buffer_printf(picture->out,
                      "<path class=\"guide\" d=\"M0 20V%d\"/><circle class=\"number\" cx=\"%.1f\" "
                      "cy=\"11\" r=\"9\"/><text class=\"number\" x=\"%.1f\" y=\"15\">%zu</text>"
                      "</g>",
                      picture->y, aside, aside, i + 1);
    }
}

/* 1, 2 or 5 with zeros, so that there are seven ticks at most. */
static int64_t tick_step_us(int64_t span_us)
{
    int64_t step_us = 1;
    for (size_t i = 0; span_us / step_us > 7; i++)
        step_us = i % 3 == 1 ? step_us / 2 * 5 : step_us * 2;
    return step_us;
}

static void draw_axis(struct picture *picture)
{
    const struct story *story = picture->story;
    const int64_t step_us = tick_step_us(story->until_us - story->from_us);
    buffer_text(picture->out, "<g class=\"axis\">");
    for (int64_t us = (story->from_us + step_us - 1) / step_us * step_us; us <= story->until_us;
         us += step_us) {
        const double x = picture_x(picture, us);
        buffer_printf(picture->out,
                      "<g transform=\"translate(%.1f,%d)\"><path class=\"rule\" d=\"M0 0V5\"/>"
                      "<text class=\"time%s\" y=\"18\">",
                      x, picture->y,
                      x < PICTURE_LEFT + AT_EDGE                  ? " first"
                      : x > PICTURE_LEFT + PICTURE_PLOT - AT_EDGE ? " last"
                                                                  : "");
        html_time(picture->out, us);
        buffer_text(picture->out, "</text></g>");
    }
    buffer_text(picture->out, "</g>");
    picture->y += 26;
}

static void draw_lanes(struct picture *picture)
{
    const struct story *story = picture->story;
    for (size_t job = 0; job < story->job_count; job++)
        picture_truth(picture, job);
    picture_clients(picture);
    picture_endpoint(picture);
    for (size_t job = 0; job < story->job_count; job++)
        picture_origin(picture, job);
}

static const char controls[] =
    "<div class=\"controls\"><button type=\"button\" class=\"zoom-in\" aria-label=\"Zoom in\">+"
    "</button><button type=\"button\" class=\"zoom-out\" aria-label=\"Zoom out\">−</button>"
    "<button type=\"button\" class=\"reset\">Whole</button></div>";

void html_picture(const struct story *story, const struct property_verdict *verdict,
                  struct buffer *out)
{
    struct buffer plot = {0}, labels = {0};
    struct picture picture = {story, verdict, &plot, &labels, TOP};
    draw_lanes(&picture);
    draw_guides(&picture);
    draw_axis(&picture);
    buffer_text(out, "<figure class=\"timeline\">");
    buffer_text(out, controls);
    buffer_printf(out,
                  "<div class=\"frame\"><svg viewBox=\"0 0 %d %d\" role=\"group\" tabindex=\"0\" "
                  "aria-label=\"Timeline\" data-from=\"%" PRId64 "\" data-until=\"%" PRId64 "\">",
                  PICTURE_WIDTH, picture.y, story->from_us, story->until_us);
    buffer_append(out, labels.bytes, labels.length);
    buffer_text(out, "<g clip-path=\"url(#plot)\">");
    buffer_append(out, plot.bytes, plot.length);
    buffer_text(out, "</g></svg></div><figcaption>Numbers are the lines of the witness. Shaded: "
                     "how long a newer checkpoint had been complete when the request was sent. "
                     "Wheel, + and − zoom, arrows move, 0 shows the whole.");
    if (story->left_out > 0)
        buffer_printf(out, " %" PRIu64 " events of this span are not drawn.", story->left_out);
    buffer_text(out, "</figcaption></figure>");
    out->failed |= plot.failed || labels.failed;
    buffer_free(&plot);
    buffer_free(&labels);
}
