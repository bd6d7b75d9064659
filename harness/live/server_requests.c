#include "harness/live/server_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "rest_endpoint/body.h"

enum {
    /* Of a body that is no upload, so much is kept; the rest is counted and thrown away. Nothing
     * that the endpoint understands is as long, and what is cut off is no JSON any more. */
    BODY_KEPT_MAX = 1 << 20
};

static const char internal_error[] = "{\"errors\":[\"Internal server error.\"]}";
static const char scenario_changed[] =
    "{\"errors\":[\"Another scenario was loaded while this waited.\"]}";
static const char upload_failed[] = "{\"errors\":[\"File upload failed.\"]}";

void *request_on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct server *server = context;
    struct visit *visit = calloc(1, sizeof *visit);
    if (!visit)
        return NULL;
    visit->server = server;
    visit->connection = connection;
    visit->target = text_copy(target);
    if (!visit->target) {
        free(visit);
        return NULL;
    }
    server->open_count++;
    return visit;
}

/* Whatever way a request ended. */
void request_on_completed(void *context, struct MHD_Connection *connection, void **visit_slot,
                          enum MHD_RequestTerminationCode why)
{
    (void)connection;
    (void)why;
    struct server *server = context;
    struct visit *visit = *visit_slot;
    *visit_slot = NULL;
    if (!visit)
        return;
    assert(!visit->parked); /* suspended connections do not end by themselves */
    answer_release(&visit->answer);
    upload_free(visit->upload);
    buffer_free(&visit->body);
    free(visit->target);
    free(visit);
    server->open_count--;
}

static const char *header(const struct visit *visit, const char *name)
{
    return MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);
}

static bool announces_too_much(const struct visit *visit)
{
    const char *length = header(visit, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length && strtoull(length, NULL, 10) > visit->server->options.body_length_max;
}

/*
 * An answer now would make libmicrohttpd close the connection after it, so nothing is said before
 * the body is here; but a client that asks whether it may send too much is told at once.
 * Source: Netty HttpObjectAggregator.newContinueResponse; Flink FileUploadHandler.channelRead0,
 * which comes first and knows no limit.
 */
static enum MHD_Result take_headers(struct visit *visit, const char *method)
{
    visit->headers_seen = true;
    visit->method = http_method_find(method);
    if (visit->method == METHOD_POST && !upload_begin(visit))
        return MHD_NO;
    visit->too_large = !visit->upload && announces_too_much(visit);
    const char *expectation = header(visit, MHD_HTTP_HEADER_EXPECT);
    if (visit->too_large && expectation && strcasecmp(expectation, "100-continue") == 0)
        return answer_send_too_large(visit);
    return MHD_YES;
}

static enum MHD_Result take_body(struct visit *visit, const char *bytes, size_t length)
{
    visit->body_length += length;
    if (visit->upload) {
        upload_take(visit->upload, bytes, length);
        return MHD_YES;
    }
    if (visit->body_length > visit->server->options.body_length_max) {
        /* It was not announced, so it comes in chunks, and may have no end. Source: Netty
         * HttpObjectAggregator.handleOversizedMessage. */
        if (!visit->too_large) {
            answer_write_too_large(visit);
            return MHD_NO;
        }
        return MHD_YES;
    }
    const size_t room = BODY_KEPT_MAX - visit->body.length;
    if (!visit->too_large)
        buffer_append(&visit->body, bytes, length < room ? length : room);
    return visit->body.failed ? MHD_NO : MHD_YES;
}

/* Everything in it is borrowed from the visit. */
static struct request request_of(const struct visit *visit, const struct upload *upload)
{
    return (struct request){
        .id = visit->id,
        .method = visit->method,
        .target = visit->target,
        .target_length = strlen(visit->target),
        .cache_control = header(visit, MHD_HTTP_HEADER_CACHE_CONTROL),
        .body = visit->body.bytes,
        .body_length = visit->body.length,
        .upload = upload,
    };
}

static void answer_with(struct visit *visit, struct answer answer)
{
    visit->answer = answer;
    visit->state = VISIT_ANSWERED;
}

static bool ask_pages(struct visit *visit, const struct local_pages *pages,
                      const struct request *request, struct local_answer *local)
{
    *local = (struct local_answer){.modified_epoch_s = -1, .now_us = visit->server->now_us};
    if (!pages || !pages->answer(pages->context, visit->server->now_us, request, local))
        return false;
    answer_with(visit, (struct answer){
                           .status = local->status,
                           .content_type = local->content_type,
                           .bytes = local->bytes,
                           .length = local->length,
                           .release = local->release,
                           .held = local->held,
                           .age_us = -1,
                           .modified_epoch_s = local->modified_epoch_s,
                       });
    return true;
}

static bool ask_control(struct visit *visit, const struct request *request)
{
    struct server *server = visit->server;
    struct local_answer local;
    if (!ask_pages(visit, server->options.control, request, &local))
        return false;
    visit->from_control = true;
    visit->answer.any_origin = true;
    if (local.now_us > server->now_us)
        server->now_us = local.now_us;
    visits_wake_due(server);
    requests_take_replies(server);
    return true;
}

void request_turn_away(struct visit *visit)
{
    answer_with(visit, answer_of_text(503, scenario_changed, true));
}

/* A sender's own number for its request; 0: it has none. */
static uint64_t tag_of(const struct visit *visit)
{
    const char *text = header(visit, "X-Freshcheck-Request");
    const size_t length = text ? strlen(text) : 0;
    const bool is_number = length > 0 && length < 20 && strspn(text, "0123456789") == length;
    return is_number ? strtoull(text, NULL, 10) : 0;
}

/* What happened while the last bytes came in, happened before the request was here. */
static void write_down(struct visit *visit)
{
    struct server *server = visit->server;
    const struct request_book *book = server->options.book;
    const uint64_t tag = book ? tag_of(visit) : 0;
    int64_t now_us = server->now_us;
    if (tag == 0)
        return;
    visit->line = book->arrived(book->context, tag, &now_us);
    if (now_us > server->now_us)
        server->now_us = now_us;
    visits_wake_due(server);
    requests_take_replies(server);
}

static void release_body(void *body)
{
    body_release(body);
}

/*
 * What the cluster says, unless it knows no such path and the site does. What Flink's file server
 * cannot find is answered without Access-Control-Allow-Origin, as all it says.
 * Source: Flink StaticFileServerHandler; the transcripts, GET of an unknown path.
 */
static void take_reply(struct visit *visit, const struct endpoint_action *reply)
{
    const bool for_files = reply->unrouted && visit->method == METHOD_GET;
    if (for_files) {
        const struct request request = request_of(visit, NULL);
        struct local_answer local;
        if (ask_pages(visit, visit->server->options.site, &request, &local)) {
            body_release(reply->body);
            return;
        }
    }
    size_t length;
    const char *bytes = body_bytes(reply->body, &length);
    if (!bytes) {
        body_release(reply->body);
        answer_with(visit, answer_of_text(500, internal_error, true));
        return;
    }
    answer_with(visit, (struct answer){
                           .status = reply->status,
                           .content_type = "application/json; charset=UTF-8",
                           .bytes = bytes,
                           .length = length,
                           .release = release_body,
                           .held = reply->body,
                           .age_us = reply->age_us,
                           .modified_epoch_s = -1,
                           .any_origin = !for_files,
                       });
}

void requests_take_replies(struct server *server)
{
    struct endpoint_action reply;
    while (cluster_next_reply(server->cluster, &reply)) {
        struct visit *visit = visit_take_waiting(server, reply.request);
        if (!visit) {
            body_release(reply.body); /* its client left in the meantime */
            continue;
        }
        take_reply(visit, &reply);
        visit_unpark(visit);
    }
}

static void ask_cluster(struct visit *visit, const struct request *request)
{
    struct server *server = visit->server;
    visit_add_waiting(visit, VISIT_WAITING);
    const bool asked = cluster_request(server->cluster, server->now_us, request);
    requests_take_replies(server);
    if (!asked && visit->state == VISIT_WAITING) {
        visit_take_waiting(server, visit->id);
        cluster_abandon(server->cluster, server->now_us, visit->id);
        answer_with(visit, answer_of_text(500, internal_error, true));
    }
}

/* The request is here to its last byte. */
static enum MHD_Result ask(struct visit *visit)
{
    struct server *server = visit->server;
    if (visit->too_large)
        return answer_send_too_large(visit);
    const struct upload *upload = NULL;
    if (visit->upload) {
        upload = upload_end(visit->upload, &visit->body);
        if (visit->body.failed)
            return MHD_NO;
    }
    visit->id = ++server->last_id;
    const struct request request = request_of(visit, upload);
    if (visit->upload && !upload)
        answer_with(visit, answer_of_text(500, upload_failed, false));
    else if (!ask_control(visit, &request)) {
        write_down(visit);
        if (faults_refuse(server, server->now_us))
            visit->state = VISIT_ANSWERED; /* faults_strike() says how */
        else
            ask_cluster(visit, &request);
    }
    return MHD_YES;
}

/*
 * Called once with the headers, then for each piece of the body, then once more; and again after
 * a suspended connection was resumed.
 */
enum MHD_Result request_on_access(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_length, void **visit_slot)
{
    (void)connection;
    (void)url;
    (void)version;
    struct server *server = context;
    struct visit *visit = *visit_slot;
    if (!visit || visit->state == VISIT_GONE ||
        (server->stopping && visit->state == VISIT_ARRIVING))
        return MHD_NO;
    if (!visit->headers_seen)
        return take_headers(visit, method);
    if (*upload_length > 0) {
        const size_t length = *upload_length;
        *upload_length = 0;
        return take_body(visit, upload, length);
    }
    if (visit->state == VISIT_ARRIVING) {
        const enum MHD_Result result = ask(visit);
        if (result != MHD_YES || visit->too_large)
            return result;
    }
    if (visit->state == VISIT_ANSWERED)
        faults_strike(visit);
    if (visit->state == VISIT_ANSWERED)
        return answer_send(visit);
    visit_park(visit);
    return MHD_YES;
}
