#include "harness/scenario/scenario.h"

#include <inttypes.h>
#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* The top of a scenario, and what only the whole can tell: its end, and whether it may run live. */

enum { AFTER_LAST_US = 1000 * 1000, LIVE_LENGTH_US_MAX = 8 * 1000 * 1000 };

static const char TOO_LONG_FOR_LIVE[] = "it takes more than 8 s";

/* --- the raw text ------------------------------------------------------------------------ */

/* Bytes of the character that begins here; 0 when it is no valid UTF-8. Source: RFC 3629, 4. */
static size_t character_length(const unsigned char *text, size_t left)
{
    static const struct {
        unsigned char mask, lead, length;
        uint32_t least;
    } forms[] = {
        {0x80, 0, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if ((text[0] & forms[i].mask) != forms[i].lead)
            continue;
        if (left < forms[i].length)
            return 0;
        uint32_t code = text[0] & (unsigned char)~forms[i].mask;
        for (size_t j = 1; j < forms[i].length; j++) {
            if ((text[j] & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (text[j] & 0x3f);
        }
        bool surrogate = code >= 0xd800 && code <= 0xdfff;
        return code < forms[i].least || code > 0x10ffff || surrogate ? 0 : forms[i].length;
    }
    return 0;
}

static bool check_text(struct loader *loader)
{
    if (loader->length > FILE_BYTES_MAX) {
        loader->length = 0; /* there is no need to look for lines in it */
        complain(loader, 0, "the file is larger than 1 MiB; a scenario is meant to be read");
        return false;
    }
    const unsigned char *bytes = (const unsigned char *)loader->text;
    for (size_t at = 0; at < loader->length;) {
        if (bytes[at] == '\0') {
            complain(loader, at, "the file holds a NUL byte; a scenario is text");
            return false;
        }
        size_t length = character_length(bytes + at, loader->length - at);
        if (length == 0) {
            complain(loader, at, "the file is not valid UTF-8 here (byte 0x%02x)", bytes[at]);
            return false;
        }
        at += length;
    }
    return true;
}

/* A byte order mark says nothing about UTF-8 and is not part of the text. */
static void skip_byte_order_mark(struct loader *loader)
{
    static const char mark[] = "\xef\xbb\xbf";
    if (loader->length >= 3 && memcmp(loader->text, mark, 3) == 0) {
        loader->text += 3;
        loader->length -= 3;
    }
}

/* --- the top ----------------------------------------------------------------------------- */

static const struct field top_fields[] = {
    {"title", VALUE_TEXT, offsetof(struct plan, title)},
    {"why", VALUE_TEXT, offsetof(struct plan, why)},
    {"source", VALUE_TEXT, offsetof(struct plan, source)},
    {"museum", VALUE_NODE, 0},
    {"flink", VALUE_NODE, 0},
    {"jobmanager", VALUE_NODE, 0},
    {"clients", VALUE_NODE, 0},
    {"claims", VALUE_NODE, 0},
    {"expect", VALUE_NODE, 0},
    {"ends", VALUE_PERIOD, offsetof(struct plan, end_us)},
    {"live", VALUE_NODE, 0},
};
enum { TITLE, WHY, SOURCE, MUSEUM, FLINK, JOBMANAGER, CLIENTS, CLAIMS, EXPECT, ENDS, LIVE };

static const struct shape top_shape = {
    .what = "a scenario",
    .fields = top_fields,
    .count = sizeof(top_fields) / sizeof(top_fields[0]),
};

static void want_keys(struct loader *loader, const struct node *top,
                      const struct node *const given[FIELDS_MAX])
{
    static const int required[] = {TITLE, WHY, JOBMANAGER, CLIENTS, CLAIMS};
    for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++)
        if (!given[required[i]])
            complain(loader, top->at, "a scenario needs `%s`", top_fields[required[i]].name);
}

/* What a served cluster shows of its configuration. */
static void keep_option(struct loader *loader, const char *key, const char *value)
{
    struct configuration_line *const line = loader->options + loader->plan->option_count++;
    line->key = arena_text(loader->kept, key, strlen(key));
    line->value = arena_text(loader->kept, value, strlen(value));
}

static bool is_given(const struct loader *loader, const char *option)
{
    for (size_t i = 0; i < loader->given_option_count; i++) {
        if (strcmp(loader->given_options[i].key, option) == 0)
            return true;
    }
    return false;
}

static void read_option(struct loader *loader, const struct node *value)
{
    const char *option = value->key->text;
    if (!is_text(loader, value, "the value of an option"))
        return;
    const char *wrong = settings_put(&loader->plan->settings, option, value->text);
    if (!wrong) {
        keep_option(loader, option, value->text);
        return;
    }
    if (strcmp(wrong, "unknown option") != 0) {
        complain(loader, value->at, "%s: %s", option, wrong);
        return;
    }
    const char *const *names = settings_option_names();
    size_t count = 0;
    while (names[count])
        count++;
    complain(loader, value->key->at, "unknown option %s%s", shown_node(loader, value->key),
             suggestion(loader, option, value->key->length, names, count));
}

static void read_flink(struct loader *loader, const struct node *node)
{
    if (node->kind != NODE_MAP) {
        complain(loader, node->at,
                 "`flink` is a mapping of options, such as "
                 "{web.refresh-interval: 3 s}; found %s",
                 shown_node(loader, node));
        return;
    }
    for (const struct node *child = node->first; child; child = child->next) {
        if (!is_given(loader, child->key->text))
            read_option(loader, child);
    }
}

static void take_given_options(struct loader *loader)
{
    for (size_t i = 0; i < loader->given_option_count; i++) {
        const struct configuration_line *option = &loader->given_options[i];
        const char *wrong = settings_put(&loader->plan->settings, option->key, option->value);
        if (!wrong) {
            keep_option(loader, option->key, option->value);
            continue;
        }
        loader->complaint_count++; /* without a place: it stands nowhere in the file */
        complaints_add(loader->complaints, 0, 0, "-D %s=%s: %s", option->key, option->value, wrong);
    }
}

static void read_options(struct loader *loader, const struct node *node)
{
    const size_t count = (node ? node->count : 0) + loader->given_option_count + 1;
    loader->options = arena_zeroed(loader->kept, count, sizeof(*loader->options));
    if (!loader->options)
        return;
    loader->plan->options = loader->options;
    if (node)
        read_flink(loader, node);
    take_given_options(loader);
}

/* --- end and live ------------------------------------------------------------------------ */

static void check_rhythms(struct loader *loader)
{
    for (size_t i = 0; i < loader->job_count; i++) {
        const struct job_rhythm *rhythm = &loader->jobs[i].rhythm;
        int64_t until_us = rhythm->ends_us;
        if (rhythm->interval_us == 0)
            continue;
        if (until_us > loader->plan->end_us)
            until_us = loader->plan->end_us;
        if (until_us / rhythm->interval_us > RHYTHM_TRIGGERS_MAX)
            complain(loader, loader->drafts[i].node->at,
                     "job `%s` would trigger more than %d checkpoints", loader->job_names[i],
                     RHYTHM_TRIGGERS_MAX);
    }
}

/* "yes", or "no, because TEXT". */
static void read_live(struct loader *loader, const struct node *node)
{
    struct phrase phrase;
    struct plan *plan = loader->plan;
    if (!is_text(loader, node, "`yes` or `no, because TEXT`"))
        return;
    phrase_begin(&phrase, loader, node);
    if (phrase_words(&phrase, "yes")) {
        plan->live = true;
        plan->not_live_because = NULL;
    } else if (phrase_words(&phrase, "no, because")) {
        plan->live = false;
        plan->not_live_because = phrase_want_rest(&phrase, "a reason");
    } else {
        complain(loader, node->at, "expected `yes` or `no, because TEXT`, found %s",
                 shown_node(loader, node));
        return;
    }
    phrase_end(&phrase);
}

static void finish(struct loader *loader, const struct node *const given[FIELDS_MAX])
{
    struct plan *plan = loader->plan;
    if (loader->ends_us == INT64_MAX)
        plan->end_us = loader->last_us + AFTER_LAST_US;
    clients_finish(loader);
    origin_needs_find(loader);
    check_rhythms(loader);
    plan->live = plan->end_us <= LIVE_LENGTH_US_MAX;
    plan->not_live_because = plan->live ? NULL : TOO_LONG_FOR_LIVE;
    if (given[LIVE])
        read_live(loader, given[LIVE]);
}

static void read_scenario(struct loader *loader, const struct node *top)
{
    const struct node *given[FIELDS_MAX];
    if (!map_read(loader, top, &top_shape, loader->plan, given, NULL))
        return;
    want_keys(loader, top, given);
    loader->ends_us = loader->plan->end_us != 0 ? loader->plan->end_us : INT64_MAX;
    if (given[MUSEUM])
        museum_read(loader, given[MUSEUM]);
    read_options(loader, given[FLINK]);
    if (given[JOBMANAGER]) {
        job_names_read(loader, given[JOBMANAGER]);
        jobmanager_read(loader, given[JOBMANAGER]);
    }
    /* Without jobs every phrase of a client would be wrong, and all for one reason. */
    if (given[CLIENTS] && loader->job_count != 0)
        clients_read(loader, given[CLIENTS]);
    lifecycle_check(loader);
    if (given[CLAIMS])
        claims_read(loader, given[CLAIMS]);
    if (given[CLAIMS] && given[EXPECT])
        expectations_read(loader, given[EXPECT]);
    finish(loader, given);
}

/* --- loading ----------------------------------------------------------------------------- */

/* "scenarios/late_savepoint.yaml" is "late_savepoint". */
static const char *name_of(struct arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    return arena_text(arena, name, dot && dot != name ? (size_t)(dot - name) : strlen(name));
}

static bool begin(struct loader *loader, const char *file)
{
    loader->scratch = arena_new();
    loader->kept = arena_new();
    if (!loader->scratch || !loader->kept)
        return false;
    loader->plan = plan_new(loader->kept);
    if (!loader->plan)
        return false;
    loader->plan->file = arena_text(loader->kept, file, strlen(file));
    loader->plan->name = name_of(loader->kept, file);
    settings_default(&loader->plan->settings);
    while (loader->implementations && loader->implementations[loader->implementation_count])
        loader->implementation_count++;
    return true;
}

static bool ran_out_of_memory(const struct loader *loader)
{
    return loader->no_memory || arena_failed(loader->kept) || arena_failed(loader->scratch);
}

static struct plan *load(struct loader *loader, const char *file)
{
    struct complaints *complaints = loader->complaints;
    struct plan *plan = NULL;
    if (!begin(loader, file))
        goto out;
    skip_byte_order_mark(loader);
    if (!check_text(loader))
        goto out;
    const struct node *top = document_read(loader);
    if (!top || loader->complaint_count != 0)
        goto out;
    read_scenario(loader, top);
    if (!ran_out_of_memory(loader) && loader->complaint_count == 0)
        plan = loader->plan;
out:
    /* Nothing to complain of, and yet no plan: only memory can have run out. */
    if (!plan && (loader->complaint_count == 0 || ran_out_of_memory(loader)))
        complaints->failed = true;
    arena_free(loader->scratch);
    if (!plan)
        arena_free(loader->kept);
    return plan;
}

struct plan *scenario_parse(const char *text, size_t length, const char *file,
                            const char *const *implementations, struct complaints *complaints)
{
    return scenario_parse_salted(text, length, file, implementations, 0, complaints);
}

struct plan *scenario_parse_with(const char *text, size_t length, const char *file,
                                 const char *const *implementations,
                                 const struct configuration_line *options, size_t option_count,
                                 struct complaints *complaints)
{
    struct loader loader = {
        .text = text,
        .length = length,
        .complaints = complaints,
        .implementations = implementations,
        .given_options = options,
        .given_option_count = option_count,
    };
    return load(&loader, file);
}

struct plan *scenario_parse_salted(const char *text, size_t length, const char *file,
                                   const char *const *implementations, uint64_t salt,
                                   struct complaints *complaints)
{
    struct loader loader = {
        .text = text,
        .length = length,
        .complaints = complaints,
        .implementations = implementations,
        .salt = salt,
    };
    return load(&loader, file);
}
