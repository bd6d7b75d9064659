#include "harness/command_line/progress_file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/live/clock.h"

struct told_file {
    FILE *file;
    struct progress_reading *reading;
};

uint64_t progress_file_size(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

static ssize_t take_bytes(void *cookie, char *bytes, size_t count)
{
    struct told_file *told = cookie;
    struct progress_reading *reading = told->reading;
    const ssize_t taken = read(fileno(told->file), bytes, count);
    reading->done += taken > 0 ? (uint64_t)taken : 0;
    progress_tell(reading->progress, live_clock_real_us(), reading->done / reading->times, NULL);
    return taken;
}

static int seek(void *cookie, off64_t *offset, int from)
{
    struct told_file *told = cookie;
    const off64_t at = lseek64(fileno(told->file), *offset, from);
    if (at >= 0)
        *offset = at;
    return at < 0 ? -1 : 0;
}

static int end(void *cookie)
{
    struct told_file *told = cookie;
    const int code = fclose(told->file);
    free(told);
    return code;
}

FILE *progress_file_open(FILE *file, struct progress_reading *reading)
{
    static const cookie_io_functions_t functions = {.read = take_bytes, .seek = seek, .close = end};
    struct told_file *told = malloc(sizeof *told);
    if (!told)
        return file;
    *told = (struct told_file){file, reading};
    FILE *same = fopencookie(told, "rb", functions);
    if (same)
        return same;
    free(told);
    return file;
}
