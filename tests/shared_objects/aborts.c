/* An assertion of its own fails. */

#include "plain.h"

static void broken(void *self, int64_t now_us, const struct freshcheck_fetched *fetched)
{
    if (now_us >= 0)
        abort();
    plain_fetched(self, now_us, fetched);
}

TABLE(plain_open, plain_request, broken, plain_next, plain_close);
