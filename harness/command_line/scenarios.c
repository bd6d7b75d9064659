#include "harness/command_line/scenarios.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/data_folder.h"
#include "harness/command_line/files.h"
#include "harness/command_line/options.h"
#include "base/text.h"
#include "harness/implementations/implementation.h"
#include "harness/parts/part.h"
#include "harness/scenario/scenario.h"

#define STANDARD "scenarios"
#define ANY_CLUSTER "scenarios/any-cluster"
#define MUSEUM "scenarios/museum"

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

/* Options given with -D, for every scenario that is read. */
struct given {
    struct configuration_line *lines; /* keys are owned, values borrowed */
    size_t count;
};

/* Of its name and content; which folder it lies in decides nothing. */
static uint64_t fingerprint_file(uint64_t before, const char *name, const struct buffer *text)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash ? slash + 1 : name;
    const uint64_t named = fingerprint_add(before, base, strlen(base) + 1);
    return fingerprint_add(fingerprint_add(named, text->bytes, text->length), "", 1);
}

static int load_one(struct scenario_list *list, const char *name, const struct given *given)
{
    struct buffer text = {0};
    struct complaints complaints = {0};
    int code = EXIT_BAD_INPUT;
    if (!file_read(name, SCENARIO_SIZE_MAX, &text))
        goto out;
    list->fingerprint = fingerprint_file(list->fingerprint, name, &text);
    struct plan *plan = scenario_parse_with(text.bytes, text.length, name, implementation_names(),
                                            given->lines, given->count, &complaints);
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

/* Goes on after a file with a fault, so that all are complained about. Frees the files' names. */
static int load_files(struct scenario_list *list, struct file_list *files,
                      const struct given *given, int code)
{
    for (size_t i = 0; i < files->count; i++) {
        const int one = load_one(list, files->names[i], given);
        if (code == EXIT_AS_CLAIMED)
            code = one;
    }
    file_list_free(files);
    if (code != EXIT_AS_CLAIMED)
        scenario_list_free(list);
    return code;
}

/* The files of a folder that comes with freshcheck, without the folders in it. */
static bool add_bundled(struct file_list *files, const char *name)
{
    struct data_folder folder;
    data_folder_find(name, &folder);
    return file_list_add_level(files, folder.path, ".yaml");
}

static int load(struct scenario_list *list, char **names, size_t name_count, const char *standard,
                const struct given *given)
{
    struct file_list files = {0};
    int code = EXIT_AS_CLAIMED;
    *list = (struct scenario_list){.fingerprint = FINGERPRINT_START};
    if (name_count == 0 && !add_bundled(&files, standard))
        code = EXIT_BAD_INPUT;
    for (size_t i = 0; i < name_count; i++) {
        if (!file_list_add(&files, names[i], ".yaml"))
            code = EXIT_BAD_INPUT;
    }
    return load_files(list, &files, given, code);
}

int scenario_list_load(struct scenario_list *list, char **names, size_t name_count)
{
    return load(list, names, name_count, STANDARD, &(struct given){0});
}

int scenario_list_load_bundled(struct scenario_list *list)
{
    struct file_list files = {0};
    *list = (struct scenario_list){0};
    const bool found = add_bundled(&files, STANDARD) && add_bundled(&files, MUSEUM);
    return load_files(list, &files, &(struct given){0}, found ? EXIT_AS_CLAIMED : EXIT_BAD_INPUT);
}

static void given_free(struct given *given)
{
    for (size_t i = 0; i < given->count; i++)
        free((char *)(uintptr_t)given->lines[i].key);
    free(given->lines);
}

static int given_read(struct given *given, const struct option_values *values)
{
    given->lines = calloc(values->count + 1, sizeof *given->lines);
    for (size_t i = 0; given->lines && i < values->count; i++) {
        const char *equals = strchr(values->items[i], '=');
        if (!equals || equals == values->items[i]) {
            fprintf(stderr, "freshcheck: -D takes KEY=VALUE, not '%s'\n", values->items[i]);
            return EXIT_USAGE;
        }
        char *key = text_copy_length(values->items[i], (size_t)(equals - values->items[i]));
        if (!key)
            break;
        given->lines[given->count++] = (struct configuration_line){.key = key, .value = equals + 1};
    }
    if (given->lines && given->count == values->count)
        return EXIT_AS_CLAIMED;
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

int scenario_list_load_with(struct scenario_list *list, char **names, size_t name_count,
                            const struct option_values *values)
{
    struct given given = {0};
    int code = given_read(&given, values);
    *list = (struct scenario_list){0};
    if (code == EXIT_AS_CLAIMED)
        code = load(list, names, name_count, STANDARD, &given);
    given_free(&given);
    return code;
}

int scenario_list_load_any_cluster(struct scenario_list *list, char **names, size_t name_count)
{
    return load(list, names, name_count, ANY_CLUSTER, &(struct given){0});
}

int scenario_list_load_museum(struct scenario_list *list, char **names, size_t name_count)
{
    return load(list, names, name_count, MUSEUM, &(struct given){0});
}

void scenario_list_keep(struct scenario_list *list, const bool *kept)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (kept[i])
            list->plans[count++] = list->plans[i];
        else
            plan_free(list->plans[i]);
    }
    list->count = count;
}

void scenario_list_free(struct scenario_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        plan_free(list->plans[i]);
    free(list->plans);
    *list = (struct scenario_list){0};
}
