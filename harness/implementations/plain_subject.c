#include <stdlib.h>

#include "harness/implementations/implementation_internal.h"

struct plain_subject {
    struct subject subject; /* first: a subject is one of these */
    void (*alter)(struct fetch_result *result);
};

static struct plain_subject *plain(struct subject *subject)
{
    return (struct plain_subject *)subject;
}

static void plain_free(struct subject *subject)
{
    endpoint_free(subject->endpoint);
    free(plain(subject));
}

static void plain_set_wall_offset(struct subject *subject, int64_t offset_us)
{
    endpoint_set_wall_offset(subject->endpoint, offset_us);
}

static int plain_request(struct subject *subject, int64_t now_us, const struct request *request)
{
    return endpoint_request(subject->endpoint, now_us, request);
}

static int plain_fetched(struct subject *subject, int64_t now_us, uint64_t fetch,
                         struct fetch_result *result)
{
    if (plain(subject)->alter)
        plain(subject)->alter(result);
    return endpoint_fetched(subject->endpoint, now_us, fetch, result);
}

static void plain_abandon(struct subject *subject, int64_t now_us, uint64_t request)
{
    endpoint_abandon(subject->endpoint, now_us, request);
}

static bool plain_next(struct subject *subject, struct endpoint_action *action)
{
    return endpoint_next(subject->endpoint, action);
}

static void plain_measure(struct subject *subject, struct endpoint_usage *usage)
{
    endpoint_measure(subject->endpoint, usage);
}

static const struct subject_operations plain_operations = {
    .free = plain_free,
    .set_wall_offset = plain_set_wall_offset,
    .request = plain_request,
    .fetched = plain_fetched,
    .abandon = plain_abandon,
    .next = plain_next,
    .measure = plain_measure,
};

struct subject *plain_subject_new(const struct endpoint_config *config,
                                  void (*alter)(struct fetch_result *result))
{
    struct plain_subject *subject = calloc(1, sizeof *subject);
    if (!subject)
        return NULL;
    subject->subject.operations = &plain_operations;
    subject->alter = alter;
    subject->subject.endpoint = endpoint_new(config);
    if (!subject->subject.endpoint) {
        free(subject);
        return NULL;
    }
    return &subject->subject;
}
