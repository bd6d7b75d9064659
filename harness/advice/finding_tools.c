#include <inttypes.h>
#include <stdio.h>

#include "harness/advice/findings_internal.h"

int64_t number_of(const struct situation *situation, enum flink_option option)
{
    return situation->effective->values[option].number;
}

bool is_since(const struct situation *situation, enum release release)
{
    return release_number(situation->effective->version) >= release;
}

int64_t kept_us(const struct situation *situation)
{
    const struct effective_value *size = &situation->effective->values[OPTION_STATS_SIZE];
    return size->exists && size->number == 0 ? 0 : number_of(situation, OPTION_STATS_TIMEOUT);
}

enum flink_option timeout_option(const struct situation *situation)
{
    return is_since(situation, RELEASE_1_18) ? OPTION_STATS_TIMEOUT : OPTION_REFRESH_INTERVAL;
}

enum flink_option graph_timeout_option(const struct situation *situation)
{
    return is_since(situation, RELEASE_2_3) ? OPTION_GRAPH_TIMEOUT : OPTION_REFRESH_INTERVAL;
}

/* Source: Flink CheckpointCoordinator: a trigger waits for the interval and for the pause. */
int64_t completion_interval_us(const struct situation *situation)
{
    if (situation->load->completion_interval_us > 0)
        return situation->load->completion_interval_us;
    const int64_t interval_us = number_of(situation, OPTION_INTERVAL);
    const int64_t pause_us = number_of(situation, OPTION_MIN_PAUSE);
    if (interval_us <= 0)
        return 0;
    return interval_us > pause_us ? interval_us : pause_us;
}

int64_t us_add(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

int64_t us_times(int64_t us, int64_t count)
{
    return count > 0 && us > INT64_MAX / count ? INT64_MAX : us * count;
}

void blame(struct finding *finding, enum flink_option option)
{
    if (finding->option_count < FINDING_OPTIONS_MAX)
        finding->options[finding->option_count++] = option;
}

void suggest_text(struct finding *finding, const struct situation *situation,
                  enum flink_option option, const char *value)
{
    finding->suggested_key = flink_option_key(option, situation->effective->version);
    snprintf(finding->suggested_value, sizeof finding->suggested_value, "%s", value);
}

void suggest_number(struct finding *finding, const struct situation *situation,
                    enum flink_option option, int64_t number)
{
    char text[SUGGESTED_LENGTH_MAX];
    snprintf(text, sizeof text, "%" PRId64, number);
    suggest_text(finding, situation, option, text);
}

void duration_value(const char *release, enum flink_option option, int64_t us,
                    char text[SUGGESTED_LENGTH_MAX])
{
    const struct option_row *row = option_row(option, release_number(release));
    const int64_t ms = us / 1000 + (us % 1000 != 0), s = ms / 1000 + (ms % 1000 != 0);
    if (row && row->type == TYPE_LONG_S)
        snprintf(text, SUGGESTED_LENGTH_MAX, "%" PRId64, s);
    else if (row && row->type == TYPE_LONG_MS)
        snprintf(text, SUGGESTED_LENGTH_MAX, "%" PRId64, ms);
    else if (ms % 1000 == 0)
        snprintf(text, SUGGESTED_LENGTH_MAX, "%" PRId64 " s", ms / 1000);
    else
        snprintf(text, SUGGESTED_LENGTH_MAX, "%" PRId64 " ms", ms);
}

void suggest_duration(struct finding *finding, const struct situation *situation,
                      enum flink_option option, int64_t us)
{
    char text[SUGGESTED_LENGTH_MAX];
    duration_value(situation->effective->version, option, us, text);
    suggest_text(finding, situation, option, text);
}
