#include <inttypes.h>
#include <string.h>

#include "reports/html_picture_internal.h"

/* What was true against what was answered. */

enum { TRUTH_LANE = 96, LEVELS_MAX = 24 };

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
    picture_bar(picture, "truth", mark->at_us, until_us, y - 1, 3);
    /* What was there before is named where the picture begins. */
    const int64_t from_us = picture->story->from_us;
    picture_begin_at(picture, mark->at_us > from_us ? mark->at_us : from_us, 0);
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
    picture_bar(picture, "stale", exchange->lacked_us, exchange->sent_us, y,
                height > 4 ? height : 4);
    picture_bar(picture, "hatch", exchange->lacked_us, exchange->sent_us, y,
                height > 4 ? height : 4);
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
        picture_begin_at(picture, exchange->left_us, y_of_level(levels, exchange->shown));
        buffer_printf(picture->out, "<circle class=\"%s\" r=\"%d\"/></g>",
                      exchange->lacked_us >= 0 ? "old" : "new", exchange->is_witness ? 5 : 3);
    }
}

/* Nobody asked, and nothing changed. */
static bool is_dull(const struct story *story, size_t job)
{
    for (size_t i = 0; i < story->exchange_count; i++) {
        if (story->exchanges[i].job == job && story->exchanges[i].shows_latest)
            return false;
    }
    for (size_t i = 0; i < story->mark_count; i++) {
        if (is_completion(&story->marks[i], job) && story->marks[i].at_us > story->from_us)
            return false;
    }
    return true;
}

void picture_truth(struct picture *picture, size_t job)
{
    struct levels levels = {.top = picture->y};
    find_levels(picture->story, job, &levels);
    if (is_dull(picture->story, job) || levels.count == 0 || levels.ids[levels.count - 1] == 0)
        return;
    picture_begin_lane(picture, "latest of", picture_job_name(picture, job), TRUTH_LANE);
    buffer_printf(picture->labels,
                  "<text class=\"note\" x=\"4\" y=\"%d\">line: what was true</text>"
                  "<text class=\"note\" x=\"4\" y=\"%d\">dots: what was answered</text>",
                  levels.top + 38, levels.top + 53);
    write_truth(picture, &levels, job);
    write_answers(picture, &levels, job);
}
