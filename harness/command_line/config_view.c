#include "harness/command_line/config_view.h"

#include <string.h>

#include "harness/flink_config/known_options.h"

bool config_view_init(struct config_view *view, const struct config_entries *entries,
                      const char *release)
{
    *view = (struct config_view){.entries = entries};
    for (const char *const *name = flink_releases(); *name; name++) {
        if (strcmp(*name, release) == 0)
            view->chosen = view->release_count;
        if (view->release_count == RELEASES_MAX ||
            !effective_resolve(&view->releases[view->release_count], entries, *name)) {
            config_view_free(view);
            return false;
        }
        view->release_count++;
    }
    return true;
}

void config_view_free(struct config_view *view)
{
    for (size_t i = 0; i < view->release_count; i++)
        effective_free(&view->releases[i]);
    view->release_count = 0;
}

static bool starts(const struct effective *effective)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (effective->values[i].refusal && effective->values[i].refused_by == REFUSED_AT_START)
            return false;
    }
    return true;
}

/* Of an option that one of the two does not know, what counts is what it amounts to; of a release
 * that does not start, only why. */
bool config_view_differs(const struct config_view *view, size_t release, enum flink_option option)
{
    const struct effective_value *here = &view->releases[view->chosen].values[option];
    const struct effective_value *there = &view->releases[release].values[option];
    if (here->refusal || there->refusal)
        return !here->refusal || !there->refusal || strcmp(here->refusal, there->refusal) != 0;
    if (!starts(&view->releases[view->chosen]) || !starts(&view->releases[release]))
        return false;
    const bool both = here->exists && there->exists;
    const bool amounts = option == OPTION_STATS_TIMEOUT || option == OPTION_GRAPH_TIMEOUT;
    return (both || amounts) && here->number != there->number;
}

static bool is_read(const struct effective *effective, const struct config_entry *entry)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (effective->values[i].entry == entry)
            return true;
    }
    return false;
}

static bool note_unknown(const struct config_entry *entry, struct buffer *sentence)
{
    const char *nearest = known_option_nearest(entry->key);
    if (!nearest)
        return false;
    buffer_printf(sentence, "`%s` is no option of Flink; did you mean `%s`?", entry->key, nearest);
    return true;
}

/* The option whose value is read by another key than this one, which stands there for it too. */
static const struct effective_value *hidden_by(const struct config_view *view,
                                               const struct config_entry *entry)
{
    struct config_entries alone = {.items = (struct config_entry *)(uintptr_t)entry,
                                   .count = 1,
                                   .sources = view->entries->sources,
                                   .source_count = view->entries->source_count};
    struct effective effective;
    const struct effective *chosen = &view->releases[view->chosen];
    const struct effective_value *found = NULL;
    if (!effective_resolve(&effective, &alone, chosen->version))
        return NULL;
    for (size_t i = 0; i < OPTION_COUNT && !found; i++) {
        if (effective.values[i].entry)
            found = &chosen->values[i];
    }
    effective_free(&effective);
    return found && found->entry ? found : NULL;
}

bool config_view_note(const struct config_view *view, const struct config_entry *entry,
                      struct buffer *sentence)
{
    const struct effective *chosen = &view->releases[view->chosen];
    const struct known_option *known = known_option_find(entry->key);
    if (!known)
        return note_unknown(entry, sentence);
    if (entry->superseded) {
        buffer_printf(sentence, "`%s` is given again further on, and that counts", entry->key);
        return true;
    }
    const bool spans = strcmp(known_option_first(known), known_option_last(known)) != 0;
    if (!known_option_is_in(known, chosen->version)) {
        buffer_printf(sentence,
                      "`%s` does nothing in Flink %s, which does not know it (known in %s%s%s)",
                      entry->key, chosen->version, known_option_first(known), spans ? " to " : "",
                      spans ? known_option_last(known) : "");
        return true;
    }
    const struct effective_value *other = is_read(chosen, entry) ? NULL : hidden_by(view, entry);
    if (!other)
        return false;
    buffer_printf(sentence, "`%s` does nothing here: `%s` of %s goes before it", entry->key,
                  other->key, other->entry->source);
    return true;
}
