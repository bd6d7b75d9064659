#include "harness/target/suite_recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "harness/recording/recording.h"
#include "harness/recording/recording_writer.h"

enum { HEADERS_MAX = 64 };

struct suite_recording {
    const struct discovered *target;
    const char *name;
    FILE *file; /* to be read afterwards */
    struct recording_writer *writer;
    bool lacks_answers;
    const char *failure;
};

static FILE *open_file(const char *folder, const char *name)
{
    if (!folder)
        return tmpfile();
    struct buffer path = {0};
    buffer_printf(&path, "%s/%s.jsonl", folder, name);
    char *text = buffer_take(&path);
    errno = ENOMEM;
    FILE *file = text ? fopen(text, "w+be") : NULL;
    const int why = errno;
    free(text);
    errno = why;
    return file;
}

struct suite_recording *suite_recording_new(const char *folder, const char *name,
                                            const struct discovered *target, const char **why)
{
    struct suite_recording *recording = calloc(1, sizeof *recording);
    *why = "out of memory";
    if (!recording)
        return NULL;
    recording->target = target;
    recording->name = name;
    recording->file = open_file(folder, name);
    if (recording->file)
        return recording;
    *why = strerror(errno);
    free(recording);
    return NULL;
}

void suite_recording_free(struct suite_recording *recording)
{
    if (!recording)
        return;
    (void)recording_writer_free(recording->writer);
    if (recording->file)
        fclose(recording->file);
    free(recording);
}

static bool fail(struct suite_recording *recording)
{
    recording->failure = strerror(errno);
    return false;
}

bool suite_recording_begin(struct suite_recording *recording, int64_t epoch_us)
{
    const struct written_head head = {
        .name = recording->name,
        .flink_version = recording->target->flink_version,
        .settings = recording->target->options,
        .setting_count = recording->target->option_count,
        .time0_us = epoch_us,
    };
    const int file = dup(fileno(recording->file));
    if (file < 0)
        return fail(recording);
    recording->writer = recording_writer_new(file, &head);
    return recording->writer || fail(recording);
}

static const char *method_name(enum http_method method)
{
    static const char *const names[] = {
        [METHOD_GET] = "GET", [METHOD_POST] = "POST", [METHOD_PATCH] = "PATCH"};
    return method < sizeof names / sizeof names[0] && names[method] ? names[method] : "GET";
}

bool suite_recording_add(struct suite_recording *recording, const struct target_exchange *exchange)
{
    const struct client_action *asked = exchange->asked;
    const struct landing *landing = exchange->landing;
    struct written_header headers[HEADERS_MAX];
    struct written_exchange line = {
        .sent_us = exchange->sent_us,
        .done_us = exchange->done_us,
        .method = method_name(asked->request.method),
        .path = asked->request.target,
        .request = asked->request.body,
        .request_length = asked->request.body ? strlen(asked->request.body) : 0,
        .status = landing->status,
        .headers = headers,
        .body = landing->bytes ? landing->bytes : "",
        .body_length = landing->length,
        .client = asked->client,
    };
    if (exchange->cut_off)
        return true; /* nobody waited for its answer */
    recording->lacks_answers |= landing->status == 0;
    for (size_t i = 0; i < landing->header_count && i < HEADERS_MAX; i++, line.header_count++)
        headers[i] = (struct written_header){landing->headers[i].name, landing->headers[i].value};
    return recording_writer_exchange(recording->writer, &line) || fail(recording);
}

uint64_t suite_recording_count(const struct suite_recording *recording)
{
    return recording->writer ? recording_writer_count(recording->writer) : 0;
}

bool suite_recording_lacks_answers(const struct suite_recording *recording)
{
    return recording->lacks_answers;
}

const char *suite_recording_failure(const struct suite_recording *recording)
{
    return recording->failure;
}

static const char *judge(struct recording *recording, const struct claim *claim,
                         struct judgement *judgement)
{
    struct claim own, applied = *claim;
    recording_own_claim(recording, &own);
    applied.margin_us = own.margin_us;
    if (recording_is_damaged(recording))
        return "the target's answers do not make a sound recording";
    return recording_judge(recording, &applied, judgement);
}

const char *suite_recording_judge(struct suite_recording *recording, const struct claim *claim,
                                  struct judgement *judgement)
{
    struct complaints complaints = {0};
    FILE *file = recording->file;
    recording->file = NULL;
    rewind(file);
    struct recording *taken = recording_take(file, &complaints);
    const char *why = taken ? judge(taken, claim, judgement) : "out of memory";
    recording_free(taken);
    complaints_free(&complaints);
    return why;
}
