/* Forgets its instance, however little it did. */

#include "plain.h"

static void broken(void *self)
{
    (void)self;
}

TABLE(plain_open, plain_request, plain_fetched, plain_next, broken);
