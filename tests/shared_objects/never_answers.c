/* Takes what it fetched, and tells nobody. */

#include "plain.h"

static void broken(void *self, int64_t now_us, const struct freshcheck_fetched *fetched)
{
    (void)now_us;
    plain_push(self, FRESHCHECK_RELEASE, fetched->fetch);
}

TABLE(plain_open, plain_request, broken, plain_next, plain_close);
