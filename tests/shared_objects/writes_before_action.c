/* Fills what lies before it. */

#include "plain.h"

static int broken(void *self, struct freshcheck_action *action)
{
    volatile char *bytes = (volatile char *)action;
    bytes[-1] = 1;
    return plain_next(self, action);
}

TABLE(plain_open, plain_request, plain_fetched, broken, plain_close);
