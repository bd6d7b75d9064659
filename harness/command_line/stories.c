#include "harness/command_line/stories.h"

#include "harness/recording/recording.h"
#include "harness/virtual_time/run.h"

enum { STORIES_MAX = sizeof((struct stories *)0)->items / sizeof(struct story *) };

/* How long the caches keep what they hold. Nothing is known of those that others wrote. */
static void tell_caches(struct story *story, const struct told_cell *cell)
{
    struct endpoint_config config = {0};
    if (implementation_kind(cell->implementation) == IMPLEMENTATION_FOREIGN)
        return;
    implementation_configure(cell->implementation, &cell->plan->settings, &config);
    story->graph_cache = (struct story_cache){config.graph.entry_count_max > 0, config.graph.ttl_us,
                                              config.graph.start == START_AT_ANSWER};
    story->statistics_cache =
        (struct story_cache){config.stats.entry_count_max > 0, config.stats.ttl_us,
                             config.stats.start == START_AT_ANSWER};
}

/* NULL: there is none. */
static struct story *tell(const struct told_cell *cell, const struct judgement *judgement,
                          const struct run_options *options)
{
    struct run_result again;
    struct run_options listened = *options;
    struct story *story = story_new(judgement);
    if (!story)
        return NULL;
    const struct listener listener = story_listener(story);
    listened.listener = &listener;
    for (size_t i = 0; i < cell->plan->job_count; i++)
        story_name_job(story, cell->plan->jobs[i].id, cell->plan->jobs[i].name);
    tell_caches(story, cell);
    if (run_virtual(cell->plan, cell->implementation, &listened, &again) == NULL) {
        story_finish(story);
        return story;
    }
    story_free(story);
    return NULL;
}

void stories_tell(struct stories *stories, const struct told_cell *cells,
                  struct report_result *results, size_t count, const struct run_options *options)
{
    for (int attention = 1; attention >= 0; attention--) {
        for (size_t i = 0; i < count && stories->count < STORIES_MAX; i++) {
            struct report_result *result = &results[i];
            enum property first;
            if (result->skipped || result->failure ||
                report_needs_attention(result) != (bool)attention ||
                !story_property(result->judgement, &first))
                continue;
            struct story *story = tell(&cells[i], result->judgement, options);
            result->story = story;
            if (story)
                stories->items[stories->count++] = story;
        }
    }
}

const struct story *stories_tell_recording(struct stories *stories, struct recording *recording,
                                           const struct judgement *judgement)
{
    enum property first;
    if (stories->count == STORIES_MAX || !story_property(judgement, &first))
        return NULL;
    struct story *story = story_new(judgement);
    if (!story)
        return NULL;
    const struct listener listener = story_listener(story);
    if (recording_retell(recording, judgement, first, &listener) != NULL) {
        story_free(story);
        return NULL;
    }
    story_finish(story);
    stories->items[stories->count++] = story;
    return story;
}

void stories_free(struct stories *stories)
{
    for (size_t i = 0; i < stories->count; i++)
        story_free(stories->items[i]);
    *stories = (struct stories){0};
}
