#include "harness/live/calibration.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "harness/live/address.h"
#include "harness/live/clock.h"
#include "harness/live/flights.h"

/* The first exchanges connect, load pages and fill caches: they are no measure of the others. */
enum { REQUEST_MAX = 4096, WARM_UP = 20, PATIENCE_MS = 5000, OFFSET_TRIES = 9 };

static const char out_of_memory[] = "out of memory";

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Content-Length: 2\r\n\r\n{}";

/* What the peer saw of one exchange; microseconds of CLOCK_MONOTONIC. */
struct peer_times {
    int64_t arrived_us, left_us;
    bool by_kernel;
};

/* A thread of its own, as a server is: waking up is part of what is measured. */
struct peer {
    int listen_fd;
    uint16_t port;
    pthread_t thread;
    size_t count;
    struct peer_times *times; /* written by the thread, read when it has ended */
    size_t answered;
    int64_t offset_us; /* wall clock minus CLOCK_MONOTONIC */
};

/* --- the peer -------------------------------------------------------------------------------- */

/* Both clocks at one instant, as near as they can be read: the tightest of some tries. */
static int64_t measure_offset_us(void)
{
    int64_t best_us = INT64_MAX, offset_us = 0;
    for (int i = 0; i < OFFSET_TRIES; i++) {
        const int64_t before_us = live_clock_real_us();
        const int64_t epoch_us = live_clock_epoch_us();
        const int64_t after_us = live_clock_real_us();
        if (after_us - before_us < best_us) {
            best_us = after_us - before_us;
            offset_us = epoch_us - (before_us + after_us) / 2;
        }
    }
    return offset_us;
}

/* When the kernel had the bytes, where it says so. Source: socket(7), SO_TIMESTAMPNS. */
static bool kernel_time(struct msghdr *message, int64_t offset_us, int64_t *arrived_us)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        struct timespec at;
        memcpy(&at, CMSG_DATA(part), sizeof at);
        *arrived_us = (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000 - offset_us;
        return true;
    }
    return false;
}

/* Reads a request; one of these has no body and fits into one segment. */
static bool hear(const struct peer *peer, int fd, struct peer_times *times)
{
    char request[REQUEST_MAX];
    _Alignas(struct cmsghdr) char control[256];
    struct iovec bytes = {.iov_base = request, .iov_len = sizeof request};
    struct msghdr message = {.msg_iov = &bytes,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    if (recvmsg(fd, &message, 0) <= 0)
        return false;
    times->arrived_us = live_clock_real_us();
    times->by_kernel = kernel_time(&message, peer->offset_us, &times->arrived_us);
    return true;
}

static void *be_peer(void *context)
{
    struct peer *peer = context;
    const int yes = 1;
    const int fd = accept(peer->listen_fd, NULL, NULL);
    if (fd < 0)
        return NULL;
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    while (peer->answered < peer->count) {
        struct peer_times *times = &peer->times[peer->answered];
        if (!hear(peer, fd, times))
            break;
        times->left_us = live_clock_real_us();
        if (send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0)
            break;
        peer->answered++;
    }
    close(fd);
    return NULL;
}

static bool open_peer(struct peer *peer, size_t count, const char **why)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof at;
    *peer = (struct peer){.listen_fd = -1, .count = count, .offset_us = measure_offset_us()};
    peer->times = calloc(count, sizeof *peer->times);
    if (!peer->times) {
        *why = out_of_memory;
        return false;
    }
    peer->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *why = "no port on loopback is to be had";
    if (peer->listen_fd < 0 || bind(peer->listen_fd, (const struct sockaddr *)&at, length) != 0 ||
        listen(peer->listen_fd, 1) != 0 ||
        getsockname(peer->listen_fd, (struct sockaddr *)&at, &length) != 0)
        return false;
    peer->port = ntohs(at.sin_port);
    *why = "no thread is to be had";
    return pthread_create(&peer->thread, NULL, be_peer, peer) == 0;
}

/* --- the client ------------------------------------------------------------------------------ */

struct stamps {
    int64_t sent_us, done_us;
};

/* One exchange, stamped as target_run() does it. */
static bool exchange_once(struct flights *flights, uint64_t number, struct stamps *stamps)
{
    const struct client_action action = {
        .request.id = number,
        .request.method = METHOD_GET,
        .request.target = "/jobs/00000000000000000000000000000000/checkpoints",
    };
    struct landing landing;
    stamps->sent_us = live_clock_real_us();
    if (!flights_send(flights, stamps->sent_us, &action) ||
        !flights_step(flights, live_clock_real_us()))
        return false;
    for (;;) {
        stamps->done_us = live_clock_real_us();
        if (flights_next_landing(flights, &landing))
            return landing.status == 200;
        struct pollfd fd = {.fd = flights_fd(flights), .events = POLLIN};
        const bool is_due = flights_due_us(flights) <= stamps->done_us;
        if (poll(&fd, 1, is_due ? 0 : PATIENCE_MS) < 0 ||
            !flights_step(flights, live_clock_real_us()))
            return false;
    }
}

static bool make_exchanges(uint16_t port, size_t count, struct stamps *stamps, const char **why)
{
    struct address address;
    *why = out_of_memory;
    if (!address_of_loopback(port, &address))
        return false;
    struct flights *flights = flights_new(&address);
    address_free(&address);
    if (!flights)
        return false;
    *why = "a server of its own on loopback does not answer this program";
    size_t made = 0;
    while (made < count && exchange_once(flights, made + 1, &stamps[made]))
        made++;
    flights_free(flights);
    return made == count;
}

/* --- figures --------------------------------------------------------------------------------- */

static int by_size(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Sorts the values. */
static struct calibration_figures figures_of(int64_t *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return (struct calibration_figures){
        .median_us = values[count / 2],
        .p99_us = values[(count - 1) * 99 / 100],
        .max_us = values[count - 1],
    };
}

/* Both clocks are read to the microsecond, so a difference of nothing may look like one before. */
static int64_t not_negative(int64_t us)
{
    return us > 0 ? us : 0;
}

static void sum_up(const struct peer_times *times, const struct stamps *stamps, size_t count,
                   int64_t *values, struct calibration *calibration)
{
    int64_t *sending = values, *receiving = values + count, *both = values + 2 * count;
    calibration->exchange_count = count;
    calibration->has_kernel_times = true;
    for (size_t i = 0; i < count; i++) {
        sending[i] = not_negative(times[i].arrived_us - stamps[i].sent_us);
        receiving[i] = not_negative(stamps[i].done_us - times[i].left_us);
        both[i] = sending[i] + receiving[i];
        calibration->has_kernel_times &= times[i].by_kernel;
    }
    calibration->sending = figures_of(sending, count);
    calibration->receiving = figures_of(receiving, count);
    calibration->both = figures_of(both, count);
}

static void close_peer(struct peer *peer)
{
    if (peer->listen_fd >= 0)
        close(peer->listen_fd);
    free(peer->times);
}

bool calibration_measure(size_t exchange_count, struct calibration *calibration, const char **why)
{
    const size_t count = exchange_count + WARM_UP;
    struct peer peer = {.listen_fd = -1};
    struct stamps *stamps = calloc(count, sizeof *stamps);
    int64_t *values = calloc(3 * exchange_count, sizeof *values);
    *calibration = (struct calibration){0};
    *why = out_of_memory;
    bool fine = stamps && values && open_peer(&peer, count, why);
    if (fine) {
        fine = make_exchanges(peer.port, count, stamps, why);
        shutdown(peer.listen_fd, SHUT_RDWR); /* wakes a peer that nobody came to */
        pthread_join(peer.thread, NULL);
    }
    if (fine)
        sum_up(peer.times + WARM_UP, stamps + WARM_UP, exchange_count, values, calibration);
    close_peer(&peer);
    free(values);
    free(stamps);
    return fine;
}

void calibration_describe(const struct calibration *calibration, struct buffer *out)
{
    buffer_printf(out,
                  "the harness's own HTTP client adds up to %" PRId64
                  " us to an exchange in 99 of 100 (median %" PRId64 " us: %" PRId64
                  " before the request is out, %" PRId64 " after the answer left) on loopback",
                  calibration->both.p99_us, calibration->both.median_us,
                  calibration->sending.median_us, calibration->receiving.median_us);
}
