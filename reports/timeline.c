#include <string.h>

#include "reports/text_internal.h"

/*
 * A witness to scale, in characters that every terminal has:
 *
 *    browser  1...........................................
 *    J        ..................2======= 100.0 ms ========
 *    mover    ...........................................3
 *             130.0 ms          200.0 ms          300.0 ms
 */

enum {
    INDENT = 3,
    GAP = 2, /* between names and lanes, and between times */
    WIDTH_USUAL = 80,
    WIDTH_MAX = 120, /* beyond, distances are not easier to see */
    NAME_MAX = 20,
    COLUMNS_MIN = 24, /* less is no picture */
};

struct timeline {
    const struct property_verdict *verdict;
    size_t count;                          /* of events */
    const char *names[WITNESS_EVENTS_MAX]; /* of the lanes */
    size_t lane_count;
    size_t lane[WITNESS_EVENTS_MAX]; /* of each event */
    size_t at[WITNESS_EVENTS_MAX];   /* the column of each event */
    size_t name_width, columns;
    size_t since; /* the event from which on the last one was wrong; `count`: there is none */
};

bool text_timeline_is_drawn(const struct property_verdict *verdict)
{
    const size_t count = verdict->witness_count;
    for (size_t i = 1; i < count; i++) { /* a report that is read back may hold anything */
        if (verdict->witness[i].at_us < verdict->witness[i - 1].at_us)
            return false;
    }
    return count > 1 && verdict->witness[0].at_us < verdict->witness[count - 1].at_us;
}

static void lay_out_lanes(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->count; i++) {
        const char *who = timeline->verdict->witness[i].who;
        size_t lane = 0;
        while (lane < timeline->lane_count && strcmp(timeline->names[lane], who) != 0)
            lane++;
        if (lane == timeline->lane_count)
            timeline->names[timeline->lane_count++] = who;
        const size_t width = text_width(who);
        if (width > timeline->name_width)
            timeline->name_width = width < NAME_MAX ? width : NAME_MAX;
        timeline->lane[i] = lane;
    }
}

/* Events stand in one column only at one time and in different lanes. */
static bool may_share_column(const struct timeline *timeline, size_t event)
{
    const struct witness_event *events = timeline->verdict->witness;
    for (size_t i = event; i-- > 0 && events[i].at_us == events[event].at_us;) {
        if (timeline->lane[i] == timeline->lane[event])
            return false;
    }
    return event > 0 && events[event - 1].at_us == events[event].at_us;
}

/* To scale, but what comes later stands further to the right however close it is. */
static void lay_out_events(struct timeline *timeline)
{
    const struct witness_event *events = timeline->verdict->witness;
    const size_t last = timeline->count - 1;
    const double first_us = (double)events[0].at_us;
    const double span_us = (double)events[last].at_us - first_us;
    for (size_t i = 0; i <= last; i++) {
        const double share = ((double)events[i].at_us - first_us) / span_us;
        const size_t least = i == 0 ? 0 : timeline->at[i - 1] + !may_share_column(timeline, i);
        const size_t exact = (size_t)(share * (double)(timeline->columns - 1) + 0.5);
        timeline->at[i] = exact > least ? exact : least;
    }
    size_t most = timeline->columns - 1;
    for (size_t i = last + 1; i-- > 0;) {
        if (timeline->at[i] > most)
            timeline->at[i] = most;
        if (i > 0)
            most = timeline->at[i] - !may_share_column(timeline, i);
    }
}

static void find_since(struct timeline *timeline)
{
    const struct witness_event *events = timeline->verdict->witness;
    timeline->since = timeline->count;
    for (size_t i = 0; i + 1 < timeline->count; i++) {
        if (events[i].since && events[i].at_us < events[timeline->count - 1].at_us)
            timeline->since = i;
    }
}

/* How long, in the middle of the stretch where there is room. */
static void write_length(const struct timeline *timeline, char row[WIDTH_MAX])
{
    const struct witness_event *events = timeline->verdict->witness;
    const size_t begin = timeline->at[timeline->since] + 1;
    const size_t end = timeline->at[timeline->count - 1];
    char time[TIME_TEXT_MAX];
    const size_t length = text_time(
        (double)events[timeline->count - 1].at_us - (double)events[timeline->since].at_us, time);
    if (end < begin + length + 2 * GAP)
        return;
    char *middle = row + begin + (end - begin - length) / 2;
    memcpy(middle, time, length);
    middle[-1] = middle[length] = ' ';
}

static void write_lane(const struct report *report, const struct timeline *timeline, size_t lane,
                       struct buffer *out)
{
    char row[WIDTH_MAX];
    size_t red_from = timeline->columns, red_to = timeline->columns;
    memset(row, '.', timeline->columns);
    if (timeline->since < timeline->count && timeline->lane[timeline->since] == lane) {
        red_from = timeline->at[timeline->since] + 1;
        red_to = timeline->at[timeline->count - 1] + 1;
        memset(row + red_from, '=', red_to - red_from);
        write_length(timeline, row);
    }
    for (size_t i = 0; i < timeline->count; i++) {
        if (timeline->lane[i] == lane)
            row[timeline->at[i]] = (char)('1' + i);
    }
    text_pad(out, 0, INDENT);
    const size_t width = text_clipped(out, timeline->names[lane], NAME_MAX);
    text_pad(out, width, timeline->name_width + GAP);
    buffer_append(out, row, red_from);
    if (red_to > red_from) {
        text_begin(report, COLOUR_BAD, out);
        buffer_append(out, row + red_from, red_to - red_from);
        text_end(report, out);
        buffer_append(out, row + red_to, timeline->columns - red_to);
    }
    buffer_char(out, '\n');
}

/* Puts a time where its event is, unless another is in the way. */
static void write_time(const struct timeline *timeline, size_t event, char row[WIDTH_MAX])
{
    char time[TIME_TEXT_MAX];
    const size_t length = text_time((double)timeline->verdict->witness[event].at_us, time);
    size_t from = timeline->at[event];
    if (length > timeline->columns)
        return;
    from = from + length > timeline->columns ? timeline->columns - length : from;
    const size_t left = from > GAP ? from - GAP : 0;
    const size_t right = from + length + GAP;
    for (size_t i = left; i < right && i < timeline->columns; i++) {
        if (row[i] != ' ')
            return;
    }
    memcpy(row + from, time, length);
}

static void write_times(const struct timeline *timeline, struct buffer *out)
{
    char row[WIDTH_MAX];
    size_t used = timeline->columns;
    memset(row, ' ', used);
    write_time(timeline, 0, row);
    write_time(timeline, timeline->count - 1, row); /* before those that may be left out */
    for (size_t i = 1; i + 1 < timeline->count; i++)
        write_time(timeline, i, row);
    while (used > 0 && row[used - 1] == ' ')
        used--;
    text_pad(out, 0, INDENT + timeline->name_width + GAP);
    buffer_append(out, row, used);
    buffer_char(out, '\n');
}

void text_timeline(const struct report *report, const struct property_verdict *verdict,
                   struct buffer *out)
{
    struct timeline timeline = {.verdict = verdict, .count = verdict->witness_count};
    if (!text_timeline_is_drawn(verdict))
        return;
    lay_out_lanes(&timeline);
    const size_t most = report->width == 0          ? WIDTH_USUAL
                        : report->width < WIDTH_MAX ? report->width
                                                    : WIDTH_MAX;
    const size_t before = INDENT + timeline.name_width + GAP;
    if (most < before + COLUMNS_MIN)
        return;
    timeline.columns = most - before;
    lay_out_events(&timeline);
    find_since(&timeline);
    for (size_t lane = 0; lane < timeline.lane_count; lane++)
        write_lane(report, &timeline, lane, out);
    write_times(&timeline, out);
}
