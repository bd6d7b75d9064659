#include "harness/parts/report_file.h"

#include <stdlib.h>
#include <string.h>

#include "harness/parts/report_file_internal.h"

/* Texts are borrowed from the tree, which is kept for them. */
struct report_file {
    json_t *root;
    struct report report;
    struct buffer exploration; /* as it stands there */
    struct read_result *results;
    struct report_result *shown; /* what writers get: one for each of the above */
};

struct read_result {
    struct judgement judgement;
    struct staleness_figures staleness;
    struct measure *measures; /* owned */
    struct text_place places[PROPERTY_COUNT];
};

static bool read_verdict(const struct members *members, const struct place *at,
                         const json_t *object, enum verdict *verdict)
{
    const struct place here = {.above = at, .name = "verdict"};
    const char *name = "";
    if (!members_text(members, at, object, "verdict", REQUIRED, &name))
        return false;
    for (int i = VERDICT_PASS; i <= VERDICT_UNKNOWN; i++) {
        if (strcmp(name, verdict_name((enum verdict)i)) == 0) {
            *verdict = (enum verdict)i;
            return true;
        }
    }
    return members_complain(members, &here, "'%s' is neither pass, fail nor unknown", name);
}

/* --- one property ---------------------------------------------------------------------------- */

static bool read_event(const struct members *members, const struct place *at, const json_t *value,
                       struct witness_event *event)
{
    static const char *const names[] = {"at_ms", "who", "what", "seq", "since", NULL};
    return members_object(members, at, value, names) &&
           members_time(members, at, value, "at_ms", REQUIRED, &event->at_us) &&
           members_short_text(members, at, value, "who", REQUIRED, event->who, sizeof event->who) &&
           members_short_text(members, at, value, "what", REQUIRED, event->what,
                              sizeof event->what) &&
           members_count(members, at, value, "seq", OPTIONAL, &event->seq) &&
           members_bool(members, at, value, "since", OPTIONAL, &event->since);
}

static bool read_witness(const struct members *members, const struct place *at,
                         const json_t *object, struct property_verdict *verdict)
{
    const struct place here = {.above = at, .name = "witness"};
    const json_t *list = NULL;
    if (!members_list(members, at, object, "witness", OPTIONAL, &list))
        return false;
    verdict->witness_count = json_array_size(list);
    if (verdict->witness_count > WITNESS_EVENTS_MAX)
        return members_complain(members, &here, "no more than %d events are wanted here",
                                WITNESS_EVENTS_MAX);
    for (size_t i = 0; i < verdict->witness_count; i++) {
        const struct place event = {.above = &here, .index = i};
        if (!read_event(members, &event, json_array_get(list, i), &verdict->witness[i]))
            return false;
    }
    return true;
}

/* A bound that is no number has no unit either. */
static bool read_worst(const struct members *members, const struct place *at, const json_t *object,
                       struct property_verdict *verdict)
{
    static const char *const names[] = {"value", "unit", "checkpoints", NULL};
    const struct place here = {.above = at, .name = "worst"};
    const json_t *worst = json_object_get(object, "worst");
    if (!worst)
        return true;
    verdict->has_worst = true;
    return members_object(members, &here, worst, names) &&
           members_number(members, &here, worst, "value", REQUIRED, &verdict->worst_value) &&
           (json_is_null(json_object_get(worst, "unit")) ||
            members_text(members, &here, worst, "unit", REQUIRED, &verdict->worst_unit)) &&
           members_count(members, &here, worst, "checkpoints", OPTIONAL, &verdict->worst_behind);
}

static bool read_layer(const struct members *members, const struct place *at, const json_t *object,
                       struct property_verdict *verdict)
{
    const struct place here = {.above = at, .name = "layer"};
    const char *name = NULL;
    const enum need need = verdict->verdict == VERDICT_FAIL ? REQUIRED : OPTIONAL;
    if (!members_text(members, at, object, "layer", need, &name))
        return false;
    if (name && need == OPTIONAL)
        return members_complain(members, &here, "only what failed has a layer");
    return !name || layer_find(name, &verdict->layer) ||
           members_complain(members, &here, "there is no layer '%s'", name);
}

/* They come in the order of their list, each once. *next: the first that may come. */
static bool read_id(const struct members *members, const struct place *at, const json_t *object,
                    enum property *property, int *next)
{
    const struct place here = {.above = at, .name = "id"};
    const char *id = "";
    if (!members_text(members, at, object, "id", REQUIRED, &id))
        return false;
    if (!property_find(id, property))
        return members_complain(members, &here, "there is no property '%s'", id);
    if ((int)*property < *next)
        return members_complain(members, &here, "'%s' is out of order, or comes again", id);
    *next = (int)*property + 1;
    return true;
}

static bool read_text_place(const struct members *members, const struct place *at,
                            const json_t *object, struct text_place *place)
{
    uint64_t line = 0, column = 0;
    if (!members_count(members, at, object, "line", OPTIONAL, &line) ||
        !members_count(members, at, object, "column", OPTIONAL, &column))
        return false;
    if (line > UINT32_MAX || column > UINT32_MAX || (line == 0 && column > 0))
        return members_complain(members, at, "there is no such line and column");
    *place = (struct text_place){(unsigned)line, (unsigned)column};
    return true;
}

static bool read_property(const struct members *members, const struct place *at,
                          const json_t *object, struct read_result *result, int *next)
{
    static const char *const names[] = {"id",     "line",       "column", "verdict",
                                        "tested", "violations", "worst",  "layer",
                                        "cause",  "witness",    NULL};
    struct judgement *judgement = &result->judgement;
    enum property property;
    if (!members_object(members, at, object, names) ||
        !read_id(members, at, object, &property, next))
        return false;
    struct property_verdict *verdict = &judgement->properties[property];
    judgement->claim.claimed[property] = true;
    return read_text_place(members, at, object, &result->places[property]) &&
           read_verdict(members, at, object, &verdict->verdict) &&
           members_count(members, at, object, "tested", REQUIRED, &verdict->tested) &&
           members_count(members, at, object, "violations", REQUIRED, &verdict->violations) &&
           read_worst(members, at, object, verdict) && read_layer(members, at, object, verdict) &&
           members_short_text(members, at, object, "cause", OPTIONAL, verdict->cause,
                              sizeof verdict->cause) &&
           read_witness(members, at, object, verdict);
}

static bool read_properties(const struct members *members, const struct place *at,
                            const json_t *object, struct read_result *result)
{
    struct judgement *judgement = &result->judgement;
    const struct place here = {.above = at, .name = "properties"};
    const json_t *list = NULL;
    int next = 0;
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        judgement->properties[i].verdict = VERDICT_UNKNOWN;
    if (!members_list(members, at, object, "properties", REQUIRED, &list))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const struct place property = {.above = &here, .index = i};
        if (!read_property(members, &property, json_array_get(list, i), result, &next))
            return false;
    }
    return true;
}

/* --- what else is told of a judged result ---------------------------------------------------- */

static bool read_margin(const struct members *members, const struct place *at, const json_t *object,
                        struct margin *margin)
{
    static const char *const names[] = {"value", "unit", "why", NULL};
    const struct place here = {.above = at, .name = "margin"};
    const json_t *value = json_object_get(object, "margin");
    const char *unit = "";
    if (!value)
        return true;
    if (!members_object(members, &here, value, names) ||
        !members_time(members, &here, value, "value", REQUIRED, &margin->us) ||
        !members_text(members, &here, value, "unit", REQUIRED, &unit) ||
        !members_short_text(members, &here, value, "why", REQUIRED, margin->why,
                            sizeof margin->why))
        return false;
    return strcmp(unit, "ms") == 0 || members_complain(members, &here, "its unit is ms");
}

/* Shares and averages back into sums over so many reads. */
static bool read_expected(const struct members *members, const struct place *at,
                          const json_t *object, uint64_t reads, struct expected_staleness *expected)
{
    static const char *const names[] = {"timeout_ms",    "share",        "mean_ms",
                                        "least_mean_ms", "most_mean_ms", NULL};
    const struct place here = {.above = at, .name = "expected"};
    const json_t *value = json_object_get(object, "expected");
    double share = 0, mean_ms = 0, least_ms = 0, most_ms = 0;
    if (!value)
        return true;
    if (!members_object(members, &here, value, names) ||
        !members_time(members, &here, value, "timeout_ms", REQUIRED, &expected->timeout_us) ||
        !members_number(members, &here, value, "share", REQUIRED, &share) ||
        !members_number(members, &here, value, "mean_ms", REQUIRED, &mean_ms) ||
        !members_number(members, &here, value, "least_mean_ms", REQUIRED, &least_ms) ||
        !members_number(members, &here, value, "most_mean_ms", REQUIRED, &most_ms))
        return false;
    expected->reads = reads;
    expected->stale = share * (double)reads;
    expected->sum_us = mean_ms * 1000 * (double)reads;
    expected->least_sum_us = least_ms * 1000 * (double)reads;
    expected->most_sum_us = most_ms * 1000 * (double)reads;
    return true;
}

static bool read_staleness(const struct members *members, const struct place *at,
                           const json_t *object, struct read_result *result)
{
    static const char *const names[] = {"reads",  "stale",  "mean_ms",  "p50_ms", "p90_ms",
                                        "p99_ms", "max_ms", "expected", NULL};
    const struct place here = {.above = at, .name = "staleness"};
    struct staleness_figures *told = &result->staleness;
    const json_t *value = json_object_get(object, "staleness");
    if (!value)
        return true;
    if (!members_object(members, &here, value, names) ||
        !members_count(members, &here, value, "reads", REQUIRED, &told->reads) ||
        !members_count(members, &here, value, "stale", REQUIRED, &told->stale) ||
        !members_number(members, &here, value, "mean_ms", REQUIRED, &told->mean_us) ||
        !members_time(members, &here, value, "p50_ms", REQUIRED, &told->p50_us) ||
        !members_time(members, &here, value, "p90_ms", REQUIRED, &told->p90_us) ||
        !members_time(members, &here, value, "p99_ms", REQUIRED, &told->p99_us) ||
        !members_time(members, &here, value, "max_ms", REQUIRED, &told->max_us))
        return false;
    told->mean_us *= 1000;
    if (told->reads == 0)
        return members_complain(members, &here, "where nothing was read there is nothing to tell");
    return read_expected(members, &here, value, told->reads, &result->judgement.expected);
}

static bool read_measure(const struct members *members, const struct place *at,
                         const json_t *object, struct measure *measure)
{
    static const char *const names[] = {"name", "value", "unit", NULL};
    return members_object(members, at, object, names) &&
           members_short_text(members, at, object, "name", REQUIRED, measure->name,
                              sizeof measure->name) &&
           members_number(members, at, object, "value", REQUIRED, &measure->value) &&
           members_text(members, at, object, "unit", REQUIRED, &measure->unit);
}

static bool read_measures(const struct members *members, const struct place *at,
                          const json_t *object, struct read_result *result,
                          struct report_result *shown)
{
    const struct place here = {.above = at, .name = "measures"};
    const json_t *list = NULL;
    if (!members_list(members, at, object, "measures", OPTIONAL, &list))
        return false;
    const size_t count = json_array_size(list);
    if (count == 0)
        return true;
    result->measures = calloc(count, sizeof *result->measures);
    if (!result->measures)
        return false;
    shown->measures = result->measures;
    shown->measure_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct place measure = {.above = &here, .index = i};
        if (!read_measure(members, &measure, json_array_get(list, i), &result->measures[i]))
            return false;
    }
    return true;
}

/* --- one result ------------------------------------------------------------------------------ */

static bool read_texts(const struct members *members, const struct place *at, const json_t *object,
                       struct report_result *shown)
{
    shown->has_expectation = json_object_get(object, "as_expected") != NULL;
    return members_text(members, at, object, "subject", REQUIRED, &shown->subject) &&
           members_text(members, at, object, "title", OPTIONAL, &shown->title) &&
           members_text(members, at, object, "implementation", OPTIONAL, &shown->implementation) &&
           members_text(members, at, object, "claim", REQUIRED, &shown->claim) &&
           members_text(members, at, object, "file", OPTIONAL, &shown->file) &&
           members_bool(members, at, object, "as_expected", OPTIONAL, &shown->as_expected) &&
           members_text(members, at, object, "difference", OPTIONAL, &shown->difference) &&
           members_text(members, at, object, "reason", OPTIONAL, &shown->reason) &&
           members_text(members, at, object, "failure", OPTIONAL, &shown->failure) &&
           members_text(members, at, object, "skipped", OPTIONAL, &shown->skipped) &&
           members_text(members, at, object, "again", OPTIONAL, &shown->again);
}

/* A verdict that the rest of its result speaks against was not written by us. */
static bool check_whole(const struct members *members, const struct place *at,
                        const struct report_result *shown)
{
    const struct judgement *judgement = shown->judgement;
    bool any_failed = false;
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        any_failed |= judgement->properties[i].verdict == VERDICT_FAIL;
    if ((shown->failure || shown->skipped) && judgement->whole != VERDICT_UNKNOWN)
        return members_complain(members, at, "what was not judged has the verdict unknown");
    if (any_failed != (judgement->whole == VERDICT_FAIL))
        return members_complain(members, at, "its verdict is %s, but %s",
                                verdict_name(judgement->whole),
                                any_failed ? "a property fails" : "no property fails");
    if (shown->difference && (!shown->has_expectation || shown->as_expected))
        return members_complain(members, at, "it has a difference, and is as expected");
    return true;
}

static bool read_result(const struct members *members, const struct place *at, const json_t *object,
                        struct read_result *result, struct report_result *shown)
{
    static const char *const names[] = {
        "subject", "title",      "implementation", "claim",      "file",    "verdict",
        "reason",  "failure",    "as_expected",    "difference", "skipped", "again",
        "margin",  "properties", "staleness",      "measures",   NULL};
    shown->places = result->places;
    shown->judgement = &result->judgement;
    shown->staleness = &result->staleness;
    return members_object(members, at, object, names) && read_texts(members, at, object, shown) &&
           read_verdict(members, at, object, &result->judgement.whole) &&
           read_properties(members, at, object, result) &&
           read_margin(members, at, object, &result->judgement.margin) &&
           read_staleness(members, at, object, result) &&
           read_measures(members, at, object, result, shown) && check_whole(members, at, shown);
}

/* --- the whole ------------------------------------------------------------------------------- */

static bool read_results(const struct members *members, struct report_file *file)
{
    const struct place here = {.name = "results"};
    const json_t *list = NULL;
    if (!members_list(members, NULL, file->root, "results", REQUIRED, &list))
        return false;
    const size_t count = json_array_size(list);
    file->results = calloc(count + 1, sizeof *file->results);
    file->shown = calloc(count + 1, sizeof *file->shown);
    if (!file->results || !file->shown)
        return false;
    file->report.results = file->shown;
    file->report.result_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct place result = {.above = &here, .index = i};
        if (!read_result(members, &result, json_array_get(list, i), &file->results[i],
                         &file->shown[i]))
            return false;
    }
    return true;
}

static int append(const char *bytes, size_t length, void *out)
{
    struct buffer *buffer = out;
    buffer_append(buffer, bytes, length);
    return buffer->failed ? -1 : 0;
}

/* What is in it is for another to read: it is handed on as it stands there. */
static bool read_exploration(const struct members *members, struct report_file *file)
{
    const struct place here = {.name = "exploration"};
    const json_t *exploration = json_object_get(file->root, "exploration");
    if (!exploration)
        return true;
    if (!json_is_object(exploration))
        return members_complain(members, &here, "an object is wanted here");
    if (json_dump_callback(exploration, append, &file->exploration, JSON_COMPACT) != 0)
        return false;
    file->report.exploration = &file->exploration;
    return true;
}

struct report_file *report_file_read(const char *bytes, size_t length, struct buffer *complaint)
{
    static const char *const names[] = {"verdict", "part", "results", "exploration", NULL};
    const struct members members = {complaint};
    struct report_file *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    file->root = members_parse(&members, bytes, length);
    if (file->root && members_object(&members, NULL, file->root, names) &&
        read_verdict(&members, NULL, file->root, &file->report.verdict) &&
        read_results(&members, file) && read_exploration(&members, file))
        return file;
    report_file_free(file);
    return NULL;
}

void report_file_free(struct report_file *file)
{
    if (!file)
        return;
    for (size_t i = 0; file->results && i < file->report.result_count; i++)
        free(file->results[i].measures);
    free(file->results);
    free(file->shown);
    buffer_free(&file->exploration);
    json_decref(file->root);
    free(file);
}

const struct report *report_file_report(const struct report_file *file)
{
    return &file->report;
}

const json_t *report_file_part(const struct report_file *file)
{
    return json_object_get(file->root, "part");
}
