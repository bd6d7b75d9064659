/* rooms: harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/recording/recording_internal.h"
#include "harness/recording/recording_writer.h"

#define STATISTICS "/v1/jobs/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/checkpoints"

static const struct written_setting settings[] = {
    {"rest.cache.checkpoint-statistics.timeout", "1500 ms"}, {"web.refresh-interval", "2 s"}};

static const struct written_head head = {.name = "pollers \"at\" work",
                                         .flink_version = "1.20.3",
                                         .settings = settings,
                                         .setting_count = 2,
                                         .time0_us = INT64_C(1795385634952062)};

static const struct written_header headers[] = {{"Content-Type", "application/json"},
                                                {"Set-Cookie", "a=1"},
                                                {"X-Odd\"", "caf\xe9"},
                                                {"set-cookie", "b=\"2\""}};

static const struct written_exchange example = {.sent_us = 3563055,
                                                .done_us = 3570660,
                                                .method = "POST",
                                                .path = STATISTICS,
                                                .request = "{\"checkpointType\":\"FULL\"}",
                                                .request_length = 25,
                                                .status = 202,
                                                .headers = headers,
                                                .header_count = 4,
                                                .body = "{\"request-id\":\"\\u00e4\"}\n",
                                                .body_length = 24,
                                                .client = "mover"};

/* The line as an object, and its one line end. */
static json_t *parsed(const struct buffer *line)
{
    json_error_t error;
    assert_int_equal(line->bytes[line->length - 1], '\n');
    assert_ptr_equal(memchr(line->bytes, '\n', line->length), line->bytes + line->length - 1);
    json_t *object = json_loadb(line->bytes, line->length, JSON_REJECT_DUPLICATES, &error);
    if (!object)
        fail_msg("%s: %.*s", error.text, (int)line->length, line->bytes);
    return object;
}

static json_t *written(const struct written_exchange *exchange)
{
    struct buffer line = {0};
    written_exchange_line(exchange, &line);
    json_t *object = parsed(&line);
    buffer_free(&line);
    return object;
}

static void assert_text(const json_t *object, const char *name, const char *expected)
{
    const char *text = json_string_value(json_object_get(object, name));
    assert_non_null(text);
    assert_string_equal(text, expected);
}

static void test_an_exchange_is_one_line_with_all_its_members(void **state)
{
    json_t *line = written(&example);
    assert_text(line, "method", "POST");
    assert_text(line, "path", STATISTICS);
    assert_text(line, "request", example.request);
    assert_text(line, "body", example.body);
    assert_text(line, "client", "mover");
    assert_int_equal(json_integer_value(json_object_get(line, "status")), 202);
    assert_true(json_real_value(json_object_get(line, "sent_ms")) == 3563.055);
    assert_true(json_real_value(json_object_get(line, "done_ms")) == 3570.66);
    json_decref(line);
    (void)state;
}

static void test_what_is_not_known_is_left_out(void **state)
{
    json_t *line = written(&(struct written_exchange){.method = "GET", .path = "/", .body = ""});
    assert_null(json_object_get(line, "client"));
    assert_null(json_object_get(line, "request"));
    assert_int_equal(json_object_size(json_object_get(line, "headers")), 0);
    assert_text(line, "body", "");
    json_decref(line);
    (void)state;
}

static void test_headers_of_one_name_are_one_in_small_letters(void **state)
{
    json_t *line = written(&example);
    const json_t *object = json_object_get(line, "headers");
    assert_int_equal(json_object_size(object), 3);
    assert_text(object, "content-type", "application/json");
    assert_text(object, "set-cookie", "a=1, b=\"2\"");
    assert_text(object, "x-odd\"", "caf\xef\xbf\xbd");
    json_decref(line);
    (void)state;
}

static void test_bytes_that_are_no_text_are_replaced(void **state)
{
    struct written_exchange odd = example;
    odd.body = "a\0b\xff"
               "c";
    odd.body_length = 5;
    json_t *line = written(&odd);
    assert_text(line, "body",
                "a\xef\xbf\xbd"
                "b\xef\xbf\xbd"
                "c");
    json_decref(line);
    (void)state;
}

static void test_times_keep_their_microseconds(void **state)
{
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {{0, ":0.000"},
                {1, ":0.001"},
                {999, ":0.999"},
                {1000, ":1.000"},
                {-1, ":-0.001"},
                {-1500, ":-1.500"},
                {INT64_C(9000000000000001), ":9000000000000.001"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer line = {0};
        written_note_line(rows[i].us, "x", &line);
        buffer_char(&line, '\0');
        if (!strstr(line.bytes, rows[i].text))
            fail_msg("%s", line.bytes);
        buffer_free(&line);
    }
    (void)state;
}

/* A file without a name, open for the writer and for us. */
static int new_file(FILE **ours)
{
    *ours = tmpfile();
    assert_non_null(*ours);
    const int handle = dup(fileno(*ours));
    assert_true(handle >= 0);
    return handle;
}

static struct recording *read_back(FILE *file, struct complaints *complaints)
{
    rewind(file);
    struct recording *recording = recording_take(file, complaints);
    assert_non_null(recording);
    return recording;
}

static void test_what_is_written_is_read_back(void **state)
{
    FILE *file;
    struct complaints complaints = {0};
    struct claim claim;
    struct recording_writer *writer = recording_writer_new(new_file(&file), &head);
    assert_non_null(writer);
    for (unsigned i = 0; i < 3; i++)
        assert_true(recording_writer_exchange(writer, &example));
    assert_true(recording_writer_note(writer, 5000, "the task \"fails\""));
    assert_int_equal(recording_writer_count(writer), 3);
    assert_true(recording_writer_free(writer));
    struct recording *recording = read_back(file, &complaints);
    assert_int_equal(complaints.count, 0);
    assert_int_equal(recording->exchange_count, 3);
    assert_int_equal(recording->line_count, 5);
    assert_int_equal(recording->time0_us, head.time0_us);
    assert_int_equal(recording->newest_us, example.done_us);
    assert_string_equal(recording_name(recording), head.name);
    assert_string_equal(recording_flink_version(recording), "1.20.3");
    recording_own_claim(recording, &claim);
    assert_int_equal(claim.bound_us, 1500000);
    assert_int_equal(claim.refresh_interval_us, 2000000);
    recording_free(recording);
    (void)state;
}

/* A socket that keeps writes apart shows how many there were. */
static void test_each_line_is_one_write(void **state)
{
    int ends[2];
    char packet[4096];
    struct complaints complaints = {0};
    FILE *copy = tmpfile();
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    struct recording_writer *writer = recording_writer_new(ends[0], &head);
    assert_non_null(writer);
    for (unsigned i = 1; i <= 20; i++)
        assert_true(recording_writer_exchange(writer, &example));
    assert_true(recording_writer_free(writer));
    for (unsigned i = 0; i <= 20; i++) {
        const ssize_t length = recv(ends[1], packet, sizeof(packet), 0);
        assert_true(length > 2 && packet[0] == '{' && packet[length - 1] == '\n');
        assert_null(memchr(packet, '\n', (size_t)length - 1));
        assert_int_equal(fwrite(packet, 1, (size_t)length, copy), length);
    }
    assert_int_equal(recv(ends[1], packet, sizeof(packet), 0), 0);
    struct recording *recording = read_back(copy, &complaints);
    assert_int_equal(recording->exchange_count, 20);
    recording_free(recording);
    close(ends[1]);
    (void)state;
}

static void set_size_max(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_a_line_that_finds_no_room_is_taken_back(void **state)
{
    FILE *file;
    struct complaints complaints = {0};
    struct recording_writer *writer = recording_writer_new(new_file(&file), &head);
    signal(SIGXFSZ, SIG_IGN);
    assert_true(recording_writer_exchange(writer, &example));
    const off_t before = lseek(fileno(file), 0, SEEK_END);
    set_size_max((rlim_t)before + 20);
    errno = 0;
    const bool fitted = recording_writer_exchange(writer, &example);
    const int why = errno;
    set_size_max(RLIM_INFINITY);
    assert_false(fitted);
    assert_int_equal(why, EFBIG);
    assert_int_equal(lseek(fileno(file), 0, SEEK_END), before);
    assert_int_equal(recording_writer_count(writer), 1);
    assert_true(recording_writer_exchange(writer, &example));
    assert_true(recording_writer_free(writer));
    struct recording *recording = read_back(file, &complaints);
    assert_int_equal(complaints.count, 0);
    assert_int_equal(recording->exchange_count, 2);
    recording_free(recording);
    (void)state;
}

static void test_a_full_disk_refuses_the_first_line(void **state)
{
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    errno = 0;
    assert_null(recording_writer_new(dup(fileno(full)), &head));
    assert_int_equal(errno, ENOSPC);
    fclose(full);
    assert_true(recording_writer_free(NULL));
    (void)state;
}

/* Appends until it is killed, and tells of each line that is in the file. */
static void append_for_ever(int file, int tell)
{
    struct recording_writer *writer = recording_writer_new(file, &head);
    while (writer && recording_writer_exchange(writer, &example)) {
        if (write(tell, "x", 1) != 1)
            break;
    }
    _exit(1);
}

static void test_kill_9_loses_no_exchange_that_was_written(void **state)
{
    for (unsigned round = 0; round < 30; round++) {
        FILE *file;
        struct complaints complaints = {0};
        int ends[2], file_handle = new_file(&file);
        char told;
        uint64_t count = 0;
        assert_int_equal(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0)
            append_for_ever(file_handle, ends[1]);
        close(file_handle);
        close(ends[1]);
        while (count < 1 + 7 * round && read(ends[0], &told, 1) == 1)
            count++;
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        while (read(ends[0], &told, 1) == 1)
            count++;
        close(ends[0]);
        assert_true(count >= 1 + 7 * round);
        struct recording *recording = read_back(file, &complaints);
        assert_true(recording->exchange_count >= count);
        complaints_free(&complaints);
        recording_free(recording);
    }
    (void)state;
}

static void write_some(void *context, bool may_fail)
{
    FILE *file;
    struct complaints complaints = {0};
    uint64_t count = 0;
    struct recording_writer *writer = recording_writer_new(new_file(&file), &head);
    assert_true(writer || (may_fail && errno == ENOMEM));
    if (!writer) {
        fclose(file);
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        const bool fine = recording_writer_exchange(writer, &example);
        assert_true(fine || (may_fail && errno == ENOMEM));
        count += fine;
    }
    assert_int_equal(recording_writer_count(writer), count);
    assert_true(recording_writer_free(writer));
    rewind(file);
    struct recording *recording = recording_take(file, &complaints);
    if (recording && !recording_is_damaged(recording) && complaints.count == 0)
        assert_int_equal(recording->exchange_count, count);
    else
        assert_true(may_fail);
    complaints_free(&complaints);
    recording_free(recording);
    (void)context;
}

static void test_without_memory_no_half_line_is_written(void **state)
{
    assert_true(fail_each_allocation(write_some, NULL) >= 10);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_exchange_is_one_line_with_all_its_members),
        cmocka_unit_test(test_what_is_not_known_is_left_out),
        cmocka_unit_test(test_headers_of_one_name_are_one_in_small_letters),
        cmocka_unit_test(test_bytes_that_are_no_text_are_replaced),
        cmocka_unit_test(test_times_keep_their_microseconds),
        cmocka_unit_test(test_what_is_written_is_read_back),
        cmocka_unit_test(test_each_line_is_one_write),
        cmocka_unit_test(test_a_line_that_finds_no_room_is_taken_back),
        cmocka_unit_test(test_a_full_disk_refuses_the_first_line),
        cmocka_unit_test(test_kill_9_loses_no_exchange_that_was_written),
        cmocka_unit_test(test_without_memory_no_half_line_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
