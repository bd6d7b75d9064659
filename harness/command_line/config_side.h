#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_SIDE_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_SIDE_H

#include "harness/advice/findings.h"
#include "harness/command_line/options.h"

/* One configuration, as one release reads it, with what is unsafe about it. */
struct config_side {
    char *name; /* of the file or folder, or the address */
    struct config_entries entries;
    struct effective effective;
    struct findings findings;
};

struct config_side_options {
    const char *version;   /* NULL: what the file or cluster says */
    const char *otherwise; /* where it says nothing; NULL: the newest that reads it */
    const struct option_values *dynamic;
    const struct load *load;
    const struct habits *habits;
};

/* `given`: a file, folder or address, or FILE@VERSION, which goes before options->version. Returns 0, or the
 * exit code after a complaint on stderr. Close it in both cases. */
int config_side_open(struct config_side *side, const char *given,
                     const struct config_side_options *options);
void config_side_close(struct config_side *side);

#endif
