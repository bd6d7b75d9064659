/* Nothing is wrong with it. */

#include "plain.h"

TABLE(plain_open, plain_request, plain_fetched, plain_next, plain_close);
