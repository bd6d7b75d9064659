#include <stdlib.h>

#include "harness/implementations/implementation_internal.h"

struct plain_subject {
    struct subject subject; /* first: a subject is one of these */
    struct endpoint *endpoint;
    void (*alter)(struct fetch_result *result);
};

static struct plain_subject *plain(struct subject *subject)
{
    return (struct plain_subject *)subject;
}

static void plain_free(struct subject *subject)
{
    endpoint_free(plain(subject)->endpoint);
    free(plain(subject));
}

static void plain_set_wall_offset(struct subject *subject, int64_t offset_us)
{
    endpoint_set_wall_offset(plain(subject)->endpoint, offset_us);
}

static void look_for_actions(struct subject *subject)
{
    subject->drained = !endpoint_has_actions(plain(subject)->endpoint);
}

static int plain_request(struct subject *subject, int64_t now_us, const struct request *request)
{
    const int outcome = endpoint_request(plain(subject)->endpoint, now_us, request);
    look_for_actions(subject);
    return outcome;
}

static int plain_fetched(struct subject *subject, int64_t now_us, uint64_t fetch,
                         struct fetch_result *result)
{
    if (plain(subject)->alter)
        plain(subject)->alter(result);
    const int outcome = endpoint_fetched(plain(subject)->endpoint, now_us, fetch, result);
    look_for_actions(subject);
    return outcome;
}

static void plain_abandon(struct subject *subject, int64_t now_us, uint64_t request)
{
    endpoint_abandon(plain(subject)->endpoint, now_us, request);
}

static bool plain_next(struct subject *subject, struct endpoint_action *action)
{
    const bool taken = endpoint_next(plain(subject)->endpoint, action);
    look_for_actions(subject);
    return taken;
}

static void plain_measure(struct subject *subject, struct endpoint_usage *usage)
{
    endpoint_measure(plain(subject)->endpoint, usage);
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
    subject->endpoint = endpoint_new(config);
    if (!subject->endpoint) {
        free(subject);
        return NULL;
    }
    return &subject->subject;
}
