#include "harness/shared_object/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/shared_object/heap.h"
#include "harness/shared_object/packets.h"
#include "harness/shared_object/worker_internal.h"

enum { ACTIONS_MAX = 100000 };

/* What is lent for a call: the struct, then its texts, the last of which ends at the fence. */
enum { LENT_STRUCT_MAX = 256, LENT_BYTES = MESSAGE_BYTES_MAX + LENT_STRUCT_MAX };

/* What the object prints goes into a file that nobody reads, and is counted. */
static void catch_printing(void)
{
    const int file = memfd_create("stdout", MFD_CLOEXEC);
    if (file >= 0)
        dup2(file, STDOUT_FILENO);
    if (file >= 0)
        close(file);
}

static uint64_t printed_bytes(void)
{
    struct stat state;
    fflush(stdout);
    if (fstat(STDOUT_FILENO, &state) != 0 || !S_ISREG(state.st_mode))
        return 0;
    return (uint64_t)state.st_size;
}

/* The next message, whole; false: the other side is gone. */
static bool next_message(struct worker *worker)
{
    static char room[PACKET_BYTES_MAX];
    char kind;
    buffer_clear(&worker->message);
    do {
        const ssize_t length = packet_receive(worker->fd, &kind, room);
        if (length < 0 || kind == 0)
            return false;
        buffer_append(&worker->message, room, (size_t)length);
    } while (kind == PACKET_MORE);
    return !worker->message.failed;
}

/* The instance that is opened first and only closed again brings up what libraries set up once in
 * the life of a process, which is no leak. */
static void open_instance(struct worker *worker, const struct freshcheck_settings *settings)
{
    worker->doing = OBJECT_OPEN;
    void *first = worker->object->open(settings);
    worker->doing = OBJECT_CLOSE;
    if (first)
        worker->object->close(first);
    worker->doing = OBJECT_NOTHING;
    worker->heap_before = heap_bytes();
    worker->doing = OBJECT_OPEN;
    worker->instance = worker->object->open(settings);
}

static void tell_wall_clock(struct worker *worker, int64_t offset_us)
{
    if (worker->wall_offset_us == offset_us || !worker->object->wall_clock)
        return;
    worker->doing = OBJECT_WALL_CLOCK;
    worker->wall_offset_us = offset_us;
    worker->object->wall_clock(worker->instance, offset_us);
}

/* Copies what is lent to where it ends at the fence. Returns where the object sees the struct of
 * `size` bytes; *fill is where we do; texts[] is where it sees the texts. */
static const void *lend(struct worker *worker, const struct wire_call *call, size_t size,
                        const char *texts[WIRE_TEXT_MAX], void **fill)
{
    const char *from = worker->message.bytes + sizeof *call;
    const size_t text_bytes = worker->message.length - sizeof *call;
    const size_t unaligned = size + text_bytes;
    /* The struct begins where it may, so that there can be a gap behind it, and none at the end. */
    const size_t align = _Alignof(max_align_t);
    const size_t bytes = (unaligned + align - 1) / align * align;
    memcpy(worker->fences.filling_end - text_bytes, from, text_bytes);
    const char *at = worker->fences.lent_end - text_bytes;
    for (size_t i = 0; i < WIRE_TEXT_MAX; i++) {
        texts[i] = call->lengths[i] == WIRE_NO_TEXT ? NULL : at;
        at += call->lengths[i] == WIRE_NO_TEXT ? 0 : (size_t)call->lengths[i] + 1;
    }
    *fill = worker->fences.filling_end - bytes;
    return worker->fences.lent_end - bytes;
}

static int call_request(struct worker *worker, const struct wire_call *call)
{
    const char *texts[WIRE_TEXT_MAX];
    void *fill;
    const void *lent = lend(worker, call, sizeof(struct freshcheck_request), texts, &fill);
    struct freshcheck_request request = {
        .size = sizeof request,
        .id = call->number,
        .needs = call->data,
        .age_max_us = call->age_max_us,
        .method = texts[0],
        .cache_control = texts[1],
        .body = texts[2],
        .body_length = texts[2] ? call->lengths[2] : 0,
        .target = texts[3],
        .target_length = call->lengths[3],
    };
    memcpy(request.job, call->job, sizeof request.job);
    memcpy(fill, &request, sizeof request);
    worker->doing = OBJECT_REQUEST;
    return worker->object->request(worker->instance, call->now_us, lent);
}

static void call_fetched(struct worker *worker, const struct wire_call *call)
{
    const char *texts[WIRE_TEXT_MAX];
    void *fill;
    const void *lent = lend(worker, call, sizeof(struct freshcheck_fetched), texts, &fill);
    struct freshcheck_fetched fetched = {
        .size = sizeof fetched,
        .fetch = call->number,
        .data = call->data,
        .ok = call->ok,
        .version = call->version,
        .status = call->status,
        .body = texts[0],
        .body_length = texts[0] ? call->lengths[0] : 0,
    };
    memcpy(fetched.job, call->job, sizeof fetched.job);
    memcpy(fill, &fetched, sizeof fetched);
    worker->doing = OBJECT_FETCHED;
    worker->object->fetched(worker->instance, call->now_us, lent);
}

static void append_action(struct worker *worker, const struct freshcheck_action *action)
{
    struct wire_action wire = {
        .kind = action->kind,
        .data = action->data,
        .request = action->request,
        .fetch = action->fetch,
        .status = action->status,
        .length = WIRE_NO_TEXT,
    };
    const bool is_bytes = action->kind == FRESHCHECK_REPLY_BYTES;
    const char *text = is_bytes ? action->body : action->target;
    const size_t length = is_bytes ? action->body_length : action->target_length;
    memcpy(wire.job, action->job, sizeof action->job);
    if (text)
        wire.length = length < MESSAGE_BYTES_MAX ? (uint32_t)length : MESSAGE_BYTES_MAX;
    worker->doing = OBJECT_BODY;
    buffer_append(&worker->answer, &wire, sizeof wire);
    if (text)
        buffer_append(&worker->answer, text, wire.length);
}

/* Appends what the object wants done; how many things. */
static uint32_t drain(struct worker *worker)
{
    uint32_t count = 0;
    for (;;) {
        struct freshcheck_action *action = fences_room(&worker->fences);
        action->size = sizeof *action;
        worker->doing = OBJECT_NEXT;
        const int more = worker->object->next(worker->instance, action);
        if (!fences_stand(&worker->fences))
            last_words(worker, OBITUARY_WROTE);
        if (!more)
            return count;
        append_action(worker, action);
        if (++count > ACTIONS_MAX || worker->answer.length > MESSAGE_BYTES_MAX)
            last_words(worker, OBITUARY_ENDLESS);
    }
}

static void close_instance(struct worker *worker, struct wire_result *result)
{
    worker->doing = OBJECT_CLOSE;
    worker->object->close(worker->instance);
    worker->instance = NULL;
    worker->doing = OBJECT_NOTHING;
    result->printed_bytes = printed_bytes();
    const uint64_t heap_after = heap_bytes();
    if (heap_after > worker->heap_before)
        result->leaked_bytes = heap_after - worker->heap_before;
}

/* Makes the call; what it returned. */
static int make_call(struct worker *worker, const struct wire_call *call)
{
    switch (call->call) {
    case OBJECT_OPEN: {
        const struct freshcheck_settings settings = {
            .size = sizeof settings,
            .statistics_timeout_us = call->timeouts_us[0],
            .statistics_jobs_max = call->jobs_max[0],
            .graph_timeout_us = call->timeouts_us[1],
            .graph_jobs_max = call->jobs_max[1],
        };
        open_instance(worker, &settings);
        return worker->instance ? 0 : -1;
    }
    case OBJECT_REQUEST:
        return call_request(worker, call);
    case OBJECT_FETCHED:
        call_fetched(worker, call);
        return 0;
    case OBJECT_ABANDON:
        worker->doing = OBJECT_ABANDON;
        worker->object->abandon(worker->instance, call->now_us, call->number);
        return 0;
    case OBJECT_TIDY:
        return 0; /* see answer() */
    default:
        return -1;
    }
}

static void let_tidy(struct worker *worker, int64_t now_us)
{
    if (!worker->object->tidy)
        return;
    worker->doing = OBJECT_TIDY;
    worker->object->tidy(worker->instance, now_us);
}

static bool answer(struct worker *worker, const struct wire_call *call)
{
    struct wire_result result = {0};
    buffer_clear(&worker->answer);
    buffer_append(&worker->answer, &result, sizeof result);
    if (worker->instance)
        tell_wall_clock(worker, call->wall_offset_us);
    if (call->call == OBJECT_CLOSE && worker->instance)
        close_instance(worker, &result);
    else
        result.returned = make_call(worker, call);
    if (worker->instance && call->call != OBJECT_OPEN)
        let_tidy(worker, call->now_us);
    if (worker->instance)
        result.action_count = drain(worker);
    worker->doing = OBJECT_NOTHING;
    if (worker->answer.failed)
        return false;
    memcpy(worker->answer.bytes, &result, sizeof result);
    return message_send(worker->fd, worker->answer.bytes, worker->answer.length);
}

/* Our own memory is all there before the object's is counted. Pages that are not used cost nothing. */
static bool prepare_buffers(struct worker *worker)
{
    return buffer_reserve(&worker->message, 2 * MESSAGE_BYTES_MAX) &&
           buffer_reserve(&worker->answer, 3 * MESSAGE_BYTES_MAX);
}

void worker_run(int fd, const struct freshcheck_implementation *object)
{
    static struct worker worker;
    const struct wire_born born = {.pid = (int32_t)getpid()};
    struct wire_call call;
    worker = (struct worker){.fd = fd, .object = object, .doing = OBJECT_NOTHING};
    catch_printing();
    last_words_prepare(&worker);
    if (!fences_put_up(&worker.fences, LENT_BYTES, sizeof(struct freshcheck_action)) ||
        !prepare_buffers(&worker) || !packet_send(fd, PACKET_BORN, &born, sizeof born))
        _exit(EXIT_FAILURE);
    while (next_message(&worker)) {
        if (worker.message.length < sizeof call)
            _exit(EXIT_FAILURE);
        memcpy(&call, worker.message.bytes, sizeof call);
        if (!answer(&worker, &call))
            _exit(EXIT_FAILURE);
    }
    _exit(EXIT_SUCCESS);
}
