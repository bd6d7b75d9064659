/* Answers a request, and does not take it. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    struct freshcheck_action *action = plain_push(self, FRESHCHECK_REPLY_BYTES, request->id);
    (void)now_us;
    action->status = 200;
    action->body = "{}";
    action->body_length = 2;
    return FRESHCHECK_NOT_MINE;
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
