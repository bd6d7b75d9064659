/* Needs a function that nobody has. */

#include "plain.h"

void *opened_elsewhere(const struct freshcheck_settings *settings);

TABLE(opened_elsewhere, plain_request, plain_fetched, plain_next, plain_close);
