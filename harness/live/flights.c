#include "harness/live/flights.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/buffer.h"
#include "harness/live/header_lines.h"
#include "harness/live/late_curl.h"

enum { EVENT_COUNT_MAX = 64 };

const char flight_out_of_memory[] = "out of memory";

/* One request; used again for another when it has landed. */
struct flight {
    struct flight *next, *previous; /* among those under way; next also among the idle ones */
    const struct late_curl *curl;
    CURL *handle;
    struct curl_slist *headers;
    uint64_t request;
    struct buffer target; /* with the address's prefix */
    struct header_lines lines;
    struct buffer answer;
    bool is_too_large;
};

struct flights {
    struct late_curl curl;
    CURLM *multi;
    int watch_fd; /* epoll: the sockets that libcurl waits for */
    struct address address;
    bool tags_requests;
    int64_t patience_us;
    int64_t due_us;
    struct flight *under_way;
    struct flight *idle;
    struct flight *landed;         /* the one that the caller still reads from */
    struct flight_header *headers; /* of the landed one */
    size_t header_capacity;
};

/* libcurl would keep four times as many connections as it has requests under way, which is next
 * to none in a quiet moment: every client's connection would be closed between its requests. */
static const long kept_connection_count_max = 10000;

/* libcurl says which socket it waits for, and what for. */
static int on_socket(CURL *handle, curl_socket_t fd, int what, void *context, void *ignored)
{
    (void)handle;
    (void)ignored;
    struct flights *flights = context;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(flights->watch_fd, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    struct epoll_event event = {.data.fd = fd};
    if (what != CURL_POLL_OUT)
        event.events |= EPOLLIN;
    if (what != CURL_POLL_IN)
        event.events |= EPOLLOUT;
    if (epoll_ctl(flights->watch_fd, EPOLL_CTL_MOD, fd, &event) == 0)
        return 0;
    return epoll_ctl(flights->watch_fd, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -1;
}

struct flights *flights_new(const struct address *address)
{
    struct flights *flights = calloc(1, sizeof *flights);
    if (!flights)
        return NULL;
    flights->patience_us = FLIGHT_PATIENCE_US;
    flights->due_us = INT64_MAX;
    flights->watch_fd = epoll_create1(EPOLL_CLOEXEC);
    if (address_copy(address, &flights->address) && late_curl_open(&flights->curl) &&
        flights->curl.global_init(CURL_GLOBAL_NOTHING) == CURLE_OK)
        flights->multi = flights->curl.multi_init();
    if (flights->watch_fd >= 0 && flights->multi &&
        flights->curl.multi_setopt(flights->multi, CURLMOPT_SOCKETFUNCTION, on_socket) ==
            CURLM_OK &&
        flights->curl.multi_setopt(flights->multi, CURLMOPT_SOCKETDATA, flights) == CURLM_OK &&
        flights->curl.multi_setopt(flights->multi, CURLMOPT_MAXCONNECTS,
                                   kept_connection_count_max) == CURLM_OK)
        return flights;
    flights_free(flights);
    return NULL;
}

void flights_be_patient(struct flights *flights, int64_t patience_us)
{
    flights->patience_us = patience_us;
}

void flights_tag_requests(struct flights *flights)
{
    flights->tags_requests = true;
}

static void flight_free(struct flight *flight)
{
    flight->curl->easy_cleanup(flight->handle);
    flight->curl->slist_free_all(flight->headers);
    buffer_free(&flight->target);
    header_lines_free(&flight->lines);
    buffer_free(&flight->answer);
    free(flight);
}

/* A flight that is not used yet, or not any more; NULL: out of memory. */
static struct flight *take_idle(struct flights *flights)
{
    struct flight *flight = flights->idle;
    if (flight) {
        flights->idle = flight->next;
        return flight;
    }
    flight = calloc(1, sizeof *flight);
    if (!flight)
        return NULL;
    flight->curl = &flights->curl;
    flight->handle = flights->curl.easy_init();
    if (!flight->handle) {
        free(flight);
        return NULL;
    }
    return flight;
}

static void put_idle(struct flights *flights, struct flight *flight)
{
    flight->next = flights->idle;
    flights->idle = flight;
}

static void link_under_way(struct flights *flights, struct flight *flight)
{
    flight->previous = NULL;
    flight->next = flights->under_way;
    if (flight->next)
        flight->next->previous = flight;
    flights->under_way = flight;
}

static void unlink_under_way(struct flights *flights, struct flight *flight)
{
    if (flight->next)
        flight->next->previous = flight->previous;
    if (flight->previous)
        flight->previous->next = flight->next;
    else
        flights->under_way = flight->next;
    flights->curl.multi_remove_handle(flights->multi, flight->handle);
}

/* To take fewer bytes than there are ends the flight. */
static size_t on_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct flight *flight = context;
    flight->is_too_large = size * count > FLIGHT_ANSWER_MAX - flight->answer.length;
    if (flight->is_too_large)
        return 0;
    buffer_append(&flight->answer, bytes, size * count);
    return flight->answer.failed ? 0 : size * count;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct flight *flight = context;
    return header_lines_take(&flight->lines, bytes, size * count) ? size * count : 0;
}

static bool add_header(struct flight *flight, const char *line)
{
    struct curl_slist *longer = flight->curl->slist_append(flight->headers, line);
    if (!longer)
        return false;
    flight->headers = longer;
    return true;
}

static bool add_header_with(struct flight *flight, const char *name, const char *value)
{
    struct buffer line = {0};
    buffer_printf(&line, "%s: %s", name, value);
    char *text = buffer_take(&line);
    const bool added = text && add_header(flight, text);
    free(text);
    return added;
}

static bool make_headers(struct flight *flight, bool is_tagged, const struct client_action *action)
{
    char number[24];
    flight->curl->slist_free_all(flight->headers);
    flight->headers = NULL;
    /* "Expect:" without a value keeps libcurl from asking before it sends a body. */
    if (!add_header(flight, "Expect:"))
        return false;
    if (action->request.body && !add_header(flight, "Content-Type: application/json"))
        return false;
    snprintf(number, sizeof number, "%" PRIu64, action->request.id);
    if (is_tagged && !add_header_with(flight, "X-Freshcheck-Request", number))
        return false;
    return !action->request.cache_control ||
           add_header_with(flight, "Cache-Control", action->request.cache_control);
}

#define SET(option, value) (flight->curl->easy_setopt(flight->handle, option, value) == CURLE_OK)

/* The target goes out as it is: REQUEST_TARGET keeps libcurl from tidying the path. */
static bool set_destination(struct flight *flight, const struct flights *flights,
                            const struct client_action *action)
{
    const long patience_ms = (long)(flights->patience_us / 1000);
    buffer_clear(&flight->target);
    buffer_text(&flight->target, flights->address.prefix);
    buffer_text(&flight->target, action->request.target);
    buffer_char(&flight->target, '\0');
    return !flight->target.failed && SET(CURLOPT_URL, flights->address.origin) &&
           SET(CURLOPT_REQUEST_TARGET, flight->target.bytes) &&
           SET(CURLOPT_PROTOCOLS_STR, "http") && SET(CURLOPT_NOPROXY, "*") &&
           SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
           SET(CURLOPT_TIMEOUT_MS, patience_ms) && SET(CURLOPT_CONNECTTIMEOUT_MS, patience_ms);
}

static bool set_request(struct flight *flight, bool is_tagged, const struct client_action *action)
{
    static const char *const methods[] = {
        [METHOD_GET] = "GET",       [METHOD_POST] = "POST",     [METHOD_PATCH] = "PATCH",
        [METHOD_DELETE] = "DELETE", [METHOD_OTHER] = "OPTIONS",
    };
    if (!make_headers(flight, is_tagged, action))
        return false;
    if (action->request.body || action->request.method == METHOD_POST) {
        const char *body = action->request.body ? action->request.body : "";
        if (!SET(CURLOPT_POSTFIELDSIZE, (long)strlen(body)) || !SET(CURLOPT_POSTFIELDS, body))
            return false;
    }
    return SET(CURLOPT_CUSTOMREQUEST, methods[action->request.method]) &&
           SET(CURLOPT_HTTPHEADER, flight->headers) && SET(CURLOPT_WRITEFUNCTION, on_bytes) &&
           SET(CURLOPT_WRITEDATA, flight) && SET(CURLOPT_HEADERFUNCTION, on_header) &&
           SET(CURLOPT_HEADERDATA, flight) && SET(CURLOPT_PRIVATE, flight);
}

/* Asked for instead of told by CURLMOPT_TIMERFUNCTION, which is silent when the timer is the same
 * as before: then a call that came a moment too early would be the last one. */
static bool update_due(struct flights *flights, int64_t now_us)
{
    long timeout_ms = -1;
    if (flights->curl.multi_timeout(flights->multi, &timeout_ms) != CURLM_OK)
        return false;
    flights->due_us = timeout_ms < 0 ? INT64_MAX : now_us + (int64_t)timeout_ms * 1000;
    return true;
}

bool flights_send(struct flights *flights, int64_t now_us, const struct client_action *action)
{
    struct flight *flight = take_idle(flights);
    if (!flight)
        return false;
    flight->request = action->request.id;
    flight->is_too_large = false;
    buffer_clear(&flight->answer);
    header_lines_clear(&flight->lines);
    /* Connections belong to the multi handle, so they outlive this. */
    flights->curl.easy_reset(flight->handle);
    if (!set_destination(flight, flights, action) ||
        !set_request(flight, flights->tags_requests, action) ||
        flights->curl.multi_add_handle(flights->multi, flight->handle) != CURLM_OK) {
        flight_free(flight);
        return false;
    }
    link_under_way(flights, flight);
    return update_due(flights, now_us);
}

int flights_fd(const struct flights *flights)
{
    return flights->watch_fd;
}

int64_t flights_due_us(const struct flights *flights)
{
    return flights->due_us;
}

bool flights_step(struct flights *flights, int64_t now_us)
{
    int running;
    if (flights->due_us <= now_us &&
        flights->curl.multi_socket_action(flights->multi, CURL_SOCKET_TIMEOUT, 0, &running) !=
            CURLM_OK)
        return false;
    struct epoll_event events[EVENT_COUNT_MAX];
    const int count = epoll_wait(flights->watch_fd, events, EVENT_COUNT_MAX, 0);
    for (int i = 0; i < count; i++) {
        int what = 0;
        if (events[i].events & EPOLLIN)
            what |= CURL_CSELECT_IN;
        if (events[i].events & EPOLLOUT)
            what |= CURL_CSELECT_OUT;
        if (events[i].events & (EPOLLERR | EPOLLHUP))
            what |= CURL_CSELECT_ERR;
        if (flights->curl.multi_socket_action(flights->multi, events[i].data.fd, what, &running) !=
            CURLM_OK)
            return false;
    }
    return update_due(flights, now_us);
}

static const char *failure_of(const struct flight *flight, CURLcode code)
{
    static const struct {
        CURLcode code;
        const char *sentence;
    } sentences[] = {
        {CURLE_COULDNT_CONNECT, "nobody takes connections at this host and port"},
        {CURLE_COULDNT_RESOLVE_HOST, "there is no host of this name"},
        {CURLE_UNSUPPORTED_PROTOCOL, "an answer was not HTTP"},
        {CURLE_WEIRD_SERVER_REPLY, "an answer was not HTTP"},
        {CURLE_OUT_OF_MEMORY, flight_out_of_memory},
        {CURLE_WRITE_ERROR, flight_out_of_memory}, /* the callbacks refuse only then */
    };
    curl_off_t connected_us = 0;
    if (flight->is_too_large)
        return "an answer was larger than 10 MB";
    if (code == CURLE_OPERATION_TIMEDOUT) {
        flight->curl->easy_getinfo(flight->handle, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
        return connected_us > 0 ? "no answer came in time" : "no connection came about in time";
    }
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (sentences[i].code == code)
            return sentences[i].sentence;
    return "the connection broke before an answer was complete";
}

/* Room for the headers of a landing. */
static bool reserve_headers(struct flights *flights, size_t count)
{
    if (count <= flights->header_capacity)
        return true;
    struct flight_header *headers = realloc(flights->headers, count * sizeof *headers);
    if (!headers)
        return false;
    flights->headers = headers;
    flights->header_capacity = count;
    return true;
}

/* What became of a flight that libcurl reports as over. */
static void describe(struct flights *flights, const struct flight *flight, CURLcode code,
                     struct landing *landing)
{
    *landing = (struct landing){.request = flight->request, .bytes = ""};
    if (code == CURLE_OK && !reserve_headers(flights, flight->lines.count))
        code = CURLE_OUT_OF_MEMORY;
    if (code != CURLE_OK) {
        landing->failure = failure_of(flight, code);
        return;
    }
    long status = 0;
    size_t at = 0;
    flight->curl->easy_getinfo(flight->handle, CURLINFO_RESPONSE_CODE, &status);
    landing->status = (int)status;
    for (size_t i = 0; i < flight->lines.count; i++)
        header_lines_next(&flight->lines, &at, &flights->headers[i].name,
                          &flights->headers[i].value);
    landing->headers = flights->headers;
    landing->header_count = flight->lines.count;
    landing->age_us = header_lines_age_us(&flight->lines);
    if (flight->answer.length > 0)
        landing->bytes = flight->answer.bytes;
    landing->length = flight->answer.length;
}

bool flights_next_landing(struct flights *flights, struct landing *landing)
{
    if (flights->landed) {
        put_idle(flights, flights->landed);
        flights->landed = NULL;
    }
    CURLMsg *message;
    int left;
    do {
        message = flights->curl.multi_info_read(flights->multi, &left);
        if (!message)
            return false;
    } while (message->msg != CURLMSG_DONE);
    const CURLcode code = message->data.result; /* the message dies when the handle is removed */
    char *private_pointer = NULL;
    flights->curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private_pointer);
    struct flight *flight = (struct flight *)(void *)private_pointer;
    describe(flights, flight, code, landing);
    unlink_under_way(flights, flight);
    flights->landed = flight;
    return true;
}

static void free_all(struct flight *flight)
{
    while (flight) {
        struct flight *next = flight->next;
        flight_free(flight);
        flight = next;
    }
}

void flights_free(struct flights *flights)
{
    if (!flights)
        return;
    while (flights->under_way) {
        struct flight *flight = flights->under_way;
        unlink_under_way(flights, flight);
        put_idle(flights, flight);
    }
    if (flights->landed)
        put_idle(flights, flights->landed);
    free_all(flights->idle);
    if (flights->multi)
        flights->curl.multi_cleanup(flights->multi);
    if (flights->watch_fd >= 0)
        close(flights->watch_fd);
    if (flights->curl.library)
        flights->curl.global_cleanup();
    late_curl_close(&flights->curl);
    address_free(&flights->address);
    free(flights->headers);
    free(flights);
}
