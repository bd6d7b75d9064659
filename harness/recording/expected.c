#include "harness/recording/expected.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/recording/recording_internal.h"

struct expected_verdict {
    char *file;
    char *claim;
    enum verdict whole;
    bool fails[PROPERTY_COUNT];
    bool has_count[PROPERTY_COUNT];
    uint64_t counts[PROPERTY_COUNT];
    bool has_layer[PROPERTY_COUNT];
    enum layer layers[PROPERTY_COUNT];
};

struct expected {
    struct expected_verdict *items;
    size_t count, capacity;
};

/* One line being read. */
struct expected_line {
    char *rest; /* for strtok_r() */
    unsigned number;
    struct complaints *complaints;
};

static bool read_verdict(const char *word, enum verdict *verdict)
{
    static const enum verdict verdicts[] = {VERDICT_PASS, VERDICT_FAIL, VERDICT_UNKNOWN};
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(word, verdict_name(verdicts[i])) == 0) {
            *verdict = verdicts[i];
            return true;
        }
    }
    return false;
}

static bool read_count(const char *digits, uint64_t *count)
{
    char *end;
    errno = 0;
    *count = strtoull(digits, &end, 10);
    return errno == 0 && digits[0] >= '0' && digits[0] <= '9' && *end == '\0';
}

/* A layer's name with a dash for each blank. */
static bool read_layer(const struct expected_line *line, char *word, enum layer *layer)
{
    for (char *at = word; (at = strchr(at, '-')) != NULL;)
        *at = ' ';
    if (layer_find(word, layer))
        return true;
    complaints_add(line->complaints, line->number, 0, "\"%s\" is no layer", word);
    return false;
}

/* PROPERTY[=VIOLATIONS][@LAYER]. */
static bool read_property(const struct expected_line *line, char *word,
                          struct expected_verdict *item)
{
    enum property property;
    char *at = strchr(word, '@');
    if (at)
        *at = '\0';
    char *equals = strchr(word, '=');
    if (equals)
        *equals = '\0';
    if (!property_find(word, &property)) {
        const char *near = text_nearest(word, property_ids(), PROPERTY_COUNT);
        complaints_add(line->complaints, line->number, 0, "\"%s\" is no property%s%s%s", word,
                       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        return false;
    }
    item->fails[property] = true;
    item->has_count[property] = equals != NULL;
    item->has_layer[property] = at != NULL;
    if (at && !read_layer(line, at + 1, &item->layers[property]))
        return false;
    if (!equals || read_count(equals + 1, &item->counts[property]))
        return true;
    complaints_add(line->complaints, line->number, 0, "\"%s\" is no number of violations of %s",
                   equals + 1, word);
    return false;
}

/* `file` is the first word. False after a complaint. */
static bool read_item(struct expected_line *line, struct expected_verdict *item, const char **claim)
{
    static const char blanks[] = " \t\r\n";
    *claim = strtok_r(NULL, blanks, &line->rest);
    const char *verdict = strtok_r(NULL, blanks, &line->rest);
    if (!*claim || !verdict || !read_verdict(verdict, &item->whole)) {
        complaints_add(line->complaints, line->number, 0,
                       "a line is FILE CLAIM pass|fail|unknown and the properties that fail");
        return false;
    }
    for (char *word; (word = strtok_r(NULL, blanks, &line->rest)) != NULL;) {
        if (!read_property(line, word, item))
            return false;
    }
    return true;
}

/* False when out of memory. */
static bool take_line(struct expected *expected, struct expected_line *line, char *text)
{
    struct expected_verdict item = {0};
    const char *claim;
    text[strcspn(text, "#")] = '\0';
    const char *file = strtok_r(text, " \t\r\n", &line->rest);
    if (!file || !read_item(line, &item, &claim))
        return true;
    item.file = text_copy(file);
    item.claim = text_copy(claim);
    struct expected_verdict *items =
        recording_grow(expected->items, expected->count, &expected->capacity, sizeof(item));
    if (items)
        expected->items = items;
    if (!items || !item.file || !item.claim) {
        free(item.file);
        free(item.claim);
        return false;
    }
    expected->items[expected->count++] = item;
    return true;
}

struct expected *expected_read(FILE *file, struct complaints *complaints)
{
    struct expected_line line = {.complaints = complaints};
    struct expected *expected = calloc(1, sizeof(*expected));
    char *text = NULL;
    size_t capacity = 0;
    bool has_memory = expected != NULL;
    while (has_memory && getline(&text, &capacity, file) > 0) {
        line.number++;
        has_memory = take_line(expected, &line, text);
    }
    free(text);
    if (has_memory)
        return expected;
    expected_free(expected);
    return NULL;
}

void expected_free(struct expected *expected)
{
    for (size_t i = 0; expected && i < expected->count; i++) {
        free(expected->items[i].file);
        free(expected->items[i].claim);
    }
    if (expected)
        free(expected->items);
    free(expected);
}

/* "1.18.0/a.jsonl" ends "x/1.18.0/a.jsonl", but not "x/11.18.0/a.jsonl". */
static bool ends_path(const char *path, const char *end)
{
    size_t length = strlen(path), end_length = strlen(end);
    if (end_length > length || strcmp(path + length - end_length, end) != 0)
        return false;
    return end_length == length || path[length - end_length - 1] == '/';
}

const struct expected_verdict *expected_find(const struct expected *expected, const char *file,
                                             const char *claim)
{
    const struct expected_verdict *found = NULL;
    for (size_t i = 0; i < expected->count; i++) {
        const struct expected_verdict *item = &expected->items[i];
        if (strcmp(item->claim, claim) == 0 && ends_path(file, item->file) &&
            (!found || strlen(item->file) > strlen(found->file)))
            found = item;
    }
    return found;
}

bool expected_verdict_met(const struct expected_verdict *expectation,
                          const struct judgement *judgement, struct buffer *difference)
{
    if (judgement->whole != expectation->whole) {
        buffer_printf(difference, "%s under the claim %s, expected %s",
                      verdict_name(judgement->whole), expectation->claim,
                      verdict_name(expectation->whole));
        return false;
    }
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *seen = &judgement->properties[i];
        const char *id = property_id((enum property)i);
        bool fails = judgement->claim.claimed[i] && seen->verdict == VERDICT_FAIL;
        if (fails != expectation->fails[i]) {
            buffer_printf(difference, "%s is %s, expected %s", id, verdict_name(seen->verdict),
                          fails ? "no violation" : "a violation");
            return false;
        }
        if (fails && expectation->has_count[i] && seen->violations != expectation->counts[i]) {
            buffer_printf(difference, "%s has %" PRIu64 " violations, expected %" PRIu64, id,
                          seen->violations, expectation->counts[i]);
            return false;
        }
        if (fails && expectation->has_layer[i] && seen->layer != expectation->layers[i]) {
            buffer_printf(difference, "%s is pinned on the layer \"%s\", expected \"%s\"", id,
                          layer_name(seen->layer), layer_name(expectation->layers[i]));
            return false;
        }
    }
    return true;
}
