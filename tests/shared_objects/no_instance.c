/* Cannot be opened. */

#include "plain.h"

static void *broken(const struct freshcheck_settings *settings)
{
    (void)settings;
    return NULL;
}

TABLE(broken, plain_request, plain_fetched, plain_next, plain_close);
