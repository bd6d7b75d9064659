#include "harness/advice/compare.h"

#include <inttypes.h>
#include <string.h>

#include "base/duration.h"

static bool amounts_to_something(enum flink_option option)
{
    return option == OPTION_STATS_TIMEOUT || option == OPTION_GRAPH_TIMEOUT;
}

bool compare_differs(const struct compared *before, const struct compared *after,
                     enum flink_option option)
{
    const struct effective_value *old = &before->effective->values[option];
    const struct effective_value *new = &after->effective->values[option];
    if (old->refusal || new->refusal)
        return !old->refusal || !new->refusal || strcmp(old->refusal, new->refusal) != 0;
    return ((old->exists && new->exists) || amounts_to_something(option)) &&
           old->number != new->number;
}

void compare_values(const struct compared *before, const struct compared *after,
                    enum flink_option option, struct buffer *out)
{
    effective_value_print(option, &before->effective->values[option], out);
    buffer_text(out, " to ");
    effective_value_print(option, &after->effective->values[option], out);
}

static void put_place(const struct config_entry *entry, struct buffer *out)
{
    buffer_text(out, entry->source);
    if (entry->line > 0)
        buffer_printf(out, ":%u", entry->line);
}

/* How a value that was set comes about. */
static void put_origin(const struct effective_value *value, struct buffer *out)
{
    put_place(value->entry, out);
    if (value->origin == VALUE_SET)
        buffer_text(out, " sets it");
    else
        buffer_printf(out, " sets %s, %s", value->key,
                      value->origin == VALUE_BY_FALLBACK ? "which it follows" : "its old name");
}

static bool is_same_entry(const struct config_entry *a, const struct config_entry *b)
{
    return a && b && strcmp(a->key, b->key) == 0 && strcmp(a->value, b->value) == 0;
}

/* Of an option that has come since: its default counts, or it would follow another. */
static void put_own_option(const struct compared *before, const struct compared *after,
                           struct buffer *out)
{
    const struct effective_value *refresh = &after->effective->values[OPTION_REFRESH_INTERVAL];
    buffer_printf(out, "Flink %s had no such option and took the refresh interval, and %s has one",
                  before->effective->version, after->effective->version);
    if (refresh->origin == VALUE_BY_DEPRECATED)
        buffer_printf(out, ", which does not follow %s", refresh->key);
}

/* Nobody sets it now. */
static void put_default(const struct compared *before, const struct compared *after,
                        const struct effective_value *old, struct buffer *out)
{
    if (!old->exists)
        put_own_option(before, after, out);
    else if (old->entry && old->origin != VALUE_SET &&
             strcmp(before->effective->version, after->effective->version) != 0)
        buffer_printf(out, "Flink %s does not follow %s here, and takes its default",
                      after->effective->version, old->key);
    else
        buffer_text(out, "nothing sets it now, and the default counts");
}

void compare_reason(const struct compared *before, const struct compared *after,
                    enum flink_option option, struct buffer *out)
{
    const struct effective_value *old = &before->effective->values[option];
    const struct effective_value *new = &after->effective->values[option];
    if (new->refusal)
        buffer_printf(out, "Flink %s says: %s", after->effective->version, new->refusal);
    else if (!new->exists)
        buffer_printf(out, "Flink %s has no such option, and takes the refresh interval",
                      after->effective->version);
    else if (!new->entry)
        put_default(before, after, old, out);
    else if (is_same_entry(old->entry, new->entry))
        buffer_printf(out, "Flink %s reads '%s' another way", after->effective->version,
                      new->entry->value);
    else
        put_origin(new, out);
}

/* What users see of an option, with the old and the new value in it. NULL: nothing by itself. */
static const char *const seen[OPTION_COUNT] = {
    [OPTION_REFRESH_INTERVAL] = "Dashboards ask each %s instead of each %s.",
    [OPTION_STATS_TIMEOUT] = "Programs get checkpoint statistics up to %s old instead of up to %s.",
    [OPTION_GRAPH_TIMEOUT] = "Job pages show what is up to %s old instead of up to %s.",
    [OPTION_CALL_TIMEOUT] = "A call of the JobManager is given up after %s instead of after %s.",
    [OPTION_HISTORY] = "Answers list up to %s checkpoints instead of %s.",
    [OPTION_RETAINED] =
        "The number of checkpoints retained is %s instead of %s: paths live accordingly.",
    [OPTION_RETENTION] = "What is left of a job that has ended: %s instead of %s.",
    [OPTION_INTERVAL] = "A checkpoint is triggered each %s instead of each %s.",
    [OPTION_STORE_DURATION] = "A trigger's status can be asked for during %s instead of %s.",
    [OPTION_JOBSTORE_EXPIRATION] = "Jobs that have ended are known for %s instead of %s.",
};

static void put_text(enum flink_option option, const struct effective_value *value,
                     struct buffer *text)
{
    effective_value_print(option, value, text);
    buffer_char(text, '\0');
}

void compare_consequence(const struct compared *before, const struct compared *after,
                         enum flink_option option, struct buffer *out)
{
    const struct effective_value *new = &after->effective->values[option];
    struct buffer old_text = {0}, new_text = {0};
    if (new->refusal) {
        buffer_text(out, new->refused_by == REFUSED_AT_START ? "The JobManager does not start."
                                                             : "No job can be submitted.");
        return;
    }
    if (!seen[option] || before->effective->values[option].refusal)
        return;
    put_text(option, &before->effective->values[option], &old_text);
    put_text(option, new, &new_text);
    if (old_text.failed || new_text.failed)
        out->failed = true;
    else
        buffer_printf(out, seen[option], new_text.bytes, old_text.bytes);
    buffer_free(&old_text);
    buffer_free(&new_text);
}

bool findings_have(const struct findings *findings, const struct finding_rule *rule)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].rule == rule)
            return true;
    }
    return false;
}
