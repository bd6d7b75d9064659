#include "harness/conform/conform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/conform/conform_internal.h"
#include "harness/recording/answer.h"

static bool compare_status(const struct conform_exchange *recorded,
                           const struct conform_exchange *answered, struct differences *out)
{
    char wanted[16], given[16];
    if (recorded->status == answered->status)
        return true;
    snprintf(wanted, sizeof(wanted), "%d", recorded->status);
    snprintf(given, sizeof(given), "%d", answered->status);
    return differences_add(out, "the status is another", "@status", wanted, given);
}

static const char *find_header(const struct conform_exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->header_count; i++) {
        if (strcasecmp(exchange->headers[i].name, name) == 0)
            return exchange->headers[i].value;
    }
    return NULL;
}

/* Source: Flink HandlerUtils.sendResponse, which sets these three and nothing else that says
 * something about the body. */
static bool compare_headers(const struct conform_exchange *recorded,
                            const struct conform_exchange *answered, struct differences *out)
{
    static const struct {
        const char *name, *pointer;
        bool presence_only;
    } headers[] = {
        {"content-type", "@headers/content-type", false},
        {"access-control-allow-origin", "@headers/access-control-allow-origin", false},
        {"content-length", "@headers/content-length", true},
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        const char *wanted = find_header(recorded, headers[i].name);
        const char *given = find_header(answered, headers[i].name);
        const char *what = NULL;
        if (wanted && !given)
            what = "the header is missing";
        else if (given && !wanted)
            what = "the header is not in the recording";
        else if (wanted && !headers[i].presence_only && strcmp(wanted, given) != 0)
            what = "the header is another";
        if (what && !differences_add(out, what, headers[i].pointer, wanted, given))
            return false;
    }
    return true;
}

/* What the reader of answers finds wrong with one: a sentence, or nothing. */
static bool self_judgement(enum exchange_path path, const struct conform_exchange *exchange,
                           struct buffer *sentence)
{
    struct observation seen;
    const char *wrong =
        answer_read(path, exchange->status, exchange->body, exchange->body_length, &seen);
    if (wrong)
        buffer_text(sentence, wrong);
    else if (seen.kind == OBSERVED_STATISTICS && seen.contradiction)
        buffer_text(sentence, seen.contradiction);
    buffer_char(sentence, '\0');
    observation_clear(&seen);
    return wrong != answer_no_memory && !sentence->failed;
}

/* The sentence names numbers of that one answer, so a recorded contradiction excuses any. */
static bool compare_meaning(const struct conform_exchange *recorded,
                            const struct conform_exchange *answered, struct differences *out)
{
    struct buffer excuse = {0}, sentence = {0};
    struct id job;
    int64_t checkpoint;
    const enum exchange_path path =
        answer_path(recorded->method, recorded->path, strlen(recorded->path), &job, &checkpoint);
    bool has_memory =
        self_judgement(path, recorded, &excuse) && self_judgement(path, answered, &sentence);
    if (has_memory && excuse.bytes[0] == '\0' && sentence.bytes[0] != '\0')
        has_memory = differences_add(out, "the answer contradicts itself", "@body",
                                     "no contradiction", sentence.bytes);
    buffer_free(&excuse);
    buffer_free(&sentence);
    return has_memory;
}

/* False when out of memory; *root is NULL when the body is no JSON. */
static bool parse(const struct conform_exchange *exchange, json_t **root)
{
    json_error_t error;
    *root = NULL;
    if (exchange->body_length == 0)
        return true;
    *root = json_loadb(exchange->body, exchange->body_length,
                       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    return *root || json_error_code(&error) != json_error_out_of_memory;
}

/* At least one body is no JSON. Pages of the dashboard are not compared: that there is one counts. */
static bool compare_opaque(const struct conform_exchange *recorded, const json_t *recorded_root,
                           const struct conform_exchange *answered, const json_t *answered_root,
                           struct differences *out)
{
    const char *what = NULL;
    if (recorded_root)
        what = "the body is no valid JSON";
    else if (recorded->body_length == 0 && answered->body_length > 0)
        what = "the body was empty";
    else if (recorded->body_length > 0 && answered->body_length == 0)
        what = "the body is empty";
    else if (answered_root)
        what = "the body was no JSON";
    return !what || differences_add_bytes(out, what, recorded, answered);
}

static bool compare_bodies(const struct conform_exchange *recorded,
                           const struct conform_exchange *answered, struct differences *out)
{
    json_t *wanted = NULL, *given = NULL;
    bool has_memory = parse(recorded, &wanted) && parse(answered, &given);
    if (has_memory && wanted && given)
        has_memory = compare_trees(wanted, given, out) && compare_relations(wanted, given, out) &&
                     compare_meaning(recorded, answered, out);
    else if (has_memory)
        has_memory = compare_opaque(recorded, wanted, answered, given, out);
    json_decref(wanted);
    json_decref(given);
    return has_memory;
}

/* An error instead of an answer, or the reverse: then nothing in their bodies is comparable. */
static bool is_other_sort(const struct conform_exchange *recorded,
                          const struct conform_exchange *answered)
{
    return (recorded->status >= 400) != (answered->status >= 400);
}

bool conform_compare(const struct conform_exchange *recorded,
                     const struct conform_exchange *answered, struct differences *out)
{
    return compare_status(recorded, answered, out) && compare_headers(recorded, answered, out) &&
           (is_other_sort(recorded, answered) || compare_bodies(recorded, answered, out));
}
