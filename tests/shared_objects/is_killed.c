/* Is killed by a signal that nobody can catch. */

#include "plain.h"

#include <signal.h>

static void broken(void *self, int64_t now_us, const struct freshcheck_fetched *fetched)
{
    raise(SIGKILL);
    plain_fetched(self, now_us, fetched);
}

TABLE(plain_open, plain_request, broken, plain_next, plain_close);
