/* rooms: harness/command_line base */
#include "tests/support/test_prelude.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/command_line/files.h"
#include "tests/support/captured.h"

/* A folder of its own for every test, with
 *   b.yaml  a.yaml  notes.txt  .hidden.yaml  empty/  inner/{z.yaml,A.yaml}  .git/x.yaml */
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
    static const char *const folders[] = {"empty", "inner", ".git"};
    static const char *const files[] = {"b.yaml",       "a.yaml",       "notes.txt",
                                        ".hidden.yaml", "inner/z.yaml", "inner/A.yaml",
                                        ".git/x.yaml"};
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/freshcheck-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mkdir(in(fixture, folders[i]), 0700), 0);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        write_file(fixture, files[i], "text");
    *state = fixture;
    return 0;
}

static void remove_all(const char *folder)
{
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        char path[512];
        struct stat status;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode))
            remove_all(path);
        else
            unlink(path);
    }
    closedir(stream);
    assert_int_equal(rmdir(folder), 0);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    remove_all(fixture->folder);
    free(fixture);
    return 0;
}

static bool add(struct file_list *files, const char *path, struct captured *err)
{
    capture(err, stderr);
    const bool fine = file_list_add(files, path, ".yaml");
    release(err);
    return fine;
}

static bool read_into(struct buffer *content, const char *path, size_t size_max,
                      struct captured *err)
{
    capture(err, stderr);
    const bool fine = file_read(path, size_max, content);
    release(err);
    return fine;
}

static bool write_to(const char *path, const struct buffer *content, struct captured *err)
{
    capture(err, stderr);
    const bool fine = file_write(path, content);
    release(err);
    return fine;
}

/* --- lists ----------------------------------------------------------------------------------- */

static void a_folder_gives_its_files_in_order_of_name_and_nothing_hidden(void **state)
{
    struct fixture *fixture = *state;
    static const char *const wanted[] = {"a.yaml", "b.yaml", "inner/A.yaml", "inner/z.yaml"};
    struct file_list files = {0};
    struct captured err;
    assert_true(add(&files, fixture->folder, &err));
    assert_int_equal(files.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(files.names[i], in(fixture, wanted[i]));
    assert_string_equal(err.text, "");
    file_list_free(&files);
    assert_int_equal(files.count, 0);
}

static void a_file_is_taken_whatever_its_name_and_lists_grow(void **state)
{
    struct fixture *fixture = *state;
    struct file_list files = {0};
    struct captured err;
    assert_true(add(&files, in(fixture, "notes.txt"), &err));
    assert_true(add(&files, "-", &err));
    assert_true(add(&files, in(fixture, "inner"), &err));
    assert_int_equal(files.count, 4);
    assert_string_equal(files.names[0], in(fixture, "notes.txt"));
    assert_string_equal(files.names[1], "-");
    assert_string_equal(files.names[2], in(fixture, "inner/A.yaml"));
    file_list_free(&files);
}

static void what_is_not_there_is_complained_of_by_name(void **state)
{
    struct fixture *fixture = *state;
    struct file_list files = {0};
    struct captured err;
    char wanted[512];
    assert_false(add(&files, in(fixture, "gone.yaml"), &err));
    snprintf(wanted, sizeof wanted, "freshcheck: cannot read %s: No such file or directory\n",
             in(fixture, "gone.yaml"));
    assert_string_equal(err.text, wanted);
    assert_int_equal(files.count, 0);
    file_list_free(&files);
}

static void a_folder_without_such_files_is_a_mistake_of_the_caller(void **state)
{
    struct fixture *fixture = *state;
    struct file_list files = {0};
    struct captured err;
    char wanted[512];
    assert_false(add(&files, in(fixture, "empty"), &err));
    snprintf(wanted, sizeof wanted, "freshcheck: there is no *.yaml below %s\n",
             in(fixture, "empty"));
    assert_string_equal(err.text, wanted);
    assert_true(add(&files, in(fixture, "inner"), &err));
    assert_false(
        add(&files, in(fixture, "empty"), &err)); /* what was there before does not count */
    file_list_free(&files);
}

static void list_files(void *context, bool may_fail)
{
    struct fixture *fixture = context;
    struct file_list files = {0};
    struct captured err;
    const bool fine = add(&files, fixture->folder, &err);
    assert_true(fine || may_fail);
    if (fine)
        assert_int_equal(files.count, 4); /* never fewer, silently */
    else
        assert_non_null(strstr(err.text, "out of memory"));
    file_list_free(&files);
}

static void short_of_memory_no_file_is_left_out_in_silence(void **state)
{
    assert_true(fail_each_allocation(list_files, *state) > 8);
}

/* --- reading --------------------------------------------------------------------------------- */

static void a_file_is_read_whole_up_to_its_largest_size(void **state)
{
    struct fixture *fixture = *state;
    struct buffer content = {0};
    struct captured err;
    assert_true(read_into(&content, in(fixture, "a.yaml"), 4, &err));
    assert_int_equal(content.length, 4);
    assert_memory_equal(content.bytes, "text", 4);
    buffer_clear(&content);
    assert_false(read_into(&content, in(fixture, "a.yaml"), 3, &err));
    assert_non_null(strstr(err.text, "too large"));
    buffer_free(&content);
}

static void a_file_longer_than_one_bite_is_read_whole(void **state)
{
    struct fixture *fixture = *state;
    struct buffer content = {0};
    struct buffer back = {0};
    struct captured err;
    for (int i = 0; i < 40000; i++)
        buffer_printf(&content, "%05d", i);
    assert_true(write_to(in(fixture, "long"), &content, &err));
    assert_true(read_into(&back, in(fixture, "long"), 1 << 20, &err));
    assert_int_equal(back.length, 200000);
    assert_memory_equal(back.bytes, content.bytes, 200000);
    buffer_free(&content);
    buffer_free(&back);
}

static void an_empty_file_is_read_as_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct buffer content = {0};
    struct captured err;
    write_file(fixture, "none", "");
    assert_true(read_into(&content, in(fixture, "none"), 0, &err));
    assert_int_equal(content.length, 0);
    buffer_free(&content);
}

static void what_cannot_be_read_is_complained_of_in_one_sentence(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *name, *why;
    } cases[] = {{"gone", ": No such file or directory\n"}, {"inner", ": Is a directory\n"}};
    for (size_t i = 0; i < 2; i++) {
        struct buffer content = {0};
        struct captured err;
        assert_false(read_into(&content, in(fixture, cases[i].name), 100, &err));
        assert_memory_equal(err.text, "freshcheck: cannot read ", 24);
        assert_non_null(strstr(err.text, cases[i].why));
        buffer_free(&content);
    }
}

static void without_memory_reading_fails(void **state)
{
    struct fixture *fixture = *state;
    struct buffer content = {0};
    struct captured err;
    in(fixture, "a.yaml");
    capture(&err, stderr);
    failing_allocator_arm(1);
    const bool fine = file_read(fixture->path, 100, &content);
    const bool fired = failing_allocator_fired();
    release(&err);
    assert_true(fired);
    assert_false(fine);
    assert_non_null(strstr(err.text, ": out of memory\n"));
    buffer_free(&content);
}

/* --- writing --------------------------------------------------------------------------------- */

static size_t entry_count(const char *folder)
{
    size_t count = 0;
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    while (readdir(stream))
        count++;
    closedir(stream);
    return count;
}

static void writing_replaces_a_file_and_leaves_nothing_else_behind(void **state)
{
    struct fixture *fixture = *state;
    struct buffer content = {0};
    struct buffer back = {0};
    struct captured err;
    buffer_text(&content, "new");
    const size_t before = entry_count(fixture->folder);
    assert_true(write_to(in(fixture, "a.yaml"), &content, &err));
    assert_int_equal(entry_count(fixture->folder), before);
    assert_true(read_into(&back, in(fixture, "a.yaml"), 100, &err));
    assert_int_equal(back.length, 3);
    assert_memory_equal(back.bytes, "new", 3);
    buffer_free(&content);
    buffer_free(&back);
}

static void what_cannot_be_written_leaves_things_as_they_were(void **state)
{
    struct fixture *fixture = *state;
    struct buffer content = {0};
    struct captured err;
    buffer_text(&content, "new");
    const size_t before = entry_count(fixture->folder);
    assert_false(write_to(in(fixture, "gone/report.xml"), &content, &err));
    assert_non_null(strstr(err.text, "gone/report.xml: No such file or directory\n"));
    assert_false(write_to(in(fixture, "inner"), &content, &err)); /* a folder cannot be replaced */
    assert_memory_equal(err.text, "freshcheck: cannot write ", 25);
    assert_int_equal(entry_count(fixture->folder), before);
    buffer_free(&content);
}

static void a_text_that_lacks_something_is_not_written(void **state)
{
    struct fixture *fixture = *state;
    struct buffer content = {.failed = true};
    struct captured err;
    const size_t before = entry_count(fixture->folder);
    assert_false(write_to(in(fixture, "new"), &content, &err));
    assert_non_null(strstr(err.text, "Cannot allocate memory"));
    assert_int_equal(entry_count(fixture->folder), before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_folder_gives_its_files_in_order_of_name_and_nothing_hidden),
        TEST(a_file_is_taken_whatever_its_name_and_lists_grow),
        TEST(what_is_not_there_is_complained_of_by_name),
        TEST(a_folder_without_such_files_is_a_mistake_of_the_caller),
        TEST(short_of_memory_no_file_is_left_out_in_silence),
        TEST(a_file_is_read_whole_up_to_its_largest_size),
        TEST(a_file_longer_than_one_bite_is_read_whole),
        TEST(an_empty_file_is_read_as_nothing),
        TEST(what_cannot_be_read_is_complained_of_in_one_sentence),
        TEST(without_memory_reading_fails),
        TEST(writing_replaces_a_file_and_leaves_nothing_else_behind),
        TEST(what_cannot_be_written_leaves_things_as_they_were),
        TEST(a_text_that_lacks_something_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
