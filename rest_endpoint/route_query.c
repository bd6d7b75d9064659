#include "rest_endpoint/routes_internal.h"

#include <string.h>
#include <strings.h>

/* Source: Flink JobExceptionsHandler.MAX_NUMBER_EXCEPTION_TO_REPORT. */
enum { EXCEPTION_COUNT_MAX = 20 };

/* What the values of one query say. */
struct query {
    bool stops;
    int32_t exception_count;
    bool labelled;
    int32_t parallelism;
};

/* Source: Flink TerminationModeQueryParameter. */
static bool read_mode(const struct span *value, struct query *query)
{
    query->stops = value->length == 4 && strncasecmp(value->text, "stop", 4) == 0;
    return query->stops || (value->length == 6 && strncasecmp(value->text, "cancel", 6) == 0);
}

/* Source: Flink UpperLimitExceptionParameter (Java Integer.valueOf). */
static bool read_exception_count(const struct span *value, struct query *query)
{
    return read_int32(value, &query->exception_count);
}

/* Source: Flink ParallelismQueryParameter. */
static bool read_parallelism(const struct span *value, struct query *query)
{
    return read_int32(value, &query->parallelism);
}

/* Two texts with a colon between; what follows another colon must be empty.
 * Source: Flink FailureLabelFilterParameter (Java String.split). */
static bool read_label(const struct span *value, struct query *query)
{
    size_t length = value->length;
    while (length > 0 && value->text[length - 1] == ':')
        length--;
    const char *colon = memchr(value->text, ':', length);
    query->labelled = true;
    return colon && !memchr(colon + 1, ':', (size_t)(value->text + length - colon - 1));
}

/* All values of the parameter must be good, the first counts; none leaves the query as it is.
 * Source: Flink MessageQueryParameter.convertFromString. */
static enum route_outcome read_values(struct target *target, const char *name,
                                      bool (*read)(const struct span *, struct query *),
                                      struct query *query, struct route_fault *fault)
{
    struct span all = {0};
    if (target_parameter(target, name, &all) == PARAMETER_NO_MEMORY)
        return ROUTE_NO_MEMORY;
    struct span rest = all;
    struct span value;
    struct query others;
    for (bool first = true; next_value(&rest, &value); first = false) {
        if (!read(&value, first ? query : &others)) {
            *fault = (struct route_fault){name, all};
            return ROUTE_BAD_QUERY;
        }
    }
    return ROUTE_FOUND;
}

/* Source: Flink JobCancellationHandler. */
static enum route_outcome check_mode(struct target *target, bool stops, struct route_fault *fault)
{
    struct query query = {.stops = stops};
    const enum route_outcome outcome = read_values(target, "mode", read_mode, &query, fault);
    return outcome == ROUTE_FOUND && query.stops ? ROUTE_STOP_REMOVED : outcome;
}

/* Source: Flink JobExceptionsMessageParameters. */
static enum route_outcome check_exceptions(struct target *target, struct route *route,
                                           struct route_fault *fault)
{
    struct query query = {.exception_count = EXCEPTION_COUNT_MAX};
    enum route_outcome outcome =
        read_values(target, "maxExceptions", read_exception_count, &query, fault);
    if (outcome == ROUTE_FOUND)
        outcome = read_values(target, "failureLabelFilter", read_label, &query, fault);
    route->exception_count = query.exception_count;
    route->labelled_only = query.labelled;
    return outcome;
}

static enum route_outcome check_parallelism(struct target *target, struct route *route,
                                            struct route_fault *fault)
{
    struct query query = {0};
    const enum route_outcome outcome =
        read_values(target, "parallelism", read_parallelism, &query, fault);
    route->parallelism = query.parallelism;
    return outcome;
}

enum route_outcome route_check_query(enum query_kind kind, struct target *target,
                                     struct route *route, struct route_fault *fault)
{
    switch (kind) {
    case QUERY_MODE_CANCEL:
        return check_mode(target, false, fault);
    case QUERY_MODE_STOP:
        return check_mode(target, true, fault);
    case QUERY_EXCEPTIONS:
        return check_exceptions(target, route, fault);
    case QUERY_PARALLELISM:
        return check_parallelism(target, route, fault);
    case QUERY_ANY:
        break;
    }
    return ROUTE_FOUND;
}
