#include "harness/command_line/config_cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/live/address.h"
#include "harness/live/http_target.h"
#include "harness/target/discovery.h"

static int out_of_memory(void)
{
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

static int complain(const char *url, const char *why, int code)
{
    fprintf(stderr, "freshcheck: %s: %s\n", url, why);
    return code;
}

/* https, too: that it is not spoken here is told better than that there is no such file. */
bool config_is_url(const char *name)
{
    return strncmp(name, "http://", 7) == 0 || strncmp(name, "https://", 8) == 0;
}

static int add_all(struct config_entries *entries, const struct discovered *discovered)
{
    entries->claimed_version = text_copy(discovered->flink_version);
    bool fine = entries->claimed_version;
    for (size_t i = 0; i < discovered->option_count && fine; i++)
        fine = config_add_cluster(entries, discovered->options[i].option,
                                  discovered->options[i].value);
    return fine ? EXIT_AS_CLAIMED : out_of_memory();
}

static int ask(struct config_entries *entries, const char *url)
{
    const char *why;
    struct discovered discovered;
    struct http_target *http = http_target_new(url, &why);
    if (!http)
        return complain(url, why, EXIT_INTERNAL);
    const enum call outcome = discover_every_option(http_target(http), &discovered, &why);
    int code;
    if (outcome == CALL_ANSWERED)
        code = add_all(entries, &discovered);
    else if (outcome == CALL_NO_MEMORY)
        code = out_of_memory();
    else
        code = complain(url, why, EXIT_UNREACHABLE);
    discovered_free(&discovered);
    http_target_free(http);
    return code;
}

int config_cluster_read(struct config_entries *entries, const char *url)
{
    struct address address = {0};
    const char *why;
    const bool is_address = address_read(url, &address, &why);
    address_free(&address);
    return is_address ? ask(entries, url) : complain(url, why, EXIT_USAGE);
}
