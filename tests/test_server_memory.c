/* rooms: harness/live harness/observer harness/cluster harness/clients harness/implementations harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/live/server.h"

#include "tests/support/test_prelude.h"

#include <unistd.h>

#include "tests/support/served.h"

/* Each allocation on the way of a request fails in turn: its answer may be lost, and nothing else.
 * The clients' side allocates nothing. */

/* Time passes until the answer is there or the connection has ended. Where memory ran out, things
 * that are due stay due. */
static int status_of_next_answer(struct fixture *f, int fd)
{
    char bytes[65536];
    for (int turn = 0; turn < 100; turn++) {
        f->now_us += CALL_US;
        for (int event = 0; event < 100 && cluster_due(f->cluster, NULL) <= f->now_us; event++)
            (void)cluster_advance(f->cluster, f->now_us);
        (void)server_step(f->server, f->now_us);
        struct fact fact;
        while (cluster_next_fact(f->cluster, &fact))
            continue;
        const ssize_t got = recv(fd, bytes, sizeof bytes - 1, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return 0;
        if (got < 0)
            continue;
        bytes[got] = '\0';
        return atoi(bytes + strlen("HTTP/1.1 "));
    }
    return -1;
}

struct dialogue {
    const char *request;
    int status;
};

/* One dialogue with the allocation of this number failing, and two of another client after it.
 * False: there was no such allocation. */
static bool fails_and_goes_on(const struct dialogue *dialogue, unsigned number)
{
    static const char *const others[] = {get_checkpoints, get_config};
    void *state;
    set_up(&state);
    struct fixture *f = state;
    const int fd = dial(f);
    const int neighbour = dial(f);
    pass_time(f, 5000);
    failing_allocator_arm(number);
    assert_true(send(fd, dialogue->request, strlen(dialogue->request), MSG_NOSIGNAL) > 0);
    const int status = status_of_next_answer(f, fd);
    const bool failed = failing_allocator_fired();

    assert_true(status == dialogue->status || (failed && (status == 0 || status == 500)));
    for (size_t i = 0; i < 2; i++) {
        assert_true(send(neighbour, others[i], strlen(others[i]), MSG_NOSIGNAL) > 0);
        assert_int_equal(status_of_next_answer(f, neighbour), 200);
    }
    assert_int_equal(server_requests_open(f->server), 0);
    close(fd);
    close(neighbour);
    return tear_down(&state) == 0 && failed;
}

static void assert_loses_at_most_its_answer(const char *request, int status)
{
    const struct dialogue dialogue = {.request = request, .status = status};
    unsigned number = 1;
    while (fails_and_goes_on(&dialogue, number))
        number++;
    assert_true(number > 5);
}

static void test_a_read_loses_at_most_its_answer(void **state)
{
    (void)state;
    assert_loses_at_most_its_answer(get_checkpoints, 200);
}

static void test_a_read_of_the_graph_loses_at_most_its_answer(void **state)
{
    (void)state;
    assert_loses_at_most_its_answer("GET /jobs/" JOB " HTTP/1.1\r\nHost: x\r\n\r\n", 200);
}

static void test_an_upload_loses_at_most_its_answer(void **state)
{
    (void)state;
    assert_loses_at_most_its_answer(
        "POST /jars/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; "
        "boundary=xyz\r\nContent-Length: 82\r\n\r\n--xyz\r\nContent-Disposition: form-data; "
        "name=\"f\"; filename=\"a.jar\"\r\n\r\nPK\r\n--xyz--\r\n",
        200);
}

static void test_a_posted_trigger_loses_at_most_its_answer(void **state)
{
    (void)state;
    assert_loses_at_most_its_answer("POST /jobs/" JOB
                                    "/checkpoints HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                                    "\r\n{}",
                                    202);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_read_loses_at_most_its_answer),
        cmocka_unit_test(test_a_read_of_the_graph_loses_at_most_its_answer),
        cmocka_unit_test(test_an_upload_loses_at_most_its_answer),
        cmocka_unit_test(test_a_posted_trigger_loses_at_most_its_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
