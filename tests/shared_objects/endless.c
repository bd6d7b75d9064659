/* Has always something else to do. */

#include "plain.h"

static int broken(void *self, struct freshcheck_action *action)
{
    (void)plain_next(self, action);
    action->kind = FRESHCHECK_RELEASE;
    return 1;
}

TABLE(plain_open, plain_request, plain_fetched, broken, plain_close);
