/* Sets up something once in the life of its process, which is no leak. */

#include "plain.h"

static void *set_up;

static void *opens(const struct freshcheck_settings *settings)
{
    if (!set_up)
        set_up = malloc(5000);
    return plain_open(settings);
}

TABLE(opens, plain_request, plain_fetched, plain_next, plain_close);
