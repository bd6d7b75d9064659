/* Answers from what it has not got yet. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    (void)plain_request(self, now_us, request);
    plain_push(self, FRESHCHECK_REPLY, request->id);
    return FRESHCHECK_TAKEN;
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
