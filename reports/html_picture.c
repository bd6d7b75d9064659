#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/html_internal.h"

/*
 * The timeline of a story: time runs to the right, in lanes. What lies at an instant is a group of
 * class "t" that is moved, what lasts is a rectangle of class "s" with x and width: that is all
 * that the script needs to know to zoom.
 */

enum {
    LEFT = 156,
    RIGHT = 12,
    WIDTH = 1000,
    PLOT = WIDTH - LEFT - RIGHT,
    TOP = 26,
    LANE = 30,
    TRUTH_LANE = 96,
    CLIENTS_MAX = 12,
    LEVELS_MAX = 24,
    TIP_MAX = 400
};

struct picture {
    const struct story *story;
    const struct property_verdict *verdict;
    struct buffer *out;    /* what is clipped to the plot */
    struct buffer *labels; /* what stands left of it */
    int y;                 /* where the next lane begins */
};

static double x_of(const struct picture *picture, int64_t us)
{
    const struct story *story = picture->story;
    const double span = (double)(story->until_us - story->from_us);
    const double x = LEFT + (double)(us - story->from_us) * PLOT / (span > 0 ? span : 1);
    /* What lies far outside is drawn at a spot not quite as far. */
    return x < LEFT - 2.0 * PLOT   ? LEFT - 2.0 * PLOT
           : x > LEFT + 3.0 * PLOT ? LEFT + 3.0 * PLOT
                                   : x;
}

static void begin_lane(struct picture *picture, const char *what, const char *who, int height)
{
    buffer_printf(picture->labels, "<line class=\"rule\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
                  WIDTH, picture->y, picture->y);
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

static void begin_tip(struct buffer *out, const char *class)
{
    buffer_printf(out, "<g class=\"%s\" tabindex=\"0\" role=\"img\" aria-label=\"", class);
}

static void write_bar(struct picture *picture, const char *class, int64_t from_us, int64_t to_us,
                      int y, int height)
{
    const double x = x_of(picture, from_us);
    double width = x_of(picture, to_us) - x;
    buffer_printf(picture->out,
                  "<rect class=\"s %s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", class,
                  x, y, width > 0 ? width : 0, height);
}

static void begin_at(struct picture *picture, int64_t us, int y)
{
    buffer_printf(picture->out, "<g class=\"t\" transform=\"translate(%.1f,%d)\">",
                  x_of(picture, us), y);
}

static const char *job_name(const struct story *story, size_t job)
{
    return job < story->job_count ? story->jobs[job].name : "";
}

/* --- what was true against what was answered ------------------------------------------------ */

struct levels {
    int64_t ids[LEVELS_MAX];
    size_t count;
    int top;
};

static void add_level(struct levels *levels, int64_t id)
{
    size_t at = 0;
    while (at < levels->count && levels->ids[at] < id)
        at++;
    if ((at < levels->count && levels->ids[at] == id) || levels->count == LEVELS_MAX)
        return;
    memmove(&levels->ids[at + 1], &levels->ids[at], (levels->count - at) * sizeof levels->ids[0]);
    levels->ids[at] = id;
    levels->count++;
}

static bool is_completion(const struct story_mark *mark, size_t job)
{
    return mark->job == job && mark->kind == FACT_COMPLETED && !mark->is_savepoint;
}

/* The last completion before the story begins is what was true when it did. */
static size_t first_completion(const struct story *story, size_t job)
{
    size_t first = story->mark_count;
    for (size_t i = 0; i < story->mark_count; i++) {
        if (!is_completion(&story->marks[i], job))
            continue;
        if (story->marks[i].at_us > story->from_us)
            return first < i ? first : i;
        first = i;
    }
    return first;
}

static void find_levels(const struct story *story, size_t job, struct levels *levels)
{
    size_t first = first_completion(story, job);
    if (first < story->mark_count && story->marks[first].at_us > story->from_us)
        add_level(levels, 0);
    for (size_t i = 0; i < story->exchange_count; i++) {
        const struct story_exchange *exchange = &story->exchanges[i];
        if (exchange->job == job && exchange->shows_latest) {
            add_level(levels, exchange->shown);
            add_level(levels, exchange->newest);
        }
    }
    for (size_t i = first; i < story->mark_count; i++) {
        if (is_completion(&story->marks[i], job))
            add_level(levels, story->marks[i].checkpoint);
    }
}

static int y_of_level(const struct levels *levels, int64_t id)
{
    const int height = TRUTH_LANE - 34;
    size_t rank = 0;
    while (rank + 1 < levels->count && levels->ids[rank] < id)
        rank++;
    return levels->top + 20 + height -
           (int)(rank * (size_t)height / (levels->count > 1 ? levels->count - 1 : 1));
}

static void write_step(struct picture *picture, const struct levels *levels,
                       const struct story_mark *mark, int64_t before, int64_t until_us)
{
    const int y = y_of_level(levels, mark->checkpoint);
    const int y_before = y_of_level(levels, before);
    write_bar(picture, "truth", mark->at_us, until_us, y - 1, 3);
    /* What was there before is named where the picture begins. */
    const int64_t from_us = picture->story->from_us;
    begin_at(picture, mark->at_us > from_us ? mark->at_us : from_us, 0);
    if (mark->at_us > from_us)
        buffer_printf(picture->out, "<path class=\"riser\" d=\"M0 %dV%d\"/>", y_before, y);
    buffer_printf(picture->out, "<text class=\"id\" x=\"4\" y=\"%d\">%" PRId64 "</text></g>", y - 5,
                  mark->checkpoint);
}

static void write_truth(struct picture *picture, const struct levels *levels, size_t job)
{
    const struct story *story = picture->story;
    const struct story_mark *last = NULL;
    int64_t before = 0;
    const int64_t until_us = story->until_us;
    for (size_t i = first_completion(story, job); i < story->mark_count; i++) {
        const struct story_mark *mark = &story->marks[i];
        const bool new_run = mark->job == job && mark->kind == FACT_RUN_BEGAN;
        if (!is_completion(mark, job) && !new_run)
            continue;
        if (last)
            write_step(picture, levels, last, before, mark->at_us);
        before = last ? last->checkpoint : 0;
        last = new_run ? NULL : mark;
        if (new_run)
            before = 0;
    }
    if (last)
        write_step(picture, levels, last, before, until_us);
}

/* From the completion that an answer lacked until its request was sent. */
static void write_stale(struct picture *picture, const struct levels *levels,
                        const struct story_exchange *exchange)
{
    const int y = y_of_level(levels, exchange->newest);
    int height = y_of_level(levels, exchange->shown) - y;
    buffer_text(picture->out, "<g class=\"gap\"><title>stale for ");
    html_time(picture->out, exchange->sent_us - exchange->lacked_us);
    buffer_text(picture->out, "</title>");
    write_bar(picture, "stale", exchange->lacked_us, exchange->sent_us, y, height > 4 ? height : 4);
    write_bar(picture, "hatch", exchange->lacked_us, exchange->sent_us, y, height > 4 ? height : 4);
    buffer_text(picture->out, "</g>");
}

static void write_answers(struct picture *picture, const struct levels *levels, size_t job)
{
    const struct story *story = picture->story;
    for (size_t i = 0; i < story->exchange_count; i++) {
        const struct story_exchange *exchange = &story->exchanges[i];
        if (exchange->job == job && exchange->is_witness && exchange->lacked_us >= 0)
            write_stale(picture, levels, exchange);
    }
    for (size_t i = 0; i < story->exchange_count; i++) {
        const struct story_exchange *exchange = &story->exchanges[i];
        if (exchange->job != job || !exchange->shows_latest)
            continue;
        begin_at(picture, exchange->left_us, y_of_level(levels, exchange->shown));
        buffer_printf(picture->out, "<circle class=\"%s\" r=\"%d\"/></g>",
                      exchange->lacked_us >= 0 ? "old" : "new", exchange->is_witness ? 5 : 3);
    }
}

static void draw_truth(struct picture *picture, size_t job)
{
    struct levels levels = {.top = picture->y};
    find_levels(picture->story, job, &levels);
    if (levels.count == 0 || levels.ids[levels.count - 1] == 0)
        return;
    begin_lane(picture, "latest of", job_name(picture->story, job), TRUTH_LANE);
    buffer_printf(picture->labels,
                  "<text class=\"note\" x=\"4\" y=\"%d\">line: what was true</text>"
                  "<text class=\"note\" x=\"4\" y=\"%d\">dots: what was answered</text>",
                  levels.top + 38, levels.top + 53);
    write_truth(picture, &levels, job);
    write_answers(picture, &levels, job);
}

/* --- clients ------------------------------------------------------------------------------- */

static void write_answer(const struct story_exchange *exchange, struct buffer *out)
{
    if (exchange->status == 0)
        buffer_text(out, "no answer");
    else if (exchange->status >= 400)
        buffer_printf(out, "%d", exchange->status);
    else if (exchange->shows_latest && exchange->shown == 0)
        buffer_text(out, "none");
    else if (exchange->shows_latest)
        buffer_printf(out, "%" PRId64, exchange->shown);
}

static void write_exchange_tip(const struct picture *picture, const struct story_exchange *exchange,
                               struct buffer *out)
{
    html_text(out, exchange->client[0] ? exchange->client : "a client");
    buffer_text(out, " at ");
    html_time(out, exchange->sent_us);
    buffer_text(out, ": ");
    html_text(out, exchange->method);
    buffer_text(out, exchange->method[0] ? " " : "");
    html_text(out, exchange->target);
    buffer_printf(out, exchange->status ? ", answered %d at " : ", given up at ", exchange->status);
    html_time(out, exchange->done_us);
    if (exchange->shows_latest)
        buffer_printf(out, "; latest completed: %" PRId64 "; true when it was sent: %" PRId64,
                      exchange->shown, exchange->newest);
    if (exchange->lacked_us >= 0) {
        buffer_text(out, "; stale for ");
        html_time(out, exchange->sent_us - exchange->lacked_us);
    }
    for (size_t i = 0; exchange->fetch && i < picture->story->call_count; i++) {
        const struct story_call *call = &picture->story->calls[i];
        if (call->fetch == exchange->fetch) {
            buffer_text(out, "; from the fetch at ");
            html_time(out, call->sent_us);
        }
    }
    if (exchange->seq)
        buffer_printf(out, " [seq %" PRIu64 "]", exchange->seq);
}

static void draw_exchange(struct picture *picture, const struct story_exchange *exchange, int y,
                          bool labelled)
{
    struct buffer *out = picture->out;
    const bool failed = exchange->status == 0 || exchange->status >= 400;
    const bool stale = exchange->lacked_us >= 0;
    begin_tip(out, exchange->is_witness ? "event witness" : "event");
    write_exchange_tip(picture, exchange, out);
    if (exchange->fetch)
        buffer_printf(out, "\" data-fetch=\"%" PRIu64, exchange->fetch);
    buffer_text(out, "\">");
    write_bar(picture,
              failed  ? "failed"
              : stale ? "old"
                      : "new",
              exchange->sent_us, exchange->done_us, y + 8, 14);
    begin_at(picture, exchange->sent_us, y);
    buffer_printf(out, "<path class=\"%s\" d=\"M0 6V24\"/></g>",
                  failed  ? "tick failed"
                  : stale ? "tick old"
                          : "tick new");
    if (labelled) {
        begin_at(picture, exchange->done_us, y);
        buffer_text(out, "<text class=\"id\" x=\"5\" y=\"19\">");
        write_answer(exchange, out);
        buffer_text(out, "</text></g>");
    }
    buffer_text(out, "</g>");
}

/* A label is left out where the next one would be written over it. */
static void draw_client(struct picture *picture, const char *client)
{
    const struct story *story = picture->story;
    const int y = picture->y;
    double free_from = 0;
    begin_lane(picture, "", client[0] ? client : "clients", LANE);
    for (size_t i = 0; i < story->exchange_count; i++) {
        const struct story_exchange *exchange = &story->exchanges[i];
        if (strcmp(exchange->client, client) != 0)
            continue;
        const double x = x_of(picture, exchange->done_us);
        const bool labelled = exchange->is_witness || x >= free_from;
        if (labelled)
            free_from = x + 34;
        draw_exchange(picture, exchange, y, labelled);
    }
}

static bool client_came_before(const struct story *story, size_t index, bool witness)
{
    for (size_t i = 0; i < story->exchange_count; i++) {
        if (i != index && strcmp(story->exchanges[i].client, story->exchanges[index].client) == 0 &&
            ((i < index && story->exchanges[i].is_witness == witness) ||
             (!witness && story->exchanges[i].is_witness)))
            return true;
    }
    return false;
}

/* Those of the witness first. */
static void draw_clients(struct picture *picture)
{
    const struct story *story = picture->story;
    size_t count = 0, more = 0;
    for (int witness = 1; witness >= 0; witness--) {
        for (size_t i = 0; i < story->exchange_count; i++) {
            if (story->exchanges[i].is_witness != (bool)witness ||
                client_came_before(story, i, witness))
                continue;
            if (count++ < CLIENTS_MAX)
                draw_client(picture, story->exchanges[i].client);
            else
                more++;
        }
    }
    if (more > 0) {
        char text[40];
        snprintf(text, sizeof text, "%zu more clients", more);
        begin_lane(picture, "", text, LANE);
    }
}

/* --- the endpoint: its caches, and what it asks -------------------------------------------- */

static const char *const call_names[] = {
    [CALL_GRAPH] = "graph", [CALL_STATISTICS] = "statistics", [CALL_OTHER] = "other"};

static bool brought(const struct story_call *call, enum call_kind kind, size_t job)
{
    return call->kind == kind && call->job == job && call->ended_us >= 0 && !call->failed;
}

/* Until its timeout, or until the next one took its place. */
static int64_t entry_end_us(const struct story *story, size_t index, int64_t from_us,
                            int64_t timeout_us)
{
    const struct story_call *call = &story->calls[index];
    int64_t end_us = timeout_us > INT64_MAX - from_us ? INT64_MAX : from_us + timeout_us;
    for (size_t i = index + 1; i < story->call_count; i++) {
        const struct story_call *next = &story->calls[i];
        if (brought(next, call->kind, call->job) && next->ended_us < end_us)
            return next->ended_us;
    }
    return end_us;
}

static void draw_entry(struct picture *picture, const struct story_cache *cache, size_t index,
                       int y)
{
    const struct story_call *call = &picture->story->calls[index];
    struct buffer *out = picture->out;
    const int64_t from_us = cache->starts_at_answer ? call->ended_us : call->sent_us;
    const int64_t end_us = entry_end_us(picture->story, index, from_us, cache->timeout_us);
    if (end_us < picture->story->from_us)
        return;
    begin_tip(out, "event entry");
    buffer_printf(out, "%s cache, ", call_names[call->kind]);
    html_text(out, job_name(picture->story, call->job));
    buffer_text(out, ": what was fetched at ");
    html_time(out, call->sent_us);
    buffer_text(out, " may be used until ");
    html_time(out, end_us);
    buffer_printf(out, "\" data-of=\"%" PRIu64 "\">", call->fetch);
    write_bar(picture, "entry", from_us, end_us, y + 7, 16);
    begin_at(picture, from_us > picture->story->from_us ? from_us : picture->story->from_us, y);
    buffer_text(out, "<text class=\"of\" x=\"5\" y=\"19\">fetched at ");
    html_time(out, call->sent_us);
    buffer_text(out, "</text></g></g>");
}

static void draw_cache(struct picture *picture, const struct story_cache *cache,
                       enum call_kind kind)
{
    const struct story *story = picture->story;
    for (size_t job = 0; cache->is_known && cache->timeout_us > 0 && job < story->job_count;
         job++) {
        const int y = picture->y;
        bool begun = false;
        for (size_t i = 0; i < story->call_count; i++) {
            if (!brought(&story->calls[i], kind, job))
                continue;
            if (!begun)
                begin_lane(picture, kind == CALL_GRAPH ? "graph cache" : "statistics cache",
                           story->job_count > 1 ? job_name(story, job) : "", LANE);
            begun = true;
            draw_entry(picture, cache, i, y);
        }
    }
}

static void draw_call(struct picture *picture, const struct story_call *call, int y)
{
    struct buffer *out = picture->out;
    const int64_t end_us = call->ended_us < 0 ? picture->story->until_us : call->ended_us;
    begin_tip(out, "event call");
    buffer_printf(out, "gateway: %s of ", call_names[call->kind]);
    html_text(out, job_name(picture->story, call->job));
    buffer_text(out, " asked at ");
    html_time(out, call->sent_us);
    if (call->taken_us >= 0) {
        buffer_text(out, ", taken at ");
        html_time(out, call->taken_us);
    }
    if (call->ended_us >= 0) {
        buffer_text(out, call->failed ? ", failed at " : ", answered at ");
        html_time(out, call->ended_us);
    }
    if (call->failed && call->outcome)
        buffer_printf(out, " (%s)", call->outcome);
    buffer_printf(out, "\" data-of=\"%" PRIu64 "\">", call->fetch);
    write_bar(picture, call->failed ? "failed" : "asked", call->sent_us, end_us, y + 9, 12);
    begin_at(picture, call->sent_us, y);
    buffer_text(out, "<path class=\"tick asked\" d=\"M0 6V24\"/></g>");
    if (call->taken_us >= 0) {
        begin_at(picture, call->taken_us, y);
        buffer_text(out, "<circle class=\"taken\" cy=\"15\" r=\"3\"/></g>");
    }
    buffer_text(out, "</g>");
}

static void draw_calls(struct picture *picture, enum call_kind kind)
{
    const struct story *story = picture->story;
    const int y = picture->y;
    bool begun = false;
    for (size_t i = 0; i < story->call_count; i++) {
        const struct story_call *call = &story->calls[i];
        if (call->kind != kind || (call->ended_us >= 0 && call->ended_us < story->from_us))
            continue;
        if (!begun)
            begin_lane(picture, "gateway:", call_names[kind], LANE);
        begun = true;
        draw_call(picture, call, y);
    }
}

/* --- the origin ---------------------------------------------------------------------------- */

static const struct look {
    const char *sign, *text;
    bool has_checkpoint;
} looks[] = {
    [FACT_BEGAN] = {"M-3 21L0 12L3 21", "began to complete", true},
    [FACT_COMPLETED] = {"M-6 23L0 7L6 23Z", "completed", true},
    [FACT_DURABLE] = {"M-3 18H3V24H-3Z", "is in the store", true},
    [FACT_DISCARDED] = {"M-4 11L4 21M4 11L-4 21", "was discarded: its path is dead", true},
    [FACT_RUN_BEGAN] = {"M0 6V24M0 6L8 10L0 14", "a run of the job began", false},
    [FACT_RESTORED] = {"M-5 15A5 5 0 1 1 0 20", "was restored", true},
    [FACT_RESTORE_FAILED] = {"M-5 10H5V20H-5Z", "could not be restored: its path was dead", true},
    [FACT_JOB_KNOWN] = {"M0 10V20", "the job is known", false},
    [FACT_JOB_INITIALIZING] = {"M0 10V20", "the job is initializing", false},
};

static void draw_mark(struct picture *picture, const struct story_mark *mark, int y)
{
    struct buffer *out = picture->out;
    const struct look *look = &looks[mark->kind];
    begin_tip(out, "event mark");
    html_text(out, job_name(picture->story, mark->job));
    buffer_text(out, " at ");
    html_time(out, mark->at_us);
    buffer_text(out, ": ");
    if (look->has_checkpoint)
        buffer_printf(out, "%s %" PRId64 " ", mark->is_savepoint ? "savepoint" : "checkpoint",
                      mark->checkpoint);
    buffer_printf(out, "%s%s\">", look->text, mark->is_concluded ? ", as answers tell" : "");
    begin_at(picture, mark->at_us, y);
    buffer_printf(out, "<path class=\"%s\" d=\"%s\"/>",
                  mark->kind == FACT_COMPLETED ? "done" : "line", look->sign);
    if (mark->kind == FACT_COMPLETED)
        buffer_printf(out, "<text class=\"id\" x=\"8\" y=\"19\">%" PRId64 "</text>",
                      mark->checkpoint);
    buffer_text(out, "</g></g>");
}

static void draw_origin(struct picture *picture, size_t job)
{
    const struct story *story = picture->story;
    const int y = picture->y;
    bool begun = false;
    for (size_t i = 0; i < story->mark_count; i++) {
        const struct story_mark *mark = &story->marks[i];
        if (mark->job != job || mark->at_us < story->from_us ||
            mark->kind >= sizeof looks / sizeof looks[0])
            continue;
        if (!begun)
            begin_lane(picture, "JobManager", job_name(story, job), LANE);
        begun = true;
        draw_mark(picture, mark, y);
    }
}

/* --- all of it ----------------------------------------------------------------------------- */

static void draw_guides(struct picture *picture)
{
    for (size_t i = 0; i < picture->verdict->witness_count; i++) {
        begin_at(picture, picture->verdict->witness[i].at_us, 0);
        buffer_printf(picture->out,
                      "<path class=\"guide\" d=\"M0 20V%d\"/><circle class=\"number\" cy=\"11\" "
                      "r=\"9\"/><text class=\"number\" y=\"15\">%zu</text></g>",
                      picture->y, i + 1);
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
        buffer_printf(picture->out,
                      "<g transform=\"translate(%.1f,%d)\"><path class=\"rule\" d=\"M0 0V5\"/>"
                      "<text class=\"time\" y=\"18\">",
                      x_of(picture, us), picture->y);
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
        draw_truth(picture, job);
    draw_clients(picture);
    draw_cache(picture, &story->statistics_cache, CALL_STATISTICS);
    draw_cache(picture, &story->graph_cache, CALL_GRAPH);
    for (int kind = CALL_GRAPH; kind <= CALL_OTHER; kind++)
        draw_calls(picture, (enum call_kind)kind);
    for (size_t job = 0; job < story->job_count; job++)
        draw_origin(picture, job);
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
                  WIDTH, picture.y, story->from_us, story->until_us);
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
