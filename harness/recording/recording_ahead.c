#include <inttypes.h>

#include "harness/recording/recording_internal.h"

/* What the first reading takes from each exchange before the judge may see the first one. */

enum {
    /* More jobs than this would take the judge gigabytes. */
    JOB_COUNT_MAX = 100000,
    /* Threads that write one file may come to it this late. */
    LATE_MAX_US = 100 * 1000,
};

static void note_order(struct recording *recording, const struct recorded_exchange *exchange)
{
    const int64_t done_us = exchange->order.done_us;
    if (recording->exchange_count++ == 0 || done_us > recording->newest_us)
        recording->newest_us = done_us;
    if (recording->newest_us - done_us > recording->lateness_us)
        recording->lateness_us = recording->newest_us - done_us;
    if (done_us - exchange->sent_us > recording->longest_us)
        recording->longest_us = done_us - exchange->sent_us;
}

/*
 * Numbers rise with time, whether they are given when a request is sent or when it is answered. So
 * one that was answered before another with a smaller number was sent shows a clock that went back.
 */
static bool clock_went_back(struct recording *recording, const struct recorded_exchange *exchange,
                            const struct look_ahead *look)
{
    struct line_order *sent = &recording->latest_sent;
    if (recording->exchange_count > 0 && exchange->order.seq > sent->seq &&
        exchange->order.done_us < sent->done_us - LATE_MAX_US) {
        complaints_add(look->complaints, look->line_number, 0,
                       "it was answered %.3f ms before exchange %" PRIu64
                       " was sent, which has a smaller number: the clock went back",
                       (double)(sent->done_us - exchange->order.done_us) / 1000, sent->seq);
        return true;
    }
    if (recording->exchange_count == 0 || exchange->sent_us > sent->done_us)
        *sent = (struct line_order){exchange->sent_us, exchange->order.seq, 0};
    return false;
}

static enum recording_line note_job(struct recording *recording,
                                    const struct recorded_exchange *exchange,
                                    const struct look_ahead *look)
{
    size_t known;
    struct digest digest = digest_start();
    digest_add_number(&digest, exchange->job.high);
    digest_add_number(&digest, exchange->job.low);
    if (digest_table_find(&recording->jobs, digest, &known))
        return LINE_EXCHANGE;
    if (recording->jobs.count == JOB_COUNT_MAX) {
        complaints_add(look->complaints, look->line_number, 0,
                       "it asks for one job more than %d, which are all that can be judged at once",
                       JOB_COUNT_MAX);
        return LINE_DAMAGED;
    }
    return digest_table_put(&recording->jobs, digest, recording->jobs.count) ? LINE_EXCHANGE
                                                                             : LINE_NO_MEMORY;
}

enum recording_line recording_look_ahead(struct recording *recording,
                                         const struct recorded_exchange *exchange,
                                         const struct look_ahead *look)
{
    const enum recording_line job = note_job(recording, exchange, look);
    if (job != LINE_EXCHANGE)
        return job;
    if (clock_went_back(recording, exchange, look))
        return LINE_DAMAGED;
    note_order(recording, exchange);
    recording_note_clock(recording, exchange);
    return recording_conclude(recording, exchange) ? LINE_EXCHANGE : LINE_NO_MEMORY;
}
