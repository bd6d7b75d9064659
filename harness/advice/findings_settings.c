#include <string.h>

#include "base/duration.h"
#include "harness/advice/findings_internal.h"
#include "harness/flink_config/option_value.h"

/* Rules about settings that are refused, or that do not do what they say in this release. */

enum { STANDARD_US = 3000000, MILLISECOND_US = 1000 };

static const char new_enough[] = "1.20";

/* What was meant by a text where the release wants a number: its milliseconds. */
static void suggest_readable(const struct situation *situation, struct finding *finding,
                             enum flink_option option)
{
    const struct effective_value *value = &situation->effective->values[option];
    const struct option_row *row =
        option_row(option, release_number(situation->effective->version));
    int64_t us;
    if (row->type == TYPE_LONG_MS && value->text &&
        !duration_parse(value->text, strlen(value->text), &us) && us >= row->least && us > 0)
        suggest_duration(finding, situation, option, us);
    else if (row->standard)
        suggest_text(finding, situation, option, row->standard);
    else
        suggest_duration(finding, situation, option, STANDARD_US);
    finding->suggested_key = value->key;
}

bool find_refused(const struct situation *situation, struct finding *finding, struct buffer *text)
{
    const struct effective *effective = situation->effective;
    size_t refused = 0;
    while (refused < OPTION_COUNT && !effective->values[refused].refusal)
        refused++;
    if (refused == OPTION_COUNT)
        return false;
    const struct effective_value *value = &effective->values[refused];
    buffer_printf(text, "Flink %s %s: %s", effective->version,
                  value->refused_by == REFUSED_AT_START ? "does not start" : "refuses each job",
                  value->refusal);
    blame(finding, (enum flink_option)refused);
    suggest_readable(situation, finding, (enum flink_option)refused);
    return true;
}

/* A duration that was written for an option which this release does not know. */
static bool unknown_duration(const struct situation *situation, enum flink_option option,
                             struct finding *finding, int64_t *us)
{
    const char *version = situation->effective->version;
    if (situation->effective->values[option].exists)
        return false;
    finding->entry =
        effective_entry(situation->entries, version, flink_option_key(option, version));
    return finding->entry &&
           option_value_read(TYPE_DURATION, release_number(version), finding->entry->value, us);
}

/* Whatever such an option was for, the refresh interval does it instead. */
static bool refresh_does_instead(const struct situation *situation, struct finding *finding,
                                 int64_t wanted_us, const char *release, struct buffer *text)
{
    const int64_t refresh_us = number_of(situation, OPTION_REFRESH_INTERVAL);
    if (wanted_us == refresh_us)
        return false;
    buffer_printf(text, "Flink %s knows no %s: answers are kept for the refresh interval of ",
                  situation->effective->version, finding->entry->key);
    duration_name(text, refresh_us);
    buffer_text(text, ", not for ");
    duration_name(text, wanted_us);
    buffer_char(text, '.');
    blame(finding, OPTION_REFRESH_INTERVAL);
    if (wanted_us >= MILLISECOND_US)
        suggest_duration(finding, situation, OPTION_REFRESH_INTERVAL, wanted_us);
    else
        finding->suggested_release = flink_release_for(release);
    return true;
}

bool find_timeout_unknown(const struct situation *situation, struct finding *finding,
                          struct buffer *text)
{
    int64_t wanted_us;
    return unknown_duration(situation, OPTION_STATS_TIMEOUT, finding, &wanted_us) &&
           refresh_does_instead(situation, finding, wanted_us, new_enough, text);
}

bool find_graph_timeout_unknown(const struct situation *situation, struct finding *finding,
                                struct buffer *text)
{
    int64_t wanted_us;
    return unknown_duration(situation, OPTION_GRAPH_TIMEOUT, finding, &wanted_us) &&
           refresh_does_instead(situation, finding, wanted_us, "2.3", text);
}

/* Source: apache/flink#26349; reference section 6. */
bool find_old_name_not_followed(const struct situation *situation, struct finding *finding,
                                struct buffer *text)
{
    const struct effective_value *refresh = &situation->effective->values[OPTION_REFRESH_INTERVAL];
    const struct effective_value *timeout = &situation->effective->values[OPTION_STATS_TIMEOUT];
    if (!is_since(situation, RELEASE_2_1) || timeout->origin != VALUE_DEFAULT ||
        refresh->origin != VALUE_BY_DEPRECATED || refresh->number == timeout->number)
        return false;
    buffer_printf(text, "%s sets the refresh interval to ", refresh->key);
    duration_name(text, refresh->number);
    buffer_text(text, ", but since 2.1 the timeout of checkpoint statistics does not follow that "
                      "old name: it is ");
    duration_name(text, timeout->number);
    buffer_char(text, '.');
    blame(finding, OPTION_REFRESH_INTERVAL);
    blame(finding, OPTION_STATS_TIMEOUT);
    suggest_duration(finding, situation, OPTION_STATS_TIMEOUT, refresh->number);
    return true;
}

/* An entry under an option's old name that says something else than the new name, which counts. */
static const struct config_entry *hidden_entry(const struct situation *situation,
                                               enum flink_option option, int64_t *number)
{
    const struct effective_value *value = &situation->effective->values[option];
    const enum release release = release_number(situation->effective->version);
    const struct option_row *row = option_row(option, release);
    if (!row || row->other.origin != VALUE_BY_DEPRECATED || value->origin != VALUE_SET)
        return NULL;
    const struct config_entry *entry =
        effective_entry(situation->entries, situation->effective->version, row->other.key);
    if (!entry || !option_value_read(row->other.type, release, entry->value, number) ||
        *number == value->number)
        return NULL;
    return entry;
}

/* What an entry that does not count says of an option, and which entry that is; NULL: there is none. */
typedef const struct config_entry *idle_entry(const struct situation *situation,
                                              enum flink_option option, int64_t *number);

/* The first option of which there is one. */
static bool find_entry(const struct situation *situation, idle_entry *look, struct finding *finding,
                       enum flink_option *option, int64_t *number)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        *option = (enum flink_option)i;
        finding->entry = look(situation, *option, number);
        if (finding->entry)
            return true;
    }
    return false;
}

static void blame_and_suggest(struct finding *finding, const struct situation *situation,
                              enum flink_option option, int64_t number)
{
    blame(finding, option);
    if (flink_option_kind(option) == OPTION_DURATION)
        suggest_duration(finding, situation, option, number);
    else
        suggest_number(finding, situation, option, number);
}

bool find_old_name_hidden(const struct situation *situation, struct finding *finding,
                          struct buffer *text)
{
    int64_t number = 0;
    enum flink_option option;
    if (!find_entry(situation, hidden_entry, finding, &option, &number))
        return false;
    const struct effective_value *value = &situation->effective->values[option];
    buffer_printf(text, "%s: %s is an old name of %s, which is given too and counts: %s.",
                  finding->entry->key, finding->entry->value, value->key, value->text);
    blame_and_suggest(finding, situation, option, number);
    return true;
}

/* Whether the release looks for an option by this key. */
static bool is_read_by(const struct option_row *row, const char *key)
{
    return strcmp(row->key, key) == 0 || (row->other.key && strcmp(row->other.key, key) == 0);
}

/* What an entry would come to under the name that the release knows; false: to nothing that it
 * takes. */
static bool read_early(const struct option_row *row, const struct option_row *later,
                       enum release release, const char *value, int64_t *number)
{
    if (!option_value_read(later->type, release, value, number))
        return false;
    if (row->option == OPTION_RETAINED && *number < 1)
        *number = 1; /* as Flink reads it: see mend_retained() */
    return *number >= row->least;
}

/* An entry under the name that an option has in a later release only, and which says something else
 * than what counts in this one. */
static const struct config_entry *early_entry(const struct situation *situation,
                                              enum flink_option option, int64_t *number)
{
    const char *version = situation->effective->version;
    const enum release here = release_number(version);
    const struct option_row *row = option_row(option, here);
    for (unsigned i = here + 1; row && i < RELEASE_COUNT; i++) {
        const struct option_row *later = option_row(option, (enum release)i);
        if (!later || is_read_by(row, later->key))
            continue;
        const struct config_entry *entry = effective_entry(situation->entries, version, later->key);
        if (entry && read_early(row, later, (enum release)i, entry->value, number) &&
            *number != number_of(situation, option))
            return entry;
    }
    return NULL;
}

bool find_new_name_unknown(const struct situation *situation, struct finding *finding,
                           struct buffer *text)
{
    int64_t number = 0;
    enum flink_option option;
    if (!find_entry(situation, early_entry, finding, &option, &number))
        return false;
    const struct effective_value *value = &situation->effective->values[option];
    buffer_printf(text, "Flink %s knows no %s: %s there does nothing, and %s is ",
                  situation->effective->version, finding->entry->key, finding->entry->value,
                  flink_option_key(option, situation->effective->version));
    effective_value_print(option, value, text);
    buffer_char(text, '.');
    blame_and_suggest(finding, situation, option, number);
    return true;
}

/* Source: Flink RestHandlerConfiguration.fromConfiguration; apache/flink#22901. */
bool find_refresh_governs_programs(const struct situation *situation, struct finding *finding,
                                   struct buffer *text)
{
    const struct effective_value *timeout = &situation->effective->values[OPTION_STATS_TIMEOUT];
    if (!is_since(situation, RELEASE_1_18) || situation->load->program_count == 0 ||
        timeout->origin != VALUE_BY_FALLBACK || timeout->number <= STANDARD_US)
        return false;
    buffer_printf(text, "%s, which is for dashboards, has programs get answers up to ",
                  timeout->key);
    duration_name(text, timeout->number);
    buffer_text(text, " old, too: the timeout of checkpoint statistics follows it unless set.");
    blame(finding, OPTION_STATS_TIMEOUT);
    suggest_duration(finding, situation, OPTION_STATS_TIMEOUT, STANDARD_US);
    return true;
}

/* Source: FLINK-32469. */
bool find_one_cache_for_both(const struct situation *situation, struct finding *finding,
                             struct buffer *text)
{
    if (is_since(situation, RELEASE_1_18) || situation->load->program_count == 0)
        return false;
    buffer_printf(text,
                  "Flink %s answers programs from the dashboard's cache: each fetch builds an "
                  "execution graph of the whole job, and answers are up to ",
                  situation->effective->version);
    duration_name(text, number_of(situation, OPTION_REFRESH_INTERVAL));
    buffer_text(text, " old. No setting changes that.");
    blame(finding, OPTION_REFRESH_INTERVAL);
    finding->suggested_release = flink_release_for(new_enough);
    return true;
}
