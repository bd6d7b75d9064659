#include "harness/flink_config/yaml_tree.h"

#include <stdlib.h>
#include <string.h>

#include <libfyaml.h>

#include "base/text.h"
#include "harness/flink_config/yaml_input.h"
#include "harness/flink_config/yaml_tabs.h"

/*
 * The only file of the room that knows libfyaml. It reads the stream of events, so that depth,
 * aliases and memory are bounded here. (The reader of scenarios refuses what a configuration may
 * hold: anchors, tags, more documents.)
 */

enum {
    NESTING_MAX = 64,
    DOCUMENTS_MAX = 100,
    ANCHORS_MAX = 1000,
    ALIASES_OF_CONTAINERS_MAX = 50, /* Source: snakeyaml-engine LoadSettings */
    WEIGHT_MAX = 100 * 1000
};

struct anchor {
    char *name;
    struct yaml_node *node;
    bool is_open;
};

struct open_node {
    struct yaml_node *node, *last;
    struct yaml_node *key; /* read, its value not yet */
    size_t anchor;         /* one more than its place among the anchors; 0: none */
};

struct builder {
    struct yaml_file *file;
    struct complaints *complaints;
    struct open_node stack[NESTING_MAX];
    size_t depth;
    struct anchor anchors[ANCHORS_MAX];
    size_t anchor_count, container_alias_count;
    struct yaml_spans scalars; /* for yaml_tabs_check() */
    bool stopped;
};

static void out_of_memory(struct builder *builder)
{
    builder->complaints->failed = true;
    builder->stopped = true;
}

static void stop(struct builder *builder, const struct yaml_node *at, const char *message)
{
    complaints_add(builder->complaints, at->line, at->column, "%s", message);
    builder->stopped = true;
}

/* Where something stands that has no token of its own: behind its key, or in what holds it. */
static const struct yaml_node *place_near(const struct builder *builder)
{
    const struct open_node *open = builder->depth ? &builder->stack[builder->depth - 1] : NULL;
    return !open ? NULL : open->key ? open->key : open->node;
}

static struct yaml_node *make_node(struct builder *builder, enum yaml_kind kind,
                                   struct fy_token *token)
{
    struct yaml_node *node = calloc(1, sizeof *node);
    if (!node) {
        out_of_memory(builder);
        return NULL;
    }
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    const struct yaml_node *near = place_near(builder);
    node->kind = kind;
    node->line = mark ? (unsigned)mark->line + 1 : near ? near->line : 1;
    node->column = mark ? (unsigned)mark->column + 1 : near ? near->column : 1;
    node->weight = 1;
    node->made_before = builder->file->last_made;
    builder->file->last_made = node;
    return node;
}

static bool next_is_key(const struct builder *builder)
{
    const struct open_node *open = builder->depth ? &builder->stack[builder->depth - 1] : NULL;
    return open && open->node->kind == YAML_MAP && !open->key;
}

/* Puts a node where it belongs; its weight is added when it is complete. */
static void place_node(struct builder *builder, struct yaml_node *node)
{
    if (builder->depth == 0) {
        builder->file->documents[builder->file->document_count - 1] = node;
        return;
    }
    struct open_node *open = &builder->stack[builder->depth - 1];
    if (next_is_key(builder)) {
        open->key = node;
        return;
    }
    node->key = open->key;
    open->key = NULL;
    if (open->last)
        open->last->next = node;
    else
        open->node->first = node;
    open->last = node;
}

static void add_weight(struct builder *builder, const struct yaml_node *node)
{
    if (builder->depth == 0)
        return;
    struct yaml_node *parent = builder->stack[builder->depth - 1].node;
    parent->weight += node->weight;
    if (parent->weight > WEIGHT_MAX)
        stop(builder, node,
             "with its aliases written out this file holds more than 100,000 values");
}

static size_t remember_anchor(struct builder *builder, struct fy_token *token,
                              struct yaml_node *node, bool is_open)
{
    size_t length = 0;
    const char *name = token ? fy_token_get_text(token, &length) : NULL;
    if (!name)
        return 0;
    if (builder->anchor_count == ANCHORS_MAX) {
        stop(builder, node, "more than 1,000 anchors (&NAME) are not read");
        return 0;
    }
    char *copy = text_copy_length(name, length);
    if (!copy) {
        out_of_memory(builder);
        return 0;
    }
    builder->anchors[builder->anchor_count] = (struct anchor){copy, node, is_open};
    return ++builder->anchor_count;
}

/* The type that a tag gives to a scalar. Source: snakeyaml-engine, core schema. */
static bool tag_type(struct fy_token *tag, const char *text, enum yaml_type *type)
{
    static const struct {
        const char *name;
        enum yaml_type type;
    } tags[] = {{"str", YAML_STRING},
                {"null", YAML_NULL},
                {"bool", YAML_BOOLEAN},
                {"int", YAML_INTEGER},
                {"float", YAML_FLOAT}};
    size_t handle_length = 0, suffix_length = 0;
    const char *handle = fy_tag_token_handle(tag, &handle_length);
    const char *suffix = fy_tag_token_suffix(tag, &suffix_length);
    if (!handle || !suffix)
        return false;
    if (handle_length == 1 && suffix_length == 0) { /* "!": as it stands */
        *type = YAML_STRING;
        return true;
    }
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (handle_length == 2 && strlen(tags[i].name) == suffix_length &&
            memcmp(suffix, tags[i].name, suffix_length) == 0) {
            *type = tags[i].type;
            return *type == YAML_STRING || yaml_plain_type(text) == *type ||
                   (*type == YAML_FLOAT && yaml_plain_type(text) == YAML_INTEGER);
        }
    }
    return false;
}

/* libfyaml 0.7.12 loses memory when it decodes two escaped quotes in a row ('a''''b'). */
static bool has_quotes_in_a_row(struct fy_token *token, const char *bytes, size_t length)
{
    if (!token || fy_token_scalar_style(token) != FYSS_SINGLE_QUOTED)
        return false;
    const struct fy_mark *start = fy_token_start_mark(token);
    const struct fy_mark *end = fy_token_end_mark(token);
    return start && end && start->input_pos <= end->input_pos && end->input_pos <= length &&
           memmem(bytes + start->input_pos, end->input_pos - start->input_pos, "''''", 4);
}

static bool set_text(struct builder *builder, struct yaml_node *node, struct fy_token *token)
{
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : "";
    node->text = text ? text_copy_length(text, length) : NULL;
    if (!node->text) {
        out_of_memory(builder);
        return false;
    }
    if (strlen(node->text) != length)
        stop(builder, node, "a value must not hold a NUL character");
    return !builder->stopped;
}

static bool remember_place(struct builder *builder, struct fy_token *token)
{
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
    if (!start || !end ||
        yaml_spans_add(&builder->scalars, start->input_pos, end->input_pos,
                       fy_token_scalar_style(token) == FYSS_PLAIN))
        return true;
    out_of_memory(builder);
    return false;
}

static void take_scalar(struct builder *builder, const struct fy_event *event,
                        const struct yaml_input *input)
{
    struct fy_token *token = event->scalar.value;
    struct yaml_node *node = make_node(builder, YAML_TEXT, token);
    if (!node)
        return;
    if (has_quotes_in_a_row(token, input->bytes, input->length)) {
        stop(builder, node,
             "several quotes in a row are not read inside '...': use double quotes around it");
        return;
    }
    if (!set_text(builder, node, token) || !remember_place(builder, token))
        return;
    const bool is_plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
    node->type = is_plain ? yaml_plain_type(node->text) : YAML_STRING;
    if (event->scalar.tag && !tag_type(event->scalar.tag, node->text, &node->type)) {
        stop(builder, node, "Flink's reader knows no such tag for this value, and does not start");
        return;
    }
    const bool is_key = next_is_key(builder);
    place_node(builder, node);
    (void)remember_anchor(builder, event->scalar.anchor, node, false);
    if (!is_key)
        add_weight(builder, node);
}

static void open_node(struct builder *builder, enum yaml_kind kind, struct fy_token *token,
                      struct fy_token *anchor)
{
    struct yaml_node *node = make_node(builder, kind, token);
    if (!node)
        return;
    if (next_is_key(builder)) {
        stop(builder, node, "a key must be text, not a list or a mapping");
        return;
    }
    if (builder->depth == NESTING_MAX) {
        stop(builder, node, "nested more than 64 levels deep");
        return;
    }
    place_node(builder, node);
    const size_t known_as = remember_anchor(builder, anchor, node, true);
    builder->stack[builder->depth++] = (struct open_node){.node = node, .anchor = known_as};
}

static void close_node(struct builder *builder)
{
    const struct open_node *open = &builder->stack[--builder->depth];
    if (open->anchor > 0)
        builder->anchors[open->anchor - 1].is_open = false;
    add_weight(builder, open->node);
}

static const struct anchor *find_anchor(const struct builder *builder, struct fy_token *token)
{
    size_t length = 0;
    const char *name = token ? fy_token_get_text(token, &length) : NULL;
    for (size_t i = builder->anchor_count; name && i > 0; i--) {
        const struct anchor *anchor = &builder->anchors[i - 1];
        if (strlen(anchor->name) == length && memcmp(anchor->name, name, length) == 0)
            return anchor;
    }
    return NULL;
}

static void take_alias(struct builder *builder, struct fy_token *token)
{
    struct yaml_node *node = make_node(builder, YAML_TEXT, token);
    if (!node)
        return;
    const struct anchor *anchor = find_anchor(builder, token);
    if (!anchor || anchor->is_open) {
        stop(builder, node,
             anchor ? "this alias stands inside of what it stands for" : "found undefined alias");
        return;
    }
    const struct yaml_node *same = anchor->node;
    if (same->kind != YAML_TEXT && builder->container_alias_count++ == ALIASES_OF_CONTAINERS_MAX) {
        stop(builder, node, "Number of aliases for non-scalar nodes exceeds the specified max=50");
        return;
    }
    if (same->kind != YAML_TEXT && next_is_key(builder)) {
        stop(builder, node, "a key must be text, not a list or a mapping");
        return;
    }
    node->kind = same->kind;
    node->type = same->type;
    node->first = same->first;
    node->weight = same->weight;
    node->text = text_copy(same->text);
    if (same->text && !node->text) {
        out_of_memory(builder);
        return;
    }
    const bool is_key = next_is_key(builder);
    place_node(builder, node);
    if (!is_key)
        add_weight(builder, node);
}

static void begin_document(struct builder *builder, struct fy_token *token)
{
    struct yaml_file *file = builder->file;
    if (file->document_count == DOCUMENTS_MAX) {
        complaints_add(builder->complaints,
                       token ? (unsigned)fy_token_start_mark(token)->line + 1 : 0, 0,
                       "more than 100 documents in one file are not read");
        builder->stopped = true;
        return;
    }
    struct yaml_node **grown =
        realloc(file->documents, (file->document_count + 1) * sizeof(struct yaml_node *));
    if (!grown) {
        out_of_memory(builder);
        return;
    }
    file->documents = grown;
    file->documents[file->document_count++] = NULL;
}

static void take_event(struct builder *builder, const struct fy_event *event,
                       const struct yaml_input *input)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        begin_document(builder, event->document_start.document_start);
        break;
    case FYET_SCALAR:
        take_scalar(builder, event, input);
        break;
    case FYET_MAPPING_START:
        open_node(builder, YAML_MAP, event->mapping_start.mapping_start,
                  event->mapping_start.anchor);
        break;
    case FYET_SEQUENCE_START:
        open_node(builder, YAML_LIST, event->sequence_start.sequence_start,
                  event->sequence_start.anchor);
        break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        close_node(builder);
        break;
    case FYET_ALIAS:
        take_alias(builder, event->alias.anchor);
        break;
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END:
        break;
    }
}

static void complain_of_syntax(struct builder *builder, struct fy_diag *diag)
{
    void *state = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &state);
    const struct fy_mark *mark = error && error->fyt ? fy_token_start_mark(error->fyt) : NULL;
    if (!error)
        complaints_add(builder->complaints, 1, 1, "this is no YAML");
    else if (mark)
        complaints_add(builder->complaints, (unsigned)mark->line + 1, (unsigned)mark->column + 1,
                       "YAML: %s", error->msg);
    else
        complaints_add(builder->complaints, (unsigned)error->line, (unsigned)error->column,
                       "YAML: %s", error->msg);
}

static bool read_events(struct builder *builder, struct fy_parser *parser, struct fy_diag *diag,
                        const struct yaml_input *input)
{
    struct fy_event *event;
    while (!builder->stopped && (event = fy_parser_parse(parser))) {
        take_event(builder, event, input);
        fy_parser_event_free(parser, event);
    }
    if (builder->stopped)
        return false;
    if (fy_parser_get_stream_error(parser) || fy_diag_got_error(diag)) {
        complain_of_syntax(builder, diag);
        return false;
    }
    return true;
}

/* Parses the bytes, which are known to be UTF-8. */
static bool parse(struct builder *builder, const struct yaml_input *input)
{
    struct fy_diag_cfg diag_config;
    struct fy_parser *parser = NULL;
    bool read = false;

    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    diag_config.colorize = false;
    struct fy_diag *diag = fy_diag_create(&diag_config);
    if (!diag)
        goto out;
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
        .diag = diag,
    };
    parser = fy_parser_create(&config);
    if (!parser || fy_parser_set_string(parser, input->bytes, input->length) != 0) {
        out_of_memory(builder);
        goto out;
    }
    read = read_events(builder, parser, diag, input);
out:
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return read;
}

bool yaml_read(struct yaml_file *file, const char *bytes, size_t length,
               struct complaints *complaints)
{
    struct yaml_input input = {0};
    *file = (struct yaml_file){0};
    struct builder *builder = calloc(1, sizeof *builder);
    if (!builder) {
        complaints->failed = true;
        return false;
    }
    builder->file = file;
    builder->complaints = complaints;
    const bool read = yaml_input_take(&input, bytes, length, complaints) &&
                      parse(builder, &input) &&
                      yaml_tabs_check(&builder->scalars, input.bytes, input.length, complaints) &&
                      yaml_refuse_duplicates(file, complaints);
    for (size_t i = 0; i < builder->anchor_count; i++)
        free(builder->anchors[i].name);
    yaml_spans_free(&builder->scalars);
    free(builder);
    yaml_input_free(&input);
    return read;
}

void yaml_free(struct yaml_file *file)
{
    struct yaml_node *before;
    for (struct yaml_node *node = file->last_made; node; node = before) {
        before = node->made_before;
        free(node->text);
        free(node);
    }
    free(file->documents);
    *file = (struct yaml_file){0};
}
