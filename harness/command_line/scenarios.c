#include "harness/command_line/scenarios.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/files.h"
#include "harness/implementations/implementation.h"
#include "harness/scenario/scenario.h"

#ifndef FRESHCHECK_DATA_FOLDER
#define FRESHCHECK_DATA_FOLDER "/usr/share/freshcheck"
#endif

#define HERE "scenarios"
#define ANY_CLUSTER "/any-cluster"

enum { SCENARIO_SIZE_MAX = 1 << 20 };

static int complain(const char *name, const struct buffer *text, struct complaints *complaints)
{
    struct buffer out = {0};
    complaints_print(complaints, name, text->bytes, text->length, &out);
    if (out.failed || complaints->failed)
        fputs("freshcheck: out of memory\n", stderr);
    else
        fwrite(out.bytes, 1, out.length, stderr);
    buffer_free(&out);
    return complaints->failed ? EXIT_INTERNAL : EXIT_BAD_INPUT;
}

static int load_one(struct scenario_list *list, const char *name)
{
    struct buffer text = {0};
    struct complaints complaints = {0};
    int code = EXIT_BAD_INPUT;
    if (!file_read(name, SCENARIO_SIZE_MAX, &text))
        goto out;
    struct plan *plan =
        scenario_parse(text.bytes, text.length, name, implementation_names(), &complaints);
    struct plan **plans = plan ? realloc(list->plans, (list->count + 1) * sizeof *plans) : NULL;
    if (plans) {
        list->plans = plans;
        list->plans[list->count++] = plan;
        code = EXIT_AS_CLAIMED;
    } else if (plan) {
        plan_free(plan);
        complaints.failed = true;
        code = complain(name, &text, &complaints);
    } else {
        code = complain(name, &text, &complaints);
    }
out:
    complaints_free(&complaints);
    buffer_free(&text);
    return code;
}

static int load(struct scenario_list *list, char **names, size_t name_count, const char *standard)
{
    struct file_list files = {0};
    int code = EXIT_AS_CLAIMED;
    *list = (struct scenario_list){0};
    if (name_count == 0 && !file_list_add_level(&files, standard, ".yaml"))
        code = EXIT_BAD_INPUT;
    for (size_t i = 0; i < name_count; i++) {
        if (!file_list_add(&files, names[i], ".yaml"))
            code = EXIT_BAD_INPUT;
    }
    for (size_t i = 0; i < files.count; i++) {
        const int one = load_one(list, files.names[i]);
        if (code == EXIT_AS_CLAIMED)
            code = one;
    }
    file_list_free(&files);
    if (code != EXIT_AS_CLAIMED)
        scenario_list_free(list);
    return code;
}

int scenario_list_load(struct scenario_list *list, char **names, size_t name_count)
{
    return load(list, names, name_count,
                access(HERE, R_OK) == 0 ? HERE : FRESHCHECK_DATA_FOLDER "/" HERE);
}

int scenario_list_load_any_cluster(struct scenario_list *list, char **names, size_t name_count)
{
    return load(list, names, name_count,
                access(HERE ANY_CLUSTER, R_OK) == 0 ? HERE ANY_CLUSTER
                                                    : FRESHCHECK_DATA_FOLDER "/" HERE ANY_CLUSTER);
}

void scenario_list_free(struct scenario_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        plan_free(list->plans[i]);
    free(list->plans);
    *list = (struct scenario_list){0};
}
