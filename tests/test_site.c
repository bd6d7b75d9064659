/* rooms: harness/site base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "harness/site/site.h"
#include "harness/site/site_internal.h"
#include "rest_endpoint/endpoint.h"

struct fixture {
    char folder[64];
    char path[256];
};

static const char *in(struct fixture *fixture, const char *name)
{
    snprintf(fixture->path, sizeof fixture->path, "%s/%s", fixture->folder, name);
    return fixture->path;
}

static void write_file(struct fixture *fixture, const char *name, const char *text)
{
    FILE *file = fopen(in(fixture, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/freshcheck-site-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", fixture->folder);
    assert_int_equal(system(command), 0);
    free(fixture);
    return 0;
}

static void make_folder(struct fixture *fixture, const char *name)
{
    assert_int_equal(mkdir(in(fixture, name), 0700), 0);
}

/* Files of a jar, by name and text; a name that ends in a slash is a folder. */
struct member {
    const char *name, *text;
};

static void write_jar(struct fixture *fixture, const char *name, const struct member *members,
                      size_t count)
{
    zip_t *jar = zip_open(in(fixture, name), ZIP_CREATE | ZIP_EXCL, NULL);
    assert_non_null(jar);
    for (size_t i = 0; i < count; i++) {
        if (!members[i].text) {
            assert_true(zip_dir_add(jar, members[i].name, 0) >= 0);
            continue;
        }
        zip_source_t *source = zip_source_buffer(jar, members[i].text, strlen(members[i].text), 0);
        const zip_int64_t index = zip_file_add(jar, members[i].name, source, 0);
        assert_true(index >= 0);
        assert_int_equal(zip_file_set_mtime(jar, (zip_uint64_t)index, 1700000000, 0), 0);
    }
    assert_int_equal(zip_close(jar), 0);
}

static struct site *open_good(const char *path)
{
    const char *why = NULL;
    struct site *site = site_open(path, &why);
    if (!site)
        fail_msg("%s: %s", path, why);
    return site;
}

static void expect_refusal(const char *path, const char *reason)
{
    const char *why = NULL;
    struct site *site = site_open(path, &why);
    site_free(site);
    assert_null(site);
    assert_string_equal(why, reason);
}

static bool ask(const struct site *site, const char *target, struct local_answer *answer)
{
    const struct local_pages *pages = site_pages(site);
    const struct request request = {.target = target, .target_length = strlen(target)};
    return pages->answer(pages->context, 0, &request, answer);
}

static void expect_file(const struct site *site, const char *target, const char *text)
{
    struct local_answer answer;
    if (!ask(site, target, &answer))
        fail_msg("%s is not there", target);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.length, strlen(text));
    assert_memory_equal(answer.bytes, text, answer.length);
    assert_null(answer.release);
}

static void expect_nothing(const struct site *site, const char *target)
{
    struct local_answer answer;
    if (ask(site, target, &answer))
        fail_msg("%s is there", target);
}

static void test_a_folder_is_served_by_the_paths_below_it(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "index.html", "start");
    make_folder(fixture, "assets");
    write_file(fixture, "assets/a b.css", "style");
    write_file(fixture, "assets/index.html", "inner");
    struct site *site = open_good(fixture->folder);
    assert_int_equal(site_file_count(site), 3);
    expect_file(site, "/", "start");
    expect_file(site, "/index.html", "start");
    expect_file(site, "/?query=1", "start");
    expect_file(site, "/assets/", "inner");
    expect_file(site, "/assets/a%20b.css?x", "style");
    expect_nothing(site, "/assets");
    expect_nothing(site, "/nosuch.html");
    expect_nothing(site, "");
    expect_nothing(site, "index.html");
    site_free(site);
}

static void test_the_folder_web_is_the_root_when_it_has_an_index(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "index.html", "outer");
    make_folder(fixture, "web");
    write_file(fixture, "web/main.js", "script");
    struct site *site = open_good(fixture->folder);
    expect_file(site, "/", "outer");
    expect_file(site, "/web/main.js", "script");
    site_free(site);
    write_file(fixture, "web/index.html", "dashboard");
    site = open_good(fixture->folder);
    expect_file(site, "/", "dashboard");
    expect_file(site, "/main.js", "script");
    expect_nothing(site, "/web/main.js");
    site_free(site);
}

static void test_nothing_outside_of_the_folder_is_served(void **state)
{
    struct fixture *fixture = *state;
    make_folder(fixture, "site");
    write_file(fixture, "secret", "secret");
    write_file(fixture, "site/index.html", "start");
    write_file(fixture, "site/.hidden", "hidden");
    char outside[256];
    snprintf(outside, sizeof outside, "%s/secret", fixture->folder);
    assert_int_equal(symlink(outside, in(fixture, "site/link")), 0);
    assert_int_equal(symlink(fixture->folder, in(fixture, "site/folder-link")), 0);
    assert_int_equal(mkfifo(in(fixture, "site/pipe"), 0600), 0);
    struct site *site = open_good(in(fixture, "site"));
    static const char *const targets[] = {
        "/../secret",          "/%2e%2e/secret", "/..%2fsecret", "/link",        "/.hidden",
        "/folder-link/secret", "/%2e%2e%00",     "/pipe",        "//index.html", "/index.html%00"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        expect_nothing(site, targets[i]);
    assert_int_equal(site_file_count(site), 1);
    site_free(site);
}

static void test_broken_escapes_and_endless_targets_find_nothing(void **state)
{
    struct fixture *fixture = *state;
    char endless[5000];
    write_file(fixture, "index.html", "start");
    struct site *site = open_good(fixture->folder);
    expect_nothing(site, "/%");
    expect_nothing(site, "/index.htm%6");
    expect_nothing(site, "/index.htm%6x");
    expect_file(site, "/index.htm%6c", "start");
    expect_file(site, "/index.htm%6C", "start");
    memset(endless, '/', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    for (size_t length = 1000; length < 1040; length++)
        expect_nothing(site, endless + sizeof endless - 1 - length);
    expect_nothing(site, endless);
    site_free(site);
}

static void test_types_are_those_of_flink(void **state)
{
    (void)state;
    assert_string_equal(site_content_type("index.html"), "text/html");
    assert_string_equal(site_content_type("a.b/main.JS"), "application/javascript");
    assert_string_equal(site_content_type("x.min.css"), "text/css");
    assert_string_equal(site_content_type("f.woff2"), "application/font-woff2");
    assert_string_equal(site_content_type("favicon.ico"), "application/octet-stream");
    assert_string_equal(site_content_type("LICENSE"), "application/octet-stream");
    assert_string_equal(site_content_type("a.html/LICENSE"), "application/octet-stream");
    assert_string_equal(site_content_type("a/.html"), "application/octet-stream");
    assert_string_equal(site_content_type("a.html."), "application/octet-stream");
}

static void
test_an_answer_says_when_its_file_was_modified_except_for_what_looks_like_a_log(void **state)
{
    struct fixture *fixture = *state;
    static const struct member members[] = {
        {"index.html", "start"}, {"flink-logo.png", "logo"}, {"layout.css", "style"}};
    write_jar(fixture, "a.jar", members, 3);
    struct site *site = open_good(in(fixture, "a.jar"));
    struct local_answer answer;
    assert_true(ask(site, "/", &answer));
    assert_string_equal(answer.content_type, "text/html");
    assert_in_range(answer.modified_epoch_s, 1699999998, 1700000000); /* zip counts by twos */
    assert_true(ask(site, "/flink-logo.png", &answer));
    assert_string_equal(answer.content_type, "image/png");
    assert_true(answer.modified_epoch_s == -1);
    assert_true(ask(site, "/layout.css", &answer));
    assert_true(answer.modified_epoch_s == -1);
    site_free(site);
}

static void test_a_jar_is_served_from_its_folder_web(void **state)
{
    struct fixture *fixture = *state;
    static const struct member members[] = {{"META-INF/MANIFEST.MF", "manifest"},
                                            {"web/", NULL},
                                            {"web/index.html", "start"},
                                            {"web/assets/", NULL},
                                            {"web/assets/a.js", "script"},
                                            {"webx/b.js", "b"},
                                            {"web/../up.js", "up"},
                                            {"web//a.js", "slash"},
                                            {"web/.x", "hidden"},
                                            {"web/empty.css", ""}};
    write_jar(fixture, "a.jar", members, sizeof members / sizeof members[0]);
    struct site *site = open_good(in(fixture, "a.jar"));
    assert_int_equal(site_file_count(site), 3);
    expect_file(site, "/", "start");
    expect_file(site, "/assets/a.js", "script");
    expect_file(site, "/empty.css", "");
    expect_nothing(site, "/META-INF/MANIFEST.MF");
    expect_nothing(site, "/../META-INF/MANIFEST.MF");
    expect_nothing(site, "/up.js");
    site_free(site);
}

static void test_what_cannot_be_served_is_refused_with_a_reason(void **state)
{
    struct fixture *fixture = *state;
    static const struct member members[] = {{"main.js", "script"}};
    const char *const no_index = "there is no index.html in it, nor in a folder web";
    expect_refusal(in(fixture, "nosuch"), "No such file or directory");
    expect_refusal(fixture->folder, no_index);
    write_jar(fixture, "a.jar", members, 1);
    expect_refusal(in(fixture, "a.jar"), no_index);
    write_file(fixture, "text", "this is no zip file");
    expect_refusal(in(fixture, "text"), "it is neither a folder nor a jar");
    write_file(fixture, "empty", "");
    expect_refusal(in(fixture, "empty"), "it is neither a folder nor a jar");
}

/* Changes the first byte of the needle in a file. */
static void spoil(const char *path, const char *needle)
{
    char bytes[2000];
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    const size_t length = fread(bytes, 1, sizeof bytes, file);
    const char *found = memmem(bytes, length, needle, strlen(needle));
    assert_non_null(found);
    assert_int_equal(fseek(file, found - bytes, SEEK_SET), 0);
    assert_int_equal(fputc('!', file), '!');
    assert_int_equal(fclose(file), 0);
}

static void test_a_jar_whose_checksum_is_wrong_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const struct member members[] = {{"index.html", "short texts are stored as they are"}};
    write_jar(fixture, "a.jar", members, 1);
    site_free(open_good(in(fixture, "a.jar")));
    spoil(in(fixture, "a.jar"), "short texts");
    expect_refusal(in(fixture, "a.jar"), "it is a damaged jar");
}

static void test_a_folder_at_the_limit_is_read_and_one_byte_more_is_refused(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "index.html", "start");
    write_file(fixture, "large", "");
    assert_int_equal(truncate(in(fixture, "large"), SITE_LENGTH_MAX - 5), 0);
    site_free(open_good(fixture->folder));
    assert_int_equal(truncate(in(fixture, "large"), SITE_LENGTH_MAX - 4), 0);
    expect_refusal(fixture->folder, "its files are larger than 64 MiB");
    assert_int_equal(truncate(in(fixture, "large"), (off_t)1 << 40), 0);
    expect_refusal(fixture->folder, "its files are larger than 64 MiB");
}

/* Makes a folder in a folder, `depth` times, with a file in the innermost. */
static void make_deep(struct fixture *fixture, size_t depth)
{
    char path[128] = "d";
    while (depth-- > 1) {
        mkdir(in(fixture, path), 0700);
        strcat(path, "/d");
    }
    make_folder(fixture, path);
    strcat(path, "/main.js");
    write_file(fixture, path, "script");
}

static void test_folders_sixteen_deep_are_read_and_deeper_ones_refused(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "index.html", "start");
    make_deep(fixture, 16);
    struct site *site = open_good(fixture->folder);
    expect_file(site, "/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/main.js", "script");
    site_free(site);
    make_deep(fixture, 17);
    expect_refusal(fixture->folder, "its folders are too deep");
}

static void test_a_jar_that_unpacks_to_more_than_the_limit_is_refused(void **state)
{
    struct fixture *fixture = *state;
    char *zeros = calloc(1, SITE_LENGTH_MAX + 1);
    assert_non_null(zeros);
    memset(zeros, ' ', SITE_LENGTH_MAX);
    const struct member members[] = {{"index.html", "start"}, {"large", zeros}};
    write_jar(fixture, "a.jar", members, 2);
    free(zeros);
    expect_refusal(in(fixture, "a.jar"), "its files are larger than 64 MiB");
}

static void open_and_close(void *context, bool may_fail)
{
    const char *why = NULL;
    struct site *site = site_open(context, &why);
    assert_true(site || may_fail);
    if (!site)
        assert_string_equal(why, "Cannot allocate memory");
    site_free(site);
}

static void test_every_allocation_may_fail(void **state)
{
    struct fixture *fixture = *state;
    static const struct member members[] = {{"index.html", "start"}, {"main.js", "script"}};
    make_folder(fixture, "site");
    write_file(fixture, "site/index.html", "start");
    write_file(fixture, "site/main.js", "script");
    write_jar(fixture, "a.jar", members, 2);
    assert_true(fail_each_allocation(open_and_close, (void *)(uintptr_t)in(fixture, "site")) >= 6);
    assert_true(fail_each_allocation(open_and_close, (void *)(uintptr_t)in(fixture, "a.jar")) >= 6);
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(test_a_folder_is_served_by_the_paths_below_it),
        WITH_FOLDER(test_the_folder_web_is_the_root_when_it_has_an_index),
        WITH_FOLDER(test_nothing_outside_of_the_folder_is_served),
        WITH_FOLDER(test_broken_escapes_and_endless_targets_find_nothing),
        cmocka_unit_test(test_types_are_those_of_flink),
        WITH_FOLDER(
            test_an_answer_says_when_its_file_was_modified_except_for_what_looks_like_a_log),
        WITH_FOLDER(test_a_jar_is_served_from_its_folder_web),
        WITH_FOLDER(test_what_cannot_be_served_is_refused_with_a_reason),
        WITH_FOLDER(test_a_jar_whose_checksum_is_wrong_is_refused),
        WITH_FOLDER(test_a_folder_at_the_limit_is_read_and_one_byte_more_is_refused),
        WITH_FOLDER(test_folders_sixteen_deep_are_read_and_deeper_ones_refused),
        WITH_FOLDER(test_a_jar_that_unpacks_to_more_than_the_limit_is_refused),
        WITH_FOLDER(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
