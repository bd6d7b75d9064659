#include "harness/recording/recording_internal.h"

/* Where in the file the exchanges are that a verdict rests on. */

struct wanted_lines {
    uint64_t seqs[PROPERTY_COUNT]; /* 0: none */
    size_t *lines;
    size_t missing;
};

/* False ends the reading: all were found. */
static bool note_line(void *context, const struct recorded_exchange *exchange)
{
    struct wanted_lines *wanted = context;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (wanted->seqs[i] == 0 || wanted->lines[i] > 0 || wanted->seqs[i] != exchange->order.seq)
            continue;
        wanted->lines[i] = exchange->order.line;
        wanted->missing--;
    }
    return wanted->missing > 0;
}

static uint64_t last_exchange(const struct property_verdict *verdict)
{
    for (size_t i = verdict->witness_count; i > 0; i--) {
        if (verdict->witness[i - 1].seq != 0)
            return verdict->witness[i - 1].seq;
    }
    return 0;
}

void recording_find_lines(struct recording *recording, const struct judgement *judgement,
                          size_t lines[PROPERTY_COUNT])
{
    struct wanted_lines wanted = {.lines = lines};
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &judgement->properties[i];
        lines[i] = 0;
        if (judgement->claim.claimed[i] && verdict->verdict == VERDICT_FAIL)
            wanted.seqs[i] = last_exchange(verdict);
        wanted.missing += wanted.seqs[i] != 0;
    }
    /* A place that is not found, for lack of memory too, is only not told. */
    if (wanted.missing > 0)
        (void)recording_each(recording, note_line, &wanted);
}
