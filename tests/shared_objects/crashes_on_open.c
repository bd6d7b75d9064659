/* Uses a pointer that is NULL before there is anything else. */

#include "plain.h"

static void *broken(const struct freshcheck_settings *settings)
{
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
    return plain_open(settings);
}

TABLE(broken, plain_request, plain_fetched, plain_next, plain_close);
