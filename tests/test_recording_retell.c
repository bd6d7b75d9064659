/* rooms: harness/recording harness/judge rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "harness/recording/recording.h"

/* What was judged is told once more. Checkpoint 1 is complete at 101 ms; two answers lack it, the
 * first of which is the witness. */

#define JOB "/jobs/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NONE                                                                                       \
    "{\\\"counts\\\":{\\\"restored\\\":0,\\\"total\\\":0,\\\"in_progress\\\":0,\\\"completed\\\":" \
    "0,"                                                                                           \
    "\\\"failed\\\":0},\\\"latest\\\":{\\\"completed\\\":null},\\\"history\\\":[]}"
#define DONE \
    "{\\\"status\\\":{\\\"id\\\":\\\"COMPLETED\\\"},\\\"operation\\\":{\\\"checkpointId\\\":1}}"

static const char file_text[] =
    "{\"recording\":\"small\",\"flink_version\":\"1.20.3\",\"settings\":{},\"time0_epoch_ms\":1000}"
    "\n"
    "{\"seq\":3,\"sent_ms\":200,\"done_ms\":201,\"method\":\"GET\",\"path\":\"" JOB
    "/checkpoints\",\"status\":200,\"headers\":{\"content-type\":\"application/"
    "json\",\"x\":\"\\u00e4\"},"
    "\"body\":\"" NONE "\",\"client\":\"mover\"}\n"
    "{\"note\":\"lines may be in any order\",\"at_ms\":1}\n"
    "{\"seq\":2,\"sent_ms\":100,\"done_ms\":101,\"method\":\"GET\",\"path\":\"" JOB
    "/checkpoints/cccccccccccccccccccccccccccccccc\",\"status\":200,\"body\":\"" DONE "\"}\n"
    "{\"seq\":4,\"sent_ms\":300,\"done_ms\":301,\"method\":\"GET\",\"path\":\"" JOB
    "/checkpoints\",\"status\":200,\"body\":\"" NONE "\"}\n";

/* What was heard, in one text. */
struct heard {
    struct buffer text;
    size_t facts;
};

static bool hear_fact(void *context, const struct fact *fact)
{
    struct heard *heard = context;
    heard->facts += fact->kind == FACT_COMPLETED;
    return true;
}

static bool hear_exchange(void *context, const struct exchange *exchange,
                          const struct raw_exchange *raw)
{
    struct heard *heard = context;
    buffer_printf(&heard->text, "%d %s", (int)exchange->seq, raw->method ? raw->method : "-");
    if (raw->method)
        buffer_printf(&heard->text, " [%s] %zu", raw->headers, raw->body_length);
    buffer_char(&heard->text, ';');
    return !heard->text.failed;
}

static FILE *small_file(void)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(file_text, 1, strlen(file_text), file), strlen(file_text));
    rewind(file);
    return file;
}

/* NULL, or why not. */
static const char *retell(FILE *file, struct heard *heard)
{
    const struct listener listener = {heard, hear_fact, hear_exchange};
    const struct claim claim = {.claimed[PROPERTY_FRESH] = true};
    struct judgement judgement;
    struct complaints complaints = {0};
    const char *wrong = "out of memory";
    struct recording *recording = recording_take(file, &complaints);
    if (recording)
        wrong = recording_judge(recording, &claim, &judgement);
    if (!wrong)
        wrong = recording_retell(recording, &judgement, PROPERTY_FRESH, &listener);
    recording_free(recording);
    complaints_free(&complaints);
    return wrong;
}

static const char all_heard[] =
    "2 GET [] 60;3 GET [content-type: application/json\nx: \u00e4\n] 117;4 -;";

static void the_witness_is_told_with_what_went_over_the_wire(void **state)
{
    (void)state;
    struct heard heard = {0};
    assert_null(retell(small_file(), &heard));
    buffer_char(&heard.text, '\0');
    assert_string_equal(heard.text.bytes, all_heard);
    buffer_free(&heard.text);
}

static void retell_short_of_memory(void *context, bool may_fail)
{
    struct heard heard = {0};
    (void)context;
    const char *wrong = retell(small_file(), &heard);
    assert_true(may_fail || !wrong);
    if (!wrong)
        assert_memory_equal(heard.text.bytes, all_heard, heard.text.length);
    buffer_free(&heard.text);
}

static void short_of_memory_all_is_told_or_that_it_is_not(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(retell_short_of_memory, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_witness_is_told_with_what_went_over_the_wire),
        cmocka_unit_test(short_of_memory_all_is_told_or_that_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
