#include "harness/shared_object/worker_internal.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

#include "harness/shared_object/packets.h"

/* Signal handlers have no argument of their own. Only a worker's process sets it. */
static struct worker *of_this_process;

enum { STACK_BYTES = 64 * 1024 };

static void tell(const struct worker *worker, const struct wire_obituary *obituary)
{
    (void)packet_send(worker->fd, PACKET_OBITUARY, obituary, sizeof *obituary);
    _exit(EXIT_FAILURE);
}

void last_words(const struct worker *worker, enum obituary_kind kind)
{
    const struct wire_obituary obituary = {.kind = kind, .call = (uint32_t)worker->doing};
    tell(worker, &obituary);
    abort();
}

/* Whether a bad access was a write. Where the machine's registers do not say it here, it counts as
 * one: an object that reads behind its end is as wrong. */
static int was_write(const void *context)
{
#if defined __x86_64__
    enum { WRITE_BIT = 2 };
    const ucontext_t *machine = context;
    return (machine->uc_mcontext.gregs[REG_ERR] & WRITE_BIT) != 0;
#else
    (void)context;
    return 1;
#endif
}

static enum obituary_kind kind_of(int signal, const void *address, const void *context)
{
    if (signal == SIGXCPU)
        return OBITUARY_HUNG;
    if (signal != SIGSEGV && signal != SIGBUS)
        return OBITUARY_SIGNAL;
    if (fences_touched(&of_this_process->fences, address) == FENCE_NONE)
        return OBITUARY_SIGNAL;
    return was_write(context) ? OBITUARY_WROTE : OBITUARY_READ;
}

static void dying(int signal, siginfo_t *info, void *context)
{
    const struct wire_obituary obituary = {
        .kind = kind_of(signal, info->si_addr, context),
        .call = (uint32_t)of_this_process->doing,
        .signal = signal,
        .address = signal == SIGABRT ? 0 : (uint64_t)(uintptr_t)info->si_addr,
    };
    tell(of_this_process, &obituary);
}

static void exiting(int code, void *ignored)
{
    (void)ignored;
    const struct wire_obituary obituary = {
        .kind = OBITUARY_EXIT, .call = (uint32_t)of_this_process->doing, .code = code};
    tell(of_this_process, &obituary);
}

/* A stack of its own, for a worker whose stack is full has none left for a handler. */
void last_words_prepare(struct worker *worker)
{
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE,  SIGILL,
                                 SIGABRT, SIGSYS, SIGTRAP, SIGXCPU};
    const stack_t stack = {.ss_sp = malloc(STACK_BYTES), .ss_size = STACK_BYTES};
    struct sigaction action = {.sa_sigaction = dying, .sa_flags = SA_SIGINFO};
    of_this_process = worker;
    if (stack.ss_sp && sigaltstack(&stack, NULL) == 0)
        action.sa_flags |= SA_ONSTACK;
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
        sigaction(deadly[i], &action, NULL);
    (void)on_exit(exiting, NULL);
}
