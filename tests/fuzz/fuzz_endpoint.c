/* rooms: rest_endpoint gateway base */
/* libFuzzer entry: what a client can send to the endpoint. The first byte chooses version and
 * method; then come a line with the target, a line with Cache-Control, and the body. It is sent
 * twice, and every call of the gateway fails, so that errors are written too. */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rest_endpoint/endpoint.h"
#include "rest_endpoint/policy_sets.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Every request has exactly one reply, with a body. */
static void drain(struct endpoint *endpoint, int64_t now_us, unsigned *replies)
{
    struct endpoint_action action;
    while (endpoint_next(endpoint, &action)) {
        if (action.kind == ACTION_FETCH) {
            struct fetch_result result = {.outcome = OUTCOME_JOB_NOT_FOUND};
            assert(endpoint_fetched(endpoint, now_us, action.fetch, &result) == 0);
            continue;
        }
        size_t body_length;
        assert(body_bytes(action.body, &body_length) && body_length > 0);
        body_release(action.body);
        ++*replies;
    }
}

/* The part up to the next line end; *rest moves behind it. */
static char *next_line(const char **rest, size_t *left, size_t *line_length)
{
    const char *end = memchr(*rest, '\n', *left);
    *line_length = end ? (size_t)(end - *rest) : *left;
    char *line = text_copy_length(*rest, *line_length);
    *rest += *line_length + (end != NULL);
    *left -= *line_length + (end != NULL);
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct settings settings;
    struct endpoint_config config;
    if (length == 0)
        return 0;
    settings_default(&settings);
    policy_set_configure(policy_set_at(bytes[0] / 4 % policy_set_count()), &settings, &config);
    struct endpoint *endpoint = endpoint_new(&config);
    const char *rest = (const char *)bytes + 1;
    size_t left = length - 1;
    size_t target_length, control_length;
    char *target = next_line(&rest, &left, &target_length);
    char *control = next_line(&rest, &left, &control_length);
    unsigned replies = 0;
    for (uint64_t id = 1; id <= 2; id++) {
        const struct request request = {
            .id = id,
            .method = (enum http_method)(bytes[0] % 4),
            .target = target,
            .target_length = target_length,
            .cache_control = control_length > 0 ? control : NULL,
            .body = rest,
            .body_length = left,
        };
        assert(endpoint_request(endpoint, (int64_t)id, &request) == 0);
        drain(endpoint, (int64_t)id, &replies);
    }
    assert(replies == 2);
    free(target);
    free(control);
    endpoint_free(endpoint);
    return 0;
}
