#include <inttypes.h>

#include "reports/html_picture_internal.h"

/* The lanes of what stands behind an answer: the endpoint's caches, its calls, and the origin. */

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
    picture_begin_event(picture, "event entry");
    buffer_printf(out, "%s cache, ", call_names[call->kind]);
    html_text(out, picture_job_name(picture, call->job));
    buffer_text(out, ": what was fetched at ");
    html_time(out, call->sent_us);
    buffer_text(out, " may be used until ");
    html_time(out, end_us);
    buffer_printf(out, "\" data-of=\"%" PRIu64 "\">", call->fetch);
    picture_bar(picture, "entry", from_us, end_us, y + 7, 16);
    picture_begin_at(picture, from_us > picture->story->from_us ? from_us : picture->story->from_us,
                     y);
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
                picture_begin_lane(picture, kind == CALL_GRAPH ? "graph cache" : "statistics cache",
                                   story->job_count > 1 ? picture_job_name(picture, job) : "",
                                   PICTURE_LANE);
            begun = true;
            draw_entry(picture, cache, i, y);
        }
    }
}

static void write_call_tip(const struct picture *picture, const struct story_call *call,
                           struct buffer *out)
{
    buffer_printf(out, "gateway: %s of ", call_names[call->kind]);
    html_text(out, picture_job_name(picture, call->job));
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
}

static int64_t end_of(const struct picture *picture, const struct story_call *call)
{
    return call->ended_us < 0 ? picture->story->until_us : call->ended_us;
}

static void draw_call(struct picture *picture, const struct story_call *call, int top, int height)
{
    struct buffer *out = picture->out;
    picture_begin_event(picture, "event call");
    write_call_tip(picture, call, out);
    buffer_printf(out, "\" data-of=\"%" PRIu64 "\">", call->fetch);
    picture_bar(picture, call->failed ? "failed" : "asked", call->sent_us, end_of(picture, call),
                top, height);
    picture_tick(picture, "asked", call->sent_us, top, height);
    if (call->taken_us >= 0) {
        picture_begin_at(picture, call->taken_us, top);
        buffer_printf(out, "<circle class=\"taken\" cy=\"%.1f\" r=\"3\"/></g>", height / 2.0);
    }
    buffer_text(out, "</g>");
}

static bool is_seen(const struct story *story, const struct story_call *call, enum call_kind kind)
{
    return call->kind == kind && (call->ended_us < 0 || call->ended_us >= story->from_us);
}

static void draw_calls(struct picture *picture, enum call_kind kind)
{
    const struct story *story = picture->story;
    const int y = picture->y;
    struct picture_rows all = {0}, rows = {0};
    for (size_t i = 0; i < story->call_count; i++) {
        if (is_seen(story, &story->calls[i], kind))
            picture_row(&all, story->calls[i].sent_us, end_of(picture, &story->calls[i]));
    }
    if (all.count == 0)
        return;
    picture_begin_lane(picture, "gateway:", call_names[kind], picture_rows_height(all.count));
    for (size_t i = 0; i < story->call_count; i++) {
        const struct story_call *call = &story->calls[i];
        if (!is_seen(story, call, kind))
            continue;
        const size_t row = picture_row(&rows, call->sent_us, end_of(picture, call));
        draw_call(picture, call, y + picture_row_top(all.count, row),
                  picture_row_height(all.count));
    }
}

void picture_endpoint(struct picture *picture)
{
    draw_cache(picture, &picture->story->statistics_cache, CALL_STATISTICS);
    draw_cache(picture, &picture->story->graph_cache, CALL_GRAPH);
    for (int kind = CALL_GRAPH; kind <= CALL_OTHER; kind++)
        draw_calls(picture, (enum call_kind)kind);
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

/* A completion that took no time is drawn once. */
static bool ended_at_once(const struct story *story, const struct story_mark *began)
{
    for (const struct story_mark *mark = began + 1;
         began->kind == FACT_BEGAN && mark < story->marks + story->mark_count &&
         mark->at_us == began->at_us;
         mark++) {
        if (mark->kind == FACT_COMPLETED && mark->job == began->job &&
            mark->checkpoint == began->checkpoint)
            return true;
    }
    return false;
}

static void draw_mark(struct picture *picture, const struct story_mark *mark, int y)
{
    struct buffer *out = picture->out;
    const struct look *look = &looks[mark->kind];
    picture_begin_event(picture, "event mark");
    html_text(out, picture_job_name(picture, mark->job));
    buffer_text(out, " at ");
    html_time(out, mark->at_us);
    buffer_text(out, ": ");
    if (look->has_checkpoint)
        buffer_printf(out, "%s %" PRId64 " ", mark->is_savepoint ? "savepoint" : "checkpoint",
                      mark->checkpoint);
    buffer_printf(out, "%s%s\">", look->text, mark->is_concluded ? ", as answers tell" : "");
    picture_begin_at(picture, mark->at_us, y);
    buffer_printf(out, "<path class=\"%s\" d=\"%s\"/>",
                  mark->kind == FACT_COMPLETED ? "done" : "line", look->sign);
    if (mark->kind == FACT_COMPLETED)
        buffer_printf(out, "<text class=\"id\" x=\"8\" y=\"19\">%" PRId64 "</text>",
                      mark->checkpoint);
    buffer_text(out, "</g></g>");
}

void picture_origin(struct picture *picture, size_t job)
{
    const struct story *story = picture->story;
    const int y = picture->y;
    bool begun = false;
    for (size_t i = 0; i < story->mark_count; i++) {
        const struct story_mark *mark = &story->marks[i];
        if (mark->job != job || mark->at_us < story->from_us ||
            mark->kind >= sizeof looks / sizeof looks[0] || ended_at_once(story, mark))
            continue;
        if (!begun)
            picture_begin_lane(picture, "JobManager", picture_job_name(picture, job), PICTURE_LANE);
        begun = true;
        draw_mark(picture, mark, y);
    }
}
