#include <stdio.h>

#include "harness/judge/judge_internal.h"

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
        if (most_us < judge->kept_at_most_us)
            judge->kept_at_most_us = most_us;
    }
    begin_anew(look);
    kept->has_before = true;
    kept->before_sent_us = sent_us;
}

static void look_settings_honoured(struct judge *judge, struct look *look)
{
    struct kept *kept = &look->job->kept;
    if (!look->is_list || !look->run)
        return;
    const bool interrupted =
        look->exchange->bound_us >= 0 || look->stranger.kind != STRANGER_NONE ||
        (kept->has_version && (kept->run != (size_t)(look->run - look->job->runs) ||
                               look->seen->version < kept->version));
    if (interrupted) {
        look->same_again = false;
        look->job->generation++; /* nor may what was shown before be counted as seen again */
    }
    if (interrupted || !kept->has_version)
        begin_anew(look);
    else if (look->seen->version > kept->version)
        next_version(judge, look);
    else if (look->exchange->sent_us > kept->sent_us)
        kept->sent_us = look->exchange->sent_us;
}

/* What was shown too late had been kept for that long. */
static int64_t kept_at_least_us(const struct judge *judge)
{
    return judge->staleness.max_us;
}

static void conclude_settings_honoured(const struct judge *judge, struct property_verdict *verdict)
{
    const struct claim *claim = &judge->claim;
    const int64_t timeout_us = claim->settings_timeout_us, least_us = kept_at_least_us(judge);
    const int64_t most_us = judge->kept_at_most_us, slack = slack_us(timeout_us);
    char least[LABEL_MAX], most[LABEL_MAX], timeout[LABEL_MAX];
    if (!claim->settings_known || verdict->tested == 0) {
        verdict->tested = 0;
        return;
    }
    duration_text(judge, least_us, least);
    duration_text(judge, most_us, most);
    duration_text(judge, timeout_us, timeout);
    int64_t off_us = least_us > timeout_us ? least_us - timeout_us : 0;
    if (timeout_us - most_us > off_us)
        off_us = timeout_us - most_us;
    verdict->has_worst = true;
    verdict->worst_value = (double)off_us / 1000.0;
    verdict->worst_unit = "ms";
    const bool undecided = least_us < timeout_us - slack || most_us > timeout_us + slack;
    if (off_us <= slack && undecided) {
        verdict->tested = 0;
        snprintf(verdict->cause, sizeof verdict->cause,
                 "measured were %s or more, and %s or less, for a configured timeout of %s", least,
                 most, timeout);
    }
    if (off_us <= slack)
        return;
    verdict->violations++;
    witness_add(verdict, 0, "options", 0, "resolve to a timeout of %s", timeout);
    witness_add(verdict, 0, "answers", 0, "were kept for %s or more, and %s or less", least, most);
    witness_cause(verdict, LAYER_STATISTICS_CACHE,
                  "The options resolve to a timeout of %s; measured were %s or more, and %s or "
                  "less.",
                  timeout, least, most);
}

const struct check check_settings_honoured = {
    .property = PROPERTY_SETTINGS_HONOURED,
    .untested = "the configured timeout is not known, or no snapshot was seen to come and go",
    .look = look_settings_honoured,
    .conclude = conclude_settings_honoured};
