#include "rest_endpoint/error_memo_internal.h"

#include <stdlib.h>
#include <string.h>

#include "rest_endpoint/body.h"

static void forget(struct kept_error *kept)
{
    free(kept->message);
    body_release(kept->body);
    *kept = (struct kept_error){0};
}

void error_memo_free(struct error_memo *memo)
{
    for (size_t i = 0; i < ERRORS_KEPT; i++)
        forget(&memo->items[i]);
}

struct body *error_recall(const struct error_memo *memo, const struct error_kind *kind,
                          struct id id, const char *message)
{
    for (size_t i = 0; i < ERRORS_KEPT; i++) {
        const struct kept_error *kept = &memo->items[i];
        if (kept->kind == kind && id_equal(kept->id, id) &&
            (!message || strcmp(kept->message, message) == 0))
            return kept->body;
    }
    return NULL;
}

void error_keep(struct error_memo *memo, const struct error_kind *kind, struct id id,
                struct buffer *message, struct body *body)
{
    char *text = buffer_take(message);
    if (!text)
        return; /* the next one is written anew */
    struct kept_error *kept = &memo->items[memo->oldest];
    memo->oldest = (memo->oldest + 1) % ERRORS_KEPT;
    forget(kept);
    *kept = (struct kept_error){.kind = kind, .id = id, .message = text, .body = body_retain(body)};
}
