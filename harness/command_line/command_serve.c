#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/cluster/configuration.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/option_readers.h"
#include "harness/command_line/options.h"
#include "harness/command_line/scenarios.h"
#include "harness/live/live.h"
#include "harness/site/site.h"

static const struct command_help help = {
    .usage = "freshcheck serve [OPTION...] [SCENARIO.yaml]",
    .purpose =
        "Serves a mock JobManager on 127.0.0.1 until Ctrl-C: an empty cluster, to which jobs\n"
        "come by POST /jars/:jarid/run, or the scenario's. The scenario's own clients stay out;\n"
        "yours are welcome.",
    .after = "examples:\n"
             "  freshcheck serve --flink 1.20.3 --clock manual\n"
             "  freshcheck serve --clusters 2 -D rest.cache.checkpoint-statistics.timeout=0s\n"
             "  freshcheck serve scenarios/random_life.yaml --port 8081 &\n"
             "  curl -s http://127.0.0.1:8081/jobs",
};

enum { JOURNAL_LINES_MAX = 10000000 };

/* The command line as it was written. */
struct serve_line {
    const char *port, *seed, *implementation, *flink, *clock, *clusters, *journal, *ui;
    struct option_values dynamic;
};

static int choose_clock(const struct serve_line *line, struct serve_options *options)
{
    options->manual_clock = strcmp(line->clock, "manual") == 0;
    if (options->manual_clock || strcmp(line->clock, "real") == 0)
        return EXIT_AS_CLAIMED;
    fprintf(stderr, "freshcheck: --clock takes real or manual, not '%s'\n", line->clock);
    return EXIT_USAGE;
}

static int choose_numbers(const struct serve_line *line, struct serve_options *options)
{
    uint64_t port, clusters, journal;
    if (!option_number("port", line->port, UINT16_MAX, &port) ||
        !option_number("seed", line->seed, UINT64_MAX, &options->seed) ||
        !option_number("clusters", line->clusters, LIVE_CLUSTERS_MAX, &clusters) ||
        !option_number("journal", line->journal, JOURNAL_LINES_MAX, &journal))
        return EXIT_USAGE;
    if (clusters == 0 || (port != 0 && port + clusters - 1 > UINT16_MAX)) {
        fprintf(stderr, "freshcheck: --clusters takes 1 to %d, on ports up to %d\n",
                LIVE_CLUSTERS_MAX, UINT16_MAX);
        return EXIT_USAGE;
    }
    options->port = (uint16_t)port;
    options->cluster_count = (size_t)clusters;
    options->journal_lines_max = (size_t)journal;
    return EXIT_AS_CLAIMED;
}

/* Sets an option of Flink; exit code. */
static int put_option(struct configuration *configuration, struct settings *settings,
                      const char *option, const char *value)
{
    const char *why;
    const char *nearest = NULL;
    const enum configuration_outcome outcome =
        configuration_put(configuration, settings, option, value, &why);
    if (outcome == CONFIGURATION_NO_MEMORY) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    if (outcome == CONFIGURATION_WRONG)
        fprintf(stderr, "freshcheck: -D %s=%s: %s\n", option, value, why);
    if (outcome == CONFIGURATION_SHOWN)
        nearest = configuration_nearest(option);
    if (nearest)
        fprintf(stderr, "freshcheck: -D %s: unknown option; did you mean %s?\n", option, nearest);
    return nearest || outcome == CONFIGURATION_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
}

/* "key=value", as Flink's -D takes it; a key alone means "true".
 * Source: Flink DynamicPropertiesUtil.encodeDynamicProperties. */
static int put_dynamic(struct configuration *configuration, struct settings *settings,
                       const char *text)
{
    const char *equals = strchr(text, '=');
    const size_t length = equals ? (size_t)(equals - text) : strlen(text);
    if (length == 0) {
        fprintf(stderr, "freshcheck: -D takes KEY=VALUE, not '%s'\n", text);
        return EXIT_USAGE;
    }
    char *option = text_copy_length(text, length);
    if (!option) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    const int code = put_option(configuration, settings, option, equals ? equals + 1 : "true");
    free(option);
    return code;
}

/* The scenario's options first, then those of the command line. */
static int configure(const struct serve_line *line, struct configuration *configuration,
                     struct plan *plan)
{
    int code = put_option(configuration, &plan->settings, "rest.port", line->port);
    for (size_t i = 0; i < plan->option_count && code == EXIT_AS_CLAIMED; i++)
        code = put_option(configuration, &plan->settings, plan->options[i].key,
                          plan->options[i].value);
    for (size_t i = 0; i < line->dynamic.count && code == EXIT_AS_CLAIMED; i++)
        code = put_dynamic(configuration, &plan->settings, line->dynamic.items[i]);
    return code;
}

static int serve_plan(const struct serve_line *line, struct serve_options *options,
                      const struct plan *given)
{
    struct plan plan = *given;
    if (options->manual_clock && !plan.latency_given) {
        plan.call_out_us = 0;
        plan.call_back_us = 0;
    }
    struct configuration *configuration = configuration_new();
    if (!configuration) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    int code = configure(line, configuration, &plan);
    options->plan = &plan;
    options->configuration = configuration;
    if (code == EXIT_AS_CLAIMED)
        code = live_serve(options);
    configuration_free(configuration);
    return code;
}

static int serve_scenario(const struct serve_line *line, struct serve_options *options,
                          char **names)
{
    struct scenario_list scenarios;
    int code = scenario_list_load(&scenarios, names, 1);
    if (code != EXIT_AS_CLAIMED)
        return code;
    if (scenarios.count == 1) {
        code = serve_plan(line, options, scenarios.plans[0]);
    } else {
        fprintf(stderr, "freshcheck: %s holds %zu scenarios; serve takes one\n", names[0],
                scenarios.count);
        code = EXIT_USAGE;
    }
    scenario_list_free(&scenarios);
    return code;
}

static int serve_what_is_named(const struct serve_line *line, struct serve_options *options,
                               int plain_count, char **arguments)
{
    if (plain_count == 1)
        return serve_scenario(line, options, arguments);
    struct plan empty = {.name = "an empty cluster"};
    settings_default(&empty.settings);
    return serve_plan(line, options, &empty);
}

static int serve(const struct serve_line *line, int plain_count, char **arguments)
{
    struct serve_options options = {0};
    if (line->flink && line->implementation) {
        fputs("freshcheck: --flink and --implementation both say what to serve; give one\n",
              stderr);
        return EXIT_USAGE;
    }
    if (plain_count > 1) {
        fputs("freshcheck: serve takes one scenario, or none\n", stderr);
        return EXIT_USAGE;
    }
    if (!option_flink(line->flink, line->implementation ? line->implementation : "reference",
                      &options.implementation, &options.flink_version))
        return line->implementation ? option_implementation_code(line->implementation) : EXIT_USAGE;
    int code = choose_clock(line, &options);
    if (code == EXIT_AS_CLAIMED)
        code = choose_numbers(line, &options);
    if (code != EXIT_AS_CLAIMED || !line->ui)
        return code != EXIT_AS_CLAIMED
                   ? code
                   : serve_what_is_named(line, &options, plain_count, arguments);
    const char *why;
    struct site *site = site_open(line->ui, &why);
    if (!site) {
        fprintf(stderr, "freshcheck: --ui %s: %s\n", line->ui, why);
        return EXIT_BAD_INPUT;
    }
    options.site = site_pages(site);
    code = serve_what_is_named(line, &options, plain_count, arguments);
    site_free(site);
    return code;
}

int command_serve(int argument_count, char **arguments)
{
    struct serve_line line = {
        .port = "8081", .seed = "1", .clock = "real", .clusters = "1", .journal = "100000"};
    const struct option options[] = {
        {"flink", "VERSION", "the Flink to serve: 1.20.3", NULL, &line.flink, NULL},
        {"implementation", "NAME", "or the endpoint by name (default reference)", NULL,
         &line.implementation, NULL},
        {"D", "KEY=VALUE", "an option of Flink's configuration; may be given again", NULL, NULL,
         &line.dynamic},
        {"port", "N", "TCP port on 127.0.0.1 (default 8081; 0: any free one)", NULL, &line.port,
         NULL},
        {"clusters", "N", "this many, on ports that follow, with one file system (default 1)", NULL,
         &line.clusters, NULL},
        {"clock", "real|manual", "manual: time moves only by /freshcheck/clock (default real)",
         NULL, &line.clock, NULL},
        {"journal", "N", "lines that GET /freshcheck/journal looks back (default 100000)", NULL,
         &line.journal, NULL},
        {"ui", "PATH", "a dashboard to serve: a folder, or Flink's flink-dist jar", NULL, &line.ui,
         NULL},
        {"seed", "N", "seed of everything that is drawn (default 1)", NULL, &line.seed, NULL},
    };
    int plain_count;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    int code = EXIT_AS_CLAIMED;
    if (outcome == OPTIONS_FINE)
        code = serve(&line, plain_count, arguments);
    else if (outcome == OPTIONS_WRONG)
        code = EXIT_USAGE;
    option_values_free(&line.dynamic);
    return code;
}
