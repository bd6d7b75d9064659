#include "harness/command_line/config_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/config_files.h"

/* The version behind the last '@'; NULL: there is none, or it is part of a name. */
static const char *version_in(const char *given)
{
    const char *at = strrchr(given, '@');
    if (!at || at == given || access(given, F_OK) == 0)
        return NULL;
    return flink_release_for(at + 1) ? at + 1 : NULL;
}

static int resolve(struct config_side *side, const char *version,
                   const struct config_side_options *options)
{
    const char *release = config_source_release(&side->entries, version, options->otherwise);
    const struct situation situation = {.entries = &side->entries,
                                        .effective = &side->effective,
                                        .load = options->load,
                                        .habits = options->habits};
    if (!release)
        return version ? EXIT_USAGE : EXIT_BAD_INPUT;
    if (effective_resolve(&side->effective, &side->entries, release) &&
        findings_find(&situation, &side->findings))
        return EXIT_AS_CLAIMED;
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

int config_side_open(struct config_side *side, const char *given,
                     const struct config_side_options *options)
{
    const char *version = version_in(given);
    const size_t length = version ? (size_t)(version - 1 - given) : strlen(given);
    *side = (struct config_side){.name = text_copy_length(given, length)};
    if (!side->name) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    const int code = config_source_read(&side->entries, side->name, options->dynamic);
    return code != 0 ? code : resolve(side, version ? version : options->version, options);
}

void config_side_close(struct config_side *side)
{
    findings_free(&side->findings);
    effective_free(&side->effective);
    config_entries_free(&side->entries);
    free(side->name);
    side->name = NULL;
}
