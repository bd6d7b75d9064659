/* Has a table without a function. */

#include "plain.h"

TABLE(plain_open, plain_request, plain_fetched, NULL, plain_close);
