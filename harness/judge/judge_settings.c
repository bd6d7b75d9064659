#include "harness/judge/judge_settings.h"

#include <stdio.h>

#include "harness/judge/judge_check.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"
#include "harness/judge/witness_internal.h"

/*
 * settings-honoured: how long a snapshot is kept, measured from outside. The method is that of the
 * reference, section 13, without a trigger of one's own: whatever moves the truth will do.
 */

/* For the way there and back, a fetch, and a completion that shows a little after it ended. */
enum { SLACK_US = 50 * 1000 };

static int64_t slack_us(int64_t timeout_us)
{
    return timeout_us / 10 > SLACK_US ? timeout_us / 10 : SLACK_US;
}

static void begin_anew(struct look *look)
{
    look->job->kept = (struct kept){.run = (size_t)(look->run - look->job->runs),
                                    .version = look->seen->version,
                                    .has_version = true,
                                    .sent_us = look->exchange->sent_us};
}

/* The snapshot before this one was kept at most from the last request that got the one before it,
 * to this answer. */
static void next_version(struct judge *judge, struct look *look)
{
    struct kept *kept = &look->job->kept;
    const int64_t sent_us = kept->sent_us;
    if (kept->has_before) {
        judge->verdicts[PROPERTY_SETTINGS_HONOURED].tested++;
        const int64_t most_us = look->exchange->done_us - kept->before_sent_us;
        if (most_us < judge->kept.at_most_us)
            judge->kept.at_most_us = most_us;
    }
    begin_anew(look);
    kept->has_before = true;
    kept->before_sent_us = sent_us;
}

void kept_at_least(struct judge *judge, int64_t age_us)
{
    if (age_us > judge->kept.at_least_us)
        judge->kept.at_least_us = age_us;
}

/* What does not belong into the answer measures nothing; nor does what was shown before it. */
static bool interrupts(const struct look *look)
{
    const struct kept *kept = &look->job->kept;
    return look->exchange->bound_us >= 0 || look->stranger.kind != STRANGER_NONE ||
           (kept->has_version && (kept->run != (size_t)(look->run - look->job->runs) ||
                                  look->seen->version < kept->version));
}

static void look_settings_honoured(struct judge *judge, struct look *look)
{
    struct kept *kept = &look->job->kept;
    const bool measures = look->is_list && look->run;
    /* Details come out of the same cache, and who demands a younger answer has it filled anew. */
    if (look->kind == KIND_STATISTICS && !measures && look->exchange->bound_us >= 0) {
        *kept = (struct kept){0};
        look->job->generation++;
    }
    if (!measures)
        return;
    if (look->missed && look->stranger.kind == STRANGER_NONE)
        kept_at_least(judge, look->exchange->sent_us - look->missed->at_us);
    const bool interrupted = interrupts(look);
    if (interrupted) {
        look->same_again = false;
        look->job->generation++; /* nor may what was shown before be counted as seen again */
    }
    if (look->stranger.kind != STRANGER_NONE)
        *kept = (struct kept){0};
    else if (interrupted || !kept->has_version)
        begin_anew(look);
    else if (look->seen->version > kept->version)
        next_version(judge, look);
    else if (look->exchange->sent_us > kept->sent_us)
        kept->sent_us = look->exchange->sent_us;
}

static void describe_measured(const struct judge *judge, struct property_verdict *verdict,
                              bool is_broken)
{
    char least[LABEL_MAX], most[LABEL_MAX + sizeof ", and  or less"] = "", timeout[LABEL_MAX];
    char longest[LABEL_MAX];
    duration_text(judge, judge->kept.at_least_us, least);
    duration_text(judge, judge->claim.settings_timeout_us, timeout);
    if (judge->kept.at_most_us != INT64_MAX) {
        duration_text(judge, judge->kept.at_most_us, longest);
        snprintf(most, sizeof most, ", and %s or less", longest);
    }
    if (!is_broken) {
        snprintf(verdict->cause, sizeof verdict->cause,
                 "snapshots were kept for %s or more%s, which leaves open whether it is the %s of "
                 "the options",
                 least, most, timeout);
        return;
    }
    witness_add(verdict, 0, "options", 0, "resolve to a timeout of %s", timeout);
    witness_add(verdict, 0, "answers", 0, "were kept for %s or more%s", least, most);
    witness_cause(verdict, judge->has_calls ? LAYER_STATISTICS_CACHE : LAYER_CACHE,
                  "The options resolve to a timeout of %s; measured were %s or more%s.", timeout,
                  least, most);
}

static int64_t distance_us(const struct judge *judge, int64_t timeout_us)
{
    const int64_t least_us = judge->kept.at_least_us, most_us = judge->kept.at_most_us;
    const int64_t longer_us = least_us > timeout_us ? least_us - timeout_us : 0;
    return timeout_us - most_us > longer_us ? timeout_us - most_us : longer_us;
}

/* A snapshot that was shown for too long refutes the timeout by itself. That it is as configured
 * takes both: one that was kept nearly as long, and one that was kept hardly longer. */
static void conclude_settings_honoured(const struct judge *judge, struct property_verdict *verdict)
{
    const int64_t timeout_us = judge->claim.settings_timeout_us, slack = slack_us(timeout_us);
    const int64_t off_us = distance_us(judge, timeout_us);
    if (!judge->claim.settings_known || (verdict->tested == 0 && off_us <= slack)) {
        verdict->tested = 0;
        if (!judge->claim.settings_known)
            snprintf(verdict->cause, sizeof verdict->cause, "what the options say is not known");
        return;
    }
    verdict->has_worst = true;
    verdict->worst_value = (double)off_us / 1000.0;
    verdict->worst_unit = "ms";
    if (off_us > slack) {
        verdict->violations++;
        describe_measured(judge, verdict, true);
    } else if (judge->kept.at_least_us < timeout_us - slack ||
               judge->kept.at_most_us > timeout_us + slack) {
        verdict->tested = 0;
        describe_measured(judge, verdict, false);
    }
}

const struct check check_settings_honoured = {
    .property = PROPERTY_SETTINGS_HONOURED,
    .untested = "no snapshot was seen to come and go: ask more often, of a job that completes "
                "checkpoints",
    .look = look_settings_honoured,
    .looks_at = OF_STATISTICS | OF_SILENCE,
    .conclude = conclude_settings_honoured};
