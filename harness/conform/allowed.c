#include "harness/conform/allowed.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/conform/conform_internal.h"

struct allowed {
    struct allowed_difference *items;
    size_t count, capacity;
};

static const char blanks[] = " \t\r\n";

enum { FIELD_VERSION, FIELD_METHOD, FIELD_PATH, FIELD_POINTER, FIELD_REASON, FIELD_COUNT };

/* What the words of a line must look like, so that two that changed places are noticed. */
static const struct {
    const char *first; /* characters that it may begin with */
    const char *others;
    const char *wrong;
} shapes[FIELD_REASON] = {
    [FIELD_VERSION] = {"0123456789*",
                       ".*-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS"
                       "TUVWXYZ",
                       "is no pattern of a Flink version, as 1.20.3 or 1.*"},
    [FIELD_METHOD] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ*", "ABCDEFGHIJKLMNOPQRSTUVWXYZ*",
                      "is no method, as GET or *"},
    [FIELD_PATH] = {"/*", NULL, "is no pattern of a path, as /v1/jobs/*/checkpoints"},
    [FIELD_POINTER] = {"/*@", NULL,
                       "is no pattern of a JSON pointer, nor @status, @body or "
                       "@headers/NAME"},
};

/* Cuts the line into words, and the rest of it. Returns how many there are. */
static size_t split(char *text, char *fields[FIELD_COUNT])
{
    size_t count = 0;
    for (text += strspn(text, blanks); *text && count < FIELD_COUNT;) {
        const bool is_reason = count == FIELD_REASON;
        fields[count++] = text;
        if (is_reason)
            break;
        text += strcspn(text, blanks);
        if (*text)
            *text++ = '\0';
        text += strspn(text, blanks);
    }
    if (count == FIELD_COUNT) {
        char *reason = fields[FIELD_REASON];
        for (size_t end = strlen(reason); end > 0 && strchr(blanks, reason[end - 1]); end--)
            reason[end - 1] = '\0';
    }
    return count;
}

static bool has_shape(const char *word, size_t field)
{
    return strchr(shapes[field].first, word[0]) &&
           (!shapes[field].others || word[strspn(word, shapes[field].others)] == '\0');
}

/* The line that says the same already; NULL: none. */
static const struct allowed_difference *find_twin(const struct allowed *allowed,
                                                  char *const fields[FIELD_COUNT])
{
    for (size_t i = 0; i < allowed->count; i++) {
        const struct allowed_difference *item = &allowed->items[i];
        if (strcmp(item->version, fields[FIELD_VERSION]) == 0 &&
            strcmp(item->method, fields[FIELD_METHOD]) == 0 &&
            strcmp(item->path, fields[FIELD_PATH]) == 0 &&
            strcmp(item->pointer, fields[FIELD_POINTER]) == 0)
            return item;
    }
    return NULL;
}

/* False after a complaint. */
static bool check_line(const struct allowed *allowed, char *const fields[FIELD_COUNT], size_t count,
                       unsigned line, struct complaints *complaints)
{
    for (size_t i = 0; i < count && i < FIELD_REASON; i++) {
        if (!has_shape(fields[i], i)) {
            complaints_add(complaints, line, 0, "\"%s\" %s", fields[i], shapes[i].wrong);
            return false;
        }
    }
    if (count < FIELD_COUNT) {
        complaints_add(
            complaints, line, 0,
            "a line is VERSION METHOD PATH POINTER and the reason, and the %s is missing",
            count == FIELD_REASON ? "reason" : "rest");
        return false;
    }
    const struct allowed_difference *twin = find_twin(allowed, fields);
    if (twin)
        complaints_add(complaints, line, 0, "line %u allows the same", twin->line);
    return !twin;
}

static void clear(struct allowed_difference *item)
{
    free(item->version);
    free(item->method);
    free(item->path);
    free(item->pointer);
    free(item->reason);
}

/* False when out of memory. */
static bool put(struct allowed *allowed, char *const fields[FIELD_COUNT], unsigned line)
{
    struct allowed_difference item = {
        .line = line,
        .version = text_copy(fields[FIELD_VERSION]),
        .method = text_copy(fields[FIELD_METHOD]),
        .path = text_copy(fields[FIELD_PATH]),
        .pointer = text_copy(fields[FIELD_POINTER]),
        .reason = text_copy(fields[FIELD_REASON]),
    };
    struct allowed_difference *items =
        conform_grow(allowed->items, allowed->count, &allowed->capacity, sizeof(item));
    if (items)
        allowed->items = items;
    if (!items || !item.version || !item.method || !item.path || !item.pointer || !item.reason) {
        clear(&item);
        return false;
    }
    items[allowed->count++] = item;
    return true;
}

/* False when out of memory. */
static bool take_line(struct allowed *allowed, char *text, size_t length, unsigned line,
                      struct complaints *complaints)
{
    char *fields[FIELD_COUNT] = {0};
    if (strlen(text) != length) {
        complaints_add(complaints, line, 0, "there is a NUL byte in the line");
        return true;
    }
    const size_t count = split(text, fields);
    if (count == 0 || fields[0][0] == '#' || !check_line(allowed, fields, count, line, complaints))
        return true;
    return put(allowed, fields, line);
}

struct allowed *allowed_read(FILE *file, struct complaints *complaints)
{
    struct allowed *allowed = calloc(1, sizeof(*allowed));
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool has_memory = allowed != NULL;
    for (unsigned line = 1; has_memory && (length = getline(&text, &capacity, file)) > 0; line++)
        has_memory = take_line(allowed, text, (size_t)length, line, complaints);
    free(text);
    if (has_memory)
        return allowed;
    allowed_free(allowed);
    return NULL;
}

void allowed_free(struct allowed *allowed)
{
    for (size_t i = 0; allowed && i < allowed->count; i++)
        clear(&allowed->items[i]);
    if (allowed)
        free(allowed->items);
    free(allowed);
}

size_t allowed_count(const struct allowed *allowed)
{
    return allowed->count;
}

const struct allowed_difference *allowed_at(const struct allowed *allowed, size_t index)
{
    return &allowed->items[index];
}

const struct allowed_difference *allowed_find(const struct allowed *allowed, const char *version,
                                              const char *method, const char *path,
                                              const char *pointer)
{
    for (size_t i = 0; i < allowed->count; i++) {
        const struct allowed_difference *item = &allowed->items[i];
        if (conform_matches(item->version, version) && conform_matches(item->method, method) &&
            conform_matches(item->path, path) && conform_matches(item->pointer, pointer))
            return item;
    }
    return NULL;
}
