#include <stdlib.h>

#include "reports/alerts_internal.h"

void alerts_make_rules(struct alerts *alerts, size_t count)
{
    alerts->rules = calloc(count, sizeof *alerts->rules);
    alerts->rule_count = count;
    alerts->failed |= alerts->rules == NULL;
}

struct alert *alerts_add(struct alerts *alerts)
{
    if (alerts->count == alerts->capacity) {
        const size_t capacity = alerts->capacity ? 2 * alerts->capacity : 16;
        struct alert *items = realloc(alerts->items, capacity * sizeof *items);
        if (!items) {
            alerts->failed = true;
            return NULL;
        }
        alerts->items = items;
        alerts->capacity = capacity;
    }
    struct alert *alert = &alerts->items[alerts->count++];
    *alert = (struct alert){0};
    return alert;
}

char *alerts_take(struct alerts *alerts, struct buffer *text)
{
    char *taken = buffer_take(text);
    alerts->failed |= taken == NULL;
    buffer_free(text);
    return taken;
}

void alerts_free(struct alerts *alerts)
{
    for (size_t i = 0; i < alerts->count; i++) {
        free(alerts->items[i].title);
        free(alerts->items[i].message);
        free(alerts->items[i].again);
    }
    free(alerts->items);
    free(alerts->rules);
    *alerts = (struct alerts){0};
}
