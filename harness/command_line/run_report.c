#include "harness/command_line/run_report.h"

#include <errno.h> /* program_invocation_name */
#include <string.h>

#include "harness/command_line/commands.h"

/* Of a part that got nothing to do there is nothing to say. */
static int exit_code_of(const struct run_report *run, const struct report *report)
{
    size_t judged = 0;
    int code = EXIT_AS_CLAIMED;
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        judged += !result->skipped;
        if (result->failure)
            return run->failure_code;
        if (fail_on_result(run->fail_on, result))
            code = EXIT_REFUTED;
    }
    if (judged == 0)
        return run->part ? EXIT_AS_CLAIMED : EXIT_ALL_SKIPPED;
    if (run->fail_on->any && report->verdict == VERDICT_UNKNOWN && code == EXIT_AS_CLAIMED)
        return EXIT_UNDECIDED;
    return code;
}

int run_report_print(const struct run_report *run)
{
    const struct report report = {
        .results = run->results,
        .result_count = run->count,
        .verdict = results_verdict(run->results, run->count),
        .program = program_invocation_name,
        .colour = output_wants_colour(run->output),
        .width = output_width(),
        .strict = run->fail_on->any,
        .part = run->part,
    };
    struct buffer out = {0};
    const struct output_options *output = run->output;
    if (run->part || (output->format && strcmp(output->format, "json") == 0)) {
        report_json(&report, &out);
    } else {
        if (!output->brief)
            report_failures(&report, &out);
        report_matrix(&report, &out);
        report_measures(&report, &out);
    }
    const int code = output_print(&out, exit_code_of(run, &report));
    return output_reports(output, &report, code);
}
