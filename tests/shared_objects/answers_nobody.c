/* Answers a request that nobody made. */

#include "plain.h"

static void broken(void *self, int64_t now_us, const struct freshcheck_fetched *fetched)
{
    plain_push(self, FRESHCHECK_REPLY, fetched->fetch)->request = 1000000;
    plain_fetched(self, now_us, fetched);
}

TABLE(plain_open, plain_request, broken, plain_next, plain_close);
