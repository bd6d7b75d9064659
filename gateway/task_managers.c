#include "gateway/task_managers.h"

#include <stdlib.h>

struct task_manager_list *task_manager_list_new(size_t count)
{
    struct task_manager_list *list = calloc(1, sizeof *list);
    if (!list)
        return NULL;
    /* One more than needed, so that an empty list is no failure. */
    list->lines = calloc(count + 1, sizeof *list->lines);
    if (!list->lines) {
        free(list);
        return NULL;
    }
    list->references = 1;
    list->count = count;
    return list;
}

struct task_manager_list *task_manager_list_retain(struct task_manager_list *list)
{
    list->references++;
    return list;
}

void task_manager_list_release(struct task_manager_list *list)
{
    if (!list || --list->references > 0)
        return;
    free(list->lines);
    free(list);
}
