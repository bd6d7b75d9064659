/* Leaves everything to the reference. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    (void)self;
    (void)now_us;
    (void)request;
    return FRESHCHECK_NOT_MINE;
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
