/* Answers with the bytes of documents that it has fetched along. */

#include "plain.h"

static int asks(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    static char target[256];
    (void)plain_request(self, now_us, request);
    struct plain *plain = self;
    const size_t last = (plain->first + plain->count - 1) % PLAIN_ACTIONS_MAX;
    memcpy(target, request->target, request->target_length);
    plain->actions[last].target = target;
    plain->actions[last].target_length = request->target_length;
    return FRESHCHECK_TAKEN;
}

/* What is lent is gone when the call has returned. */
static char *kept;

static void answers(void *self, int64_t now_us, const struct freshcheck_fetched *fetched)
{
    struct freshcheck_action *action = plain_push(self, FRESHCHECK_REPLY_BYTES, fetched->fetch);
    (void)now_us;
    free(kept);
    kept = malloc(fetched->body_length);
    memcpy(kept, fetched->body, fetched->body_length);
    action->status = fetched->status;
    action->body = kept;
    action->body_length = fetched->body_length;
    plain_push(self, FRESHCHECK_RELEASE, fetched->fetch);
}

static void closes(void *self)
{
    free(kept);
    kept = NULL;
    plain_close(self);
}

TABLE(plain_open, asks, answers, plain_next, closes);
