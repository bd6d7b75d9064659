#include <stdio.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/option_readers.h"
#include "harness/command_line/options.h"
#include "harness/command_line/scenarios.h"
#include "harness/live/live.h"

static const struct command_help help = {
    .usage = "freshcheck serve [OPTION...] SCENARIO.yaml",
    .purpose =
        "Serves the scenario's mock JobManager behind an endpoint on 127.0.0.1, in real time,\n"
        "until Ctrl-C. The scenario's own clients stay out; yours are welcome.",
    .after = "example:\n"
             "  freshcheck serve scenarios/random_life.yaml --port 8081 &\n"
             "  curl -s http://127.0.0.1:8081/jobs",
};

int command_serve(int argument_count, char **arguments)
{
    const char *port_text = "8081";
    const char *seed_text = "1";
    const char *name = "reference";
    const struct option options[] = {
        {"port", "N", "TCP port on 127.0.0.1 (default 8081; 0: any free one)", NULL, &port_text,
         NULL},
        {"implementation", "NAME", "the endpoint to serve (default reference)", NULL, &name, NULL},
        {"seed", "N", "seed of everything that is drawn (default 1)", NULL, &seed_text, NULL},
    };
    int plain_count;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    if (outcome != OPTIONS_FINE)
        return outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    if (plain_count != 1) {
        fputs("freshcheck: say which one scenario to serve: freshcheck serve SCENARIO.yaml\n",
              stderr);
        return EXIT_USAGE;
    }
    uint64_t port, seed;
    const struct implementation *implementation = option_implementation(name);
    if (!implementation || !option_number("port", port_text, UINT16_MAX, &port) ||
        !option_number("seed", seed_text, UINT64_MAX, &seed))
        return EXIT_USAGE;
    struct scenario_list scenarios;
    int code = scenario_list_load(&scenarios, arguments, 1);
    if (code == EXIT_AS_CLAIMED && scenarios.count != 1) {
        fprintf(stderr, "freshcheck: %s holds %zu scenarios; serve takes one\n", arguments[0],
                scenarios.count);
        code = EXIT_USAGE;
    } else if (code == EXIT_AS_CLAIMED) {
        code = live_serve(scenarios.plans[0], implementation, seed, (uint16_t)port);
    }
    scenario_list_free(&scenarios);
    return code;
}
