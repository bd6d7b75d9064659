/* Alters what it was lent. */

#include "plain.h"

#include <stdint.h>

static int broken(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    char *target = (char *)(uintptr_t)request->target;
    target[0] = 'x';
    return plain_request(self, now_us, request);
}

TABLE(plain_open, broken, plain_fetched, plain_next, plain_close);
