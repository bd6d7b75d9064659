#include <inttypes.h>

#include "base/duration.h"
#include "harness/advice/findings_internal.h"

/* Rules about answers that are kept longer than those who ask would think. */

enum { BEARABLE_US = 10 * 1000000 }; /* a failure for less than this is a note */

static bool is_polled_within_timeout(const struct situation *situation)
{
    const struct load *load = situation->load;
    return load->program_count > 0 && load->poll_interval_us > 0 &&
           kept_us(situation) > load->poll_interval_us;
}

/* What switches the keeping off: there is no such value before 1.18. */
static void suggest_timeout_zero(const struct situation *situation, struct finding *finding)
{
    blame(finding, timeout_option(situation));
    if (is_since(situation, RELEASE_1_18))
        suggest_duration(finding, situation, OPTION_STATS_TIMEOUT, 0);
    else
        finding->suggested_release = flink_release_for("1.20");
}

/* Source: Flink AbstractCheckpointStatsHandler; reference 5.2. */
bool find_failures_kept(const struct situation *situation, struct finding *finding,
                        struct buffer *text)
{
    const int64_t timeout_us = kept_us(situation);
    if (!is_since(situation, RELEASE_1_18) || !is_polled_within_timeout(situation))
        return false;
    finding->severity = timeout_us > BEARABLE_US ? SEVERITY_WARNING : SEVERITY_NOTE;
    buffer_text(text, "One fetch that fails is everybody's answer for ");
    duration_name(text, timeout_us);
    buffer_text(text, "; a program that asks each ");
    duration_name(text, situation->load->poll_interval_us);
    buffer_text(text, " gets the same error again and again.");
    suggest_timeout_zero(situation, finding);
    return true;
}

bool find_not_found_remembered(const struct situation *situation, struct finding *finding,
                               struct buffer *text)
{
    if (!is_since(situation, RELEASE_1_18) || !situation->habits->asks_before_start ||
        kept_us(situation) == 0)
        return false;
    buffer_text(text, "Who asks about a job before it is submitted or while it initializes has "
                      "the error remembered: for up to ");
    duration_name(text, kept_us(situation));
    buffer_text(text, " a job that runs has no checkpoint answer.");
    suggest_timeout_zero(situation, finding);
    return true;
}

bool find_own_checkpoint_missing(const struct situation *situation, struct finding *finding,
                                 struct buffer *text)
{
    if (!situation->habits->reads_own || kept_us(situation) == 0)
        return false;
    buffer_text(text, "A program that triggers a checkpoint and reads the statistics once it is "
                      "completed can miss it for up to ");
    duration_name(text, kept_us(situation));
    buffer_text(text, ": somebody asked shortly before.");
    suggest_timeout_zero(situation, finding);
    return true;
}

bool find_polls_repeat(const struct situation *situation, struct finding *finding,
                       struct buffer *text)
{
    if (!is_polled_within_timeout(situation))
        return false;
    const int64_t poll_us = situation->load->poll_interval_us;
    const int64_t same = kept_us(situation) / poll_us + (kept_us(situation) % poll_us != 0);
    buffer_printf(text, "%" PRId64 " polls in a row, one each ", same);
    duration_name(text, poll_us);
    buffer_text(text, ", get one and the same answer, kept for ");
    duration_name(text, kept_us(situation));
    buffer_text(text, ": asking that often shows nothing sooner.");
    blame(finding, timeout_option(situation));
    suggest_duration(finding, situation, timeout_option(situation), poll_us);
    return true;
}

bool find_answers_lag(const struct situation *situation, struct finding *finding,
                      struct buffer *text)
{
    const int64_t interval_us = completion_interval_us(situation);
    if (interval_us <= 0 || situation->load->program_count == 0 || kept_us(situation) < interval_us)
        return false;
    buffer_text(text, "An answer is kept for ");
    duration_name(text, kept_us(situation));
    buffer_text(text, " and a checkpoint completes each ");
    duration_name(text, interval_us);
    buffer_printf(text, ": the latest can be %" PRId64 " checkpoints behind.",
                  kept_us(situation) / interval_us);
    blame(finding, timeout_option(situation));
    suggest_duration(finding, situation, timeout_option(situation), interval_us / 2);
    return true;
}
