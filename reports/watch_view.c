#include "reports/watch_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/text_internal.h"

enum {
    CELL_MAX = 512,
    WIDE_FROM = 72, /* from this width on there is room to say how a checkpoint is known */
    EVIDENCE_WIDTH = 24,
    AGE_WIDTH = 11,
    NUMBER_WIDTH = 9,
    PROPERTY_WIDTH = 17,
};

/* A screen while it is written. */
struct screen {
    const struct view_shape *shape;
    struct report brush; /* only its colour is asked for */
    struct buffer *out;
    size_t lines;  /* ended so far */
    size_t column; /* of the line at hand */
};

static size_t lines_left(const struct screen *screen)
{
    return screen->shape->height - screen->lines;
}

/* Appends to the line at hand what fits into it. */
static void put(struct screen *screen, enum colour colour, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void put(struct screen *screen, enum colour colour, const char *format, ...)
{
    char text[CELL_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (lines_left(screen) == 0)
        return;
    if (colour != COLOUR_NONE)
        text_begin(&screen->brush, colour, screen->out);
    screen->column += text_clipped(screen->out, text, screen->shape->width - screen->column);
    if (colour != COLOUR_NONE)
        text_end(&screen->brush, screen->out);
}

/* A cell of a table: at its left what fits, then blanks up to its width. */
static void put_left(struct screen *screen, enum colour colour, const char *text, size_t width)
{
    struct buffer cell = {0};
    const size_t used = text_clipped(&cell, text, width - 1);
    buffer_char(&cell, '\0');
    if (cell.failed)
        screen->out->failed = true;
    else
        put(screen, colour, "%s%*s", cell.bytes, (int)(width - used), "");
    buffer_free(&cell);
}

static void put_right(struct screen *screen, enum colour colour, const char *text, size_t width)
{
    put(screen, colour, "%*s", (int)width, text);
}

static void end_line(struct screen *screen)
{
    if (lines_left(screen) == 0)
        return;
    buffer_char(screen->out, '\n');
    screen->lines++;
    screen->column = 0;
}

enum { FIGURE_MAX = 32 };

/* "1480 ms", "12.3 s". */
static const char *age_text(int64_t us, char text[FIGURE_MAX])
{
    if (us < 10000000)
        snprintf(text, FIGURE_MAX, "%" PRId64 " ms", (us + 500) / 1000);
    else
        snprintf(text, FIGURE_MAX, "%.1f s", (double)us / 1e6);
    return text;
}

/* "0:01:12" */
static const char *clock_text(int64_t us, char text[FIGURE_MAX])
{
    const int64_t seconds = us / 1000000;
    snprintf(text, FIGURE_MAX, "%" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600,
             seconds / 60 % 60, seconds % 60);
    return text;
}

static enum colour verdict_colour(enum verdict verdict)
{
    return verdict == VERDICT_PASS   ? COLOUR_GOOD
           : verdict == VERDICT_FAIL ? COLOUR_BAD
                                     : COLOUR_KNOWN;
}

static void write_title(struct screen *screen, const struct watched *watched)
{
    char now[FIGURE_MAX], end[FIGURE_MAX];
    put(screen, COLOUR_BOLD, "%s", clock_text(watched->now_us, now));
    if (watched->end_us > 0)
        put(screen, COLOUR_DIM, " of %s", clock_text(watched->end_us, end));
    put(screen, COLOUR_BOLD, "  %s", watched->target);
    if (watched->flink_version)
        put(screen, COLOUR_NONE, "  Flink %s", watched->flink_version);
    end_line(screen);
}

static void write_traffic(struct screen *screen, const struct watched *watched)
{
    put(screen, COLOUR_NONE, "%" PRIu64 " requests, %.1f/s", watched->requests, watched->rate);
    put(screen, watched->unanswered > 0 ? COLOUR_BAD : COLOUR_NONE, "  %" PRIu64 " unanswered",
        watched->unanswered);
    put(screen, watched->errors > 0 ? COLOUR_KNOWN : COLOUR_NONE, "  %" PRIu64 " errors",
        watched->errors);
    end_line(screen);
    if (watched->silent_since_us >= 0) {
        put(screen, COLOUR_BAD, "no answer for %.0f s",
            (double)(watched->now_us - watched->silent_since_us) / 1e6);
        if (watched->last_error)
            put(screen, COLOUR_NONE, ": %s", watched->last_error);
        end_line(screen);
    } else if (watched->last_error) {
        put(screen, COLOUR_DIM,
            "last error %.0f s ago: ", (double)(watched->now_us - watched->last_error_us) / 1e6);
        put(screen, COLOUR_NONE, "%s", watched->last_error);
        end_line(screen);
    }
}

static size_t name_width(const struct screen *screen)
{
    const size_t width = screen->shape->width;
    const size_t figures = NUMBER_WIDTH + 2 * AGE_WIDTH;
    const size_t others = width >= WIDE_FROM ? figures + 2 + EVIDENCE_WIDTH : figures;
    const size_t left = width > others + 8 ? width - others : 8;
    return left < 40 ? left : 40;
}

static void write_job(struct screen *screen, const struct watched_job *job)
{
    char newest[FIGURE_MAX] = "none", age[FIGURE_MAX];
    if (job->newest >= 0)
        snprintf(newest, sizeof newest, "%" PRId64, job->newest);
    put_left(screen, COLOUR_NONE, job->name, name_width(screen));
    put_right(screen, COLOUR_BOLD, newest, NUMBER_WIDTH);
    if (screen->shape->width >= WIDE_FROM) {
        put(screen, COLOUR_NONE, "  ");
        put_left(screen, COLOUR_DIM, job->newest >= 0 ? job->evidence : "", EVIDENCE_WIDTH);
    }
    put_right(screen, job->is_read && job->behind_us > 0 ? COLOUR_KNOWN : COLOUR_NONE,
              job->is_read ? age_text(job->behind_us, age) : "-", AGE_WIDTH);
    put_right(screen, COLOUR_NONE, job->is_read ? age_text(job->worst_behind_us, age) : "-",
              AGE_WIDTH);
    end_line(screen);
}

static void write_jobs(struct screen *screen, const struct watched *watched, size_t room)
{
    const bool all = watched->job_count <= room;
    const size_t shown = all ? watched->job_count : room > 1 ? room - 1 : 1;
    put_left(screen, COLOUR_DIM, "job", name_width(screen));
    put_right(screen, COLOUR_DIM, "newest", NUMBER_WIDTH);
    if (screen->shape->width >= WIDE_FROM) {
        put(screen, COLOUR_NONE, "  ");
        put_left(screen, COLOUR_DIM, "known by", EVIDENCE_WIDTH);
    }
    put_right(screen, COLOUR_DIM, "stale now", AGE_WIDTH);
    put_right(screen, COLOUR_DIM, "worst", AGE_WIDTH);
    end_line(screen);
    for (size_t i = 0; i < shown; i++)
        write_job(screen, &watched->jobs[i]);
    if (!all && room > 1) {
        put(screen, COLOUR_DIM, "and %zu jobs more", watched->job_count - shown);
        end_line(screen);
    }
}

/* From nothing to all; the first stands for an answer that lacked nothing. */
static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const marks[] = {"_", ".", ":", "-", "=", "+", "*", "#"};
enum { BARS = sizeof bars / sizeof bars[0] };

static const char *bar_of(int64_t us, int64_t worst_us, bool utf8)
{
    if (us < 0)
        return " ";
    const size_t step = us == 0 || worst_us == 0
                            ? 0
                            : 1 + (size_t)((double)us / (double)worst_us * (BARS - 2) + 0.5);
    return (utf8 ? bars : marks)[step < BARS ? step : BARS - 1];
}

/* One column a second, the last at the right. Bars are one column wide, as text_clipped() cannot
 * know, so they go straight to the line. */
static void write_seconds(struct screen *screen, const struct watched *watched)
{
    static const char label[] = "stale ";
    char age[FIGURE_MAX];
    const size_t labels = sizeof label - 1 + AGE_WIDTH + 6, width = screen->shape->width;
    if (lines_left(screen) == 0 || width <= labels || watched->second_count == 0)
        return;
    const size_t room = width - labels;
    const size_t shown = watched->second_count < room ? watched->second_count : room;
    const int64_t *seconds = watched->seconds + (watched->second_count - shown);
    int64_t worst_us = 0;
    for (size_t i = 0; i < shown; i++)
        worst_us = seconds[i] > worst_us ? seconds[i] : worst_us;
    put(screen, COLOUR_DIM, "%s", label);
    for (size_t i = 0; i < shown; i++)
        buffer_text(screen->out, bar_of(seconds[i], worst_us, screen->shape->utf8));
    screen->column += shown;
    put(screen, COLOUR_DIM, " 0 to %s", age_text(worst_us, age));
    end_line(screen);
}

static void write_property(struct screen *screen, enum property property,
                           const struct property_verdict *verdict)
{
    char figure[FIGURE_MAX];
    put_left(screen, COLOUR_NONE, property_id(property), PROPERTY_WIDTH);
    put_left(screen, verdict_colour(verdict->verdict), verdict_name(verdict->verdict), 7);
    snprintf(figure, sizeof figure, "%" PRIu64, verdict->tested);
    put_right(screen, COLOUR_NONE, figure, 7);
    snprintf(figure, sizeof figure, "%" PRIu64, verdict->violations);
    put_right(screen, COLOUR_NONE, figure, 8);
    if (verdict->has_worst)
        put(screen, COLOUR_NONE, "  %.0f %s", verdict->worst_value, verdict->worst_unit);
    if (verdict->worst_behind > 0)
        put(screen, COLOUR_NONE, ", %" PRIu64 " behind", verdict->worst_behind);
    if (verdict->verdict == VERDICT_FAIL && verdict->layer != LAYER_UNKNOWN)
        put(screen, COLOUR_DIM, "  %s", layer_name(verdict->layer));
    end_line(screen);
}

static void write_verdict_heading(struct screen *screen, const struct watched *watched)
{
    char at[FIGURE_MAX];
    put(screen, COLOUR_NONE, "claim %s: ", watched->claim);
    if (watched->judgement) {
        const enum verdict whole = watched->judgement->whole;
        put(screen, verdict_colour(whole), "%s", verdict_name(whole));
        put(screen, COLOUR_DIM, " so far, up to %s", clock_text(watched->judged_us, at));
    } else {
        put(screen, COLOUR_DIM, "not judged yet");
    }
    if (watched->judging_failure)
        put(screen, COLOUR_BAD, "  cannot be judged: %s", watched->judging_failure);
    end_line(screen);
}

static size_t count_of(const struct judgement *judgement, enum verdict verdict)
{
    size_t count = 0;
    for (int i = 0; judgement && i < PROPERTY_COUNT; i++)
        count += judgement->claim.claimed[i] && judgement->properties[i].verdict == verdict;
    return count;
}

static void write_of_verdict(struct screen *screen, const struct judgement *judgement,
                             enum verdict verdict)
{
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (judgement->claim.claimed[i] && judgement->properties[i].verdict == verdict)
            write_property(screen, (enum property)i, &judgement->properties[i]);
    }
}

/* What broke comes first, so that it is the last to be left out. */
static void write_properties(struct screen *screen, const struct judgement *judgement)
{
    const size_t unknown = count_of(judgement, VERDICT_UNKNOWN);
    if (!judgement)
        return;
    put_left(screen, COLOUR_DIM, "property", PROPERTY_WIDTH);
    put(screen, COLOUR_DIM, "%-7s%7s%8s  worst", "", "tested", "broken");
    end_line(screen);
    write_of_verdict(screen, judgement, VERDICT_FAIL);
    write_of_verdict(screen, judgement, VERDICT_PASS);
    if (unknown > 0) {
        put(screen, COLOUR_DIM, "%zu undecided:", unknown);
        for (int i = 0; i < PROPERTY_COUNT; i++) {
            if (judgement->claim.claimed[i] && judgement->properties[i].verdict == VERDICT_UNKNOWN)
                put(screen, COLOUR_DIM, " %s", property_id((enum property)i));
        }
        end_line(screen);
    }
}

/* Jobs have what the verdicts leave, but a third at least. */
static size_t room_for_jobs(const struct screen *screen, const struct watched *watched)
{
    const struct judgement *judgement = watched->judgement;
    const size_t tables = lines_left(screen);
    const size_t decided = count_of(judgement, VERDICT_PASS) + count_of(judgement, VERDICT_FAIL);
    /* Beside the jobs: their heading, the seconds, two empty lines, the verdict's heading, the
     * properties' heading, and the line of what is undecided. */
    const size_t others = decided + 7;
    const size_t least = tables / 3 > 1 ? tables / 3 : 1;
    return tables > others + least ? tables - others : least;
}

void watch_screen(const struct watched *watched, const struct view_shape *shape, struct buffer *out)
{
    struct screen screen = {.shape = shape, .brush = {.colour = shape->colour}, .out = out};
    const bool is_spacious = shape->height >= 16;
    write_title(&screen, watched);
    write_traffic(&screen, watched);
    if (is_spacious)
        end_line(&screen);
    write_jobs(&screen, watched, room_for_jobs(&screen, watched));
    write_seconds(&screen, watched);
    if (is_spacious)
        end_line(&screen);
    write_verdict_heading(&screen, watched);
    write_properties(&screen, watched->judgement);
}

static void append_broken(const struct judgement *judgement, struct buffer *out)
{
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &judgement->properties[i];
        if (judgement->claim.claimed[i] && verdict->verdict == VERDICT_FAIL)
            buffer_printf(out, " %s (%" PRIu64 " of %" PRIu64 ")", property_id((enum property)i),
                          verdict->violations, verdict->tested);
    }
}

void watch_line(const struct watched *watched, struct buffer *out)
{
    char clock[FIGURE_MAX], age[FIGURE_MAX];
    const struct watched_job *worst = NULL;
    buffer_printf(out, "%s  %" PRIu64 " requests", clock_text(watched->now_us, clock),
                  watched->requests);
    if (watched->unanswered > 0)
        buffer_printf(out, ", %" PRIu64 " unanswered", watched->unanswered);
    if (watched->errors > 0)
        buffer_printf(out, ", %" PRIu64 " errors", watched->errors);
    for (size_t i = 0; i < watched->job_count; i++) {
        const struct watched_job *job = &watched->jobs[i];
        if (job->is_read && (!worst || job->worst_behind_us > worst->worst_behind_us))
            worst = job;
    }
    if (worst) {
        buffer_text(out, "; ");
        text_plain(out, worst->name);
        buffer_printf(out, " at %" PRId64 ", worst %s stale", worst->newest,
                      age_text(worst->worst_behind_us, age));
    }
    if (watched->silent_since_us >= 0)
        buffer_printf(out, "; no answer for %.0f s",
                      (double)(watched->now_us - watched->silent_since_us) / 1e6);
    if (watched->judgement) {
        buffer_printf(out, "; %s %s so far", watched->claim,
                      verdict_name(watched->judgement->whole));
        append_broken(watched->judgement, out);
    }
    if (watched->last_error && watched->silent_since_us >= 0) {
        buffer_text(out, "; ");
        text_plain(out, watched->last_error);
    }
    buffer_char(out, '\n');
}
