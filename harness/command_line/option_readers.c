#include "harness/command_line/option_readers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/shared_object/shared_object.h"

bool option_number(const char *name, const char *text, uint64_t max, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *number <= max)
        return true;
    fprintf(stderr, "freshcheck: --%s takes a whole number up to %" PRIu64 ", not '%s'\n", name,
            max, text);
    return false;
}

/* Flink takes a number alone for milliseconds; a person who types one means seconds more often than
 * not, so it has to be said. */
bool option_duration(const char *name, const char *text, int64_t *us)
{
    const bool has_unit = text[strspn(text, "0123456789")] != '\0';
    const char *why = duration_parse(text, strlen(text), us);
    if (has_unit && !why && *us >= 1000)
        return true;
    fprintf(stderr, "freshcheck: --%s takes a duration such as 10s or 5min, not '%s'\n", name,
            text);
    return false;
}

/* Shared objects that were named, each loaded once, for as long as the program runs. */
enum { OBJECTS_MAX = 16 };
static struct shared_object *objects[OBJECTS_MAX];

static const struct implementation *find_object(const char *path)
{
    char why[512];
    size_t i = 0;
    for (; i < OBJECTS_MAX && objects[i]; i++) {
        const struct implementation *known = shared_object_implementation(objects[i]);
        if (strcmp(implementation_name(known), path) == 0)
            return known;
    }
    if (i == OBJECTS_MAX) {
        fprintf(stderr, "freshcheck: at most %d shared objects at a time\n", OBJECTS_MAX);
        return NULL;
    }
    objects[i] = shared_object_load(path, &shared_object_usual_limits, why, sizeof why);
    if (objects[i])
        return shared_object_implementation(objects[i]);
    fprintf(stderr, "freshcheck: %s is no implementation: %s\n", path, why);
    return NULL;
}

bool option_implementation_is_file(const char *name)
{
    return strchr(name, '/') != NULL;
}

int option_implementation_code(const char *name)
{
    return option_implementation_is_file(name) ? EXIT_BAD_INPUT : EXIT_USAGE;
}

const struct implementation *option_implementation(const char *name)
{
    if (option_implementation_is_file(name))
        return find_object(name);
    const struct implementation *found = implementation_find(name);
    if (found)
        return found;
    const char *nearest = text_nearest(name, implementation_names(), implementation_count());
    fprintf(stderr,
            "freshcheck: there is no implementation '%s'%s%s%s; "
            "'freshcheck list implementations' shows all\n",
            name, nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
}

static void complain_unknown_version(const char *version)
{
    fprintf(stderr, "freshcheck: there is no Flink '%s' here; there are", version);
    const char *between = "";
    for (size_t i = 0; i < implementation_count(); i++) {
        if (implementation_kind(implementation_at(i)) != IMPLEMENTATION_FLINK)
            continue;
        fprintf(stderr, "%s %s", between,
                implementation_name(implementation_at(i)) + strlen("flink-"));
        between = ",";
    }
    fputs(" and all their patch versions\n", stderr);
}

bool option_flink(const char *version, const char *name,
                  const struct implementation **implementation, const char **flink_version)
{
    *flink_version = NULL;
    *implementation = version ? implementation_for_flink(version) : option_implementation(name);
    if (version && !*implementation)
        complain_unknown_version(version);
    /* "1.20" names no version that answers could say. */
    const char *dot = version ? strchr(version, '.') : NULL;
    if (dot && strchr(dot + 1, '.'))
        *flink_version = version;
    return *implementation != NULL;
}
