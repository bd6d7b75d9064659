#include "harness/live/server_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { US_PER_SECOND = 1000000, FILE_KEPT_S = 300 };

static const char json_type[] = "application/json; charset=UTF-8";

struct answer answer_of_text(int status, const char *json, bool any_origin)
{
    return (struct answer){
        .status = status,
        .content_type = json_type,
        .bytes = json,
        .length = strlen(json),
        .age_us = -1,
        .modified_epoch_s = -1,
        .any_origin = any_origin,
    };
}

void answer_release(struct answer *answer)
{
    if (answer->release)
        answer->release(answer->held);
    *answer = (struct answer){0};
}

/* Headers. */

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_date(struct MHD_Response *response, const char *name, int64_t epoch_s)
{
    char text[40];
    const time_t seconds = (time_t)epoch_s;
    struct tm date;
    return gmtime_r(&seconds, &date) &&
           strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &date) > 0 &&
           add(response, name, text);
}

static int64_t epoch_seconds(const struct server *server)
{
    return (server->options.epoch_us + server->now_us) / US_PER_SECOND;
}

/* Source: Flink StaticFileServerHandler.setDateAndCacheHeaders. */
static bool add_file_headers(struct MHD_Response *response, const struct server *server,
                             int64_t modified_epoch_s)
{
    const int64_t now_s = epoch_seconds(server);
    return add_date(response, MHD_HTTP_HEADER_DATE, now_s) &&
           add_date(response, MHD_HTTP_HEADER_EXPIRES, now_s + FILE_KEPT_S) &&
           add(response, MHD_HTTP_HEADER_CACHE_CONTROL, "private, max-age=300") &&
           add_date(response, MHD_HTTP_HEADER_LAST_MODIFIED, modified_epoch_s);
}

static bool add_age(struct MHD_Response *response, int64_t age_us)
{
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%lld", (long long)(age_us / US_PER_SECOND));
    return add(response, MHD_HTTP_HEADER_AGE, seconds);
}

/*
 * Source: Flink HandlerUtils.sendResponse. Netty writes "connection: keep-alive" for HTTP/1.1
 * too; libmicrohttpd does when told to.
 */
static bool add_headers(struct MHD_Response *response, const struct server *server,
                        const struct answer *answer)
{
    return MHD_set_response_options(response, MHD_RF_SEND_KEEP_ALIVE_HEADER, MHD_RO_END) ==
               MHD_YES &&
           (!answer->content_type ||
            add(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type)) &&
           (!answer->any_origin ||
            add(response, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN, "*")) &&
           (answer->modified_epoch_s < 0 ||
            add_file_headers(response, server, answer->modified_epoch_s)) &&
           (answer->age_us < 0 || add_age(response, answer->age_us));
}

/* An answer that leaves in pieces. */

struct pieces {
    struct visit *visit; /* not to be followed after the answer has ended */
    struct answer answer;
    uint64_t next_position; /* WAY_DRIP: the byte that may leave now */
};

static void free_pieces(void *context)
{
    struct pieces *pieces = context;
    answer_release(&pieces->answer);
    free(pieces);
}

static ssize_t give_half(void *context, uint64_t position, char *out, size_t room)
{
    const struct pieces *pieces = context;
    const size_t half = pieces->answer.length / 2;
    if (position >= half)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    const size_t length = half - (size_t)position < room ? half - (size_t)position : room;
    memcpy(out, pieces->answer.bytes + position, length);
    return (ssize_t)length;
}

static ssize_t give_drop(void *context, uint64_t position, char *out, size_t room)
{
    struct pieces *pieces = context;
    struct visit *visit = pieces->visit;
    (void)room; /* there is some */
    if (visit->state == VISIT_GONE)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (position >= pieces->next_position) {
        pieces->next_position = position + 1;
        visit_wait_until(visit, VISIT_DRIPPING, visit->server->now_us + visit->drip_us);
        return 0;
    }
    *out = pieces->answer.bytes[position];
    return 1;
}

static struct MHD_Response *response_in_pieces(struct visit *visit)
{
    struct pieces *pieces = calloc(1, sizeof *pieces);
    if (!pieces)
        return NULL;
    pieces->visit = visit;
    pieces->answer = visit->answer;
    struct MHD_Response *response = MHD_create_response_from_callback(
        visit->answer.length, 4096, visit->way == WAY_HALF ? give_half : give_drop, pieces,
        free_pieces);
    if (!response) {
        free(pieces);
        return NULL;
    }
    visit->answer = (struct answer){0}; /* the pieces hold it now */
    return response;
}

/* Sending. */

static void release_nothing(void *held)
{
    (void)held;
}

static struct MHD_Response *whole_response(struct visit *visit)
{
    struct answer *answer = &visit->answer;
    /* The bytes stay where they are, held until the response is gone. Up to 0.9.77 the parameter
     * lacks the `const` that it deserves. */
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        answer->length, (void *)(uintptr_t)answer->bytes,
        answer->release ? answer->release : release_nothing, answer->held);
    if (response)
        *answer = (struct answer){0}; /* the response holds it now */
    return response;
}

/* Source: Flink StaticFileServerHandler.respondToRequest and sendNotModified: whole seconds are
 * compared, equal ones only, and the connection is closed. */
static bool is_unmodified(const struct visit *visit)
{
    const char *since = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND,
                                                    MHD_HTTP_HEADER_IF_MODIFIED_SINCE);
    struct tm date = {0};
    if (visit->answer.modified_epoch_s < 0 || !since)
        return false;
    const char *end = strptime(since, "%a, %d %b %Y %H:%M:%S", &date);
    return end && strcmp(end, " GMT") == 0 &&
           (int64_t)timegm(&date) == visit->answer.modified_epoch_s;
}

static enum MHD_Result send_not_modified(struct visit *visit)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    enum MHD_Result result = MHD_NO;
    if (add_date(response, MHD_HTTP_HEADER_DATE, epoch_seconds(visit->server)) &&
        add(response, MHD_HTTP_HEADER_CONNECTION, "close"))
        result = MHD_queue_response(visit->connection, MHD_HTTP_NOT_MODIFIED, response);
    MHD_destroy_response(response);
    return result;
}

static void tell_book(const struct visit *visit)
{
    const struct request_book *book = visit->server->options.book;
    if (book && visit->line != 0)
        book->leaves(book->context, visit->line,
                     visit->way == WAY_RESET ? 0 : visit->answer.status);
}

enum MHD_Result answer_send(struct visit *visit)
{
    tell_book(visit);
    if (visit->way == WAY_RESET) {
        faults_reset_connection(visit);
        return MHD_NO;
    }
    if (is_unmodified(visit))
        return send_not_modified(visit);
    const struct answer answer = visit->answer;
    struct MHD_Response *response =
        visit->way == WAY_WHOLE ? whole_response(visit) : response_in_pieces(visit);
    if (!response)
        return MHD_NO;
    enum MHD_Result result = MHD_NO;
    if (add_headers(response, visit->server, &answer))
        result = MHD_queue_response(visit->connection, (unsigned)answer.status, response);
    MHD_destroy_response(response);
    return result;
}

/* Too large bodies: an empty 413 without Flink's headers. Source: reference section 3. */

enum MHD_Result answer_send_too_large(struct visit *visit)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    const enum MHD_Result result =
        MHD_queue_response(visit->connection, MHD_HTTP_CONTENT_TOO_LARGE, response);
    MHD_destroy_response(response);
    return result;
}

/* libmicrohttpd takes no answer while a body comes in, and this one may come in for ever. Nothing
 * else of this connection is on its way out, so the answer can be given past it. */
void answer_write_too_large(const struct visit *visit)
{
    static const char text[] = "HTTP/1.1 413 Request Entity Too Large\r\n"
                               "connection: close\r\ncontent-length: 0\r\n\r\n";
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info)
        send(info->connect_fd, text, sizeof text - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}
