#ifndef FRESHCHECK_REPORTS_ALERTS_INTERNAL_H
#define FRESHCHECK_REPORTS_ALERTS_INTERNAL_H

#include "reports/alerts.h"

/* What those who make lists of alerts share. Where memory runs out, alerts->failed is set. */

void alerts_make_rules(struct alerts *alerts, size_t count);   /* empty ones; NULL: no memory */
struct alert *alerts_add(struct alerts *alerts);               /* an empty one; NULL: no memory */
char *alerts_take(struct alerts *alerts, struct buffer *text); /* to be free()d; NULL: no memory */

#endif
