#include <string.h>

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

static bool any_contains(const json_t *errors, const char *text)
{
    size_t i;
    const json_t *error;
    json_array_foreach(errors, i, error)
    {
        const char *sentence = json_string_value(error);
        if (sentence && strstr(sentence, text))
            return true;
    }
    return false;
}

static enum observed_error classify(int status, const json_t *errors)
{
    size_t i;
    const json_t *error;
    json_array_foreach(errors, i, error)
    {
        const char *sentence = json_string_value(error);
        if (sentence && says_job_not_found(sentence))
            return ERROR_JOB_NOT_FOUND;
    }
    for (i = 0; i < sizeof(error_texts) / sizeof(error_texts[0]); i++) {
        const struct error_text *row = &error_texts[i];
        if ((row->status == 0 || row->status == status) &&
            (!row->text || any_contains(errors, row->text)))
            return row->error;
    }
    return ERROR_OTHER;
}

const char *answer_read_error(int status, const json_t *root, struct observation *seen)
{
    const json_t *errors = json_object_get(root, "errors");
    const json_t *first = json_array_get(errors, 0);
    seen->kind = OBSERVED_ERROR;
    seen->error = classify(status, errors);
    if (!root)
        return NULL;
    if (!json_is_string(first))
        return "\"errors\" is missing or is no list of sentences";
    const char *text = json_string_value(first);
    seen->error_text = text_copy_length(text, strcspn(text, "\n"));
    return seen->error_text ? NULL : answer_no_memory;
}
