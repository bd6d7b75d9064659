/* Uses a pointer that is NULL. */

#include "plain.h"

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
    return plain_request(self, now_us, request);
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
