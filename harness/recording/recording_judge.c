#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/judge/judge.h"
#include "harness/recording/recording_internal.h"

/* How long after a checkpoint's last acknowledgement its completion has certainly ended: the
 * JobManager writes metadata and drops older checkpoints first. Up to 51 ms were seen. */
enum { FINALISATION_MARGIN_US = 250 * 1000 };

/* "1.17.2" -> 1017. 0 for text that does not begin with two numbers. */
static unsigned long version_number(const char *version)
{
    char *end;
    unsigned long major = strtoul(version, &end, 10);
    if (end == version || *end != '.' || major > 999)
        return 0;
    const char *rest = end + 1;
    unsigned long minor = strtoul(rest, &end, 10);
    return end == rest || minor > 999 ? 0 : 1000 * major + minor;
}

/*
 * The age that the documented options promise. From 2.1 on the statistics cache does not follow
 * the refresh interval's old name. Source: reference section 6 (PR #26349) and section 13.
 */
static int64_t promised_age_us(const struct settings *settings, unsigned long version)
{
    struct settings defaults;
    settings_default(&defaults);
    if (version > 0 && version < 1018)
        return settings->refresh_interval_us;
    if (version >= 2001 && !settings->stats_timeout_given && settings->refresh_interval_by_old_name)
        return defaults.stats_timeout_us;
    return settings_stats_timeout_us(settings);
}

void recording_own_claim(const struct recording *recording, struct claim *claim)
{
    const struct settings *settings = &recording->settings;
    unsigned long version = version_number(recording->flink_version);
    bool graph_timeout = version >= 2003 && settings->graph_timeout_given;
    *claim = (struct claim){
        .bound_us = promised_age_us(settings, version),
        .refresh_interval_us =
            graph_timeout ? settings->graph_timeout_us : settings->refresh_interval_us,
        .in_flight_max = INT64_MAX, /* the gateway's calls are not seen */
        .margin_us = FINALISATION_MARGIN_US,
    };
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        claim->claimed[i] = i != PROPERTY_RESTORE_WINDOW;
}

/* A completion on its way to the judge. */
struct due_fact {
    int64_t at_us;
    const struct recorded_completion *completion;
    const char *evidence;
};

/*
 * When a completion is taken to have ended: the margin after its last acknowledgement, or the
 * arrival of the first answer that showed it, whichever was earlier.
 */
static void due_fact_of(const struct recording *recording, const struct claim *claim,
                        const struct recorded_completion *completion, struct due_fact *due)
{
    int64_t at_us;
    *due = (struct due_fact){completion->shown_us, completion, "seen in an earlier answer"};
    if (__builtin_mul_overflow(completion->latest_ack_ms, INT64_C(1000), &at_us) ||
        __builtin_sub_overflow(at_us, recording->time0_us, &at_us) ||
        __builtin_add_overflow(at_us, claim->margin_us, &at_us) || at_us >= completion->shown_us)
        return;
    due->at_us = at_us;
    due->evidence = claim->margin_us == FINALISATION_MARGIN_US ? "latest_ack_timestamp + 250 ms"
                                                               : "latest_ack_timestamp + margin";
}

static int earlier_due(const void *left, const void *right)
{
    const struct due_fact *a = left, *b = right;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    int jobs = id_compare(a->completion->job, b->completion->job);
    if (jobs != 0)
        return jobs;
    return a->completion->checkpoint < b->completion->checkpoint ? -1 : 1;
}

static bool feed_fact(struct judge *judge, const struct due_fact *due)
{
    const struct recorded_completion *completion = due->completion;
    const struct fact fact = {
        .kind = FACT_COMPLETED,
        .at_us = due->at_us,
        .job = completion->job,
        .checkpoint = completion->checkpoint,
        .trigger_ms = completion->trigger_ms,
        .path = completion->path,
        .evidence = due->evidence,
        .seq = completion->shown_seq,
    };
    return judge_fact(judge, &fact);
}

static bool feed_exchange(struct judge *judge, const struct recording *recording,
                          const struct recorded_exchange *recorded)
{
    const char *client =
        recorded->client == SIZE_MAX ? NULL : recording->clients.texts[recorded->client];
    const struct exchange exchange = {
        .seq = recorded->seq,
        .client = client,
        .client_index = recorded->client,
        .path = recorded->path,
        .target = recording->targets.texts[recorded->target],
        .job = recorded->job,
        .checkpoint = recorded->checkpoint,
        .sent_us = recorded->sent_us,
        .done_us = recorded->done_us,
        .left_us = recorded->sent_us,
        .bound_us = -1,
        .status = recorded->status,
        .seen = &recording->observations[recorded->seen].seen,
        .seen_serial = recorded->seen + 1,
    };
    return judge_exchange(judge, &exchange);
}

/* Both lists are in order of time; at one instant facts go first, as the judge wants them. */
static bool feed(struct judge *judge, const struct recording *recording,
                 const struct due_fact *facts)
{
    size_t next_fact = 0;
    for (size_t i = 0; i < recording->exchange_count; i++) {
        const struct recorded_exchange *exchange = &recording->exchanges[i];
        for (;
             next_fact < recording->completion_count && facts[next_fact].at_us <= exchange->done_us;
             next_fact++) {
            if (!feed_fact(judge, &facts[next_fact]))
                return false;
        }
        if (!feed_exchange(judge, recording, exchange))
            return false;
    }
    return true;
}

/* The judge knows completions with their margin, and some only from triggers; the lag is told from
 * acknowledgements alone, so that it can be compared between recordings. */
static void tell_worst_lag(struct judgement *judgement, int64_t worst_us)
{
    enum property own = judgement->claim.bound_us > 0 ? PROPERTY_BOUNDED_AGE : PROPERTY_FRESH;
    struct property_verdict *verdict = &judgement->properties[own];
    if (worst_us < 0 || verdict->verdict == VERDICT_UNKNOWN)
        return;
    verdict->has_worst = true;
    verdict->worst_value = (double)worst_us / 1000;
    verdict->worst_unit = "ms";
}

bool recording_judge(const struct recording *recording, const struct claim *claim,
                     struct judgement *judgement)
{
    bool judged = false;
    int64_t worst_us;
    size_t count = recording->completion_count;
    struct judge *judge = judge_new(claim);
    struct due_fact *facts = calloc(count ? count : 1, sizeof(*facts));
    if (!judge || !facts || !recording_worst_lag(recording, &worst_us))
        goto out;
    for (size_t i = 0; i < count; i++)
        due_fact_of(recording, claim, &recording->completions[i], &facts[i]);
    qsort(facts, count, sizeof(*facts), earlier_due);
    judged = feed(judge, recording, facts);
    if (judged) {
        judge_verdicts(judge, judgement);
        tell_worst_lag(judgement, worst_us);
    }
out:
    free(facts);
    judge_free(judge);
    return judged;
}
