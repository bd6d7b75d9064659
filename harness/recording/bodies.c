#include "harness/recording/bodies.h"

#include <stdlib.h>

#include "harness/recording/answer.h"

bool line_order_earlier(const struct line_order *a, const struct line_order *b)
{
    if (a->done_us != b->done_us)
        return a->done_us < b->done_us;
    if (a->seq != b->seq)
        return a->seq < b->seq;
    return a->line < b->line;
}

void body_unref(struct read_body *body)
{
    if (!body || --body->references > 0)
        return;
    observation_clear(&body->seen);
    free(body);
}

static void forget(struct bodies *bodies, struct read_body **slot)
{
    if (!*slot)
        return;
    bodies->size -= (*slot)->size;
    body_unref(*slot);
    *slot = NULL;
}

void bodies_free(struct bodies *bodies)
{
    for (size_t i = 0; bodies->sets && i < BODY_SETS * BODIES_IN_SET; i++)
        forget(bodies, &bodies->sets[i / BODIES_IN_SET][i % BODIES_IN_SET]);
    free(bodies->sets);
    json_tree_free(&bodies->tree);
    buffer_free(&bodies->decoded);
    *bodies = (struct bodies){0};
}

/* From the bytes as they are in the file: equal ones stand for equal answers. */
static struct digest digest_of(const struct body_request *request)
{
    struct digest digest = digest_start();
    digest_add_number(&digest, (uint64_t)request->path);
    digest_add_number(&digest, (uint64_t)request->status);
    digest_add_number(&digest, request->job.high);
    digest_add_number(&digest, request->job.low);
    digest_add_number(&digest, request->text->is_escaped);
    digest_add(&digest, request->text->as.text.bytes, request->text->as.text.length);
    return digest;
}

static struct read_body *read_now(struct bodies *bodies, const struct body_request *request,
                                  struct digest digest, const char **unreadable)
{
    struct read_body *body = calloc(1, sizeof(*body));
    if (!body)
        return NULL;
    *body = (struct read_body){.references = 1,
                               .digest = digest,
                               .size = sizeof(*body) + request->text->as.text.length,
                               .serial = ++bodies->last_serial};
    const char *bytes = request->text->as.text.bytes;
    size_t length = request->text->as.text.length;
    if (request->text->is_escaped) {
        buffer_clear(&bodies->decoded);
        node_decode(request->text, &bodies->decoded);
        bytes = bodies->decoded.bytes;
        length = bodies->decoded.length;
    }
    const char *wrong = bodies->decoded.failed
                            ? answer_no_memory
                            : answer_read_by(&bodies->tree, request->path, request->status, bytes,
                                             length, &body->seen);
    if (wrong == answer_no_memory) {
        body_unref(body);
        return NULL;
    }
    *unreadable = wrong;
    return body;
}

/* Large answers are remembered at the expense of all others, in turn. */
static void remember(struct bodies *bodies, size_t set, struct read_body *body)
{
    if (body->size > BODIES_SIZE_MAX)
        return;
    struct read_body **slot = &bodies->sets[set][bodies->oldest[set]];
    bodies->oldest[set] = (unsigned char)((bodies->oldest[set] + 1) % BODIES_IN_SET);
    forget(bodies, slot);
    while (bodies->size + body->size > BODIES_SIZE_MAX) {
        const size_t hand = bodies->hand++ % (BODY_SETS * BODIES_IN_SET);
        forget(bodies, &bodies->sets[hand / BODIES_IN_SET][hand % BODIES_IN_SET]);
    }
    *slot = body;
    body->references++;
    bodies->size += body->size;
}

struct read_body *bodies_read(struct bodies *bodies, const struct body_request *request,
                              const char **unreadable)
{
    if (!bodies->sets)
        bodies->sets = calloc(BODY_SETS, sizeof(*bodies->sets));
    if (!bodies->sets)
        return NULL;
    const struct digest digest = digest_of(request);
    const size_t set = (size_t)(digest.high ^ digest.low) % BODY_SETS;
    for (size_t i = 0; i < BODIES_IN_SET; i++) {
        struct read_body *body = bodies->sets[set][i];
        if (body && body->digest.high == digest.high && body->digest.low == digest.low) {
            body->references++;
            return body;
        }
    }
    struct read_body *body = read_now(bodies, request, digest, unreadable);
    if (body)
        remember(bodies, set, body);
    return body;
}
