#include "harness/control/replies.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* --- values -------------------------------------------------------------------------------- */

static bool read_number(const json_t *object, const char *key, int64_t *number)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value))
        return false;
    *number = json_integer_value(value);
    return true;
}

static bool read_count(const json_t *object, const char *key, uint64_t *number)
{
    int64_t read;
    if (!read_number(object, key, &read) || read < 0)
        return false;
    *number = (uint64_t)read;
    return true;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* Which of `count` names a member has; false: none. */
static bool read_name(const json_t *object, const char *key, const char *(*name)(int index),
                      int count, int *index)
{
    const char *text = text_of(object, key);
    for (int i = 0; text && i < count; i++) {
        if (strcmp(text, name(i)) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* --- clock, scenario, errors --------------------------------------------------------------- */

bool control_read_clock(const char *bytes, size_t length, struct control_clock *clock)
{
    json_t *root = json_loadb(bytes, length, 0, NULL);
    const char *mode = text_of(root, "mode");
    *clock = (struct control_clock){.frozen = json_is_true(json_object_get(root, "frozen")),
                                    .manual = mode && strcmp(mode, "manual") == 0};
    const bool fine =
        mode && read_number(root, "now_us", &clock->now_us) &&
        (clock->manual || read_number(root, "monotonic_us", &clock->monotonic_us)) &&
        (clock->frozen || read_number(root, "time_0_monotonic_us", &clock->zero_monotonic_us));
    json_decref(root);
    return fine;
}

bool control_read_scenario(const char *bytes, size_t length, struct control_scenario *scenario)
{
    json_t *root = json_loadb(bytes, length, 0, NULL);
    const char *salt = text_of(root, "salt");
    const bool fine = salt && read_count(root, "loads", &scenario->loads);
    if (fine)
        scenario->salt = strtoull(salt, NULL, 16);
    json_decref(root);
    return fine;
}

char *control_read_error(const char *bytes, size_t length)
{
    json_t *root = json_loadb(bytes, length, 0, NULL);
    const char *first = json_string_value(json_array_get(json_object_get(root, "errors"), 0));
    char *text = text_copy(first);
    json_decref(root);
    return text;
}

/* --- the journal --------------------------------------------------------------------------- */

static const char *kind_name(int kind)
{
    static const char *const names[] = {
#define X(name, text) #name,
        JOURNAL_MAP(X)
#undef X
    };
    return names[kind];
}

static const char *state_name(int state)
{
    return job_status_name((enum job_status)state);
}

static const char *call_name(int kind)
{
    return fetch_kind_name((enum fetch_kind)kind);
}

static const char *outcome_name(int outcome)
{
    return fetch_outcome_name((enum fetch_outcome)outcome);
}

static bool read_call(const json_t *line, struct journal_entry *entry)
{
    int call, outcome = OUTCOME_OK;
    if (!read_count(line, "fetch", &entry->fetch) ||
        !read_name(line, "call", call_name, FETCH_KIND_COUNT, &call))
        return false;
    if (entry->kind == JOURNAL_CALL_ENDED &&
        !read_name(line, "outcome", outcome_name, FETCH_OUTCOME_COUNT, &outcome))
        return false;
    entry->call = (enum fetch_kind)call;
    entry->outcome = (enum fetch_outcome)outcome;
    return entry->kind == JOURNAL_CALL_SENT || read_count(line, "version", &entry->version);
}

static bool read_checkpoint(const json_t *line, struct journal_entry *entry)
{
    const char *path = text_of(line, "external_path");
    entry->is_savepoint = json_is_true(json_object_get(line, "is_savepoint"));
    entry->path = text_copy(path);
    return (!path || entry->path) && read_number(line, "checkpoint", &entry->checkpoint) &&
           read_number(line, "trigger_timestamp", &entry->trigger_ms);
}

static bool read_entry(const json_t *line, struct journal_entry *entry)
{
    int kind, state;
    const char *job = text_of(line, "job");
    *entry = (struct journal_entry){.job = SIZE_MAX};
    if (!job || !id_parse(job, strlen(job), &entry->job_id) ||
        !read_name(line, "kind", kind_name, JOURNAL_KIND_COUNT, &kind) ||
        !read_number(line, "at_us", &entry->at_us) || !read_count(line, "run", &entry->run))
        return false;
    entry->kind = (enum journal_kind)kind;
    if (entry->kind >= JOURNAL_CALL_SENT)
        return read_call(line, entry);
    if (entry->kind == JOURNAL_RUN_BEGAN)
        return true;
    if (entry->kind != JOURNAL_STATE)
        return read_checkpoint(line, entry);
    if (!read_name(line, "state", state_name, JOB_STATUS_COUNT, &state))
        return false;
    entry->state = (enum job_status)state;
    return true;
}

static bool read_bounds(const json_t *root, uint64_t *first, uint64_t *end, uint64_t *next)
{
    return read_count(root, "first", first) && read_count(root, "end", end) &&
           read_count(root, "next", next);
}

void journal_page_free(struct journal_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        free((void *)(uintptr_t)page->entries[i].path);
    free(page->entries);
    *page = (struct journal_page){0};
}

bool control_read_journal(const char *bytes, size_t length, struct journal_page *page)
{
    json_t *root = json_loadb(bytes, length, 0, NULL);
    const json_t *lines = json_object_get(root, "lines");
    const size_t count = json_array_size(lines);
    *page = (struct journal_page){0};
    bool fine = json_is_array(lines) && read_bounds(root, &page->first, &page->end, &page->next);
    page->entries = calloc(count + 1, sizeof *page->entries);
    fine = fine && page->entries;
    for (size_t i = 0; fine && i < count; i++) {
        const json_t *line = json_array_get(lines, i);
        if (json_is_null(json_object_get(line, "job")))
            continue;
        fine = read_entry(line, &page->entries[page->count]);
        page->count++; /* also one that was half read: it may own a path */
    }
    json_decref(root);
    if (!fine)
        journal_page_free(page);
    return fine;
}

/* --- requests ------------------------------------------------------------------------------ */

static bool read_request(const json_t *line, struct request_line *request)
{
    int64_t status = 0;
    *request = (struct request_line){.left_us = -1};
    if (!read_count(line, "request", &request->tag) ||
        !read_number(line, "arrived_us", &request->arrived_us))
        return false;
    if (json_is_null(json_object_get(line, "left_us")))
        return true;
    if (!read_number(line, "left_us", &request->left_us) || !read_number(line, "status", &status))
        return false;
    request->status = (int)status;
    return true;
}

void request_page_free(struct request_page *page)
{
    free(page->lines);
    *page = (struct request_page){0};
}

bool control_read_requests(const char *bytes, size_t length, struct request_page *page)
{
    json_t *root = json_loadb(bytes, length, 0, NULL);
    const json_t *lines = json_object_get(root, "lines");
    const size_t count = json_array_size(lines);
    *page = (struct request_page){0};
    bool fine = json_is_array(lines) && read_bounds(root, &page->first, &page->end, &page->next);
    page->lines = calloc(count + 1, sizeof *page->lines);
    fine = fine && page->lines;
    for (; fine && page->count < count; page->count++)
        fine = read_request(json_array_get(lines, page->count), &page->lines[page->count]);
    json_decref(root);
    if (!fine)
        request_page_free(page);
    return fine;
}
