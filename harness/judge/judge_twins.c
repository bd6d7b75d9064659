#include "harness/judge/judge_twins.h"

#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"

/*
 * Who spoiled the content of a list. The version names the snapshot, and one snapshot has one
 * content (reference, section 13): where another answer with the same version was sound, the
 * snapshot was, too, and the fault came in on the way from it to the client. Else the JobManager
 * may have made it; but calls are told by the harness's own mock alone, whose snapshots agree with
 * themselves.
 */

bool look_lists_beyond_latest(const struct look *look)
{
    for (size_t i = 0; i < look->seen->history_count; i++) {
        const struct seen_checkpoint *entry = &look->seen->history[i];
        if (entry->status == SEEN_COMPLETED && !entry->is_savepoint && entry->id > look->shown_id)
            return true;
    }
    return false;
}

static struct twin twin_of(const struct judge *judge, const struct look *look)
{
    return (struct twin){.is_known = look->run != NULL,
                         .is_direct = look->exchange->is_direct,
                         .job = (size_t)(look->job - judge->jobs),
                         .run = look->run ? (size_t)(look->run - look->job->runs) : 0,
                         .version = look->seen->version};
}

static bool are_twins(const struct twin *a, const struct twin *b)
{
    return a->is_known && b->is_known && a->job == b->job && a->run == b->run &&
           a->version == b->version;
}

/* What the origin's own address showed was sound when it left the origin. */
static enum layer layer_between(const struct twin *faulty, const struct twin *sound)
{
    return sound->is_direct && !faulty->is_direct ? LAYER_PROXY : LAYER_ENDPOINT;
}

enum layer look_layer_of_content(struct judge *judge, const struct look *look,
                                 enum property property)
{
    const struct twin faulty = twin_of(judge, look), *sound = &look->job->sound;
    judge->faulty[property] = (struct twin){0};
    if (are_twins(&faulty, sound))
        return layer_between(&faulty, sound);
    if (judge->has_calls)
        return LAYER_ENDPOINT;
    judge->faulty[property] = faulty;
    return LAYER_UNKNOWN;
}

/* A sound list may come after its faulty twin. */
void look_for_twin(struct judge *judge, struct look *look)
{
    if (!look->is_list || look->is_clean || look->seen->contradiction ||
        look->stranger.kind != STRANGER_NONE || look_lists_beyond_latest(look))
        return;
    look->job->sound = twin_of(judge, look);
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!are_twins(&judge->faulty[i], &look->job->sound))
            continue;
        judge->verdicts[i].layer = layer_between(&judge->faulty[i], &look->job->sound);
        judge->faulty[i].is_known = false;
    }
}
