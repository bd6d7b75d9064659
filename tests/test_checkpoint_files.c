/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "mock_jobmanager/checkpoint_files.h"

static struct shared_text *put(struct checkpoint_files *files, const char *text, int64_t id)
{
    struct shared_text *const path = shared_text_new(text);
    assert_non_null(path);
    assert_true(checkpoint_files_put(
        files, &(struct checkpoint_file){.path = path, .id = id, .trigger_ms = 7}));
    return path;
}

static int64_t id_at(const struct checkpoint_files *files, const char *path)
{
    const struct checkpoint_file *const file = checkpoint_files_find(files, path);
    return file ? file->id : -1;
}

static void test_a_file_is_found_by_its_path_until_it_is_removed(void **state)
{
    (void)state;
    struct checkpoint_files *const files = checkpoint_files_new();
    assert_int_equal(id_at(files, "file:/a"), -1);
    struct shared_text *const path = put(files, "file:/a", 3);
    assert_int_equal(id_at(files, "file:/a"), 3);
    assert_int_equal(id_at(files, "file:/b"), -1);
    checkpoint_files_remove(files, path);
    assert_int_equal(id_at(files, "file:/a"), -1);
    shared_text_release(path);
    checkpoint_files_free(files);
}

static void test_who_was_written_over_removes_nothing(void **state)
{
    (void)state;
    struct checkpoint_files *const files = checkpoint_files_new();
    struct shared_text *const before = put(files, "file:/a", 3), *const after =
                                                                     put(files, "file:/a", 4);
    checkpoint_files_remove(files, before);
    assert_int_equal(id_at(files, "file:/a"), 4);
    checkpoint_files_remove(files, after);
    assert_int_equal(id_at(files, "file:/a"), -1);
    shared_text_release(before);
    shared_text_release(after);
    checkpoint_files_free(files);
}

static void name(char text[32], int64_t id)
{
    snprintf(text, 32, "file:/many/%d", (int)id);
}

static void test_many_files_are_kept_apart(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static struct shared_text *paths[MANY];
    struct checkpoint_files *const files = checkpoint_files_new();
    char text[32];
    for (int64_t id = 0; id < MANY; id++) {
        name(text, id);
        paths[id] = put(files, text, id);
    }
    for (int64_t id = 0; id < MANY; id++) {
        name(text, id);
        assert_int_equal(id_at(files, text), id);
        if (id % 3 != 0)
            checkpoint_files_remove(files, paths[id]);
    }
    for (int64_t id = 0; id < MANY; id++) {
        name(text, id);
        assert_int_equal(id_at(files, text), id % 3 ? -1 : id);
        shared_text_release(paths[id]);
    }
    checkpoint_files_free(files);
}

static void test_of_files_that_were_left_the_latest_stay(void **state)
{
    (void)state;
    struct checkpoint_files *const files = checkpoint_files_new();
    char text[32];
    struct shared_text *const kept = put(files, "file:/kept", 99);
    for (int64_t id = 0; id <= CHECKPOINT_FILES_LEFT_MAX; id++) {
        name(text, id);
        struct shared_text *const path = put(files, text, id);
        checkpoint_files_leave(files, path);
        checkpoint_files_leave(files, path);
        name(text, 0);
        assert_int_equal(id_at(files, text), id < CHECKPOINT_FILES_LEFT_MAX ? 0 : -1);
        shared_text_release(path);
    }
    name(text, CHECKPOINT_FILES_LEFT_MAX);
    assert_int_equal(id_at(files, text), CHECKPOINT_FILES_LEFT_MAX);
    assert_int_equal(id_at(files, "file:/kept"), 99);
    shared_text_release(kept);
    checkpoint_files_free(files);
}

static void make_files(void *context, bool may_fail)
{
    (void)context;
    struct checkpoint_files *const files = checkpoint_files_new();
    struct shared_text *const path = shared_text_new("file:/a");
    if (files && path) {
        const bool is_put = checkpoint_files_put(files, &(struct checkpoint_file){.path = path});
        assert_int_equal(checkpoint_files_find(files, "file:/a") != NULL, is_put);
        assert_true(is_put || may_fail);
    }
    assert_true((files && path) || may_fail);
    shared_text_release(path);
    checkpoint_files_free(files);
}

static void test_without_memory_there_is_no_file(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(make_files, NULL) == 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_is_found_by_its_path_until_it_is_removed),
        cmocka_unit_test(test_who_was_written_over_removes_nothing),
        cmocka_unit_test(test_many_files_are_kept_apart),
        cmocka_unit_test(test_of_files_that_were_left_the_latest_stay),
        cmocka_unit_test(test_without_memory_there_is_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
