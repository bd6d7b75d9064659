#include "harness/shared_object/link.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "harness/shared_object/link_internal.h"
#include "harness/shared_object/packets.h"

/* How often a worker is looked at from which nothing comes, and how long it may take to say what it
 * is doing. */
enum { SLICE_US = 20000, LAST_WORDS_SLICES = 10 };

static bool fails(struct link *link, enum misconduct misconduct, const char *cause)
{
    link->misconduct = misconduct;
    snprintf(link->cause, sizeof link->cause, "%s", cause);
    return false;
}

/* Takes in one packet; true when something was decided, by `whole` or by misconduct. */
static bool take_packet(struct link *link, char kind, const char *room, size_t length, bool *whole)
{
    struct wire_obituary obituary;
    struct wire_born born;
    int32_t status;
    *whole = kind == PACKET_LAST;
    if (kind == PACKET_MORE || kind == PACKET_LAST) {
        buffer_append(&link->message, room, length);
        if (link->message.length <= 4 * (size_t)MESSAGE_BYTES_MAX)
            return *whole;
    } else if (kind == PACKET_BORN && length == sizeof born && link->pid == 0) {
        memcpy(&born, room, sizeof born);
        link->pid = born.pid;
        return true;
    } else if (kind == PACKET_OBITUARY && wire_obituary_read(room, length, &obituary)) {
        link_take_obituary(link, &obituary);
        return true;
    } else if (kind == PACKET_ENDED && length == sizeof status) {
        memcpy(&status, room, sizeof status);
        link_take_status(link, status);
        return true;
    }
    fails(link, MISCONDUCT_BROKE_CONTRACT, "wrote to files that are not its own");
    return true;
}

/* Asks what it is doing, by a signal, and ends it. */
static void give_up(struct link *link, enum waiting why)
{
    char room[PACKET_BYTES_MAX];
    char kind;
    bool whole;
    fails(link, MISCONDUCT_HUNG, "did not come back");
    if (link->pid <= 0)
        return;
    kill(link->pid, SIGXCPU);
    for (int i = 0; i < LAST_WORDS_SLICES; i++) {
        const ssize_t length = packet_receive(link->fd, &kind, room);
        if (length >= 0 && take_packet(link, kind, room, (size_t)length, &whole))
            break;
    }
    kill(link->pid, SIGKILL);
    link->misconduct = MISCONDUCT_HUNG;
    const size_t used = strlen(link->cause);
    snprintf(
        link->cause + used, sizeof link->cause - used, " after %.1f s%s",
        (double)(why == WAITED_FOR_RUNNER ? link->limits.processor_us : link->limits.asleep_us) /
            1e6,
        why == WAITED_FOR_RUNNER ? " of processor time" : ", asleep");
}

/* Waits for a message, or for a worker to be born. */
static bool wait_for(struct link *link, bool birth)
{
    char room[PACKET_BYTES_MAX];
    struct patience patience = {0};
    char kind;
    bool whole = false;
    for (;;) {
        const ssize_t length = packet_receive(link->fd, &kind, room);
        if (length < 0 && errno == EAGAIN) {
            if (link->pid == 0)
                continue; /* its keeper is alive, or else the line would be closed */
            const enum waiting found = patience_look(&patience, link->pid, SLICE_US, &link->limits);
            if (found == WAIT_ON)
                continue;
            give_up(link, found);
            return false;
        }
        if (length < 0 || kind == 0)
            return fails(link, MISCONDUCT_CRASHED, "took its process down, and its keeper too");
        if (take_packet(link, kind, room, (size_t)length, &whole))
            return link->misconduct == MISCONDUCT_NONE && (whole || birth);
    }
}

bool link_open(struct link *link, int keeper_fd, const struct call_limits *limits)
{
    const struct timeval slice = {.tv_usec = SLICE_US};
    int ends[2];
    *link = (struct link){.fd = -1, .limits = *limits};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    link->fd = ends[0];
    setsockopt(link->fd, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof slice);
    const bool sent = packet_send_file(keeper_fd, PACKET_LAST, ends[1]);
    close(ends[1]);
    if (!sent)
        return fails(link, MISCONDUCT_CRASHED, "took its keeper down");
    return wait_for(link, true);
}

void link_close(struct link *link)
{
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
    buffer_free(&link->message);
}

bool link_call(struct link *link, const struct buffer *call, struct wire_result *result,
               struct wire_cursor *actions)
{
    if (link->misconduct != MISCONDUCT_NONE || link->fd < 0 || call->failed)
        return false;
    buffer_clear(&link->message);
    /* A worker that is gone has left word of it, which is read next. */
    (void)message_send(link->fd, call->bytes, call->length);
    if (!wait_for(link, false) || link->message.failed)
        return false;
    if (!wire_result_read(link->message.bytes, link->message.length, result, actions))
        return fails(link, MISCONDUCT_BROKE_CONTRACT, "wrote to files that are not its own");
    return true;
}
