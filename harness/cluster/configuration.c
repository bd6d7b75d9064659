#include "harness/cluster/configuration.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { LINES_MAX = 256, US_PER_SECOND = 1000000 };

static const char default_savepoint_directory[] = "file:///flink/savepoints";

struct configuration {
    struct configuration_line lines[LINES_MAX]; /* texts are owned */
    size_t count;
    int32_t slot_count;
    int64_t ended_kept_us;
    size_t ended_kept_max;
    uint64_t body_length_max;
};

/* What a session cluster of one machine shows that was told no more than it needs.
 * Source: GET /jobmanager/config of running clusters of 1.17.2 to 2.3.0. */
static const struct configuration_line at_first[] = {
    {"blob.server.port", "35829"},
    {"restart-strategy.type", "fixed-delay"},
    {"jobmanager.rpc.address", "127.0.0.1"},
    {"taskmanager.cpu.cores", "2"},
    {"taskmanager.memory.task.off-heap.size", "0b"},
    {"taskmanager.memory.jvm-metaspace.size", "128m"},
    {"state.savepoints.dir", default_savepoint_directory},
    {"taskmanager.memory.jvm-overhead.min", "64m"},
    {"jobmanager.bind-host", "127.0.0.1"},
    {"io.tmp.dirs", "/flink/tmp"},
    {"taskmanager.memory.framework.off-heap.size", "64m"},
    {"taskmanager.host", "127.0.0.1"},
    {"parallelism.default", "1"},
    {"taskmanager.numberOfTaskSlots", "8"},
    {"taskmanager.memory.task.heap.size", "256m"},
    {"taskmanager.memory.jvm-overhead.max", "64m"},
    {"taskmanager.bind-host", "127.0.0.1"},
    {"taskmanager.memory.network.min", "64m"},
    {"restart-strategy.fixed-delay.attempts", "1000000"},
    {"jobmanager.memory.process.size", "1024m"},
    {"jobmanager.rpc.port", "6123"},
    {"rest.bind-address", "127.0.0.1"},
    {"web.tmpdir", "/flink/flink-web-4a692f83-e4d3-4337-94a2-0fab2ff959d0"},
    {"web.upload.dir", "/flink/upload"},
    {"taskmanager.memory.network.max", "64m"},
    {"restart-strategy.fixed-delay.delay", "1 s"},
    {"execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION"},
    {"taskmanager.memory.framework.heap.size", "64m"},
    {"taskmanager.memory.managed.size", "64m"},
    {"rest.address", "127.0.0.1"},
    {"state.checkpoints.dir", "file:///flink/checkpoints"},
};

/* Old and new names of one option: setting either takes the place of both.
 * Source: Flink CheckpointingOptions, since 1.20. */
static const char *const renamed[][2] = {
    {"state.savepoints.dir", "execution.checkpointing.savepoint-dir"},
    {"state.checkpoints.dir", "execution.checkpointing.dir"},
    {"state.checkpoints.num-retained", "execution.checkpointing.num-retained"},
};

/* A whole number from `least` up to INT32_MAX. */
static const char *read_count(const char *value, int64_t least, int64_t *count)
{
    char *end;
    const long number = strtol(value, &end, 10);
    if (end == value || *end != '\0')
        return "a whole number was expected";
    if (number < least || number > INT32_MAX)
        return "the number is out of range";
    *count = number;
    return NULL;
}

static const char *put_slots(struct configuration *configuration, const char *value)
{
    int64_t count;
    const char *why = read_count(value, 1, &count);
    if (!why)
        configuration->slot_count = (int32_t)count;
    return why;
}

static const char *put_ended_kept_max(struct configuration *configuration, const char *value)
{
    int64_t count;
    const char *why = read_count(value, 1, &count);
    if (!why)
        configuration->ended_kept_max = (size_t)count;
    return why;
}

/* Whole seconds. Source: Flink JobManagerOptions.JOB_STORE_EXPIRATION_TIME. */
static const char *put_ended_kept(struct configuration *configuration, const char *value)
{
    int64_t seconds;
    const char *why = read_count(value, 1, &seconds);
    if (!why)
        configuration->ended_kept_us = seconds * US_PER_SECOND;
    return why;
}

static const char *put_body_length_max(struct configuration *configuration, const char *value)
{
    int64_t count;
    const char *why = read_count(value, 1, &count);
    if (!why)
        configuration->body_length_max = (uint64_t)count;
    return why;
}

/* Its line is all there is to it. */
static const char *put_directory(struct configuration *configuration, const char *value)
{
    (void)configuration;
    (void)value;
    return NULL;
}

/* What means something here besides the settings of the caches. */
static const struct {
    const char *name;
    const char *(*put)(struct configuration *configuration, const char *value);
} own_options[] = {
    {"taskmanager.numberOfTaskSlots", put_slots},
    {"jobstore.max-capacity", put_ended_kept_max},
    {"jobstore.expiration-time", put_ended_kept},
    {"rest.server.max-content-length", put_body_length_max},
    {"state.savepoints.dir", put_directory},
    {"execution.checkpointing.savepoint-dir", put_directory},
};

enum { OWN_OPTION_COUNT = sizeof own_options / sizeof own_options[0] };

static bool is_same_option(const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        return true;
    for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++) {
        if ((strcmp(a, renamed[i][0]) == 0 && strcmp(b, renamed[i][1]) == 0) ||
            (strcmp(a, renamed[i][1]) == 0 && strcmp(b, renamed[i][0]) == 0))
            return true;
    }
    return false;
}

static struct configuration_line *find_line(struct configuration *configuration, const char *option)
{
    for (size_t i = 0; i < configuration->count; i++) {
        if (is_same_option(configuration->lines[i].key, option))
            return &configuration->lines[i];
    }
    return NULL;
}

static void free_line(struct configuration_line line)
{
    free((void *)(uintptr_t)line.key);
    free((void *)(uintptr_t)line.value);
}

static bool set_line(struct configuration *configuration, const char *option, const char *value)
{
    const struct configuration_line line = {text_copy(option), text_copy(value)};
    if (!line.key || !line.value) {
        free_line(line);
        return false;
    }
    struct configuration_line *place = find_line(configuration, option);
    if (place)
        free_line(*place);
    else
        place = &configuration->lines[configuration->count++];
    *place = line;
    return true;
}

struct configuration *configuration_new(void)
{
    struct configuration *configuration = calloc(1, sizeof *configuration);
    if (!configuration)
        return NULL;
    for (size_t i = 0; i < sizeof at_first / sizeof at_first[0]; i++) {
        if (!set_line(configuration, at_first[i].key, at_first[i].value)) {
            configuration_free(configuration);
            return NULL;
        }
    }
    return configuration;
}

void configuration_free(struct configuration *configuration)
{
    if (!configuration)
        return;
    for (size_t i = 0; i < configuration->count; i++)
        free_line(configuration->lines[i]);
    free(configuration);
}

/* Gives the value to whoever understands the option. */
static enum configuration_outcome understand(struct configuration *configuration,
                                             struct settings *settings, const char *option,
                                             const char *value, const char **why)
{
    for (size_t i = 0; i < OWN_OPTION_COUNT; i++) {
        if (strcmp(own_options[i].name, option) == 0) {
            *why = own_options[i].put(configuration, value);
            return *why ? CONFIGURATION_WRONG : CONFIGURATION_TAKEN;
        }
    }
    *why = settings_put(settings, option, value);
    if (!*why)
        return CONFIGURATION_TAKEN;
    return strcmp(*why, "unknown option") == 0 ? CONFIGURATION_SHOWN : CONFIGURATION_WRONG;
}

enum configuration_outcome configuration_put(struct configuration *configuration,
                                             struct settings *settings, const char *option,
                                             const char *value, const char **why)
{
    *why = "there are too many options";
    if (configuration->count == LINES_MAX && !find_line(configuration, option))
        return CONFIGURATION_WRONG;
    const enum configuration_outcome outcome =
        understand(configuration, settings, option, value, why);
    if (outcome != CONFIGURATION_WRONG && !set_line(configuration, option, value))
        return CONFIGURATION_NO_MEMORY;
    return outcome;
}

/* Whether two names are near each other behind the words that they begin with alike. (Names of
 * options are long, and most of them begin alike: as a whole all are near each other.) */
static bool is_near(const char *option, const char *name)
{
    size_t begin = 0;
    for (size_t i = 0; option[i] != '\0' && option[i] == name[i]; i++) {
        if (option[i] == '.')
            begin = i + 1;
    }
    const char *rest = name + begin;
    return text_nearest(option + begin, &rest, 1) != NULL;
}

const char *configuration_nearest(const char *option)
{
    for (size_t i = 0; i < sizeof at_first / sizeof at_first[0]; i++) {
        if (is_same_option(option, at_first[i].key))
            return NULL; /* just as it was meant */
    }
    const char *const *names = settings_option_names();
    for (size_t i = 0; names[i]; i++) {
        if (is_near(option, names[i]))
            return names[i];
    }
    for (size_t i = 0; i < OWN_OPTION_COUNT; i++) {
        if (is_near(option, own_options[i].name))
            return own_options[i].name;
    }
    return NULL;
}

const struct configuration_line *configuration_lines(const struct configuration *configuration,
                                                     size_t *count)
{
    *count = configuration->count;
    return configuration->lines;
}

const char *configuration_savepoint_directory(const struct configuration *configuration)
{
    for (size_t i = 0; i < configuration->count; i++) {
        if (is_same_option(configuration->lines[i].key, "state.savepoints.dir"))
            return *configuration->lines[i].value ? configuration->lines[i].value : NULL;
    }
    return NULL;
}

int32_t configuration_slot_count(const struct configuration *configuration)
{
    return configuration->slot_count;
}

int64_t configuration_ended_kept_us(const struct configuration *configuration)
{
    return configuration->ended_kept_us;
}

size_t configuration_ended_kept_max(const struct configuration *configuration)
{
    return configuration->ended_kept_max;
}

uint64_t configuration_body_length_max(const struct configuration *configuration)
{
    return configuration->body_length_max;
}
