/* Gives two fetches one name. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    (void)plain_request(self, now_us, request);
    return plain_request(self, now_us, request);
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
