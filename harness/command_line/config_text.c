#include <string.h>

#include "harness/command_line/config_view.h"

enum { KEY_WIDTH = 57, VALUE_WIDTH = 27 };

static void put_place(const struct config_entry *entry, struct buffer *out)
{
    buffer_text(out, entry->source);
    if (entry->line > 0)
        buffer_printf(out, ":%u", entry->line);
}

static void put_origin(const struct effective_value *value, struct buffer *out)
{
    if (!value->entry) {
        buffer_text(out, value->exists ? "default" : "this release has no such option");
        return;
    }
    put_place(value->entry, out);
    if (value->origin == VALUE_BY_DEPRECATED)
        buffer_printf(out, ", by its old name %s", value->entry->key);
    if (value->origin == VALUE_BY_FALLBACK)
        buffer_printf(out, ", follows %s", value->entry->key);
}

static void put_row(enum flink_option option, const struct effective_value *value,
                    const char *release, struct buffer *out)
{
    struct buffer shown = {0};
    effective_value_print(option, value, &shown);
    buffer_char(&shown, '\0');
    buffer_printf(out, "  %-*s %-*s ", KEY_WIDTH, flink_option_key(option, release), VALUE_WIDTH,
                  shown.failed ? "" : shown.bytes);
    out->failed |= shown.failed;
    buffer_free(&shown);
    put_origin(value, out);
    buffer_char(out, '\n');
}

/* The options, and what they amount to where the release knows no such option. */
static void put_values(const struct config_view *view, struct buffer *out)
{
    const struct effective *chosen = &view->releases[view->chosen];
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const struct effective_value *value = &chosen->values[i];
        if (value->exists)
            put_row((enum flink_option)i, value, chosen->version, out);
    }
}

static void put_refusals(const struct effective *effective, struct buffer *out)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct effective_value *value = &effective->values[i];
        if (!value->refusal)
            continue;
        buffer_printf(out, "  %s: %s",
                      value->refused_by == REFUSED_AT_START ? "does not start" : "refuses each job",
                      value->refusal);
        if (value->entry) {
            buffer_text(out, " (");
            put_place(value->entry, out);
            buffer_char(out, ')');
        }
        buffer_char(out, '\n');
    }
}

static void put_difference(const struct config_view *view, size_t release, enum flink_option option,
                           struct buffer *out)
{
    const struct effective *effective = &view->releases[release];
    const struct effective_value *value = &effective->values[option];
    const struct effective_value *here = &view->releases[view->chosen].values[option];
    if (value->refusal)
        return;
    buffer_printf(out, "      %s: ", flink_option_key(option, effective->version));
    effective_value_print(option, here, out);
    buffer_text(out, " -> ");
    effective_value_print(option, value, out);
    if (!value->exists)
        buffer_text(out, ", as the refresh interval");
    buffer_char(out, '\n');
}

/* What one release makes of it, as text: releases with the same text are told together. */
static void put_release(const struct config_view *view, size_t release, struct buffer *out)
{
    const struct effective *effective = &view->releases[release];
    if (effective->missing_file)
        buffer_printf(out, "      reads %s only; with the same options in it:\n",
                      effective->missing_file);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct effective_value *value = &effective->values[i];
        if (value->refusal)
            buffer_printf(out, "      %s: %s\n",
                          value->refused_by == REFUSED_AT_START ? "does not start"
                                                                : "refuses each job",
                          value->refusal);
    }
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (config_view_differs(view, release, (enum flink_option)i))
            put_difference(view, release, (enum flink_option)i, out);
    }
    buffer_char(out, '\0');
}

static void put_other_releases(const struct config_view *view, struct buffer *out)
{
    struct buffer told[RELEASES_MAX] = {0};
    for (size_t i = 0; i < view->release_count; i++) {
        put_release(view, i, &told[i]);
        out->failed |= told[i].failed;
    }
    buffer_text(out, "\nother releases\n  ");
    for (size_t i = 0; i < view->release_count && !out->failed; i++) {
        buffer_printf(out, "%s%s", view->releases[i].version,
                      i == view->chosen ? " (this one)" : "");
        const bool same = i + 1 < view->release_count && i != view->chosen &&
                          i + 1 != view->chosen && strcmp(told[i].bytes, told[i + 1].bytes) == 0;
        buffer_text(out, same ? ", " : "\n");
        if (same)
            continue;
        if (i != view->chosen)
            buffer_text(out, *told[i].bytes ? told[i].bytes : "      the same\n");
        buffer_text(out, i + 1 < view->release_count ? "  " : "");
    }
    for (size_t i = 0; i < view->release_count; i++)
        buffer_free(&told[i]);
}

static void put_notes(const struct config_view *view, struct buffer *out)
{
    bool any = false;
    for (size_t i = 0; i < view->entries->count; i++) {
        const struct config_entry *entry = &view->entries->items[i];
        struct buffer sentence = {0};
        if (config_view_note(view, entry, &sentence)) {
            buffer_text(out, any ? "" : "\nnotes\n");
            any = true;
            buffer_text(out, "  ");
            put_place(entry, out);
            buffer_text(out, ": ");
            buffer_append(out, sentence.bytes, sentence.length);
            buffer_char(out, '\n');
        }
        out->failed |= sentence.failed;
        buffer_free(&sentence);
    }
}

void config_text_write(const struct config_view *view, struct buffer *out)
{
    const struct effective *chosen = &view->releases[view->chosen];
    buffer_printf(out, "Flink %s\n", chosen->version);
    if (chosen->missing_file)
        buffer_printf(out,
                      "  does not read what was given: it wants a file %s. With the same options "
                      "in it:\n",
                      chosen->missing_file);
    put_refusals(chosen, out);
    put_values(view, out);
    put_notes(view, out);
    put_other_releases(view, out);
}
