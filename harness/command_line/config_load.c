#include "harness/command_line/config_load.h"

#include <stdio.h>

#include "harness/advice/configured.h"
#include "harness/command_line/option_readers.h"
#include "harness/rehearsal/rehearse.h"

static bool read_count(const char *name, const char *text, int64_t *count)
{
    uint64_t number;
    if (!text)
        return true;
    if (!option_number(name, text, LOAD_COUNT_MAX, &number))
        return false;
    *count = (int64_t)number;
    return true;
}

static bool read_time(const char *name, const char *text, int64_t *us)
{
    return !text || option_duration(name, text, us);
}

bool config_load_read(const struct load_texts *texts, struct load *load)
{
    if (!read_count("jobs", texts->jobs, &load->job_count) ||
        !read_count("programs", texts->programs, &load->program_count) ||
        !read_count("dashboards", texts->dashboards, &load->dashboard_count) ||
        !read_time("poll", texts->poll, &load->poll_interval_us) ||
        !read_time("checkpoint-every", texts->checkpoints, &load->completion_interval_us) ||
        !read_time("latency", texts->latency, &load->call_us))
        return false;
    load->polls_at_random = !texts->steady;
    struct load checked = *load;
    if (checked.completion_interval_us == 0)
        checked.completion_interval_us = 1;
    const char *complaint = load_complaint(&checked);
    if (complaint)
        fprintf(stderr, "freshcheck: %s\n", complaint);
    return !complaint;
}

bool config_predict(const struct effective *effective, const struct load *load,
                    struct predicted *predicted)
{
    const struct implementation *implementation = implementation_for_flink(effective->version);
    *predicted = (struct predicted){0};
    if (effective->refusal_count > 0 || !implementation)
        return true;
    const struct settings settings = configured_settings(effective);
    predicted->load = configured_load(load, effective);
    const char *why =
        predict_or_rehearse(implementation, &settings, &predicted->load, &predicted->prediction);
    if (why)
        fprintf(stderr, "freshcheck: no prediction: %s\n", why);
    predicted->made = !why;
    return !why;
}
