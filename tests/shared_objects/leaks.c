/* Forgets 100 bytes with each request. */

#include "plain.h"

static void *volatile forgotten;

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    forgotten = malloc(100);
    return plain_request(self, now_us, request);
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
