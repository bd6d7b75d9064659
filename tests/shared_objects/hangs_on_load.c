/* Does not come back from being loaded. */

#include "plain.h"

static __attribute__((constructor)) void hang(void)
{
    for (volatile int64_t turns = 0;; turns++)
        continue;
}

TABLE(plain_open, plain_request, plain_fetched, plain_next, plain_close);
