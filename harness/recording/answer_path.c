#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/answer.h"

enum { SEGMENTS_MAX = 8 };

struct segment {
    const char *text;
    size_t length;
};

static bool is(struct segment segment, const char *word)
{
    return segment.length == strlen(word) && memcmp(segment.text, word, segment.length) == 0;
}

/* Splits at slashes; empty segments do not count, as in Flink's router (Router.decodePathTokens).
 * Returns how many there are, or SEGMENTS_MAX + 1 when there are more than fit. */
static size_t split(const char *target, size_t length, struct segment segments[SEGMENTS_MAX])
{
    size_t count = 0;
    for (size_t at = 0; at < length && target[at] != '?' && target[at] != '#';) {
        size_t end = at;
        while (end < length && !memchr("/?#", target[end], 3))
            end++;
        if (end > at && count == SEGMENTS_MAX)
            return SEGMENTS_MAX + 1;
        if (end > at)
            segments[count++] = (struct segment){target + at, end - at};
        at = end < length && target[end] == '/' ? end + 1 : end;
    }
    return count;
}

/* A signed 64-bit decimal number, as Java's Long.parseLong takes it. */
static bool read_checkpoint(struct segment segment, int64_t *checkpoint)
{
    char digits[24];
    char *end;
    if (segment.length >= sizeof(digits))
        return false;
    for (size_t i = 0; i < segment.length; i++) {
        bool sign = i == 0 && segment.length > 1 && memchr("+-", segment.text[i], 2);
        if (!sign && (segment.text[i] < '0' || segment.text[i] > '9'))
            return false;
    }
    memcpy(digits, segment.text, segment.length);
    digits[segment.length] = '\0';
    errno = 0;
    long long number = strtoll(digits, &end, 10);
    if (errno != 0)
        return false;
    *checkpoint = number;
    return true;
}

/* What stands after /jobs/:jobid/checkpoints, in a GET. */
static enum exchange_path checkpoints_path(const struct segment *rest, size_t count,
                                           int64_t *checkpoint)
{
    struct id id;
    if (count == 0)
        return PATH_STATISTICS;
    if (count == 1 && is(rest[0], "config"))
        return PATH_CONFIG;
    if (count == 1)
        return id_parse(rest[0].text, rest[0].length, &id) ? PATH_TRIGGER_STATUS : PATH_OTHER;
    bool whole = count == 2;
    bool task =
        count == 4 && is(rest[2], "subtasks") && id_parse(rest[3].text, rest[3].length, &id);
    if (!is(rest[0], "details") || (!whole && !task))
        return PATH_OTHER;
    return read_checkpoint(rest[1], checkpoint) ? PATH_DETAILS : PATH_OTHER;
}

enum exchange_path answer_path(const char *method, const char *target, size_t length,
                               struct id *job, int64_t *checkpoint)
{
    struct segment segments[SEGMENTS_MAX];
    const struct segment *path = segments;
    size_t count = split(target, length, segments);
    *job = (struct id){0};
    *checkpoint = -1;
    if (count > 0 && count <= SEGMENTS_MAX && is(path[0], "v1")) {
        path++;
        count--;
    }
    if (count < 2 || count > SEGMENTS_MAX || !is(path[0], "jobs") ||
        !id_parse(path[1].text, path[1].length, job))
        return PATH_OTHER;
    bool checkpoints = count > 2 && is(path[2], "checkpoints");
    if (strcmp(method, "POST") == 0 && checkpoints && count == 3)
        return PATH_TRIGGER;
    if (strcmp(method, "GET") != 0)
        return PATH_OTHER;
    if (count == 2)
        return PATH_JOB;
    return checkpoints ? checkpoints_path(path + 3, count - 3, checkpoint) : PATH_OTHER;
}
