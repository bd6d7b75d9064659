/* rooms: harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/live/server.h"

#include "tests/support/test_prelude.h"

#include "tests/support/served.h"

/* Answers that do not come from the cluster, and uploads. */

static const int64_t MODIFIED_S = INT64_C(1699999000); /* Tue, 14 Nov 2023 21:56:40 GMT */

/* Pages that know one path, and note what they were asked. */
struct pages {
    struct fixture *f;
    const char *path;
    int status;
    int64_t modified_epoch_s;
    int64_t advance_us;
    size_t asked_count;
    size_t released_count;
    enum http_method method;
    char body[256];
    bool was_upload;
    size_t file_count;
    char file_name[256];
    char attribute[256];
};

static void count_release(void *held)
{
    struct pages *pages = held;
    pages->released_count++;
}

static void note(struct pages *pages, const struct request *request)
{
    pages->method = request->method;
    snprintf(pages->body, sizeof pages->body, "%.*s", (int)request->body_length,
             request->body ? request->body : "");
    pages->was_upload = request->upload != NULL;
    if (!request->upload)
        return;
    pages->file_count = request->upload->file_count;
    snprintf(pages->file_name, sizeof pages->file_name, "%s",
             request->upload->file_name ? request->upload->file_name : "(none)");
    snprintf(pages->attribute, sizeof pages->attribute, "%s",
             request->upload->attribute ? request->upload->attribute : "(none)");
}

static bool answer_page(void *context, int64_t now_us, const struct request *request,
                        struct local_answer *answer)
{
    struct pages *pages = context;
    pages->asked_count++;
    if (strncmp(request->target, pages->path, strlen(pages->path)) != 0)
        return false;
    note(pages, request);
    *answer = (struct local_answer){
        .status = pages->status,
        .content_type = "text/html",
        .bytes = "<p>a page</p>",
        .length = strlen("<p>a page</p>"),
        .release = count_release,
        .held = pages,
        .modified_epoch_s = pages->modified_epoch_s,
        .now_us = now_us + pages->advance_us,
    };
    if (pages->advance_us > 0) {
        while (cluster_due(pages->f->cluster, NULL) <= answer->now_us)
            assert_true(cluster_advance(pages->f->cluster, answer->now_us));
    }
    return true;
}

struct paged {
    struct fixture *f;
    struct pages control, site;
    struct local_pages control_pages, site_pages;
};

static int set_up_pages(void **state)
{
    struct paged *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->f = fixture_new();
    p->control =
        (struct pages){.f = p->f, .path = "/freshcheck/", .status = 200, .modified_epoch_s = -1};
    p->site = (struct pages){
        .f = p->f, .path = "/index.html", .status = 200, .modified_epoch_s = MODIFIED_S};
    p->control_pages = (struct local_pages){.context = &p->control, .answer = answer_page};
    p->site_pages = (struct local_pages){.context = &p->site, .answer = answer_page};
    p->f->options.control = &p->control_pages;
    p->f->options.site = &p->site_pages;
    serve(p->f);
    *state = p;
    return 0;
}

static int tear_down_pages(void **state)
{
    struct paged *p = *state;
    void *fixture = p->f;
    tear_down(&fixture);
    free(p);
    return 0;
}

static void ask(struct fixture *f, int fd, const char *text, struct answer *answer)
{
    say(f, fd, text);
    hear(f, fd, true, answer);
}

static void test_a_file_has_the_headers_of_flinks_file_server(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const int fd = dial(p->f);
    pass_time(p->f, 2000000);
    ask(p->f, fd, "GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "<p>a page</p>");
    assert_string_equal(header_of(&answer, "content-type"), "text/html");
    assert_string_equal(header_of(&answer, "date"), "Tue, 14 Nov 2023 22:13:22 GMT");
    assert_string_equal(header_of(&answer, "expires"), "Tue, 14 Nov 2023 22:18:22 GMT");
    assert_string_equal(header_of(&answer, "cache-control"), "private, max-age=300");
    assert_string_equal(header_of(&answer, "last-modified"), "Tue, 14 Nov 2023 21:56:40 GMT");
    assert_int_equal(strcasecmp(header_of(&answer, "connection"), "keep-alive"), 0);
    assert_null(header_of(&answer, "access-control-allow-origin"));
    ask(p->f, fd, get_config, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(p->site.released_count, 1);
    close(fd);
}

static void test_a_file_without_a_time_has_no_dates(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const int fd = dial(p->f);
    p->site.modified_epoch_s = -1;
    ask(p->f, fd, "GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_null(header_of(&answer, "date"));
    assert_null(header_of(&answer, "cache-control"));
    close(fd);
}

static void test_a_file_that_the_client_has_is_not_sent_again(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const int fd = dial(p->f);
    say(p->f, fd,
        "GET /index.html HTTP/1.1\r\nHost: x\r\n"
        "If-Modified-Since: Tue, 14 Nov 2023 21:56:40 GMT\r\n\r\n");
    char head[512] = "";
    size_t length = 0;
    while (length + 1 < sizeof head && hear_byte(p->f, fd, &head[length]))
        length++; /* to its end: the connection is closed */
    assert_non_null(strstr(head, "HTTP/1.1 304 "));
    assert_non_null(strcasestr(head, "\r\ndate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"));
    assert_null(strstr(head, "a page"));
    close(fd);
    (void)answer;
}

static void test_a_file_that_changed_by_a_second_is_sent(void **state)
{
    static const char *const dates[] = {
        "Tue, 14 Nov 2023 21:56:39 GMT",
        "Tue, 14 Nov 2023 21:56:41 GMT", /* only the very same counts, as in Flink */
        "yesterday",
        "",
    };
    struct paged *p = *state;
    struct answer answer;
    const int fd = dial(p->f);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        char request[256];
        snprintf(request, sizeof request,
                 "GET /index.html HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: %s\r\n\r\n", dates[i]);
        ask(p->f, fd, request, &answer);
        assert_int_equal(answer.status, 200);
    }
    close(fd);
}

static void test_the_site_is_asked_for_nothing_that_has_a_route(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const int fd = dial(p->f);
    p->site.path = "/";
    ask(p->f, fd, get_config, &answer);
    assert_string_equal(header_of(&answer, "content-type"), "application/json; charset=UTF-8");
    ask(p->f, fd, "DELETE /index.html HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 404);
    assert_string_equal(header_of(&answer, "access-control-allow-origin"), "*");
    assert_int_equal(p->site.asked_count, 0);
    close(fd);
}

static void test_what_the_site_does_not_know_is_not_found(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const int fd = dial(p->f);
    ask(p->f, fd, "GET /nosuch HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 404);
    assert_non_null(strstr(answer.body, "{\"errors\":["));
    assert_null(header_of(&answer, "access-control-allow-origin"));
    close(fd);
}

static void test_control_is_asked_first_whatever_the_method(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const int fd = dial(p->f);
    ask(p->f, fd, "DELETE /freshcheck/x HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(p->control.method, METHOD_DELETE);
    assert_string_equal(header_of(&answer, "access-control-allow-origin"), "*");
    ask(p->f, fd, "POST /freshcheck/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", &answer);
    assert_int_equal(p->control.method, METHOD_POST);
    assert_string_equal(p->control.body, "{}");
    ask(p->f, fd, get_config, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(p->control.asked_count, 3);
    close(fd);
}

/* The answer that another client waits for comes from the time that control lets pass. */
static void test_control_moves_the_time(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const int waiting = dial(p->f);
    const int fd = dial(p->f);
    say(p->f, waiting, get_checkpoints);
    wait_until_open(p->f, 1);
    p->control.advance_us = 2 * CALL_US;
    ask(p->f, fd, "POST /freshcheck/clock HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    hear(p->f, waiting, true, &answer);
    assert_int_equal(answer.status, 200);
    close(fd);
    close(waiting);
}

/* The step that brings the call is told the old time; it is the call that makes the answer due. */
static void test_control_lets_delayed_answers_leave(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const struct wire_fault fault = {
        .kind = WIRE_DELAY, .path = "/config", .until_us = INT64_MAX, .delay_us = 5000};
    assert_true(server_add_wire_fault(p->f->server, &fault));
    const int waiting = dial(p->f);
    const int fd = dial(p->f);
    say(p->f, waiting, get_config);
    wait_until_open(p->f, 1);
    p->control.advance_us = 5000;
    ask(p->f, fd, "POST /freshcheck/clock HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    hear(p->f, waiting, true, &answer);
    assert_int_equal(answer.status, 200);
    close(fd);
    close(waiting);
}

/* Uploads. */

#define PART_FILE(name, content)                                                  \
    "--xyz\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"" name \
    "\"\r\nContent-Type: application/x-java-archive\r\n\r\n" content "\r\n"
#define PART_FIELD(name, content) \
    "--xyz\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" content "\r\n"
#define FORM_END "--xyz--\r\n"

static void upload(struct paged *p, const char *method, const char *form, struct answer *answer)
{
    char request[4096];
    const int fd = dial(p->f);
    snprintf(request, sizeof request,
             "%s /freshcheck/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; "
             "boundary=xyz\r\nContent-Length: %zu\r\n\r\n%s",
             method, strlen(form), form);
    ask(p->f, fd, request, answer);
    close(fd);
}

static void assert_upload(struct paged *p, const char *form, size_t file_count, const char *name,
                          const char *attribute, const char *body)
{
    struct answer answer;
    upload(p, "POST", form, &answer);
    assert_int_equal(answer.status, 200);
    assert_true(p->control.was_upload);
    assert_int_equal(p->control.file_count, file_count);
    assert_string_equal(p->control.file_name, name);
    assert_string_equal(p->control.attribute, attribute);
    assert_string_equal(p->control.body, body);
}

static void test_an_upload_tells_its_parts(void **state)
{
    struct paged *p = *state;
    assert_upload(p, PART_FILE("job.jar", "PK..") FORM_END, 1, "job.jar", "(none)", "");
    assert_upload(p, PART_FILE("empty.jar", "") FORM_END, 1, "empty.jar", "(none)", "");
    assert_upload(p, PART_FILE("a.jar", "") PART_FILE("b.jar", "x") FORM_END, 2, "a.jar", "(none)",
                  "");
    assert_upload(p, PART_FILE("/home/me/a.jar", "x") FORM_END, 1, "a.jar", "(none)", "");
    assert_upload(p, PART_FIELD("color", "red") FORM_END, 0, "(none)", "color", "");
    assert_upload(p, PART_FIELD("request", "{\"a\":1}") PART_FILE("a.jar", "x") FORM_END, 1,
                  "a.jar", "(none)", "{\"a\":1}");
    assert_upload(p, FORM_END, 0, "(none)", "(none)", "");
}

static void test_a_part_that_was_cut_off_does_not_count(void **state)
{
    struct paged *p = *state;
    assert_upload(p,
                  PART_FILE("a.jar", "x") "--xyz\r\nContent-Disposition: form-data; "
                                          "name=\"f\"; filename=\"b.jar\"\r\n\r\nabc",
                  1, "a.jar", "(none)", "");
}

static void test_only_a_post_with_a_boundary_is_an_upload(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    upload(p, "PATCH", PART_FILE("a.jar", "x") FORM_END, &answer);
    assert_false(p->control.was_upload);
    const int fd = dial(p->f);
    ask(p->f, fd,
        "POST /freshcheck/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\n"
        "Content-Length: 2\r\n\r\n{}",
        &answer);
    assert_false(p->control.was_upload);
    assert_string_equal(p->control.body, "{}");
    close(fd);
}

/* libmicrohttpd then tells of a part before it has seen the first byte of it. */
static void test_a_form_may_come_byte_by_byte(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    static const char form[] =
        PART_FILE("a.jar", "\r\n--x") PART_FIELD("request", "{}") PART_FILE("b.jar", "y") FORM_END;
    char head[256];
    const int fd = dial(p->f);
    snprintf(head, sizeof head,
             "POST /freshcheck/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; "
             "boundary=xyz\r\nContent-Length: %zu\r\n\r\n",
             strlen(form));
    say(p->f, fd, head);
    for (size_t i = 0; i < strlen(form); i++) {
        say_bytes(p->f, fd, form + i, 1);
        assert_true(server_step(p->f->server, p->f->now_us));
    }
    hear(p->f, fd, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(p->control.file_count, 2);
    assert_string_equal(p->control.file_name, "a.jar");
    assert_string_equal(p->control.body, "{}");
    close(fd);
}

/* Longer than any other body may be, which an upload may, and than the server keeps. */
static void test_a_long_upload_is_read_to_its_end(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    const size_t length = BODY_LENGTH_MAX + 100000;
    char *content = malloc(length);
    assert_non_null(content);
    memset(content, '\r', length); /* what a boundary begins with */
    char request[512];
    static const char head[] = "--xyz\r\nContent-Disposition: form-data; name=\"f\"; "
                               "filename=\"long.jar\"\r\n\r\n";
    static const char tail[] = "\r\n--xyz--\r\n";
    snprintf(request, sizeof request,
             "POST /freshcheck/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; "
             "boundary=xyz\r\nContent-Length: %zu\r\n\r\n",
             strlen(head) + length + strlen(tail));
    const int fd = dial(p->f);
    say(p->f, fd, request);
    say(p->f, fd, head);
    say_bytes(p->f, fd, content, length);
    say(p->f, fd, tail);
    hear(p->f, fd, true, &answer);
    free(content);
    assert_int_equal(answer.status, 200);
    assert_int_equal(p->control.file_count, 1);
    assert_string_equal(p->control.file_name, "long.jar");
    close(fd);
}

/* A part's head that does not fit any buffer. Source: Flink FileUploadHandler.handleError. */
static void test_a_form_that_cannot_be_read_is_a_failed_upload(void **state)
{
    struct paged *p = *state;
    struct answer answer;
    char form[3600];
    const int fd = dial(p->f);
    memset(form, 'x', sizeof form);
    char request[512];
    snprintf(request, sizeof request,
             "POST /freshcheck/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; "
             "boundary=xyz\r\nContent-Length: %zu\r\n\r\n--xyz\r\n",
             strlen("--xyz\r\n") + 3 * sizeof form);
    say(p->f, fd, request);
    for (int i = 0; i < 3; i++)
        say_bytes(p->f, fd, form, sizeof form);
    hear(p->f, fd, true, &answer);
    assert_int_equal(answer.status, 500);
    assert_string_equal(answer.body, "{\"errors\":[\"File upload failed.\"]}");
    assert_null(header_of(&answer, "access-control-allow-origin"));
    close(fd);
}

#define WITH_PAGES(test) cmocka_unit_test_setup_teardown(test, set_up_pages, tear_down_pages)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PAGES(test_a_file_has_the_headers_of_flinks_file_server),
        WITH_PAGES(test_a_file_without_a_time_has_no_dates),
        WITH_PAGES(test_a_file_that_the_client_has_is_not_sent_again),
        WITH_PAGES(test_a_file_that_changed_by_a_second_is_sent),
        WITH_PAGES(test_the_site_is_asked_for_nothing_that_has_a_route),
        WITH_PAGES(test_what_the_site_does_not_know_is_not_found),
        WITH_PAGES(test_control_is_asked_first_whatever_the_method),
        WITH_PAGES(test_control_moves_the_time),
        WITH_PAGES(test_control_lets_delayed_answers_leave),
        WITH_PAGES(test_an_upload_tells_its_parts),
        WITH_PAGES(test_a_form_may_come_byte_by_byte),
        WITH_PAGES(test_a_part_that_was_cut_off_does_not_count),
        WITH_PAGES(test_only_a_post_with_a_boundary_is_an_upload),
        WITH_PAGES(test_a_long_upload_is_read_to_its_end),
        WITH_PAGES(test_a_form_that_cannot_be_read_is_a_failed_upload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
