#include "harness/command_line/kept_failures.h"

#include <errno.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/command_line/claim_text.h"
#include "harness/command_line/commands.h"
#include "harness/explore/generate.h"
#include "harness/judge/judge.h"
#include "harness/virtual_time/run.h"

struct kept_run {
    struct run_result result;
    struct buffer claim, again;
};

static int is_scenario(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return length > 5 && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static int cannot_keep(const char *folder)
{
    fprintf(stderr, "freshcheck: cannot keep failures in %s: %s\n", folder, strerror(errno));
    return EXIT_CANNOT_WRITE;
}

/* Makes the folder if it is not there: what was found after an hour must not be lost for want of it. */
static int look_into(const char *folder, bool *is_empty)
{
    if ((mkdir(folder, 0777) != 0 && errno != EEXIST) || access(folder, W_OK) != 0)
        return cannot_keep(folder);
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_scenario, NULL);
    if (count < 0)
        return cannot_keep(folder);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    *is_empty = count == 0;
    return EXIT_AS_CLAIMED;
}

static void remember(struct kept_failures *kept, const struct plan *plan,
                     const struct implementation *implementation, const struct kept_run *run)
{
    const struct judgement *judgement = &run->result.judgement;
    if (judgement->whole != VERDICT_FAIL)
        return;
    kept->failing[kept->failing_count++] = (struct report_result){
        .subject = plan->name,
        .title = plan->title,
        .implementation = implementation_name(implementation),
        .claim = run->claim.bytes,
        .file = plan->file,
        .places = plan->claim_places,
        .judgement = judgement,
        .again = run->again.bytes,
    };
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        if (judgement->claim.claimed[i] && judgement->properties[i].verdict == VERDICT_FAIL)
            kept->shown[i][judgement->properties[i].layer] = true;
}

static int try_one(struct kept_failures *kept, size_t index,
                   const struct implementation *implementation, const bool *wanted)
{
    const struct run_options options = {.seed = EXPLORE_RUN_SEED};
    const struct plan *plan = kept->scenarios.plans[index];
    struct kept_run *run = &kept->runs[index];
    const char *why = run_virtual(plan, implementation, &options, &run->result);
    claim_print(&plan->claim, &run->claim);
    buffer_char(&run->claim, '\0');
    buffer_printf(&run->again, "run %s --implementation %s%c", plan->file,
                  implementation_name(implementation), '\0');
    if (!why && (run->claim.failed || run->again.failed))
        why = "out of memory";
    if (why) {
        fprintf(stderr, "freshcheck: %s: %s\n", plan->file, why);
        return EXIT_INTERNAL;
    }
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        run->result.judgement.claim.claimed[i] &= wanted[i];
    run->result.judgement.whole = judge_whole(&run->result.judgement);
    remember(kept, plan, implementation, run);
    return EXIT_AS_CLAIMED;
}

int kept_failures_try(struct kept_failures *kept, const char *folder,
                      const struct implementation *implementation, const bool *wanted)
{
    char *names[] = {(char *)(uintptr_t)folder};
    bool is_empty;
    int code = look_into(folder, &is_empty);
    if (code != EXIT_AS_CLAIMED || is_empty)
        return code;
    code = scenario_list_load(&kept->scenarios, names, 1);
    if (code != EXIT_AS_CLAIMED)
        return code;
    kept->runs = calloc(kept->scenarios.count, sizeof *kept->runs);
    kept->failing = calloc(kept->scenarios.count, sizeof *kept->failing);
    if (!kept->runs || !kept->failing) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    for (size_t i = 0; i < kept->scenarios.count && code == EXIT_AS_CLAIMED; i++)
        code = try_one(kept, i, implementation, wanted);
    return code;
}

void kept_failures_forget(const struct kept_failures *kept, struct exploration *exploration)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        for (size_t k = 0; k < LAYER_COUNT; k++) {
            struct exploration_failure *failure = &exploration->failures[i][k];
            if (!kept->shown[i][k])
                continue;
            free(failure->choices);
            *failure = (struct exploration_failure){0};
        }
    }
}

void kept_failures_free(struct kept_failures *kept)
{
    for (size_t i = 0; kept->runs && i < kept->scenarios.count; i++) {
        buffer_free(&kept->runs[i].claim);
        buffer_free(&kept->runs[i].again);
    }
    free(kept->runs);
    free(kept->failing);
    scenario_list_free(&kept->scenarios);
}
