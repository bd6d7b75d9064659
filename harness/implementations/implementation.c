#include "harness/implementations/implementation.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "harness/implementations/implementation_internal.h"
#include "rest_endpoint/policy_sets.h"

/* The origin that the reference stands before: nothing left out, everything in order. */
static const struct origin_quirks mended_origin = {0};

/* Source: reference 4.4 and 4.7, FLINK-33872 and FLINK-38408. */
static const struct origin_quirks origin_1_18_0 = {
    .forgets_ended_jobs = true,
    .announces_before_statistics = true,
    .late_savepoint_is_checkpoint = true,
};
static const struct origin_quirks origin_to_2_1 = {
    .announces_before_statistics = true,
    .late_savepoint_is_checkpoint = true,
};
static const struct origin_quirks origin_from_2_2 = {.late_savepoint_is_checkpoint = true};

/* Versions by the name of their policy set; what a set is called and how it differs is its own. */
static const struct implementation versions[] = {
    {.name = "reference", .kind = IMPLEMENTATION_REFERENCE, .origin = &mended_origin},
    {.name = "flink-1.17",
     .kind = IMPLEMENTATION_FLINK,
     .origin = &origin_to_2_1,
     .retains_by_old_name = true},
    {.name = "flink-1.18.0",
     .kind = IMPLEMENTATION_FLINK,
     .origin = &origin_1_18_0,
     .retains_by_old_name = true},
    {.name = "flink-1.18",
     .kind = IMPLEMENTATION_FLINK,
     .origin = &origin_to_2_1,
     .retains_by_old_name = true},
    {.name = "flink-1.19",
     .kind = IMPLEMENTATION_FLINK,
     .origin = &origin_to_2_1,
     .retains_by_old_name = true},
    {.name = "flink-1.20", .kind = IMPLEMENTATION_FLINK, .origin = &origin_to_2_1},
    {.name = "flink-2.0", .kind = IMPLEMENTATION_FLINK, .origin = &origin_to_2_1},
    {.name = "flink-2.1", .kind = IMPLEMENTATION_FLINK, .origin = &origin_to_2_1},
    {.name = "flink-2.2", .kind = IMPLEMENTATION_FLINK, .origin = &origin_from_2_2},
    {.name = "flink-2.3", .kind = IMPLEMENTATION_FLINK, .origin = &origin_from_2_2},
};

enum { VERSION_COUNT = sizeof versions / sizeof versions[0], NAMES_MAX = 256 };

/* All there are, in the order in which they are listed. */
static const struct implementation_table *const broken_tables[] = {
    &settings_mutants, &policy_mutants, &answer_mutants, &between_mutants,
    &front_mutants,    &around_mutants, &broken_origins, &broken_clients,
};

enum { BROKEN_TABLE_COUNT = sizeof broken_tables / sizeof broken_tables[0] };

size_t implementation_count(void)
{
    size_t count = VERSION_COUNT;
    for (size_t i = 0; i < BROKEN_TABLE_COUNT; i++)
        count += broken_tables[i]->count;
    return count;
}

const struct implementation *implementation_at(size_t index)
{
    if (index < VERSION_COUNT)
        return &versions[index];
    index -= VERSION_COUNT;
    size_t table = 0;
    while (index >= broken_tables[table]->count)
        index -= broken_tables[table++]->count;
    return &broken_tables[table]->items[index];
}

const struct implementation *implementation_find(const char *name)
{
    for (size_t i = 0; i < implementation_count(); i++) {
        if (strcmp(implementation_at(i)->name, name) == 0)
            return implementation_at(i);
    }
    return NULL;
}

/* The version that answers of a built-in one show: "1.20.3". */
static const char *shown_version(const struct implementation *implementation)
{
    struct settings settings;
    struct endpoint_config config;
    settings_default(&settings);
    policy_set_configure(policy_set_find(implementation->name), &settings, &config);
    return config.wire.flink_version;
}

/* Reads "1.20.3", or "1.20" with `patch` -1; false for anything else. */
static bool read_version(const char *text, long *major, long *minor, long *patch)
{
    long *const numbers[] = {major, minor, patch};
    *patch = -1;
    for (size_t i = 0; i < 3; i++) {
        const size_t digit_count = strspn(text, "0123456789");
        if (digit_count == 0 || digit_count > 4)
            return false;
        *numbers[i] = strtol(text, NULL, 10);
        text += digit_count;
        if (*text == '\0')
            return i > 0;
        if (*text++ != '.')
            return false;
    }
    return false;
}

/* Of two that are equally near the later one is taken, and the latest where no patch is named. */
const struct implementation *implementation_for_flink(const char *version)
{
    const struct implementation *nearest = NULL;
    long major, minor, patch, nearest_distance = LONG_MAX;
    if (!read_version(version, &major, &minor, &patch))
        return NULL;
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        long its_major, its_minor, its_patch;
        if (versions[i].kind != IMPLEMENTATION_FLINK ||
            !read_version(shown_version(&versions[i]), &its_major, &its_minor, &its_patch) ||
            its_major != major || its_minor != minor)
            continue;
        const long distance = patch < 0 ? 0 : labs(patch - its_patch);
        if (distance > nearest_distance)
            continue;
        nearest = &versions[i];
        nearest_distance = distance;
    }
    return nearest;
}

const char *const *implementation_names(void)
{
    static const char *names[NAMES_MAX]; /* the same whenever it is filled */
    for (size_t i = 0; i < implementation_count() && i + 1 < NAMES_MAX; i++)
        names[i] = implementation_at(i)->name;
    return names;
}

const char *implementation_name(const struct implementation *implementation)
{
    return implementation->name;
}

enum client_model implementation_client_model(const struct implementation *implementation)
{
    return implementation->client_model;
}

const char *implementation_summary(const struct implementation *implementation)
{
    if (implementation->summary)
        return implementation->summary;
    return policy_set_summary(policy_set_find(implementation->name));
}

const char *implementation_source(const struct implementation *implementation)
{
    return implementation->source;
}

bool implementation_is_broken(const struct implementation *implementation)
{
    return implementation->kind == IMPLEMENTATION_MUTANT ||
           implementation->kind == IMPLEMENTATION_BROKEN_ORIGIN ||
           implementation->kind == IMPLEMENTATION_BROKEN_CLIENT;
}

const char *implementation_kind_name(enum implementation_kind kind)
{
    static const char *const names[] = {
        [IMPLEMENTATION_REFERENCE] = "reference",
        [IMPLEMENTATION_FLINK] = "flink",
        [IMPLEMENTATION_MUTANT] = "mutant",
        [IMPLEMENTATION_BROKEN_ORIGIN] = "broken origin",
        [IMPLEMENTATION_BROKEN_CLIENT] = "broken client",
        [IMPLEMENTATION_FOREIGN] = "shared object",
    };
    return names[kind];
}

enum implementation_kind implementation_kind(const struct implementation *implementation)
{
    return implementation->kind;
}

const struct origin_quirks *implementation_origin(const struct implementation *implementation)
{
    return implementation->origin ? implementation->origin : &mended_origin;
}

/* Source: Flink CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, renamed in 1.20. */
int64_t implementation_retained_count(const struct implementation *implementation,
                                      const struct settings *settings)
{
    if (implementation->retains_one)
        return 1;
    return implementation->retains_by_old_name ? settings->old_retained_count
                                               : settings->retained_count;
}

/* A build of another patch version than the one that the set was made from has another commit. */
static void add_options(struct endpoint_config *config, const struct subject_options *options)
{
    config->id_seed = options->id_seed;
    config->savepoint_directory = options->savepoint_directory;
    config->configuration = options->configuration;
    config->configuration_count = options->configuration_count;
    if (!options->flink_version || strcmp(options->flink_version, config->wire.flink_version) == 0)
        return;
    config->wire.flink_version = options->flink_version;
    config->wire.flink_commit = "DeadD0d0"; /* Source: Flink EnvironmentInformation.UNKNOWN */
    config->wire.flink_revision = "unknown revision";
}

void implementation_configure(const struct implementation *implementation,
                              const struct settings *settings, struct endpoint_config *config)
{
    const bool is_set = implementation->kind == IMPLEMENTATION_REFERENCE ||
                        implementation->kind == IMPLEMENTATION_FLINK;
    struct settings seen = *settings;
    if (implementation->misread)
        implementation->misread(&seen);
    policy_set_configure(policy_set_find(is_set ? implementation->name : "reference"), &seen,
                         config);
    if (implementation->breaks)
        implementation->breaks(config);
}

void implementation_prepare(const struct implementation *implementation,
                            const struct subject_options *options, struct endpoint_config *config)
{
    implementation_configure(implementation, options->settings, config);
    add_options(config, options);
}

struct implementation *implementation_from(const struct foreign_implementation *source)
{
    struct implementation *implementation = calloc(1, sizeof *implementation);
    if (!implementation)
        return NULL;
    implementation->name = source->name;
    implementation->kind = IMPLEMENTATION_FOREIGN;
    implementation->summary = source->summary;
    implementation->foreign = *source;
    return implementation;
}

void implementation_free(struct implementation *implementation)
{
    free(implementation);
}

struct subject *implementation_start(const struct implementation *implementation,
                                     const struct subject_options *options)
{
    struct endpoint_config config;
    if (implementation->foreign.start)
        return implementation->foreign.start(implementation->foreign.context, options);
    implementation_prepare(implementation, options, &config);
    if (implementation->wrap)
        return implementation->wrap(&config, implementation->plan);
    return plain_subject_new(&config, implementation->alter);
}
