#include "harness/live/http_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>

#include "base/buffer.h"
#include "harness/cluster/cluster.h"
#include "harness/live/address.h"
#include "harness/live/clock.h"
#include "harness/live/header_lines.h"
#include "harness/live/late_curl.h"
#include "harness/live/server.h"

enum { HEADERS_MAX = 64, POLL_MS = 100, POLL_VIRTUAL_MS = 1, ANSWER_SECONDS_MAX = 60 };

/* What an uploaded file holds: nobody here runs it. */
static const char pretend_jar[] = "PK";

struct http_target {
    struct late_curl curl;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *sent_headers;
    curl_mime *upload;
    struct address address;
    struct buffer path, body;
    struct header_lines header_lines;
    struct conform_header headers[HEADERS_MAX];
    size_t header_count;
    struct mock_target *mock; /* NULL: it lives somewhere else, and in real time */
    struct server *server;    /* before the mock */
    struct live_clock clock;
    bool clock_runs;
};

static bool open_curl(struct http_target *http, const char **why)
{
    *why = "there is no libcurl on this machine";
    if (!late_curl_open(&http->curl) || http->curl.global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
        return false;
    *why = "out of memory";
    http->multi = http->curl.multi_init();
    http->easy = http->curl.easy_init();
    return http->multi && http->easy;
}

struct http_target *http_target_new(const char *url, const char **why)
{
    struct http_target *http = calloc(1, sizeof *http);
    *why = "out of memory";
    if (http && address_read(url, &http->address, why) && open_curl(http, why))
        return http;
    http_target_free(http);
    return NULL;
}

struct http_target *http_target_on_mock(struct mock_target *mock, const char **why)
{
    const struct server_options options = {0};
    struct server *server = server_start(mock_target_cluster(mock), &options, why);
    if (!server)
        return NULL;
    char url[40];
    snprintf(url, sizeof url, "http://127.0.0.1:%u", (unsigned)server_port(server));
    struct http_target *http = http_target_new(url, why);
    if (!http) {
        server_stop(server);
        return NULL;
    }
    http->mock = mock;
    http->server = server;
    return http;
}

static void forget_request(struct http_target *http)
{
    http->curl.slist_free_all(http->sent_headers);
    http->sent_headers = NULL;
    http->curl.mime_free(http->upload);
    http->upload = NULL;
}

void http_target_free(struct http_target *http)
{
    if (!http)
        return;
    if (http->easy) {
        forget_request(http);
        http->curl.easy_cleanup(http->easy);
    }
    if (http->multi)
        http->curl.multi_cleanup(http->multi);
    if (http->curl.library) {
        http->curl.global_cleanup();
        late_curl_close(&http->curl);
    }
    server_stop(http->server);
    if (http->clock_runs)
        live_clock_stop(&http->clock);
    buffer_free(&http->path);
    buffer_free(&http->body);
    header_lines_free(&http->header_lines);
    address_free(&http->address);
    free(http);
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct http_target *http = context;
    buffer_append(&http->body, bytes, size * count);
    return http->body.failed ? 0 : size * count;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct http_target *http = context;
    return header_lines_take(&http->header_lines, bytes, size * count) ? size * count : 0;
}

#define SET(option, value) (http->curl.easy_setopt(http->easy, option, value) == CURLE_OK)

static bool set_upload(struct http_target *http, const struct target_request *request)
{
    const char *bytes = request->upload ? request->upload : pretend_jar;
    const size_t length = request->upload ? request->upload_length : sizeof pretend_jar - 1;
    http->upload = http->curl.mime_init(http->easy);
    curl_mimepart *part = http->upload ? http->curl.mime_addpart(http->upload) : NULL;
    return part && http->curl.mime_name(part, "jarfile") == CURLE_OK &&
           http->curl.mime_filename(part, request->upload_name) == CURLE_OK &&
           http->curl.mime_data(part, bytes, length) == CURLE_OK &&
           SET(CURLOPT_MIMEPOST, http->upload);
}

/* "Expect:" without a value keeps libcurl from asking before it sends a body. */
static bool set_body(struct http_target *http, const struct target_request *request)
{
    static const char *const lines[] = {"Expect:", "Content-Type: application/json"};
    for (size_t i = 0; i < (request->body && !request->upload_name ? 2 : 1); i++) {
        struct curl_slist *longer = http->curl.slist_append(http->sent_headers, lines[i]);
        if (!longer)
            return false;
        http->sent_headers = longer;
    }
    if (!SET(CURLOPT_HTTPHEADER, http->sent_headers))
        return false;
    if (request->upload_name)
        return set_upload(http, request);
    const char *body = request->body ? request->body : "";
    if (!request->body && strcmp(request->method, "POST") != 0)
        return strcmp(request->method, "HEAD") != 0 || SET(CURLOPT_NOBODY, 1L);
    return SET(CURLOPT_POSTFIELDSIZE, (long)strlen(body)) && SET(CURLOPT_POSTFIELDS, body);
}

/* The path goes out as it is: REQUEST_TARGET keeps libcurl from tidying it. */
static bool set_request(struct http_target *http, const struct target_request *request)
{
    forget_request(http);
    buffer_clear(&http->path);
    buffer_clear(&http->body);
    header_lines_clear(&http->header_lines);
    buffer_text(&http->path, http->address.prefix);
    buffer_text(&http->path, request->path);
    buffer_char(&http->path, '\0');
    http->curl.easy_reset(http->easy);
    return !http->path.failed && set_body(http, request) &&
           SET(CURLOPT_URL, http->address.origin) &&
           SET(CURLOPT_REQUEST_TARGET, http->path.bytes) &&
           SET(CURLOPT_CUSTOMREQUEST, request->method) && SET(CURLOPT_NOPROXY, "*") &&
           SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_TIMEOUT, (long)ANSWER_SECONDS_MAX) &&
           SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
           SET(CURLOPT_WRITEFUNCTION, on_bytes) && SET(CURLOPT_WRITEDATA, http) &&
           SET(CURLOPT_HEADERFUNCTION, on_header) && SET(CURLOPT_HEADERDATA, http);
}

/* In real time the conversation begins with its first request. */
static bool wait_until(struct http_target *http, int64_t at_us)
{
    if (http->mock)
        return mock_target_live_until(http->mock, at_us);
    if (!http->clock_runs) {
        if (!live_clock_start(&http->clock))
            return false;
        http->clock_runs = true;
        live_clock_restart(&http->clock);
    }
    while (live_clock_now_us(&http->clock) < at_us) {
        struct pollfd timer = {.fd = http->clock.timer_fd, .events = POLLIN};
        live_clock_wake_at(&http->clock, at_us);
        poll(&timer, 1, -1);
    }
    return true;
}

/* The mock's side of the wire. A request that has reached the mock, while no byte moves, waits for
 * something that is yet to happen there. */
static bool serve(struct http_target *http, bool is_quiet)
{
    const int64_t due_us = cluster_due(mock_target_cluster(http->mock), NULL);
    if (is_quiet && server_requests_open(http->server) > 0 && due_us < INT64_MAX &&
        !mock_target_live_until(http->mock, due_us))
        return false;
    return server_step(http->server, mock_target_now_us(http->mock)) &&
           mock_target_live_until(http->mock, mock_target_now_us(http->mock)) &&
           server_step(http->server, mock_target_now_us(http->mock));
}

/* Lets bytes flow until the answer is there. False: something here is broken. */
static bool fly(struct http_target *http, CURLcode *code)
{
    struct curl_waitfd at_server = {0};
    if (http->server)
        at_server = (struct curl_waitfd){.fd = server_fd(http->server), .events = CURL_WAIT_POLLIN};
    const int wait_ms = http->server ? POLL_VIRTUAL_MS : POLL_MS;
    int moving = 1;
    for (int running = 1; running > 0;) {
        if ((http->server && !serve(http, moving == 0)) ||
            http->curl.multi_perform(http->multi, &running) != CURLM_OK)
            return false;
        if (running > 0 && http->curl.multi_poll(http->multi, &at_server, http->server ? 1 : 0,
                                                 wait_ms, &moving) != CURLM_OK)
            return false;
    }
    int left;
    const CURLMsg *message = http->curl.multi_info_read(http->multi, &left);
    *code = message ? message->data.result : CURLE_RECV_ERROR;
    return true;
}

static const char *silence_of(CURLcode code)
{
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
        return "the target cannot be reached";
    if (code == CURLE_OPERATION_TIMEDOUT)
        return "the target gave no answer within a minute";
    return "the connection broke before an answer was complete";
}

static void take_answer(struct http_target *http, struct conform_exchange *answer)
{
    long status = 0;
    http->curl.easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
    size_t at = 0;
    http->header_count = 0;
    while (http->header_count < HEADERS_MAX &&
           header_lines_next(&http->header_lines, &at, &http->headers[http->header_count].name,
                             &http->headers[http->header_count].value))
        http->header_count++;
    answer->status = (int)status;
    answer->headers = http->headers;
    answer->header_count = http->header_count;
    answer->body = http->body.length > 0 ? http->body.bytes : "";
    answer->body_length = http->body.length;
}

static enum target_outcome ask(void *context, const struct target_request *request,
                               struct conform_exchange *answer, const char **why)
{
    struct http_target *http = context;
    CURLcode code = CURLE_OK;
    if (!set_request(http, request) || !wait_until(http, request->at_us) ||
        http->curl.multi_add_handle(http->multi, http->easy) != CURLM_OK)
        return TARGET_NO_MEMORY;
    const bool flew = fly(http, &code);
    http->curl.multi_remove_handle(http->multi, http->easy);
    if (!flew || http->body.failed || http->header_lines.texts.failed)
        return TARGET_NO_MEMORY;
    if (code != CURLE_OK) {
        *why = silence_of(code);
        return TARGET_SILENT;
    }
    take_answer(http, answer);
    return TARGET_ANSWERED;
}

struct target http_target(struct http_target *http)
{
    return (struct target){.context = http, .lives_the_same_life = http->mock != NULL, .ask = ask};
}
