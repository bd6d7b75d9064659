/* rooms: harness/live harness/observer harness/cluster harness/clients harness/implementations harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
/* libFuzzer entry: what a client can send to the server, over a socket of its own. The first byte
 * chooses a wire fault, whether the rest is sent in pieces, and whether the client waits for answers. Then another client
 * asks for /config and must be answered. */

#include <assert.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/live/server_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum {
    STEP_COUNT_MAX = 2000,
    FAULT_KIND_COUNT = WIRE_DRIP + 2,
    PIECE_LENGTH_MIN = 7,
    /* bits of the first byte; those between choose the fault */
    HAS_CONTROL = 1,
    LEAVES_EARLY = 16,
    IN_PIECES = 128
};

static const struct job_vertex vertices[] = {
    {.id = {.high = 7, .low = 7}, .name = "source", .parallelism = 1}};

static const struct job_plan jobs[] = {{
    .id = {.high = 0, .low = 0xa0000},
    .name = "J",
    .exists_at_start = true,
    .checkpointing = true,
    .state_size = 1000,
    .first_checkpoint_id = 1,
    .vertices = vertices,
    .vertex_count = 1,
    .rhythm = {.takes_us = 1000},
}};

/* A page for whatever begins with /p, so that bodies and uploads are looked at. */
static bool answer_page(void *context, int64_t now_us, const struct request *request,
                        struct local_answer *answer)
{
    (void)context;
    if (strncmp(request->target, "/p", 2) != 0)
        return false;
    if (request->upload && request->upload->file_count > 0)
        assert(request->upload->file_name);
    *answer = (struct local_answer){.status = 200,
                                    .content_type = "text/plain",
                                    .bytes = request->upload ? "upload" : "page",
                                    .length = strlen(request->upload ? "upload" : "page"),
                                    .modified_epoch_s = 1700000000,
                                    .now_us = now_us};
    return true;
}

struct world {
    uint64_t ticket;
    struct plan plan;
    struct cluster *cluster;
    struct server *server;
    int64_t now_us;
    int fd; /* the client's end */
};

static bool has_work(const struct world *world)
{
    struct pollfd waiting = {.fd = server_fd(world->server), .events = POLLIN};
    return server_timeout_ms(world->server) == 0 || poll(&waiting, 1, 0) > 0 ||
           server_requests_open(world->server) > 0;
}

static void forget_answers(int fd)
{
    char bytes[4096];
    while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        continue;
}

/* Lets time pass until nothing is left to do; what cannot be completed is left behind. */
static void settle(struct world *world)
{
    for (int i = 0; i < STEP_COUNT_MAX && has_work(world); i++) {
        world->now_us += 1000;
        while (cluster_due(world->cluster, NULL) <= world->now_us)
            assert(cluster_advance(world->cluster, world->now_us));
        assert(server_step(world->server, world->now_us));
        forget_answers(world->fd);
        if (i > 20 && !world->server->soonest && !world->server->resumed)
            break; /* half a request */
    }
    while (cluster_next_entry(world->cluster))
        continue;
}

static int connect_to(struct server *server)
{
    int ends[2];
    assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    assert(server_take_connection(server, ends[1]));
    return ends[0];
}

static void send_in_pieces(struct world *world, const uint8_t *bytes, size_t length, size_t piece)
{
    while (length > 0) {
        const size_t part = length < piece ? length : piece;
        const ssize_t sent = send(world->fd, bytes, part, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        } else if (sent < 0 && !has_work(world)) {
            return; /* the server has closed it, or will read no more */
        }
        settle(world);
    }
}

static void ask_neighbour(struct world *world)
{
    static const char request[] = "GET /config HTTP/1.1\r\nHost: x\r\n\r\n";
    char head[12] = "";
    server_clear_wire_faults(world->server);
    const int fd = connect_to(world->server);
    assert(send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)sizeof request - 1);
    for (int i = 0; i < 10 && recv(fd, head, sizeof head, MSG_PEEK | MSG_DONTWAIT) < 0; i++)
        settle(world);
    assert(memcmp(head, "HTTP/1.1 200", sizeof head) == 0);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    const struct local_pages pages = {.answer = answer_page};
    const struct server_options options = {
        .control = bytes[0] & HAS_CONTROL ? &pages : NULL, .site = &pages, .body_length_max = 4096};
    struct world world = {.plan = {.file = "fuzz.yaml",
                                   .name = "fuzz",
                                   .title = "fuzz",
                                   .jobs = jobs,
                                   .job_count = 1,
                                   .end_us = 1000000}};
    settings_default(&world.plan.settings);
    const char *why;
    world.cluster =
        cluster_new(&world.plan, implementation_find("flink-1.20"), 1, 0, &world.ticket);
    world.server = server_start(world.cluster, &options, &why);
    assert(world.server);
    const unsigned kind = bytes[0] % LEAVES_EARLY / 2 % FAULT_KIND_COUNT;
    const struct wire_fault fault = {
        .kind = (enum wire_fault_kind)kind, .until_us = INT64_MAX, .count = 3, .delay_us = 2000};
    if (kind < FAULT_KIND_COUNT - 1)
        assert(server_add_wire_fault(world.server, &fault));
    world.fd = connect_to(world.server);
    if (bytes[0] & LEAVES_EARLY) {
        send(world.fd, bytes + 1, length - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        assert(server_step(world.server, world.now_us));
        shutdown(world.fd, SHUT_RDWR);
    } else {
        send_in_pieces(&world, bytes + 1, length - 1,
                       bytes[0] & IN_PIECES ? PIECE_LENGTH_MIN + length / 16 : length);
    }
    settle(&world);
    ask_neighbour(&world);
    close(world.fd);
    settle(&world);
    server_stop(world.server);
    cluster_free(world.cluster);
    return 0;
}
