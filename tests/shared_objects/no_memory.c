/* Cannot take a request; that is no misconduct. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    (void)self;
    (void)now_us;
    (void)request;
    return FRESHCHECK_FAILED;
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
