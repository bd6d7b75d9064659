#include "harness/target/judging.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/recording/recording.h"

enum { FIRST_US = 300000, PAUSE_LEAST_US = 1000000, PAUSE_FACTOR = 10, NICER = 10 };

struct judging {
    struct judging_task task;
    pid_t child;
    int pipe;     /* the child's result; -1: nothing is under way */
    size_t taken; /* bytes of `coming` */
    int64_t begun_us, due_us, last_begun_us;
    bool has_last;
    /* The child is this very program: static texts are where they are here. */
    struct judging_result coming, last;
};

struct judging *judging_new(const struct judging_task *task)
{
    struct judging *judging = calloc(1, sizeof *judging);
    if (!judging)
        return NULL;
    judging->task = *task;
    judging->pipe = -1;
    judging->due_us = FIRST_US;
    return judging;
}

/* Ends the child, if it has not ended by itself. */
static void reap(struct judging *judging)
{
    if (judging->pipe < 0)
        return;
    close(judging->pipe);
    judging->pipe = -1;
    kill(judging->child, SIGKILL);
    while (waitpid(judging->child, NULL, 0) < 0 && errno == EINTR)
        continue;
}

void judging_free(struct judging *judging)
{
    if (judging)
        reap(judging);
    free(judging);
}

void judging_run(const struct judging_task *task, struct complaints *complaints,
                 struct judging_result *result)
{
    struct claim claim;
    *result = (struct judging_result){.failure = "the recording cannot be opened again"};
    const int copy = fcntl(task->file, F_DUPFD_CLOEXEC, 0);
    FILE *file = copy >= 0 && lseek(copy, 0, SEEK_SET) == 0 ? fdopen(copy, "rb") : NULL;
    if (!file) {
        if (copy >= 0)
            close(copy);
        return;
    }
    struct recording *recording = recording_take(file, complaints);
    if (!recording) {
        result->failure = "it cannot be read as a recording"; /* the complaints say why */
        return;
    }
    recording_own_claim(recording, &claim);
    if (task->has_bound)
        claim.bound_us = task->bound_us;
    result->failure = recording_judge(recording, &claim, &result->judgement);
    recording_free(recording);
}

/* The program's other files are none of the child's: a connection that it held would stay open. */
static void close_others(int one, int other)
{
    const int low = one < other ? one : other;
    const int high = one < other ? other : one;
    if (low > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, (unsigned)low - 1, 0);
    if (high - low > 1 && low > STDERR_FILENO)
        close_range((unsigned)low + 1, (unsigned)high - 1, 0);
    close_range((unsigned)high + 1, ~0u, 0);
}

static _Noreturn void be_child(const struct judging *judging, int pipe)
{
    struct judging_result result;
    struct complaints complaints = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_others(judging->task.file, pipe);
    (void)!nice(NICER); /* clients come first */
    judging_run(&judging->task, &complaints, &result);
    const char *bytes = (const char *)&result;
    for (size_t sent = 0; sent < sizeof result;) {
        const ssize_t count = write(pipe, bytes + sent, sizeof result - sent);
        if (count < 0 && errno != EINTR)
            break;
        sent += count > 0 ? (size_t)count : 0;
    }
    _exit(0);
}

static void begin(struct judging *judging, int64_t now_us)
{
    int ends[2];
    judging->begun_us = now_us;
    judging->due_us = now_us + PAUSE_LEAST_US; /* when it cannot be begun, it is tried again */
    if (pipe2(ends, O_CLOEXEC) != 0)
        return;
    judging->child = fork();
    if (judging->child == 0)
        be_child(judging, ends[1]);
    close(ends[1]);
    judging->pipe = ends[0];
    judging->taken = 0;
    if (judging->child > 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        return;
    if (judging->child > 0) {
        reap(judging);
        return;
    }
    close(ends[0]);
    judging->pipe = -1;
}

static void finish(struct judging *judging, int64_t now_us)
{
    const int64_t pause_us = PAUSE_FACTOR * (now_us - judging->begun_us);
    reap(judging);
    if (judging->taken < sizeof judging->coming)
        judging->coming =
            (struct judging_result){.failure = "the process that judges ended by itself"};
    judging->last = judging->coming;
    judging->has_last = true;
    judging->last_begun_us = judging->begun_us;
    judging->due_us = now_us + (pause_us > PAUSE_LEAST_US ? pause_us : PAUSE_LEAST_US);
}

/* True when the child has said all it will. */
static bool take(struct judging *judging)
{
    char *bytes = (char *)&judging->coming;
    while (judging->taken < sizeof judging->coming) {
        const ssize_t count =
            read(judging->pipe, bytes + judging->taken, sizeof judging->coming - judging->taken);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0 || errno != EAGAIN;
        judging->taken += (size_t)count;
    }
    return true;
}

bool judging_step(struct judging *judging, int64_t now_us)
{
    if (judging->pipe >= 0) {
        if (!take(judging))
            return false;
        finish(judging, now_us);
        return true;
    }
    if (now_us >= judging->due_us)
        begin(judging, now_us);
    return false;
}

int judging_fd(const struct judging *judging)
{
    return judging->pipe;
}

const struct judging_result *judging_last(const struct judging *judging, int64_t *begun_us)
{
    *begun_us = judging->last_begun_us;
    return judging->has_last ? &judging->last : NULL;
}
