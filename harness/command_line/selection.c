#include "harness/command_line/selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/judge/judge.h"

static const char *const kind_names[] = {
    [SELECTED_SCENARIO] = "scenario",
    [SELECTED_IMPLEMENTATION] = "implementation",
    [SELECTED_PROPERTY] = "property",
};

static const char *kind_name(const struct selection *selection, size_t kind)
{
    return kind == SELECTED_SCENARIO && selection->subject ? selection->subject : kind_names[kind];
}

/* One pattern as it was given, and what it is of. */
struct pattern {
    const char *option, *text; /* "--only", "property:fresh" */
    const char *glob;          /* "fresh" */
    bool is_bare;
    enum selected_kind kind; /* when not bare */
};

/* False, after one sentence, when what stands before the colon is no kind. */
static bool pattern_read(const struct selection *selection, const char *option, const char *text,
                         struct pattern *pattern)
{
    const char *colon = strchr(text, ':');
    *pattern = (struct pattern){.option = option, .text = text, .glob = text, .is_bare = true};
    if (!colon || strncmp(colon, "://", 3) == 0)
        return true;
    for (size_t i = 0; i < SELECTED_KIND_COUNT; i++) {
        const char *name = kind_name(selection, i);
        const size_t length = strlen(name);
        if (length != (size_t)(colon - text) || strncmp(text, name, length) != 0)
            continue;
        pattern->is_bare = false;
        pattern->kind = (enum selected_kind)i;
        pattern->glob = colon + 1;
        return true;
    }
    fprintf(stderr, "freshcheck: %s '%s': before the colon stands %s, implementation or property\n",
            option, text, kind_name(selection, SELECTED_SCENARIO));
    return false;
}

static size_t count_meant(const char *glob, const struct selected_names *names)
{
    size_t count = 0;
    for (size_t i = 0; i < names->count; i++)
        count += text_matches(glob, names->items[i]);
    return count;
}

/* The kinds in the order in which a bare pattern is tried on them. */
static enum selected_kind kind_at(const struct selection *selection, size_t index)
{
    if (index == 0)
        return selection->first;
    const enum selected_kind kind = (enum selected_kind)(index - (index <= selection->first));
    return kind;
}

/* The nearest name of the kinds that the pattern may be of. */
static const char *nearest(const struct pattern *pattern,
                           const struct selected_names names[SELECTED_KIND_COUNT])
{
    char plain[128]; /* longer than any name */
    size_t length = 0;
    for (const char *c = pattern->glob; *c && length + 1 < sizeof plain; c++) {
        if (*c != '*')
            plain[length++] = *c;
    }
    plain[length] = '\0';
    for (size_t i = 0; i < SELECTED_KIND_COUNT; i++) {
        const char *name = pattern->is_bare || pattern->kind == i
                               ? text_nearest(plain, names[i].items, names[i].count)
                               : NULL;
        if (name)
            return name;
    }
    return NULL;
}

/* "no scenario, implementation or property", of those of which there are any. */
static int complain_of_nothing(const struct selection *selection, const struct pattern *pattern,
                               const struct selected_names names[SELECTED_KIND_COUNT])
{
    const char *near = nearest(pattern, names), *separator = "no ";
    fprintf(stderr, "freshcheck: %s '%s' means ", pattern->option, pattern->text);
    for (size_t i = 0; i < SELECTED_KIND_COUNT; i++) {
        if (pattern->is_bare ? names[i].count == 0 : pattern->kind != i)
            continue;
        fprintf(stderr, "%s%s", separator, kind_name(selection, i));
        separator = " and no ";
    }
    fprintf(stderr, " here%s%s%s\n", near ? "; did you mean '" : "", near ? near : "",
            near ? "'?" : "");
    return EXIT_USAGE;
}

static int pattern_apply(struct selection *selection, const struct pattern *pattern,
                         const struct selected_names names[SELECTED_KIND_COUNT], bool is_only)
{
    enum selected_kind kind = pattern->kind;
    bool is_found = false;
    for (size_t i = 0; i < SELECTED_KIND_COUNT && pattern->is_bare && !is_found; i++) {
        kind = kind_at(selection, i);
        is_found = count_meant(pattern->glob, &names[kind]) > 0;
    }
    if (!pattern->is_bare)
        is_found = count_meant(pattern->glob, &names[kind]) > 0;
    if (!is_found)
        return complain_of_nothing(selection, pattern, names);
    bool *chosen = selection->chosen[kind];
    if (is_only && !selection->has_only[kind])
        memset(chosen, 0, names[kind].count * sizeof *chosen);
    selection->has_only[kind] |= is_only;
    for (size_t i = 0; i < names[kind].count; i++) {
        if (text_matches(pattern->glob, names[kind].items[i]))
            chosen[i] = is_only;
    }
    return EXIT_AS_CLAIMED;
}

static int apply_all(struct selection *selection, const char *option,
                     const struct option_values *values,
                     const struct selected_names names[SELECTED_KIND_COUNT])
{
    for (size_t i = 0; i < values->count; i++) {
        struct pattern pattern;
        if (!pattern_read(selection, option, values->items[i], &pattern))
            return EXIT_USAGE;
        const int code = pattern_apply(selection, &pattern, names, values == &selection->only);
        if (code != EXIT_AS_CLAIMED)
            return code;
    }
    return EXIT_AS_CLAIMED;
}

int selection_resolve(struct selection *selection,
                      const struct selected_names names[SELECTED_KIND_COUNT])
{
    selection->is_given = selection->only.count + selection->skip.count > 0;
    for (size_t kind = 0; kind < SELECTED_KIND_COUNT && selection->is_given; kind++) {
        selection->chosen[kind] = calloc(names[kind].count + 1, sizeof *selection->chosen[kind]);
        if (!selection->chosen[kind]) {
            fputs("freshcheck: out of memory\n", stderr);
            return EXIT_INTERNAL;
        }
        for (size_t i = 0; i < names[kind].count; i++)
            selection->chosen[kind][i] = true;
    }
    const int code = apply_all(selection, "--only", &selection->only, names);
    if (code != EXIT_AS_CLAIMED)
        return code;
    return apply_all(selection, "--skip", &selection->skip, names);
}

bool selection_has(const struct selection *selection, enum selected_kind kind, size_t index)
{
    return !selection->is_given || selection->chosen[kind][index];
}

bool selection_has_any_of(const struct selection *selection, const struct claim *claim)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (claim->claimed[i] && selection_has(selection, SELECTED_PROPERTY, i))
            return true;
    }
    return false;
}

void selection_narrow_claim(const struct selection *selection, struct claim *claim)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        claim->claimed[i] &= selection_has(selection, SELECTED_PROPERTY, i);
}

void selection_narrow(const struct selection *selection, struct judgement *judgement)
{
    if (!selection->is_given)
        return;
    selection_narrow_claim(selection, &judgement->claim);
    judgement->whole = judge_whole(judgement);
}

void selection_free(struct selection *selection)
{
    for (size_t kind = 0; kind < SELECTED_KIND_COUNT; kind++)
        free(selection->chosen[kind]);
    option_values_free(&selection->only);
    option_values_free(&selection->skip);
    *selection = (struct selection){0};
}
