#include "harness/live/mock_process.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell_ready(void *context)
{
    const int *pipe_end = context;
    const char ready = '!';
    if (write(*pipe_end, &ready, 1) != 1)
        _exit(1); /* nobody waits any more */
}

/* A group of its own: Ctrl-C is for the one who started it, and who ends it when it is done. */
static void serve(const struct serve_options *given, int pipe_end, pid_t parent)
{
    struct serve_options options = *given;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1); /* it was gone before */
    options.listens = tell_ready;
    options.listens_context = &pipe_end;
    _exit(live_serve(&options));
}

bool mock_process_start(const struct serve_options *options, pid_t *process)
{
    int ends[2];
    const pid_t parent = getpid();
    char ready;
    if (pipe(ends) != 0)
        return false;
    fflush(NULL); /* or the child would write it again */
    *process = fork();
    if (*process == 0) {
        close(ends[0]);
        serve(options, ends[1], parent);
    }
    close(ends[1]);
    const bool listens = *process > 0 && read(ends[0], &ready, 1) == 1;
    close(ends[0]);
    if (*process > 0 && !listens)
        waitpid(*process, NULL, 0);
    return listens;
}

void mock_process_end(pid_t process)
{
    kill(process, SIGTERM);
    waitpid(process, NULL, 0);
}
