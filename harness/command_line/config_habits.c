#include "harness/command_line/config_habits.h"

#include <stdio.h>
#include <string.h>

#include "harness/command_line/option_readers.h"

static bool read_time(const char *name, const char *text, int64_t *us)
{
    return !text || option_duration(name, text, us);
}

static bool read_job_end(const char *text, enum job_end *end)
{
    if (text && strcmp(text, "cancelled") == 0)
        *end = JOB_END_CANCELLED;
    else if (text && strcmp(text, "finished") == 0)
        *end = JOB_END_FINISHED;
    else if (text)
        fprintf(stderr, "freshcheck: --jobs-end is 'cancelled' or 'finished', not '%s'\n", text);
    return !text || *end != JOB_END_NOT_STATED;
}

bool config_habits_read(const struct habit_texts *texts, struct habits *habits)
{
    *habits = (struct habits){
        .asks_before_start = texts->asks_before_start,
        .reads_own = texts->reads_own,
    };
    return read_time("reaction", texts->reaction, &habits->reaction_us) &&
           read_time("details-after", texts->details_after, &habits->details_after_us) &&
           read_time("ended-after", texts->ended_after, &habits->ended_after_us) &&
           read_job_end(texts->job_end, &habits->job_end);
}
