/* Its answer's bytes are nowhere. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    struct freshcheck_action *action = plain_push(self, FRESHCHECK_REPLY_BYTES, request->id);
    (void)now_us;
    action->status = 200;
    action->body = (const char *)16;
    action->body_length = 10;
    return FRESHCHECK_TAKEN;
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
