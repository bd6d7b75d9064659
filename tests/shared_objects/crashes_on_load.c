/* Crashes while it is loaded. */

#include "plain.h"

static __attribute__((constructor)) void crash(void)
{
    abort();
}

TABLE(plain_open, plain_request, plain_fetched, plain_next, plain_close);
