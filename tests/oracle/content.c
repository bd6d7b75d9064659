#include <string.h>

#include "tests/oracle/evidence.h"

/* The properties of what stands in one answer, and of the paths handed out. */

/* ---- right-job ---- */

/* For how long the run of something in the answer had been over when the request was sent. */
static int64_t run_over_for_us(const struct story *story, const struct evidence *evidence,
                               size_t at)
{
    const struct sight *sight = &evidence->sights[at];
    int64_t longest_us = 0;
    for (size_t bit = 0; bit < ENTRY_BITS; bit++) {
        const int64_t over_us = (sight->long_over >> bit & 1) != 0
                                    ? story->answers[at].exchange.sent_us - sight->over_us[bit]
                                    : 0;
        if (over_us > longest_us)
            longest_us = over_us;
    }
    return longest_us;
}

struct ruling statement_right_job(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        const struct sight *sight = &evidence->sights[i];
        if (!is_list(answer) && !is_details(answer))
            continue;
        ruling.violations += sight->has_stranger;
        raise_worst(&ruling, run_over_for_us(story, evidence, i));
        ruling.tested += sight->has_stranger || sight->known_jobs > 1 || sight->current > 0;
    }
    return ruling;
}

/* ---- consistent ---- */

static bool counts_agree(const struct observation *seen)
{
    int64_t listed[3] = {0};
    for (size_t i = 0; i < seen->history_count; i++)
        listed[seen->history[i].status]++;
    return seen->total == seen->in_progress + seen->completed + seen->failed &&
           listed[SEEN_IN_PROGRESS] <= seen->in_progress &&
           listed[SEEN_COMPLETED] <= seen->completed && listed[SEEN_FAILED] <= seen->failed;
}

static bool latest_agrees(const struct observation *seen, bool has,
                          const struct seen_checkpoint *latest, enum seen_status status)
{
    if (!has)
        return true;
    for (size_t i = 0; i < seen->history_count; i++) {
        const struct seen_checkpoint *entry = &seen->history[i];
        if (entry->id == latest->id &&
            (entry->status != latest->status || entry->trigger_ms != latest->trigger_ms))
            return false;
    }
    return latest->status == status;
}

static bool agrees_with_itself(const struct answer *answer)
{
    const struct observation *seen = &answer->seen;
    for (size_t i = 1; i < seen->history_count; i++) {
        if (seen->history[i].id >= seen->history[i - 1].id)
            return false;
    }
    const struct seen_summary *summary = &answer->summary;
    if (summary->name && !(summary->min <= summary->avg && summary->avg <= summary->max &&
                           summary->p50 >= (double)summary->min &&
                           summary->p999 <= (double)summary->max && summary->p50 <= summary->p999))
        return false;
    return counts_agree(seen) &&
           latest_agrees(seen, seen->has_latest_completed, &seen->latest_completed,
                         SEEN_COMPLETED) &&
           latest_agrees(seen, seen->has_latest_savepoint, &seen->latest_savepoint,
                         SEEN_COMPLETED) &&
           latest_agrees(seen, seen->has_latest_failed, &seen->latest_failed, SEEN_FAILED) &&
           !(seen->has_latest_completed && seen->latest_completed.is_savepoint) &&
           !(seen->has_latest_savepoint && !seen->latest_savepoint.is_savepoint) &&
           (seen->has_latest_completed || seen->has_latest_savepoint) == (seen->completed > 0) &&
           !(seen->has_latest_failed && seen->failed == 0);
}

/* How the first list that showed this checkpoint as one of that run showed it; NULL: none did. */
static const struct seen_checkpoint *first_listed(const struct story *story,
                                                  const struct evidence *evidence,
                                                  const struct answer *details, int run)
{
    for (size_t i = 0; i < details->done_step; i++) {
        const struct step *step = &story->steps[i];
        const struct answer *answer = step_answer(story, step);
        if (!answer || answer->job != details->job || !is_list(answer) ||
            evidence->sights[step->index].shown != run)
            continue;
        const struct seen_checkpoint *listed =
            taught_as(evidence, story, step->index, details->seen.latest_completed.id);
        if (listed)
            return listed;
    }
    return NULL;
}

/* Then there is another checkpoint of that number to compare with. */
static bool is_of_older_run(const struct evidence *evidence, const struct story *story,
                            const struct answer *details)
{
    int run = evidence_run_of(evidence, story, details->job, &details->seen.latest_completed,
                              details->done_step);
    return run != NOT_KNOWN && run < evidence->sights[details - story->answers].current;
}

struct ruling statement_consistent(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        if (is_list(answer)) {
            ruling.tested++;
            ruling.violations += !agrees_with_itself(answer);
        }
        if (!is_details(answer) || evidence->sights[i].elsewhere != 0 ||
            is_of_older_run(evidence, story, answer))
            continue;
        const struct seen_checkpoint *details = &answer->seen.latest_completed;
        const struct seen_checkpoint *listed =
            first_listed(story, evidence, answer, evidence->sights[i].current);
        if (!listed)
            continue;
        ruling.tested++;
        ruling.violations +=
            listed->trigger_ms != details->trigger_ms ||
            listed->state_size != details->state_size ||
            (listed->path && details->path && strcmp(listed->path, details->path) != 0);
    }
    return ruling;
}

/* ---- numeric-latest ---- */

struct ruling statement_numeric_latest(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    (void)evidence;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct observation *seen = &story->answers[i].seen;
        const int64_t shown_id = seen->has_latest_completed ? seen->latest_completed.id : 0;
        bool tested = false, beaten = false;
        for (size_t k = 0; is_list(&story->answers[i]) && k < seen->history_count; k++) {
            const struct seen_checkpoint *entry = &seen->history[k];
            if (entry->status != SEEN_COMPLETED || entry->is_savepoint)
                continue;
            tested = true;
            beaten |= shown_id < entry->id;
            raise_worst(&ruling, entry->id - shown_id);
        }
        ruling.tested += tested;
        ruling.violations += beaten;
    }
    return ruling;
}

/* ---- live-path, restore-window ---- */

/* The path that a client would restore from. */
static bool hands_out(const struct story *story, const struct evidence *evidence,
                      const struct answer *answer)
{
    const struct seen_checkpoint *latest = &answer->seen.latest_completed;
    uint32_t elsewhere = evidence->sights[answer - story->answers].elsewhere;
    return is_list(answer) && (elsewhere >> LATEST_COMPLETED_BIT & 1) == 0 &&
           answer->seen.has_latest_completed && !latest->discarded && latest->path;
}

static bool is_same(const struct fact *fact, const struct seen_checkpoint *shown)
{
    return fact->checkpoint == shown->id && fact->trigger_ms == shown->trigger_ms;
}

/* When the checkpoint was deleted, as far as the journal tells before a step; NEVER: not at all. */
#define NEVER INT64_MAX
static int64_t discarded_us(const struct story *story, size_t job,
                            const struct seen_checkpoint *shown, size_t before_step)
{
    for (size_t i = 0; i < story->fact_count; i++) {
        if (story->fact_job[i] == job && story->facts[i].kind == FACT_DISCARDED &&
            is_same(&story->facts[i], shown) && story->fact_step[i] < before_step)
            return story->facts[i].at_us;
    }
    return NEVER;
}

/* The end of the first answer that marked the checkpoint as discarded; any checkpoint of the job
 * where `shown` is NULL. */
static int64_t seen_discarded_us(const struct story *story, const struct evidence *evidence,
                                 const struct answer *answer, const struct seen_checkpoint *shown)
{
    for (size_t i = 0; i < answer->done_step; i++) {
        const struct step *step = &story->steps[i];
        const struct answer *earlier = step_answer(story, step);
        for (size_t bit = 0; bit < ENTRY_BITS; bit++) {
            if (!earlier || earlier->job != answer->job)
                continue;
            const struct seen_checkpoint *entry = taught_at(evidence, story, step->index, bit);
            if (entry && entry->discarded &&
                (!shown || (entry->id == shown->id && entry->trigger_ms == shown->trigger_ms)))
                return earlier->exchange.done_us;
        }
    }
    return NEVER;
}

static bool is_known(const struct story *story, const struct evidence *evidence,
                     const struct answer *answer)
{
    return evidence_run_of(evidence, story, answer->job, &answer->seen.latest_completed,
                           answer->done_step) != NOT_KNOWN;
}

/* The shortest that the path lived after an answer had handed it out alive; NEVER: none had. */
static int64_t shortest_life_us(const struct story *story, const struct evidence *evidence,
                                const struct fact *discarded, size_t job)
{
    int64_t shortest_us = NEVER;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        int64_t lived_us = discarded->at_us - answer->exchange.left_us;
        if (hands_out(story, evidence, answer) && answer->job == job &&
            evidence_run_of(evidence, story, job, &answer->seen.latest_completed,
                            answer->done_step + 1) != NOT_KNOWN &&
            is_same(discarded, &answer->seen.latest_completed) && lived_us > 0 &&
            lived_us < shortest_us)
            shortest_us = lived_us;
    }
    return shortest_us;
}

/* Somebody acted on a dead path. Where the last answer with it had handed it out alive, that is
 * restore-window's to judge. */
static bool is_acted_on_dead(const struct story *story, const struct evidence *evidence, size_t at)
{
    const struct fact *restore = &story->facts[at];
    if (!story->claim.claimed[PROPERTY_RESTORE_WINDOW])
        return true;
    int64_t last_left_us = -1, died_us = 0;
    uint64_t last_seq = 0;
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        const struct seen_checkpoint *latest = &answer->seen.latest_completed;
        const int64_t left_us = answer->exchange.left_us;
        bool is_later =
            left_us > last_left_us || (left_us == last_left_us && answer->exchange.seq > last_seq);
        if (!is_later || !hands_out(story, evidence, answer) ||
            strcmp(latest->path, restore->path) != 0 || answer->done_step > story->fact_step[at] ||
            evidence_run_of(evidence, story, answer->job, latest, answer->done_step + 1) ==
                NOT_KNOWN)
            continue;
        last_left_us = left_us;
        last_seq = answer->exchange.seq;
        died_us = discarded_us(story, answer->job, latest, story->fact_step[at]);
    }
    return !(last_left_us >= 0 && died_us > last_left_us);
}

struct ruling statement_live_path(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        if (!hands_out(story, evidence, answer) || !is_known(story, evidence, answer) ||
            (story->source == STORY_RECORDING &&
             seen_discarded_us(story, evidence, answer, NULL) == NEVER))
            continue;
        const struct seen_checkpoint *latest = &answer->seen.latest_completed;
        const struct exchange *exchange = &answer->exchange;
        const int64_t dead_us = discarded_us(story, answer->job, latest, answer->done_step);
        const int64_t seen_us = seen_discarded_us(story, evidence, answer, latest);
        ruling.tested++;
        ruling.violations += dead_us <= exchange->left_us || seen_us < exchange->sent_us;
        if (dead_us <= exchange->left_us)
            raise_worst(&ruling, exchange->left_us - dead_us);
        else if (seen_us < exchange->sent_us)
            raise_worst(&ruling, exchange->left_us - seen_us);
    }
    for (size_t i = 0; i < story->fact_count; i++) {
        if (story->facts[i].kind != FACT_RESTORE_FAILED || !is_acted_on_dead(story, evidence, i))
            continue;
        ruling.tested++;
        ruling.violations++;
    }
    return ruling;
}

struct ruling statement_restore_window(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = story->source != STORY_RECORDING};
    for (size_t i = 0; i < story->fact_count && ruling.is_decidable; i++) {
        const struct fact *fact = &story->facts[i];
        const int64_t lived_us = fact->kind == FACT_DISCARDED
                                     ? shortest_life_us(story, evidence, fact, story->fact_job[i])
                                     : NEVER;
        ruling.violations += lived_us < story->claim.restore_window_us;
        if (lived_us != NEVER && (ruling.worst == 0 || lived_us < ruling.worst))
            ruling.worst = lived_us; /* the largest window that would have been kept */
    }
    for (size_t i = 0; i < story->answer_count && ruling.is_decidable; i++) {
        const struct answer *answer = &story->answers[i];
        ruling.tested += hands_out(story, evidence, answer) && is_known(story, evidence, answer);
    }
    return ruling;
}
