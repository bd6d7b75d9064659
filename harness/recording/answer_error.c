#include <string.h>

#include "base/buffer.h"
#include "base/id.h"
#include "base/text.h"
#include "harness/recording/answer.h"
#include "harness/recording/answer_internal.h"

/* "Job <32 digits> not found": the digits make sure that no other sentence is taken for it. */
static bool says_job_not_found(const char *text)
{
    static const char before[] = "Job ", after[] = " not found";
    struct id job;
    for (const char *at = strstr(text, before); at; at = strstr(at + 1, before)) {
        const char *digits = at + strlen(before);
        size_t length = strnlen(digits, ID_DIGITS);
        if (id_parse(digits, length, &job) &&
            strncmp(digits + ID_DIGITS, after, strlen(after)) == 0)
            return true;
    }
    return false;
}

struct error_text {
    int status;       /* 0: any */
    const char *text; /* NULL: the status is enough */
    enum observed_error error;
};

/*
 * The first row that fits decides. Texts are matched as part of the whole, as clients must:
 * Flink sends stack traces. Source: reference section 3.
 */
static const struct error_text error_texts[] = {
    {0, "FlinkJobNotFoundException", ERROR_JOB_NOT_FOUND},
    {404, "Could not find checkpointing statistics", ERROR_NO_CHECKPOINT},
    {404, "There is no checkpoint statistics for task", ERROR_NO_CHECKPOINT},
    {404, "Checkpointing has not been enabled", ERROR_NOT_ENABLED},
    {404, "Checkpointing is not enabled", ERROR_NOT_ENABLED},
    {404, "Checkpointing was not enabled", ERROR_NOT_ENABLED},
    {500, "CancellationException", ERROR_CANCELLED},
    {500, "The requested operation is not available while the JobManager is initializing",
     ERROR_INITIALIZING},
    {500, "Unable to get JobMasterGateway for initializing job", ERROR_INITIALIZING},
    {500, "TimeoutException", ERROR_TIMED_OUT},
    {503, NULL, ERROR_UNAVAILABLE},
};

/* The sentences as they are, each with a NUL behind it. */
static bool collect(const struct node *errors, struct buffer *sentences)
{
    const struct node *error = errors;
    for (size_t i = 0; node_is(errors, NODE_LIST) && i < errors->as.count; i++) {
        error = i == 0 ? node_first(errors) : node_next(error);
        if (!node_is(error, NODE_TEXT))
            continue;
        node_decode(error, sentences);
        buffer_char(sentences, '\0');
    }
    return !sentences->failed;
}

static bool any_contains(const struct buffer *sentences, const char *text)
{
    for (size_t at = 0; at < sentences->length; at += strlen(sentences->bytes + at) + 1) {
        if (strstr(sentences->bytes + at, text))
            return true;
    }
    return false;
}

static enum observed_error classify(int status, const struct buffer *sentences)
{
    for (size_t at = 0; at < sentences->length; at += strlen(sentences->bytes + at) + 1) {
        if (says_job_not_found(sentences->bytes + at))
            return ERROR_JOB_NOT_FOUND;
    }
    for (size_t i = 0; i < sizeof(error_texts) / sizeof(error_texts[0]); i++) {
        const struct error_text *row = &error_texts[i];
        if ((row->status == 0 || row->status == status) &&
            (!row->text || any_contains(sentences, row->text)))
            return row->error;
    }
    return ERROR_OTHER;
}

const char *answer_read_error(int status, const struct node *root, struct observation *seen)
{
    const struct node *errors = node_get(root, "errors");
    const bool has_first = node_is(errors, NODE_LIST) && errors->as.count > 0 &&
                           node_is(node_first(errors), NODE_TEXT);
    struct buffer sentences = {0};
    const char *wrong = NULL;
    seen->kind = OBSERVED_ERROR;
    if (!collect(errors, &sentences)) {
        seen->error = ERROR_OTHER;
        wrong = answer_no_memory;
        goto out;
    }
    seen->error = classify(status, &sentences);
    if (root && !has_first)
        wrong = "\"errors\" is missing or is no list of sentences";
    if (!has_first)
        goto out;
    seen->error_text = text_copy_length(sentences.bytes, strcspn(sentences.bytes, "\n"));
    if (!seen->error_text)
        wrong = answer_no_memory;
out:
    buffer_free(&sentences);
    return wrong;
}
