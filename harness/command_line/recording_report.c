#include "harness/command_line/recording_report.h"

#include <string.h>

int recording_report(const struct report *report, const struct output_options *options,
                     int exit_code)
{
    struct buffer out = {0};
    if (options->format && strcmp(options->format, "json") == 0) {
        report_json(report, &out);
    } else {
        if (!options->brief)
            report_failures(report, &out);
        if (!options->brief && report->result_count == 1)
            report_properties(report, &out); /* of many it would bury what matters */
        report_recordings(report, &out);
        if (!options->brief) {
            report_staleness(report, &out);
            report_margins(report, &out);
        }
    }
    return output_reports(options, report, output_print(&out, exit_code));
}
