#include "harness/shared_object/host_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rest_endpoint/body.h"

enum { STATUS_MIN = 200, STATUS_MAX = 599 };

void host_blame(struct host *host, enum misconduct misconduct, const char *format, ...)
{
    if (host->conduct.kind)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(host->conduct.cause, sizeof host->conduct.cause, format, arguments);
    va_end(arguments);
    host->conduct.kind = misconduct_name(misconduct);
    host->conduct.at_us = host->now_us;
}

static bool blame(struct host *host, const char *what, uint64_t number)
{
    host_blame(host, MISCONDUCT_BROKE_CONTRACT, what, number);
    return false;
}

static bool act_fetch(struct host *host, const struct wire_action *action, const char *text)
{
    struct fetch_request what = {.kind = FETCH_CHECKPOINT_STATS};
    if (action->data != FRESHCHECK_STATISTICS && action->data != FRESHCHECK_GRAPH)
        return blame(host, "FETCH %" PRIu64 " is for data that cannot be fetched", action->fetch);
    if (!id_parse(action->job, strlen(action->job), &what.job))
        return blame(host, "FETCH %" PRIu64 " names no job of 32 hexadecimal digits",
                     action->fetch);
    if (action->fetch == 0 || host_find_fetched(host, action->fetch))
        return blame(host, "FETCH %" PRIu64 " has a name that is in use, or none", action->fetch);
    if (action->data == FRESHCHECK_GRAPH)
        what.kind = FETCH_EXECUTION_GRAPH;
    struct fetched *fetched = host_new_fetched(host, action->fetch);
    if (!fetched)
        return false;
    fetched->data = action->data;
    fetched->job = what.job;
    fetched->asked_us = host->now_us;
    fetched->target = text ? text_copy_length(text, action->length) : NULL;
    if ((text && !fetched->target) || !host_call_out(host, ASKED_BY_OBJECT, action->fetch, &what)) {
        host_release(host, fetched);
        return false;
    }
    return true;
}

/* The request that a reply is for; NULL after blame: nobody waits for it. */
static struct taken *find_asker(struct host *host, uint64_t number)
{
    struct taken *taken = host_find_taken(host, number);
    if (taken && !taken->abandoned)
        return taken;
    if (taken)
        host_blame(host, MISCONDUCT_ANSWERED_NOBODY,
                   "answered request %" PRIu64 " (GET %s), whose client had gone away", number,
                   taken->target);
    else if (number == 0 || number > host->last_number)
        host_blame(host, MISCONDUCT_ANSWERED_NOBODY,
                   "answered request %" PRIu64 ", which nobody had made; the last one was %" PRIu64,
                   number, host->last_number);
    else
        host_blame(host, MISCONDUCT_ANSWERED_TWICE,
                   "answered request %" PRIu64 ", which it had answered before, or had not taken",
                   number);
    return NULL;
}

/* Takes over the body. */
static bool reply(struct host *host, struct taken *taken, int status, struct body *body,
                  int64_t age_us)
{
    const struct endpoint_action action = {.kind = ACTION_REPLY,
                                           .request = taken->request,
                                           .status = status,
                                           .body = body,
                                           .age_us = age_us};
    if (!host_push(host, &action)) {
        body_release(body);
        return false;
    }
    host_forget_taken(host, taken);
    return true;
}

static bool act_reply(struct host *host, const struct wire_action *action)
{
    bool unfit;
    struct taken *taken = find_asker(host, action->request);
    struct fetched *fetched = host_find_fetched(host, action->fetch);
    if (!taken)
        return false;
    if (!fetched || !fetched->arrived)
        return blame(host,
                     "a REPLY is from FETCH %" PRIu64
                     ", which was released, has brought nothing yet, or never was",
                     action->fetch);
    const struct document *document =
        host_document(host, fetched, taken->target, strlen(taken->target), &unfit);
    if (unfit)
        return blame(host, "a REPLY to request %" PRIu64 " is from data that it is not made of",
                     action->request);
    return document && reply(host, taken, document->status, body_retain(document->body),
                             host->now_us - fetched->asked_us);
}

static bool act_reply_bytes(struct host *host, const struct wire_action *action, const char *text)
{
    struct taken *taken = find_asker(host, action->request);
    if (!taken)
        return false;
    if (action->status < STATUS_MIN || action->status > STATUS_MAX)
        return blame(host, "the status of the REPLY_BYTES to request %" PRIu64 " is none of HTTP",
                     action->request);
    struct body *body =
        body_of_bytes(text ? text : "", text ? action->length : 0, ++host->last_serial);
    return body && reply(host, taken, action->status, body, -1);
}

static bool act_release(struct host *host, const struct wire_action *action)
{
    struct fetched *fetched = host_find_fetched(host, action->fetch);
    if (!fetched || !fetched->arrived)
        return blame(host, "a RELEASE is of FETCH %" PRIu64 ", of which it holds nothing",
                     action->fetch);
    host_release(host, fetched);
    return true;
}

bool host_act(struct host *host, struct wire_cursor *actions)
{
    while (actions->count > 0) {
        struct wire_action action;
        const char *text;
        bool fine;
        if (!wire_action_read(actions, &action, &text))
            return blame(host, "what it wants done cannot be read (%" PRIu64 ")", 0);
        if (action.kind == FRESHCHECK_FETCH)
            fine = act_fetch(host, &action, text);
        else if (action.kind == FRESHCHECK_REPLY)
            fine = act_reply(host, &action);
        else if (action.kind == FRESHCHECK_REPLY_BYTES)
            fine = act_reply_bytes(host, &action, text);
        else if (action.kind == FRESHCHECK_RELEASE)
            fine = act_release(host, &action);
        else
            return blame(host, "there is no action of kind %" PRIu64, action.kind);
        if (!fine)
            return false;
    }
    return true;
}
