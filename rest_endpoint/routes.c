#include "rest_endpoint/routes_internal.h"

#include <string.h>
#include <strings.h>

struct span {
    const char *text;
    size_t length;
};

enum { SEGMENT_COUNT_MAX = 7 };

struct path {
    struct span segments[SEGMENT_COUNT_MAX];
    size_t count; /* SEGMENT_COUNT_MAX + 1 when there are more */
};

/* How one segment of a path is read. */
enum segment_kind {
    SEGMENT_END,
    SEGMENT_LITERAL,
    SEGMENT_JOB,
    SEGMENT_CHECKPOINT,
    SEGMENT_VERTEX,
    SEGMENT_TRIGGER
};

struct segment {
    enum segment_kind kind;
    struct span literal;
};

/* What of a query counts; all else in it is skipped. */
enum query_kind {
    QUERY_ANY,
    QUERY_MODE_CANCEL, /* a termination mode; cancel when it names none */
    QUERY_MODE_STOP,   /* the same; stop when it names none */
    QUERY_MAX_EXCEPTIONS
};

struct pattern {
    enum http_method method;
    enum route_kind kind;
    enum query_kind query;
    size_t count;
    struct segment segments[SEGMENT_COUNT_MAX];
};

#define WORD(word)                 \
    {                              \
        SEGMENT_LITERAL,           \
        {                          \
            word, sizeof(word) - 1 \
        }                          \
    }
#define JOB          \
    {                \
        SEGMENT_JOB, \
        {            \
            0        \
        }            \
    }
#define CHECKPOINT          \
    {                       \
        SEGMENT_CHECKPOINT, \
        {                   \
            0               \
        }                   \
    }
#define VERTEX          \
    {                   \
        SEGMENT_VERTEX, \
        {               \
            0           \
        }               \
    }
#define TRIGGER          \
    {                    \
        SEGMENT_TRIGGER, \
        {                \
            0            \
        }                \
    }

/*
 * The first match counts. Among paths of one length literal segments come before parameters, so
 * that /checkpoints/config wins over /checkpoints/:triggerid; what is asked for most comes first.
 * Source: Flink RestServerEndpoint.RestHandlerUrlComparator.
 */
static const struct pattern patterns[] = {
    {METHOD_GET, ROUTE_STATISTICS, QUERY_ANY, 3, {WORD("jobs"), JOB, WORD("checkpoints")}},
    {METHOD_GET, ROUTE_JOBS_OVERVIEW, QUERY_ANY, 2, {WORD("jobs"), WORD("overview")}},
    {METHOD_GET, ROUTE_JOB, QUERY_ANY, 2, {WORD("jobs"), JOB}},
    {METHOD_GET,
     ROUTE_DETAILS,
     QUERY_ANY,
     5,
     {WORD("jobs"), JOB, WORD("checkpoints"), WORD("details"), CHECKPOINT}},
    {METHOD_GET,
     ROUTE_SUBTASKS,
     QUERY_ANY,
     7,
     {WORD("jobs"), JOB, WORD("checkpoints"), WORD("details"), CHECKPOINT, WORD("subtasks"),
      VERTEX}},
    {METHOD_GET,
     ROUTE_CHECKPOINT_CONFIG,
     QUERY_ANY,
     4,
     {WORD("jobs"), JOB, WORD("checkpoints"), WORD("config")}},
    {METHOD_GET,
     ROUTE_TRIGGER_STATUS,
     QUERY_ANY,
     4,
     {WORD("jobs"), JOB, WORD("checkpoints"), TRIGGER}},
    {METHOD_POST, ROUTE_TRIGGER, QUERY_ANY, 3, {WORD("jobs"), JOB, WORD("checkpoints")}},
    {METHOD_PATCH, ROUTE_CANCEL, QUERY_MODE_CANCEL, 2, {WORD("jobs"), JOB}},
    {METHOD_GET, ROUTE_JOB_IDS, QUERY_ANY, 1, {WORD("jobs")}},
    {METHOD_GET, ROUTE_OVERVIEW, QUERY_ANY, 1, {WORD("overview")}},
    {METHOD_GET, ROUTE_DASHBOARD_CONFIG, QUERY_ANY, 1, {WORD("config")}},
    {METHOD_GET, ROUTE_JOB_CONFIG, QUERY_ANY, 3, {WORD("jobs"), JOB, WORD("config")}},
    {METHOD_GET,
     ROUTE_JOB_EXCEPTIONS,
     QUERY_MAX_EXCEPTIONS,
     3,
     {WORD("jobs"), JOB, WORD("exceptions")}},
    {METHOD_GET, ROUTE_JOB_PLAN, QUERY_ANY, 3, {WORD("jobs"), JOB, WORD("plan")}},
    {METHOD_GET, ROUTE_JOB_ACCUMULATORS, QUERY_ANY, 3, {WORD("jobs"), JOB, WORD("accumulators")}},
    {METHOD_GET, ROUTE_JOB_STATUS, QUERY_ANY, 3, {WORD("jobs"), JOB, WORD("status")}},
    {METHOD_GET, ROUTE_CANCEL, QUERY_MODE_CANCEL, 3, {WORD("jobs"), JOB, WORD("yarn-cancel")}},
    {METHOD_GET, ROUTE_CANCEL, QUERY_MODE_STOP, 3, {WORD("jobs"), JOB, WORD("yarn-stop")}},
};

static bool span_is(const struct span *span, const struct span *literal)
{
    return span->length == literal->length &&
           memcmp(span->text, literal->text, literal->length) == 0;
}

/*
 * Slashes at both ends do not count, and every path exists with and without /v1.
 * Source: Flink Router, RestServerEndpoint.registerHandler.
 */
static void split_path(const char *at, const char *end, struct path *path)
{
    path->count = 0;
    while (at < end && *at == '/')
        at++;
    while (end > at && end[-1] == '/')
        end--;
    if (end - at > 3 && memcmp(at, "v1/", 3) == 0)
        at += 3;
    while (at < end) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        const char *stop = slash ? slash : end;
        if (path->count == SEGMENT_COUNT_MAX) {
            path->count++;
            return;
        }
        path->segments[path->count++] = (struct span){at, (size_t)(stop - at)};
        at = slash ? slash + 1 : end;
    }
}

static bool pattern_matches(const struct pattern *pattern, const struct path *path)
{
    for (size_t i = 0; i < pattern->count; i++) {
        const struct segment *segment = &pattern->segments[i];
        if (segment->kind == SEGMENT_LITERAL && !span_is(&path->segments[i], &segment->literal))
            return false;
    }
    return true;
}

static const struct pattern *find_pattern(enum http_method method, const struct path *path)
{
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        const struct pattern *pattern = &patterns[i];
        if (pattern->count == path->count && pattern->method == method &&
            pattern_matches(pattern, path))
            return pattern;
    }
    return NULL;
}

/* A sign of either kind is allowed. Source: Java Long.parseLong. */
static bool read_int64(const struct span *span, int64_t *number)
{
    size_t i = 0;
    bool negative = span->length > 0 && span->text[0] == '-';
    if (span->length > 0 && (negative || span->text[0] == '+'))
        i++;
    if (i == span->length)
        return false;
    const uint64_t most = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t sum = 0;
    for (; i < span->length; i++) {
        char c = span->text[i];
        if (c < '0' || c > '9')
            return false;
        uint64_t digit = (uint64_t)(c - '0');
        if (sum > (most - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *number = negative ? (int64_t)(~sum + 1) : (int64_t)sum;
    return true;
}

/* Returns NULL, or the name of the parameter that the text is not good for. */
static const char *read_segment(enum segment_kind kind, const struct span *span,
                                struct route *route)
{
    switch (kind) {
    case SEGMENT_JOB:
        return id_parse(span->text, span->length, &route->job) ? NULL : "jobid";
    case SEGMENT_CHECKPOINT:
        return read_int64(span, &route->checkpoint) ? NULL : "checkpointid";
    case SEGMENT_VERTEX:
        return id_parse(span->text, span->length, &route->vertex) ? NULL : "vertexid";
    case SEGMENT_TRIGGER:
        return id_parse(span->text, span->length, &route->trigger) ? NULL : "triggerid";
    case SEGMENT_LITERAL:
    case SEGMENT_END:
        break;
    }
    return NULL;
}

/* The value of the first parameter of this name, whose length counts the equals sign; false when
 * there is none. */
static bool find_value(const struct span *query, const struct span *name, struct span *value)
{
    const char *at = query->text;
    const char *end = query->text + query->length;
    while (at < end) {
        const char *ampersand = memchr(at, '&', (size_t)(end - at));
        const char *stop = ampersand ? ampersand : end;
        const size_t length = (size_t)(stop - at);
        if (length >= name->length && memcmp(at, name->text, name->length) == 0) {
            *value = (struct span){at + name->length, length - name->length};
            return true;
        }
        at = ampersand ? ampersand + 1 : end;
    }
    return false;
}

/* Source: Flink TerminationModeQueryParameter, JobCancellationHandler. */
static enum route_outcome check_mode(const struct span *query, enum route_outcome otherwise,
                                     struct route_fault *fault)
{
    static const struct span name = {"mode=", 5};
    struct span mode;
    if (!find_value(query, &name, &mode))
        return otherwise;
    if (mode.length == 6 && strncasecmp(mode.text, "cancel", 6) == 0)
        return ROUTE_FOUND;
    if (mode.length == 4 && strncasecmp(mode.text, "stop", 4) == 0)
        return ROUTE_STOP_REMOVED;
    *fault = (struct route_fault){"mode", mode.text, mode.length};
    return ROUTE_BAD_QUERY;
}

/* A plus in a query means a space, so it is no sign here.
 * Source: Flink UpperLimitExceptionParameter (Java Integer.valueOf). */
static enum route_outcome check_max_exceptions(const struct span *query, struct route_fault *fault)
{
    static const struct span name = {"maxExceptions=", 14};
    struct span value;
    int64_t count;
    if (!find_value(query, &name, &value))
        return ROUTE_FOUND;
    if (read_int64(&value, &count) && value.text[0] != '+' && count >= INT32_MIN &&
        count <= INT32_MAX)
        return ROUTE_FOUND;
    *fault = (struct route_fault){"maxExceptions", value.text, value.length};
    return ROUTE_BAD_QUERY;
}

static enum route_outcome check_query(enum query_kind kind, const struct span *query,
                                      struct route_fault *fault)
{
    switch (kind) {
    case QUERY_MODE_CANCEL:
        return check_mode(query, ROUTE_FOUND, fault);
    case QUERY_MODE_STOP:
        return check_mode(query, ROUTE_STOP_REMOVED, fault);
    case QUERY_MAX_EXCEPTIONS:
        return check_max_exceptions(query, fault);
    case QUERY_ANY:
        break;
    }
    return ROUTE_FOUND;
}

enum route_outcome route_find(enum http_method method, const char *target, size_t length,
                              struct route *route, struct route_fault *fault)
{
    const char *end = target + length;
    const char *mark = memchr(target, '?', length);
    struct path path;
    split_path(target, mark ? mark : end, &path);
    const struct pattern *pattern = find_pattern(method, &path);
    if (!pattern)
        return ROUTE_UNKNOWN;

    route->kind = pattern->kind;
    for (size_t i = 0; i < pattern->count; i++) {
        const struct span *span = &path.segments[i];
        const char *parameter = read_segment(pattern->segments[i].kind, span, route);
        if (parameter) {
            *fault = (struct route_fault){parameter, span->text, span->length};
            return ROUTE_BAD_PARAMETER;
        }
    }
    const char *query_start = mark ? mark + 1 : end;
    const struct span query = {query_start, (size_t)(end - query_start)};
    return check_query(pattern->query, &query, fault);
}
