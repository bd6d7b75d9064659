/* Wants something that there is not. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    plain_push(self, 77, request->id);
    return plain_request(self, now_us, request);
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
