#include <stdlib.h>
#include <string.h>

#include "harness/recording/recording_internal.h"

enum { VERSION_NEWEST = 2003 };

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

void recording_tell_version(const struct recording *recording, struct complaints *complaints)
{
    const unsigned long version = version_number(recording->flink_version);
    if (strcmp(recording->flink_version, "unknown") == 0)
        return; /* as an archive may be; whoever made it so was asked */
    if (version == 0)
        complaints_add(complaints, 0, 0,
                       "\"%s\" is no version of Flink: the claim is that of 1.18 to 2.0",
                       recording->flink_version);
    else if (version > VERSION_NEWEST)
        complaints_add(complaints, 0, 0,
                       "Flink %s is newer than 2.3, the last version that is known: the claim is "
                       "that of 2.3",
                       recording->flink_version);
}

/* Source: reference section 5 (FLINK-32469: a cache for statistics alone since 1.18). */
static bool shares_cache(unsigned long version)
{
    return version > 0 && version < 1018;
}

bool recording_shares_cache(const struct recording *recording)
{
    return shares_cache(version_number(recording->flink_version));
}

/*
 * The age that the documented options promise. From 2.1 on the statistics cache does not follow
 * the refresh interval's old name. Source: reference section 6 (PR #26349) and section 13.
 */
static int64_t promised_age_us(const struct settings *settings, unsigned long version)
{
    struct settings defaults;
    settings_default(&defaults);
    if (shares_cache(version))
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
        .margin_us = recording_margin_us(recording),
        .settings_known = true,
        .settings_timeout_us = promised_age_us(settings, version),
        .stats_entry_count_max = settings->stats_entry_count_max,
        .detail_entry_count_max = settings->history_count_max,
    };
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        claim->claimed[i] = i != PROPERTY_RESTORE_WINDOW && i != PROPERTY_CONVERGES &&
                            i != PROPERTY_RIGHT_RESTORE && /* nobody tells what was decided */
                            i != PROPERTY_WELL_BEHAVED;
}
