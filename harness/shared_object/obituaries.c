#include "harness/shared_object/link_internal.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void write_down(struct link *link, enum misconduct misconduct, const char *cause)
{
    link->misconduct = misconduct;
    snprintf(link->cause, sizeof link->cause, "%s", cause);
}

/* "SIGSEGV". Names are told apart by the shell's, which sigabbrev_np() has. */
static void signal_text(int signal, char text[32])
{
    const char *name = sigabbrev_np(signal);
    if (name)
        snprintf(text, 32, "SIG%s", name);
    else
        snprintf(text, 32, "signal %d", signal);
}

/* Addresses differ from run to run; that one is near nothing does not. */
static void take_signal(struct link *link, const struct wire_obituary *obituary, const char *call)
{
    enum { FIRST_PAGE = 4096 };
    char name[32], text[128];
    const bool has_address = obituary->signal == SIGSEGV || obituary->signal == SIGBUS;
    signal_text(obituary->signal, name);
    snprintf(text, sizeof text, "ended by %s in %s%s", name, call,
             has_address && obituary->address < FIRST_PAGE ? ", by a pointer that is NULL" : "");
    write_down(link, MISCONDUCT_CRASHED, text);
}

void link_take_obituary(struct link *link, const struct wire_obituary *obituary)
{
    const char *call = object_call_name((enum object_call)obituary->call);
    char text[128];
    switch ((enum obituary_kind)obituary->kind) {
    case OBITUARY_SIGNAL:
        take_signal(link, obituary, call);
        return;
    case OBITUARY_EXIT:
        snprintf(text, sizeof text, "called exit(%" PRId32 ") in %s", obituary->code, call);
        write_down(link, MISCONDUCT_EXITED, text);
        return;
    case OBITUARY_HUNG:
        snprintf(text, sizeof text, "did not come back from %s", call);
        write_down(link, MISCONDUCT_HUNG, text);
        return;
    case OBITUARY_WROTE:
        snprintf(text, sizeof text,
                 "wrote in %s past what it is to fill, or to what it may only read", call);
        write_down(link, MISCONDUCT_WROTE_PAST_BUFFER, text);
        return;
    case OBITUARY_READ:
        snprintf(text, sizeof text, "read in %s past the end of what it was handed", call);
        write_down(link, MISCONDUCT_READ_PAST_BUFFER, text);
        return;
    case OBITUARY_ENDLESS:
    case OBITUARY_KIND_COUNT:
        break;
    }
    write_down(link, MISCONDUCT_HUNG, "has no end of actions in next()");
}

void link_take_status(struct link *link, int32_t status)
{
    char name[32], text[128];
    if (WIFSIGNALED(status)) {
        signal_text(WTERMSIG(status), name);
        snprintf(text, sizeof text, "ended by %s", name);
        write_down(link, MISCONDUCT_CRASHED, text);
        return;
    }
    snprintf(text, sizeof text, "ended its process with code %d", WEXITSTATUS(status));
    write_down(link, MISCONDUCT_EXITED, text);
}
