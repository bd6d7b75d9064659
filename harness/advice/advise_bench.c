#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/advice/advise_internal.h"
#include "harness/advice/configured.h"
#include "harness/advice/findings_internal.h"
#include "rest_endpoint/policy_sets.h"

/* Beyond rounding. */
static const double hair = 1 + 1e-9;

int64_t ladder_ms(int rung)
{
    int64_t unit_ms = 1;
    for (; rung >= 100; rung -= 90)
        unit_ms *= 10;
    return rung * unit_ms;
}

int ladder_rung(int64_t ms)
{
    int low = 0, high = LADDER_COUNT - 1;
    while (low < high) {
        const int middle = (low + high + 1) / 2;
        if (ladder_ms(middle) <= ms)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

double want_measure(const struct prediction *prediction, enum want_kind kind)
{
    switch (kind) {
    case WANT_STALENESS:
        return prediction->staleness.worst_us;
    case WANT_MEAN_STALENESS:
        return prediction->staleness.mean_us;
    case WANT_CALLS:
    case WANT_COUNT:
        break;
    }
    return prediction->fetches_per_s.statistics + prediction->fetches_per_s.graphs;
}

/* The policies of "1.20.3" are those of "flink-1.20". */
static const struct policy_set *policies_of(const char *version)
{
    char name[32];
    const char *last = strrchr(version, '.');
    snprintf(name, sizeof name, "flink-%.*s", (int)(last - version), version);
    return policy_set_find(name);
}

bool bench_open(struct bench *bench, const struct situation *situation, const struct wants *wants)
{
    const size_t count = situation->entries->count;
    *bench = (struct bench){
        .situation = situation,
        .wants = wants,
        .policies = policies_of(situation->effective->version),
        .load = configured_load(situation->load, situation->effective),
        .items = calloc(count + ADVISED_CHANGES_MAX, sizeof *bench->items),
    };
    if (!bench->items)
        return false;
    if (count > 0)
        memcpy(bench->items, situation->entries->items, count * sizeof *bench->items);
    return findings_find(situation, &bench->found);
}

void bench_close(struct bench *bench)
{
    findings_free(&bench->found);
    free(bench->items);
    bench->items = NULL;
}

/* A configuration with changes, as if each were given by a last -D. */
struct changed {
    struct advised *advised;
    struct config_entries entries;
    struct effective effective;
};

static bool resolve(const struct bench *bench, struct changed *changed)
{
    const struct config_entries *written = bench->situation->entries;
    changed->entries = *written;
    changed->entries.items = bench->items;
    for (size_t i = 0; i < changed->advised->change_count; i++) {
        struct advised_change *change = &changed->advised->changes[i];
        changed->entries.items[changed->entries.count++] = (struct config_entry){
            .key = (char *)(uintptr_t)change->key,
            .value = change->value,
            .source = "advice",
            .form = FORM_DYNAMIC,
        };
    }
    effective_free(&changed->effective);
    return effective_resolve(&changed->effective, &changed->entries,
                             bench->situation->effective->version);
}

static struct advised_change *add_change(const struct bench *bench, struct changed *changed,
                                         enum flink_option option)
{
    struct advised_change *change = &changed->advised->changes[changed->advised->change_count++];
    change->option = option;
    change->key = flink_option_key(option, bench->situation->effective->version);
    return change;
}

/* Where `shown`, which follows the option, comes to something else. False when out of memory. */
static bool set_duration(const struct bench *bench, struct changed *changed,
                         enum flink_option option, enum flink_option shown, int64_t us)
{
    if (changed->effective.values[shown].number == us)
        return true;
    duration_value(bench->situation->effective->version, option, us,
                   add_change(bench, changed, option)->value);
    return resolve(bench, changed);
}

/* A timeout does nothing in a cache of size 0, and little in one that has no room. */
static bool set_size(const struct bench *bench, struct changed *changed, int64_t timeout_us)
{
    const struct effective_value *size = &changed->effective.values[OPTION_STATS_SIZE];
    const int64_t jobs = bench->load.job_count;
    if (!size->exists || size->number >= jobs || (size->number == 0 && timeout_us == 0))
        return true;
    snprintf(add_change(bench, changed, OPTION_STATS_SIZE)->value, SUGGESTED_LENGTH_MAX, "%" PRId64,
             roomy_size(jobs));
    return resolve(bench, changed);
}

/* The graphs' first: the timeout of statistics may follow the same option, and is then held. */
static bool change(const struct bench *bench, struct point point, struct changed *changed)
{
    const struct situation *situation = bench->situation;
    const int64_t timeout_us = point.timeout_ms == KEPT ? number_of(situation, OPTION_STATS_TIMEOUT)
                                                        : point.timeout_ms * 1000;
    changed->advised->change_count = 0;
    if (!resolve(bench, changed))
        return false;
    if (point.graph_ms != KEPT && !set_duration(bench, changed, graph_timeout_option(situation),
                                                OPTION_GRAPH_TIMEOUT, point.graph_ms * 1000))
        return false;
    if (!set_duration(bench, changed, timeout_option(situation), OPTION_STATS_TIMEOUT, timeout_us))
        return false;
    return point.timeout_ms == KEPT || set_size(bench, changed, timeout_us);
}

static bool foresee(const struct bench *bench, const struct changed *changed,
                    const struct load *load, struct prediction *prediction)
{
    const struct settings settings = configured_settings(&changed->effective);
    struct endpoint_config config;
    policy_set_configure(bench->policies, &settings, &config);
    return predict(&config, load, prediction);
}

bool bench_probe(struct bench *bench, struct point point, struct prediction *prediction)
{
    struct advised advised = {0};
    struct changed changed = {.advised = &advised};
    struct load load = bench->load;
    load.history_count = load.vertex_count = 0;
    const bool fine = change(bench, point, &changed) && foresee(bench, &changed, &load, prediction);
    effective_free(&changed.effective);
    return fine;
}

static enum outcome compare_wants(const struct bench *bench, const struct prediction *prediction)
{
    enum outcome outcome = OUTCOME_MET;
    for (unsigned i = 0; i < WANT_COUNT; i++) {
        const enum want_kind kind = (enum want_kind)i;
        const double at_most = bench->wants->at_most[i];
        if (at_most < 0)
            continue;
        if (kind != WANT_STALENESS && prediction->basis == BASIS_NONE)
            return OUTCOME_NOT_KNOWN;
        if (want_measure(prediction, kind) > at_most * hair)
            outcome = kind == WANT_CALLS ? OUTCOME_TOO_MANY_CALLS : OUTCOME_TOO_OLD;
    }
    return outcome;
}

static bool was_danger(const struct bench *bench, const struct finding_rule *rule)
{
    for (size_t i = 0; i < bench->found.count; i++) {
        const struct finding *finding = &bench->found.items[i];
        if (finding->rule == rule && finding->severity == SEVERITY_DANGER)
            return true;
    }
    return false;
}

static enum outcome look_for_danger(struct bench *bench, const struct changed *changed)
{
    struct situation situation = *bench->situation;
    struct findings findings;
    enum outcome outcome = OUTCOME_MET;
    situation.entries = &changed->entries;
    situation.effective = &changed->effective;
    if (!findings_find(&situation, &findings))
        outcome = OUTCOME_NO_MEMORY;
    for (size_t i = 0; i < findings.count && outcome == OUTCOME_MET; i++) {
        const struct finding *finding = &findings.items[i];
        if (finding->severity != SEVERITY_DANGER || was_danger(bench, finding->rule))
            continue;
        outcome = OUTCOME_DANGER;
        if (!bench->danger)
            bench->danger = finding->rule;
    }
    findings_free(&findings);
    return outcome;
}

enum outcome bench_try(struct bench *bench, struct point point, struct advised *advised)
{
    struct changed changed = {.advised = advised};
    enum outcome outcome = OUTCOME_NO_MEMORY;
    *advised = (struct advised){0};
    if (change(bench, point, &changed) &&
        foresee(bench, &changed, &bench->load, &advised->prediction)) {
        outcome = compare_wants(bench, &advised->prediction);
        if (outcome == OUTCOME_MET)
            outcome = look_for_danger(bench, &changed);
    }
    effective_free(&changed.effective);
    return outcome;
}
