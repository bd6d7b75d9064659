#include "harness/control/request_log.h"

#include <assert.h>
#include <stdlib.h>

enum { CAPACITY_AT_FIRST = 64 };

struct request_log {
    struct request_line *lines; /* line `number` is at number % capacity */
    size_t capacity, lines_max;
    uint64_t first, next;
};

struct request_log *request_log_new(size_t lines_max)
{
    struct request_log *log = calloc(1, sizeof *log);
    if (!log)
        return NULL;
    log->lines_max = lines_max > 0 ? lines_max : 1;
    log->first = 1;
    log->next = 1;
    return log;
}

void request_log_free(struct request_log *log)
{
    if (!log)
        return;
    free(log->lines);
    free(log);
}

static bool enlarge(struct request_log *log)
{
    size_t capacity = log->capacity ? 2 * log->capacity : CAPACITY_AT_FIRST;
    if (capacity > log->lines_max)
        capacity = log->lines_max;
    struct request_line *lines = malloc(capacity * sizeof *lines);
    if (!lines)
        return false;
    for (uint64_t number = log->first; number < log->next; number++)
        lines[number % capacity] = log->lines[number % log->capacity];
    free(log->lines);
    log->lines = lines;
    log->capacity = capacity;
    return true;
}

uint64_t request_log_arrived(struct request_log *log, uint64_t tag, int64_t now_us)
{
    if (log->next - log->first == log->capacity) {
        if (log->capacity == log->lines_max)
            log->first++;
        else if (!enlarge(log))
            return 0;
    }
    log->lines[log->next % log->capacity] =
        (struct request_line){.tag = tag, .arrived_us = now_us, .left_us = -1};
    return log->next++;
}

void request_log_left(struct request_log *log, uint64_t number, int64_t now_us, int status)
{
    if (number < log->first || number >= log->next)
        return;
    struct request_line *line = &log->lines[number % log->capacity];
    line->left_us = now_us;
    line->status = status;
}

void request_log_clear(struct request_log *log)
{
    log->first = log->next;
}

uint64_t request_log_first(const struct request_log *log)
{
    return log->first;
}

uint64_t request_log_next(const struct request_log *log)
{
    return log->next;
}

const struct request_line *request_log_at(const struct request_log *log, uint64_t number)
{
    assert(number >= log->first && number < log->next);
    return &log->lines[number % log->capacity];
}
