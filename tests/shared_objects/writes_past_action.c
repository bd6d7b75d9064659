/* Fills more than it was given. */

#include "plain.h"

static int broken(void *self, struct freshcheck_action *action)
{
    const int more = plain_next(self, action);
    volatile char *bytes = (volatile char *)action;
    bytes[action->size ? action->size : sizeof *action] = 1;
    return more;
}

TABLE(plain_open, plain_request, plain_fetched, broken, plain_close);
