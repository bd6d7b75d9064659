#include <stdlib.h>
#include <string.h>

#include <libfyaml.h>

#include "harness/scenario/scenario_internal.h"

/*
 * The only file that knows libfyaml: text to plain nodes with places. It reads the stream of
 * events, because that shows duplicate keys and aliases as they are written, and because its depth
 * and memory are bounded here.
 */

struct builder {
    struct loader *loader;
    struct node *stack[NESTING_MAX]; /* the lists and maps that are open */
    struct node *key;                /* read, its value not yet */
    size_t depth;
    struct node *top;
    bool stopped; /* nothing after this place can be made sense of */
};

static size_t token_place(struct fy_token *token, size_t otherwise)
{
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    return mark ? mark->input_pos : otherwise;
}

/* Where something stands that has no token of its own: behind its key, or in what holds it. */
static size_t place_here(const struct builder *builder)
{
    if (builder->key)
        return builder->key->at;
    return builder->depth ? builder->stack[builder->depth - 1]->at : 0;
}

static void stop(struct builder *builder, size_t at, const char *message)
{
    complain(builder->loader, at, "%s", message);
    builder->stopped = true;
}

static struct node *make_node(struct builder *builder, enum node_kind kind, size_t at)
{
    struct node *node = arena_zeroed(builder->loader->scratch, 1, sizeof(*node));
    if (!node) {
        builder->stopped = true;
        return NULL;
    }
    node->kind = kind;
    node->at = at;
    node->verbatim_at = NOT_VERBATIM;
    return node;
}

static bool next_is_key(const struct builder *builder)
{
    return builder->depth && builder->stack[builder->depth - 1]->kind == NODE_MAP && !builder->key;
}

/* Puts a finished or just opened node where it belongs. */
static void place_node(struct builder *builder, struct node *node)
{
    if (builder->depth == 0) {
        builder->top = node;
        return;
    }
    if (next_is_key(builder)) {
        builder->key = node;
        return;
    }
    struct node *parent = builder->stack[builder->depth - 1];
    node->key = builder->key;
    builder->key = NULL;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->count++;
}

static void refuse_decoration(struct builder *builder, struct fy_token *anchor,
                              struct fy_token *tag)
{
    if (anchor)
        complain(builder->loader, token_place(anchor, place_here(builder)),
                 "anchors (&NAME) are not supported: write the value out where it is needed");
    if (tag)
        complain(builder->loader, token_place(tag, place_here(builder)),
                 "tags (!NAME) are not supported");
}

/*
 * libfyaml 0.7.12 loses memory when it decodes two escaped quotes in a row ('a''''b'), as the
 * fuzzer found. Nobody needs them, so such a text is not decoded at all.
 */
static bool has_quotes_in_a_row(const struct loader *loader, struct fy_token *token)
{
    if (!token || fy_token_scalar_style(token) != FYSS_SINGLE_QUOTED)
        return false;
    const struct fy_mark *start = fy_token_start_mark(token);
    const struct fy_mark *end = fy_token_end_mark(token);
    return start && end && start->input_pos <= end->input_pos && end->input_pos <= loader->length &&
           memmem(loader->text + start->input_pos, end->input_pos - start->input_pos, "''''", 4);
}

static void take_scalar(struct builder *builder, const struct fy_event *event)
{
    struct loader *loader = builder->loader;
    struct fy_token *token = event->scalar.value;
    refuse_decoration(builder, event->scalar.anchor, event->scalar.tag);
    struct node *node = make_node(builder, NODE_TEXT, token_place(token, place_here(builder)));
    if (!node)
        return;
    if (has_quotes_in_a_row(loader, token)) {
        stop(builder, node->at,
             "several quotes in a row are not supported inside '...': write "
             "this text in double quotes");
        return;
    }
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : "";
    if (!text) {
        builder->stopped = true;
        return;
    }
    node->text = arena_text(loader->scratch, text, length);
    node->length = length;
    if (!node->text) {
        builder->stopped = true;
        return;
    }
    if (memchr(text, 0, length))
        complain(loader, node->at, "text must not contain a NUL character");
    if (node->at <= loader->length && length <= loader->length - node->at &&
        memcmp(loader->text + node->at, text, length) == 0)
        node->verbatim_at = node->at;
    place_node(builder, node);
}

static void open_node(struct builder *builder, enum node_kind kind, struct fy_token *token,
                      struct fy_token *anchor, struct fy_token *tag)
{
    size_t at = token_place(token, place_here(builder));
    refuse_decoration(builder, anchor, tag);
    if (next_is_key(builder)) {
        stop(builder, at, "a key must be text, not a list or a mapping");
        return;
    }
    if (builder->depth == NESTING_MAX) {
        stop(builder, at, "nested more than 32 levels deep");
        return;
    }
    struct node *node = make_node(builder, kind, at);
    if (!node)
        return;
    place_node(builder, node);
    builder->stack[builder->depth++] = node;
}

static void take_event(struct builder *builder, const struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (builder->top)
            stop(builder, token_place(event->document_start.document_start, 0),
                 "a second document begins here; a scenario file holds one");
        break;
    case FYET_SCALAR:
        take_scalar(builder, event);
        break;
    case FYET_MAPPING_START:
        open_node(builder, NODE_MAP, event->mapping_start.mapping_start,
                  event->mapping_start.anchor, event->mapping_start.tag);
        break;
    case FYET_SEQUENCE_START:
        open_node(builder, NODE_LIST, event->sequence_start.sequence_start,
                  event->sequence_start.anchor, event->sequence_start.tag);
        break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        builder->depth--;
        break;
    case FYET_ALIAS:
        stop(builder, token_place(event->alias.anchor, place_here(builder)),
             "aliases (*NAME) are not supported: write the value out; "
             "a text that begins with * needs quotes");
        break;
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END:
        break;
    }
}

/* The file offset of a line and column as libfyaml counts them, from 1. */
static size_t offset_of(const struct loader *loader, int line, int column)
{
    size_t at = 0;
    for (int l = 1; l < line; l++) {
        const char *end = memchr(loader->text + at, '\n', loader->length - at);
        if (!end)
            break;
        at = (size_t)(end - loader->text) + 1;
    }
    for (int c = 1; c < column && at < loader->length && loader->text[at] != '\n'; c++) {
        at++;
        while (at < loader->length && ((unsigned char)loader->text[at] & 0xc0) == 0x80)
            at++;
    }
    return at;
}

static void complain_of_syntax(struct loader *loader, struct fy_diag *diag)
{
    void *state = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &state);
    if (!error) {
        complain(loader, 0, "this is no YAML");
        return;
    }
    size_t at =
        error->fyt ? token_place(error->fyt, 0) : offset_of(loader, error->line, error->column);
    complain(loader, at, "YAML: %s", error->msg);
}

static bool read_events(struct builder *builder, struct fy_parser *parser, struct fy_diag *diag)
{
    struct fy_event *event;
    while (!builder->stopped && (event = fy_parser_parse(parser))) {
        take_event(builder, event);
        fy_parser_event_free(parser, event);
    }
    if (builder->stopped)
        return false;
    if (fy_parser_get_stream_error(parser) || fy_diag_got_error(diag)) {
        complain_of_syntax(builder->loader, diag);
        return false;
    }
    return true;
}

static int compare_keys(const void *left, const void *right)
{
    const struct node *a = *(const struct node *const *)left;
    const struct node *b = *(const struct node *const *)right;
    int order = strcmp(a->key->text, b->key->text);
    if (order != 0)
        return order;
    return a->key->at < b->key->at ? -1 : a->key->at > b->key->at;
}

static void refuse_duplicates(struct loader *loader, const struct node *map)
{
    const struct node **sorted = arena_zeroed(loader->scratch, map->count, sizeof(*sorted));
    if (!sorted)
        return;
    size_t count = 0;
    for (const struct node *child = map->first; child; child = child->next)
        sorted[count++] = child;
    qsort(sorted, count, sizeof(*sorted), compare_keys);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->key->text, sorted[i]->key->text) == 0)
            complain(loader, sorted[i]->key->at, "%s is given a second time here",
                     shown_node(loader, sorted[i]->key));
}

/* Depth is at most NESTING_MAX. */
static void refuse_all_duplicates(struct loader *loader, const struct node *node)
{
    if (node->kind == NODE_MAP && node->count > 1)
        refuse_duplicates(loader, node);
    for (const struct node *child = node->first; child; child = child->next)
        if (child->kind != NODE_TEXT)
            refuse_all_duplicates(loader, child);
}

struct node *document_read(struct loader *loader)
{
    struct builder builder = {.loader = loader};
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
    if (!parser || fy_parser_set_string(parser, loader->text, loader->length) != 0)
        goto out;
    read = read_events(&builder, parser, diag);
    if (read && !builder.top)
        complain(loader, 0,
                 "the file is empty: a scenario is a mapping with title, why, "
                 "jobmanager, clients and claims");
    if (read && builder.top)
        refuse_all_duplicates(loader, builder.top);
out:
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return read ? builder.top : NULL;
}
