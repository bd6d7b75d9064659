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

enum { VERSION_COUNT = sizeof versions / sizeof versions[0], NAMES_MAX = 128 };

size_t implementation_count(void)
{
    return VERSION_COUNT + mutant_count;
}

const struct implementation *implementation_at(size_t index)
{
    return index < VERSION_COUNT ? &versions[index] : &mutants[index - VERSION_COUNT];
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

const char *implementation_summary(const struct implementation *implementation)
{
    if (implementation->kind == IMPLEMENTATION_MUTANT)
        return implementation->summary;
    return policy_set_summary(policy_set_find(implementation->name));
}

enum implementation_kind implementation_kind(const struct implementation *implementation)
{
    return implementation->kind;
}

const struct origin_quirks *implementation_origin(const struct implementation *implementation)
{
    return implementation->kind == IMPLEMENTATION_MUTANT ? &mended_origin : implementation->origin;
}

/* Source: Flink CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, renamed in 1.20. */
int64_t implementation_retained_count(const struct implementation *implementation,
                                      const struct settings *settings)
{
    return implementation->retains_by_old_name ? settings->old_retained_count
                                               : settings->retained_count;
}

struct plain_subject {
    struct subject subject; /* first: a subject is one of these */
    struct endpoint *endpoint;
    void (*alter)(struct fetch_result *result);
};

static struct plain_subject *plain(struct subject *subject)
{
    return (struct plain_subject *)subject;
}

static void plain_free(struct subject *subject)
{
    endpoint_free(plain(subject)->endpoint);
    free(plain(subject));
}

static void plain_set_wall_offset(struct subject *subject, int64_t offset_us)
{
    endpoint_set_wall_offset(plain(subject)->endpoint, offset_us);
}

static int plain_request(struct subject *subject, int64_t now_us, const struct request *request)
{
    return endpoint_request(plain(subject)->endpoint, now_us, request);
}

static int plain_fetched(struct subject *subject, int64_t now_us, uint64_t fetch,
                         struct fetch_result *result)
{
    if (plain(subject)->alter)
        plain(subject)->alter(result);
    return endpoint_fetched(plain(subject)->endpoint, now_us, fetch, result);
}

static void plain_abandon(struct subject *subject, int64_t now_us, uint64_t request)
{
    endpoint_abandon(plain(subject)->endpoint, now_us, request);
}

static bool plain_next(struct subject *subject, struct endpoint_action *action)
{
    return endpoint_next(plain(subject)->endpoint, action);
}

static void plain_measure(struct subject *subject, struct endpoint_usage *usage)
{
    endpoint_measure(plain(subject)->endpoint, usage);
}

static const struct subject_operations plain_operations = {
    .free = plain_free,
    .set_wall_offset = plain_set_wall_offset,
    .request = plain_request,
    .fetched = plain_fetched,
    .abandon = plain_abandon,
    .next = plain_next,
    .measure = plain_measure,
};

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
    const bool mutant = implementation->kind == IMPLEMENTATION_MUTANT;
    struct settings seen = *settings;
    if (mutant && implementation->misread)
        implementation->misread(&seen);
    policy_set_configure(policy_set_find(mutant ? "reference" : implementation->name), &seen,
                         config);
    if (mutant && implementation->breaks)
        implementation->breaks(config);
}

struct subject *implementation_start(const struct implementation *implementation,
                                     const struct subject_options *options)
{
    struct endpoint_config config;
    implementation_configure(implementation, options->settings, &config);
    add_options(&config, options);
    struct plain_subject *subject = calloc(1, sizeof *subject);
    if (!subject)
        return NULL;
    subject->subject.operations = &plain_operations;
    subject->alter = implementation->alter;
    subject->endpoint = endpoint_new(&config);
    if (!subject->endpoint) {
        free(subject);
        return NULL;
    }
    return &subject->subject;
}
