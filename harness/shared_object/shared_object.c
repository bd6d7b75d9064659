#include "harness/shared_object/shared_object.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/shared_object/link_internal.h"
#include "harness/shared_object/packets.h"
#include "harness/shared_object/shared_object_internal.h"

/* What a call may take: a cache needs microseconds. */
const struct call_limits shared_object_usual_limits = {.processor_us = 1000000,
                                                       .asleep_us = 5000000};

enum { SLICE_US = 20000 };

static void refuse(struct keeper_report *report, enum misconduct misconduct, const char *text)
{
    report->misconduct = misconduct;
    snprintf(report->text, sizeof report->text, "%s", text);
}

static bool fork_keeper(struct shared_object *object)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    object->keeper = fork();
    if (object->keeper == 0)
        keeper_run(ends[1], object->path);
    close(ends[1]);
    object->fd = ends[0];
    return object->keeper > 0;
}

/* A constructor ended the process that was to load it. */
static void take_end(struct shared_object *object)
{
    struct link told = {.fd = -1};
    int status = 0;
    waitpid(object->keeper, &status, 0);
    object->keeper = 0;
    link_take_status(&told, status);
    refuse(&object->report, told.misconduct, told.cause);
    const size_t used = strlen(object->report.text);
    snprintf(object->report.text + used, sizeof object->report.text - used, " while it was loaded");
}

/* Waits for what the keeper says of its loading. */
static void take_report(struct shared_object *object)
{
    const struct timeval slice = {.tv_usec = SLICE_US};
    const struct timeval for_ever = {0};
    struct patience patience = {0};
    char room[PACKET_BYTES_MAX];
    char kind;
    ssize_t length;
    setsockopt(object->fd, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof slice);
    while ((length = packet_receive(object->fd, &kind, room)) < 0 && errno == EAGAIN) {
        if (patience_look(&patience, object->keeper, SLICE_US, &object->limits) == WAIT_ON)
            continue;
        refuse(&object->report, MISCONDUCT_HUNG, "it does not come back from being loaded");
        return;
    }
    setsockopt(object->fd, SOL_SOCKET, SO_RCVTIMEO, &for_ever, sizeof for_ever);
    if (length == (ssize_t)sizeof object->report && kind == PACKET_LAST)
        memcpy(&object->report, room, sizeof object->report);
    else
        take_end(object);
    object->report.text[KEEPER_TEXT_MAX - 1] = '\0';
}

static bool make_implementation(struct shared_object *object)
{
    const struct foreign_implementation source = {
        .name = object->path,
        .summary = object->report.text[0] != '\0' ? object->report.text : "a shared object",
        .context = object,
        .start = host_start,
    };
    object->implementation = implementation_from(&source);
    return object->implementation != NULL;
}

struct shared_object *shared_object_load(const char *path, const struct call_limits *limits,
                                         char *why, size_t why_size)
{
    struct shared_object *object = calloc(1, sizeof *object);
    snprintf(why, why_size, "out of memory");
    if (!object)
        return NULL;
    object->fd = -1;
    object->limits = *limits;
    object->path = text_copy(path);
    if (!object->path || !fork_keeper(object))
        goto fail;
    take_report(object);
    if (object->report.misconduct != MISCONDUCT_NONE) {
        snprintf(why, why_size, "%s: %s",
                 misconduct_name((enum misconduct)object->report.misconduct), object->report.text);
        goto fail;
    }
    if (!make_implementation(object))
        goto fail;
    return object;
fail:
    shared_object_unload(object);
    return NULL;
}

void shared_object_unload(struct shared_object *object)
{
    if (!object)
        return;
    if (object->fd >= 0)
        close(object->fd);
    if (object->keeper > 0) {
        kill(object->keeper, SIGKILL);
        waitpid(object->keeper, NULL, 0);
    }
    implementation_free(object->implementation);
    free(object->path);
    free(object);
}

const struct implementation *shared_object_implementation(const struct shared_object *object)
{
    return object->implementation;
}
