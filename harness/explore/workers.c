#include "harness/explore/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

_Static_assert(PROPERTY_COUNT <= 32, "a bit for each property");

/* A call of a shared object may take two minutes on a machine that has no time for it: see
 * harness/shared_object/patience.c. Whoever is silent for longer is not waiting for one. */
enum { POLL_MS = 100, SILENCE_MS_USUAL = 240 * 1000, READ_BYTES = 1 << 16 };

struct pulse {
    _Atomic uint64_t beats;
    const _Atomic bool *stop;
};

/* What all processes write to. Each has a place of its own; what is not atomic there is read when
 * it has ended. */
struct place {
    struct pulse pulse;
    _Atomic uint64_t task; /* taken last */
    _Atomic uint64_t done;
    _Atomic uint32_t tested, broken;
    bool gave_up; /* `trouble` says why */
    char trouble[TROUBLE_MAX];
};

struct board {
    _Atomic uint64_t next;
    _Atomic bool stop;
    struct place places[];
};

struct worker {
    pid_t pid; /* 0: not started, or over */
    int pipe;  /* to read from; -1: closed */
    struct buffer answer;
    uint64_t beats_before;
    int silent_ms; /* there was no beat for so long */
    bool was_killed;
};

struct crew {
    const struct work *work;
    struct board *board;
    size_t board_bytes;
    struct worker *workers;
    struct pollfd *polled;
    uint64_t bad_index;
    char *trouble;
};

/* --- in a worker ------------------------------------------------------------------------------ */

bool pulse_beat(struct pulse *pulse)
{
    pulse->beats++;
    return !*pulse->stop;
}

static void show_progress(struct place *place, const struct exploration *exploration)
{
    uint32_t tested = 0, broken = 0;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        tested |= exploration->tally.of[i].tested_runs > 0 ? UINT32_C(1) << i : 0;
        broken |= exploration->tally.of[i].failed_runs > 0 ? UINT32_C(1) << i : 0;
    }
    place->tested = tested;
    place->broken = broken;
    place->done++;
    pulse_beat(&place->pulse);
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t count = write(fd, bytes, length);
        if (count < 0 && errno != EINTR)
            return false;
        bytes += count > 0 ? count : 0;
        length -= count > 0 ? (size_t)count : 0;
    }
    return true;
}

static bool hand_back(const struct exploration *exploration, int fd)
{
    struct buffer text = {0};
    struct json_writer json = {.out = &text};
    exploration_write(exploration, &json);
    const bool fine = !text.failed && write_all(fd, text.bytes, text.length);
    buffer_free(&text);
    return fine;
}

static bool take_tasks(const struct work *work, struct board *board, struct place *place,
                       struct exploration *exploration)
{
    while (!board->stop) {
        const uint64_t index = board->next++;
        if (index >= work->count)
            return true;
        place->task = index;
        if (!work->run(work->context, index, exploration, &place->pulse, place->trouble)) {
            place->gave_up = true;
            board->stop = true;
            return true;
        }
        show_progress(place, exploration);
    }
    return true;
}

/* Does not return, and leaves what the parent has open and has not printed alone. */
_Noreturn static void be_worker(const struct work *work, struct board *board, struct place *place,
                                int fd, pid_t parent)
{
    struct exploration exploration = {0};
    /* Nobody waits for it when the parent is gone. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool fine = getppid() == parent;
    fine = fine && take_tasks(work, board, place, &exploration) && hand_back(&exploration, fd);
    exploration_free(&exploration);
    _exit(fine ? 0 : 1);
}

/* --- in the parent ---------------------------------------------------------------------------- */

/* The first task that went wrong is told, whoever was faster. */
static void blame(struct crew *crew, uint64_t index, const char *why)
{
    crew->board->stop = true;
    if (crew->trouble[0] != '\0' && index >= crew->bad_index)
        return;
    crew->bad_index = index;
    snprintf(crew->trouble, TROUBLE_MAX, "%s", why);
}

static bool start(struct crew *crew, size_t index)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        be_worker(crew->work, crew->board, &crew->board->places[index], ends[1], parent);
    }
    close(ends[1]);
    crew->workers[index].pid = pid > 0 ? pid : 0;
    crew->workers[index].pipe = ends[0];
    return pid > 0;
}

static int silence_ms_max(const struct work *work)
{
    return work->silence_ms_max > 0 ? work->silence_ms_max : SILENCE_MS_USUAL;
}

/* `silence_ms`: it was killed after such a silence; 0: it was not. */
static void why_it_ended(int status, int silence_ms, char why[TROUBLE_MAX])
{
    if (silence_ms > 0)
        snprintf(why, TROUBLE_MAX, "it has given no sign of life for %g s", silence_ms / 1e3);
    else if (WIFSIGNALED(status))
        snprintf(why, TROUBLE_MAX, "the process that ran it was ended by signal %d (%s)",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(why, TROUBLE_MAX, "the process that ran it ended with %d", WEXITSTATUS(status));
}

/* Its pipe has ended: whatever it had to say has been said. */
static void see_off(struct crew *crew, size_t index, struct exploration *exploration)
{
    struct worker *worker = &crew->workers[index];
    const struct place *place = &crew->board->places[index];
    struct exploration part = {0};
    char why[TROUBLE_MAX];
    int status;
    close(worker->pipe);
    worker->pipe = -1;
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    worker->pid = 0;
    if (status != 0) {
        why_it_ended(status, worker->was_killed ? silence_ms_max(crew->work) : 0, why);
        blame(crew, place->task, why);
        return;
    }
    if (worker->answer.failed)
        blame(crew, place->task, "out of memory");
    else if (!exploration_read(worker->answer.bytes, worker->answer.length, &part, why))
        blame(crew, place->task, why);
    else
        exploration_join(exploration, &part);
    if (place->gave_up)
        blame(crew, place->task, place->trouble);
}

static void read_from(struct crew *crew, size_t index, struct exploration *exploration)
{
    struct worker *worker = &crew->workers[index];
    char bytes[READ_BYTES];
    const ssize_t count = read(worker->pipe, bytes, sizeof bytes);
    if (count > 0)
        buffer_append(&worker->answer, bytes, (size_t)count);
    else if (count == 0 || errno != EINTR)
        see_off(crew, index, exploration);
}

/* Who has been silent for minutes has nothing more to say. */
static void watch_over(struct crew *crew, size_t index)
{
    struct worker *worker = &crew->workers[index];
    const uint64_t beats = crew->board->places[index].pulse.beats;
    worker->silent_ms = beats == worker->beats_before ? worker->silent_ms + POLL_MS : 0;
    worker->beats_before = beats;
    if (worker->pid == 0 || worker->silent_ms < silence_ms_max(crew->work))
        return;
    worker->was_killed = true;
    kill(worker->pid, SIGKILL);
}

static void look_around(struct crew *crew)
{
    struct work_progress progress = {.count = crew->work->count};
    for (size_t i = 0; i < crew->work->worker_count; i++) {
        const struct place *place = &crew->board->places[i];
        watch_over(crew, i);
        progress.done += place->done;
        progress.tested |= place->tested;
        progress.broken |= place->broken;
    }
    if (crew->work->goes_on && !crew->work->goes_on(crew->work->context, &progress))
        crew->board->stop = true;
}

static bool is_anybody_there(const struct crew *crew)
{
    for (size_t i = 0; i < crew->work->worker_count; i++)
        if (crew->workers[i].pid != 0)
            return true;
    return false;
}

static void wait_for_all(struct crew *crew, struct exploration *exploration)
{
    const size_t count = crew->work->worker_count;
    while (is_anybody_there(crew)) {
        for (size_t i = 0; i < count; i++)
            crew->polled[i] = (struct pollfd){.fd = crew->workers[i].pipe, .events = POLLIN};
        const int ready = poll(crew->polled, count, POLL_MS);
        for (size_t i = 0; ready > 0 && i < count; i++)
            if (crew->polled[i].revents != 0)
                read_from(crew, i, exploration);
        if (ready == 0 || !is_anybody_there(crew))
            look_around(crew);
    }
}

static bool make_room(struct crew *crew)
{
    const size_t count = crew->work->worker_count;
    crew->board_bytes = sizeof(struct board) + count * sizeof(struct place);
    crew->workers = calloc(count, sizeof *crew->workers);
    crew->polled = calloc(count, sizeof *crew->polled);
    void *board =
        mmap(NULL, crew->board_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    crew->board = board == MAP_FAILED ? NULL : board;
    for (size_t i = 0; crew->workers && i < count; i++)
        crew->workers[i].pipe = -1;
    for (size_t i = 0; crew->board && i < count; i++)
        crew->board->places[i].pulse.stop = &crew->board->stop;
    return crew->workers && crew->polled && crew->board;
}

static void clear_up(struct crew *crew)
{
    for (size_t i = 0; crew->workers && i < crew->work->worker_count; i++) {
        if (crew->workers[i].pipe >= 0)
            close(crew->workers[i].pipe);
        buffer_free(&crew->workers[i].answer);
    }
    free(crew->workers);
    free(crew->polled);
    if (crew->board)
        munmap(crew->board, crew->board_bytes);
}

bool work_through(const struct work *work, struct exploration *exploration, uint64_t *index,
                  char trouble[TROUBLE_MAX])
{
    struct crew crew = {.work = work, .bad_index = work->count, .trouble = trouble};
    trouble[0] = '\0';
    if (make_room(&crew)) {
        for (size_t i = 0; i < work->worker_count && trouble[0] == '\0'; i++)
            if (!start(&crew, i))
                blame(&crew, work->count, strerror(errno));
        wait_for_all(&crew, exploration);
    } else {
        snprintf(trouble, TROUBLE_MAX, "out of memory");
    }
    clear_up(&crew);
    *index = crew.bad_index;
    return trouble[0] == '\0';
}
