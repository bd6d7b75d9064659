#ifndef FRESHCHECK_GATEWAY_TASK_MANAGERS_H
#define FRESHCHECK_GATEWAY_TASK_MANAGERS_H

#include <stddef.h>
#include <stdint.h>

/* One line of /taskmanagers. Source: Flink TaskManagerInfo. Its memory and hardware are the same
 * for all, and the renderer's business. */
struct task_manager {
    char id[32];    /* "127.0.0.1:36723-464ffa" */
    int32_t number; /* from 0: akka path ".../rpc/taskmanager_0" */
    int32_t rpc_port, data_port;
    int64_t heartbeat_ms; /* epoch */
    int32_t slots, slots_free;
};

/* Shared by counting references. */
struct task_manager_list {
    uint32_t references;
    struct task_manager *lines; /* owned */
    size_t count;
};

struct task_manager_list *task_manager_list_new(size_t count); /* zeroed; NULL: out of memory */
struct task_manager_list *task_manager_list_retain(struct task_manager_list *list);
void task_manager_list_release(struct task_manager_list *list); /* NULL is allowed */

#endif
