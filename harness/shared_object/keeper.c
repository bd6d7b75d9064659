#include "harness/shared_object/keeper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <poll.h>
#include <unistd.h>

#include "freshcheck/implementation.h"
#include "harness/shared_object/misconduct.h"
#include "harness/shared_object/packets.h"
#include "harness/shared_object/wire.h"
#include "harness/shared_object/worker.h"

enum { WORKERS_MAX = 1024, FD_OF_KEEPER = 3 };

/* A worker and the keeper's copy of its socket, over which its end is told. */
struct child {
    pid_t pid; /* 0: the place is free */
    int fd;
};

struct keeper {
    int fd;
    struct freshcheck_implementation object;
    struct child children[WORKERS_MAX];
};

/* --- loading -------------------------------------------------------------------------------- */

static void refuse(struct keeper_report *report, enum misconduct misconduct, const char *text,
                   const char *detail)
{
    report->misconduct = misconduct;
    snprintf(report->text, sizeof report->text, text, detail);
}

static bool has_all_functions(const struct freshcheck_implementation *object,
                              struct keeper_report *report)
{
    const struct {
        bool there;
        const char *name;
    } functions[] = {
        {object->open, "open"},       {object->request, "request"}, {object->fetched, "fetched"},
        {object->abandon, "abandon"}, {object->next, "next"},       {object->close, "close"},
    };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (functions[i].there)
            continue;
        refuse(report, MISCONDUCT_MISSING_SYMBOL,
               "its freshcheck_implementation has no function '%s'", functions[i].name);
        return false;
    }
    return true;
}

/* Members that a later header of the same version added are not there in an older object: they are
 * left zero. */
static void take_table(struct keeper *keeper, const void *symbol, struct keeper_report *report)
{
    const struct freshcheck_implementation *table = symbol;
    char text[80];
    if (table->abi_version != FRESHCHECK_ABI_VERSION) {
        snprintf(text, sizeof text, "%u; this freshcheck knows version %u", table->abi_version,
                 FRESHCHECK_ABI_VERSION);
        refuse(report, MISCONDUCT_WRONG_VERSION,
               "it was built for freshcheck/implementation.h of version %s", text);
        return;
    }
    if (table->size < offsetof(struct freshcheck_implementation, wall_clock)) {
        snprintf(text, sizeof text, "%u", table->size);
        refuse(report, MISCONDUCT_WRONG_VERSION,
               "the size of its freshcheck_implementation, %s bytes, is none of version 1", text);
        return;
    }
    const size_t size = table->size < sizeof *table ? table->size : sizeof *table;
    memcpy(&keeper->object, table, size);
    report->takes = keeper->object.takes;
    if (has_all_functions(&keeper->object, report) && keeper->object.summary)
        snprintf(report->text, sizeof report->text, "%s", keeper->object.summary);
}

static void load(struct keeper *keeper, const char *path, struct keeper_report *report)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *why = dlerror();
        const bool symbol = strstr(why, "undefined symbol") != NULL;
        refuse(report, symbol ? MISCONDUCT_MISSING_SYMBOL : MISCONDUCT_NOT_LOADABLE, "%s", why);
        return;
    }
    const void *table = dlsym(handle, "freshcheck_implementation");
    if (table)
        take_table(keeper, table, report);
    else
        refuse(report, MISCONDUCT_MISSING_SYMBOL, "it does not define '%s'",
               "freshcheck_implementation");
}

/* --- keeping -------------------------------------------------------------------------------- */

static void child_ended(int signal)
{
    (void)signal; /* its only use is to interrupt poll() */
}

static void tell_of_dead(struct keeper *keeper)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (size_t i = 0; i < WORKERS_MAX; i++) {
            struct child *child = &keeper->children[i];
            if (child->pid != pid)
                continue;
            const int32_t told = status;
            (void)packet_send(child->fd, PACKET_ENDED, &told, sizeof told);
            close(child->fd);
            child->pid = 0;
        }
    }
}

static struct child *free_place(struct keeper *keeper)
{
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        if (keeper->children[i].pid == 0)
            return &keeper->children[i];
    }
    return NULL;
}

/* All that a worker inherits besides the object is its own socket. */
static _Noreturn void become_worker(const struct keeper *keeper, int socket, const sigset_t *mask)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    dup2(socket, FD_OF_KEEPER);
    close_range(FD_OF_KEEPER + 1, ~0U, 0);
    worker_run(FD_OF_KEEPER, &keeper->object);
}

static void fork_worker(struct keeper *keeper, int socket, const sigset_t *mask)
{
    struct child *child = free_place(keeper);
    const pid_t pid = child ? fork() : -1;
    if (pid == 0)
        become_worker(keeper, socket, mask);
    if (pid < 0) {
        close(socket); /* whoever waits for it sees the end of the line */
        return;
    }
    *child = (struct child){.pid = pid, .fd = socket};
}

static void kill_all(const struct keeper *keeper)
{
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        if (keeper->children[i].pid > 0)
            kill(keeper->children[i].pid, SIGKILL);
    }
}

static _Noreturn void keep(struct keeper *keeper)
{
    const struct sigaction wakes = {.sa_handler = child_ended};
    struct pollfd line = {.fd = keeper->fd, .events = POLLIN};
    sigset_t blocked, open;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_BLOCK, &blocked, &open);
    sigdelset(&open, SIGCHLD);
    sigaction(SIGCHLD, &wakes, NULL);
    for (;;) {
        tell_of_dead(keeper);
        if (ppoll(&line, 1, NULL, &open) <= 0)
            continue;
        const int socket = packet_receive_file(keeper->fd);
        if (socket < 0)
            break; /* nobody needs it any more */
        fork_worker(keeper, socket, &open);
    }
    kill_all(keeper);
    _exit(EXIT_SUCCESS);
}

/* --- being born ----------------------------------------------------------------------------- */

/* Out of the terminal's process group, so that Ctrl-C is freshcheck's own business; with no file
 * but the line and standard error. What stood in the buffer of standard output is not ours. */
static void leave_home(struct keeper *keeper, int fd)
{
    const struct rlimit no_core = {0};
    setpgid(0, 0);
    setrlimit(RLIMIT_CORE, &no_core);
    __fpurge(stdout);
    setvbuf(stdout, NULL, _IONBF, 0);
    dup2(fd, FD_OF_KEEPER);
    close_range(FD_OF_KEEPER + 1, ~0U, 0);
    keeper->fd = FD_OF_KEEPER;
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    close(nowhere);
}

/* GLib's own allocator would hold back what was freed, which then looks like a leak. */
static void prepare_libraries(void)
{
    setenv("G_SLICE", "always-malloc", 1);
}

void keeper_run(int fd, const char *path)
{
    static struct keeper keeper;
    static struct keeper_report report;
    leave_home(&keeper, fd);
    prepare_libraries();
    load(&keeper, path, &report);
    if (!packet_send(keeper.fd, PACKET_LAST, &report, sizeof report) ||
        report.misconduct != MISCONDUCT_NONE)
        _exit(EXIT_FAILURE);
    keep(&keeper);
}
