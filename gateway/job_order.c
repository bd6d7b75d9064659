#include "gateway/job_order.h"

#include <stdlib.h>

struct job_order *job_order_new(void)
{
    struct job_order *order = calloc(1, sizeof *order);
    if (!order)
        return NULL;
    order->references = 1;
    order->interval_ms = -1;
    return order;
}

struct job_order *job_order_retain(struct job_order *order)
{
    if (order)
        order->references++;
    return order;
}

void job_order_release(struct job_order *order)
{
    if (!order || --order->references > 0)
        return;
    free(order->directory);
    free(order->name);
    free(order->savepoint_path);
    free(order->arguments);
    free(order);
}
