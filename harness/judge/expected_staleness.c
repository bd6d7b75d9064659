#include "harness/judge/expected_staleness.h"

struct expected_entry expected_entry(int64_t timeout_us,
                                     const struct expected_completion *completions,
                                     size_t completion_count)
{
    return (struct expected_entry){
        .timeout_us = timeout_us, .completions = completions, .completion_count = completion_count};
}

static void fetch(const struct expected_entry *entry, struct expected_phase *phase, int64_t at_us)
{
    phase->fetched_us = at_us;
    while (phase->next < entry->completion_count &&
           entry->completions[phase->next].shown_us <= at_us)
        phase->next++;
}

static void fill(struct expected_entry *entry, int64_t sent_us)
{
    for (int i = 0; i < EXPECTED_PHASES; i++)
        fetch(entry, &entry->phases[i], sent_us - i * entry->timeout_us / EXPECTED_PHASES);
    entry->is_filled = true;
}

static void read_entry(const struct expected_entry *entry, struct expected_phase *phase,
                       int64_t sent_us)
{
    if (phase->next == entry->completion_count)
        return;
    const int64_t counts_us = entry->completions[phase->next].counts_us;
    if (counts_us >= sent_us)
        return;
    phase->stale++;
    phase->sum_us += (double)(sent_us - counts_us);
}

void expected_request(struct expected_entry *entry, int64_t sent_us, bool is_read)
{
    if (!entry->is_filled)
        fill(entry, sent_us);
    const bool counts =
        is_read && entry->completion_count > 0 && entry->completions[0].counts_us < sent_us;
    entry->reads += counts;
    for (int i = 0; i < EXPECTED_PHASES; i++) {
        struct expected_phase *phase = &entry->phases[i];
        if (sent_us - phase->fetched_us >= entry->timeout_us)
            fetch(entry, phase, sent_us);
        if (counts)
            read_entry(entry, phase, sent_us);
    }
}

void expected_add(struct expected_staleness *expected, const struct expected_entry *entry)
{
    double least_us = entry->phases[0].sum_us, most_us = least_us;
    expected->timeout_us = entry->timeout_us;
    expected->reads += entry->reads;
    for (int i = 0; i < EXPECTED_PHASES; i++) {
        const struct expected_phase *phase = &entry->phases[i];
        expected->stale += (double)phase->stale / EXPECTED_PHASES;
        expected->sum_us += phase->sum_us / EXPECTED_PHASES;
        least_us = phase->sum_us < least_us ? phase->sum_us : least_us;
        most_us = phase->sum_us > most_us ? phase->sum_us : most_us;
    }
    expected->least_sum_us += least_us;
    expected->most_sum_us += most_us;
}
