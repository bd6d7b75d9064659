#include "harness/judge/witness_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"

/* Putting evidence into plain words. Needs no memory of its own. */

const char *client_name(const struct judge *judge, size_t client)
{
    if (client < judge->client_count && judge->clients[client].name[0])
        return judge->clients[client].name;
    return "client";
}

const char *look_client(const struct judge *judge, const struct look *look)
{
    return look->exchange->client ? look->exchange->client
                                  : client_name(judge, look->exchange->client_index);
}

void duration_text(const struct judge *judge, int64_t us, char text[LABEL_MAX])
{
    buffer_clear(judge->scratch);
    duration_print(judge->scratch, us);
    int length = (int)judge->scratch->length;
    snprintf(text, LABEL_MAX, "%.*s", length, length > 0 ? judge->scratch->bytes : "");
}

void shown_text(int64_t id, char text[LABEL_MAX])
{
    if (id > 0)
        snprintf(text, LABEL_MAX, "%lld", (long long)id);
    else
        snprintf(text, LABEL_MAX, "none");
}

void path_text(const struct job_state *job, enum exchange_path path, char text[TARGET_MAX])
{
    static const char *const formats[] = {
        [PATH_STATISTICS] = "GET /jobs/%s/checkpoints",
        [PATH_DETAILS] = "GET /jobs/%s/checkpoints/details",
        [PATH_JOB] = "GET /jobs/%s",
        [PATH_TRIGGER] = "POST /jobs/%s/checkpoints",
        [PATH_TRIGGER_STATUS] = "GET /jobs/%s/checkpoints/:triggerid",
        [PATH_CONFIG] = "GET /jobs/%s/checkpoints/config",
        [PATH_OTHER] = "a request for %s",
    };
    snprintf(text, TARGET_MAX, formats[path], job->label);
}

/* The label of the job whose id these 32 characters are; NULL: of none that is known. */
static const char *label_at(const struct judge *judge, const char *text)
{
    struct id id;
    if (strnlen(text, ID_DIGITS) < ID_DIGITS || !id_parse(text, ID_DIGITS, &id))
        return NULL;
    const struct job_state *job = state_find_job(judge, id);
    return job ? job->label : NULL;
}

void target_text(const struct judge *judge, const struct exchange *exchange, char text[TARGET_MAX])
{
    const char *from = exchange->target;
    if (!from) {
        static const struct job_state nameless = {.label = "a job"};
        const struct job_state *job = state_find_job(judge, exchange->job);
        path_text(job ? job : &nameless, exchange->path, text);
        return;
    }
    const char *method = exchange->path == PATH_TRIGGER ? "POST " : "GET ";
    if (from[0] != '/' || exchange->path == PATH_OTHER)
        method = "";
    if (strncmp(from, "/v1/", 4) == 0)
        from += 3;
    int used = snprintf(text, TARGET_MAX, "%s", method);
    while (*from && used < TARGET_MAX - 1) {
        const char *label = label_at(judge, from);
        if (label) {
            used += snprintf(text + used, (size_t)(TARGET_MAX - used), "%s", label);
            from += ID_DIGITS;
        } else {
            text[used++] = *from++;
            text[used] = '\0';
        }
    }
}

__attribute__((format(printf, 4, 0))) static void add_event(struct property_verdict *verdict,
                                                            struct witness_event event,
                                                            const char *who, const char *format,
                                                            va_list arguments)
{
    if (verdict->witness_count == WITNESS_EVENTS_MAX)
        return;
    snprintf(event.who, sizeof event.who, "%s", who);
    vsnprintf(event.what, sizeof event.what, format, arguments);
    size_t at = verdict->witness_count++;
    for (; at > 0 && verdict->witness[at - 1].at_us > event.at_us; at--)
        verdict->witness[at] = verdict->witness[at - 1];
    verdict->witness[at] = event;
}

void witness_add(struct property_verdict *verdict, int64_t at_us, const char *who, uint64_t seq,
                 const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_event(verdict, (struct witness_event){.at_us = at_us, .seq = seq}, who, format, arguments);
    va_end(arguments);
}

void witness_since(struct property_verdict *verdict, int64_t at_us, const char *who, uint64_t seq,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_event(verdict, (struct witness_event){.at_us = at_us, .seq = seq, .since = true}, who,
              format, arguments);
    va_end(arguments);
}

void witness_cause(struct property_verdict *verdict, enum layer layer, const char *format, ...)
{
    verdict->layer = layer;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict->cause, sizeof verdict->cause, format, arguments);
    va_end(arguments);
}

void witness_completion(const struct judge *judge, const struct job_state *job,
                        const struct completion *completion, struct property_verdict *verdict)
{
    long long id = (long long)completion->id;
    if (completion->how == KNOWN_BY_TRIGGER_STATUS)
        witness_since(verdict, completion->at_us, client_name(judge, completion->client),
                      completion->seq, "trigger status said that checkpoint %lld is completed", id);
    else if (completion->how == KNOWN_BY_ANSWER)
        witness_since(verdict, completion->at_us, client_name(judge, completion->client),
                      completion->seq, "an answer showed checkpoint %lld as completed", id);
    else if (completion->evidence)
        witness_since(verdict, completion->at_us, job->label, completion->seq,
                      "checkpoint %lld had completed by now (%s)", id, completion->evidence);
    else
        witness_since(verdict, completion->at_us, job->label, 0, "checkpoint %lld completed", id);
}

void witness_checkpoint(const struct job_state *job, int64_t id, struct property_verdict *verdict)
{
    for (size_t i = job->run_count; i-- > 0;) {
        const struct checkpoint_record *record = run_find(&job->runs[i], id);
        if (!record || record->completed_us == NOT_KNOWN_US)
            continue;
        witness_add(verdict, record->completed_us, job->label, 0, "checkpoint %lld completed",
                    (long long)id);
        return;
    }
}

void witness_lone_answer(const struct judge *judge, const struct look *look,
                         struct property_verdict *verdict)
{
    char target[TARGET_MAX];
    if (verdict->witness_count != 1 || verdict->witness[0].seq != look->exchange->seq)
        return;
    target_text(judge, look->exchange, target);
    verdict->witness[0].at_us = look->exchange->done_us;
    witness_add(verdict, look->exchange->sent_us, look_client(judge, look), 0, "%s  is sent",
                target);
}

/* What is said of an answer that did not come from the origin. */
static const char *by_whom(const struct exchange *exchange)
{
    return exchange->reach == STOPPED_SHORT ? ", by the proxy: the request never reached the origin"
                                            : "";
}

static void witness_fetch(const struct judge *judge, const struct look *look,
                          const struct call *call, struct property_verdict *verdict)
{
    char target[TARGET_MAX], shown[LABEL_MAX];
    const char *what = call->kind == KIND_GRAPH ? "graph, which shows" : "statistics, which show";
    shown_text(look->shown_id, shown);
    const char *noun = look->shown_id > 0 ? "checkpoint " : "";
    if (call->asked_for) {
        path_text(look->job, call->path, target);
        witness_add(verdict, call->sent_us, client_name(judge, call->client), 0,
                    "%s  fetches the %s %s%s", target, what, noun, shown);
    } else {
        witness_add(verdict, call->sent_us, "gateway", 0, "is asked for the %s %s%s", what, noun,
                    shown);
    }
}

void witness_answer(const struct judge *judge, const struct look *look,
                    struct property_verdict *verdict)
{
    const struct exchange *exchange = look->exchange;
    char target[TARGET_MAX], shown[LABEL_MAX], when[LABEL_MAX];
    target_text(judge, exchange, target);
    shown_text(look->shown_id, shown);
    const struct call *call =
        judge->has_calls ? fetch_of_version(look->job, look->seen->version) : NULL;
    bool from_before = call && call->sent_us < exchange->sent_us;
    if (from_before && exchange->reach == STOPPED_SHORT) {
        witness_fetch(judge, look, call, verdict);
        witness_add(verdict, exchange->sent_us, look_client(judge, look), exchange->seq,
                    "%s  answered %s%s", target, shown, by_whom(exchange));
    } else if (from_before) {
        witness_fetch(judge, look, call, verdict);
        duration_text(judge, call->sent_us, when);
        witness_add(verdict, exchange->sent_us, look_client(judge, look), exchange->seq,
                    "%s  answered %s, from the %s fetched at %s", target, shown,
                    call->kind == KIND_GRAPH ? "graph" : "statistics", when);
    } else {
        witness_add(verdict, exchange->sent_us, look_client(judge, look), exchange->seq,
                    "%s  answered %s%s", target, shown, by_whom(exchange));
    }
}

void witness_error(const struct judge *judge, const struct look *look,
                   struct property_verdict *verdict)
{
    const struct exchange *exchange = look->exchange;
    char target[TARGET_MAX];
    target_text(judge, exchange, target);
    witness_add(verdict, exchange->sent_us, look_client(judge, look), exchange->seq,
                "%s  answered %d, %s%s", target, exchange->status,
                look->seen ? observed_error_name(look->seen->error) : "failed", by_whom(exchange));
}
