/* A loop that does not end. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    for (volatile int64_t turns_left = now_us; turns_left >= 0;)
        turns_left = now_us;
    return plain_request(self, now_us, request);
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
