#include "harness/shared_object/link_internal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Longer than any machine lets a process wait that wants to run. */
static const int64_t waited_max_us = INT64_C(120000000);

/* 0 where it cannot be told any more. */
static int64_t processor_time_us(pid_t pid)
{
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0;
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* Whether none of its threads wants to run, by the letter behind the name: proc(5). Of a process
 * with threads this is the first one's. */
static bool is_asleep(pid_t pid)
{
    char path[32], text[256];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return true;
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *behind = strrchr(text, ')');
    return behind && behind[1] == ' ' && strchr("StT", behind[2]) != NULL;
}

enum waiting patience_look(struct patience *patience, pid_t pid, int64_t slice_us,
                           const struct call_limits *limits)
{
    const int64_t processor_us = processor_time_us(pid);
    if (!patience->begun)
        patience->first_processor_us = processor_us;
    else if (processor_us == patience->processor_us && is_asleep(pid))
        patience->asleep_us += slice_us;
    patience->begun = true;
    patience->processor_us = processor_us;
    patience->waited_us += slice_us;
    if (processor_us - patience->first_processor_us >= limits->processor_us)
        return WAITED_FOR_RUNNER;
    if (patience->asleep_us >= limits->asleep_us || patience->waited_us >= waited_max_us)
        return WAITED_FOR_SLEEPER;
    return WAIT_ON;
}
