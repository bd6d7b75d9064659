/* rooms: harness/control harness/cluster harness/implementations harness/scenario harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
/* libFuzzer entry: control calls, one after the other on one cluster. A NUL ends a call; it is a
 * byte for the method, the target, a line end and the body. */

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/control/control.h"
#include "tests/support/small_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct session {
    struct cluster *cluster;
    struct control *control;
    struct control_clock clock;
    uint64_t ticket;
};

static void read_clock(void *context, struct control_clock *clock)
{
    *clock = ((struct session *)context)->clock;
}

static bool advance(void *context, int64_t to_us)
{
    struct session *session = context;
    while (cluster_due(session->cluster, NULL) <= to_us) {
        if (!cluster_advance(session->cluster, cluster_due(session->cluster, NULL)))
            return false;
    }
    session->clock.now_us = to_us;
    return true;
}

static void set_frozen(void *context)
{
    (void)context;
}

static bool add_wire_fault(void *context, const struct wire_fault *fault)
{
    (void)context;
    return memchr(fault->path, '\0', sizeof fault->path) != NULL || (abort(), false);
}

static struct cluster *load_scenario(void *context, const struct control_load *load)
{
    struct session *session = context;
    struct cluster *cluster =
        cluster_new(load->plan, load->implementation, load->seed, 0, &session->ticket);
    if (!cluster)
        return NULL;
    cluster_free(session->cluster);
    session->cluster = cluster;
    session->clock.now_us = 0;
    return cluster;
}

/* Exactly as long as they are, so that reading on is seen. */
static char *copy(const char *text, size_t length)
{
    char *copied = malloc(length);
    if (copied)
        memcpy(copied, text, length);
    return copied;
}

static void check(const struct control_answer *answer)
{
    const bool is_text = strncmp(answer->content_type, "text/plain", 10) == 0;
    json_t *root = is_text ? NULL : json_loadb(answer->body.bytes, answer->body.length, 0, NULL);
    if (!is_text && !json_is_object(root))
        abort();
    if ((answer->status == 200) == (json_object_get(root, "errors") != NULL))
        abort();
    json_decref(root);
}

static void call(struct session *session, const char *text, size_t length)
{
    if (length == 0)
        return;
    const char *line_end = memchr(text + 1, '\n', length - 1);
    const size_t target_length = (line_end ? (size_t)(line_end - text) : length) - 1;
    const size_t body_length = line_end ? length - target_length - 2 : 0;
    char *target = copy(text + 1, target_length);
    char *body = copy(line_end ? line_end + 1 : text, body_length);
    const struct request request = {.method = (enum http_method)((unsigned char)text[0] % 5),
                                    .target = target,
                                    .target_length = target_length,
                                    .body = body,
                                    .body_length = body_length};
    struct control_answer answer;
    if (control_request(session->control, &request, &answer) == CONTROL_ANSWERED) {
        check(&answer);
        buffer_free(&answer.body);
    }
    free(target);
    free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct plan plan = small_plan();
    struct session session = {.clock = {.manual = true, .frozen = true}};
    const struct implementation *implementation = implementation_find("flink-1.20");
    session.cluster = cluster_new(&plan, implementation, 1, 0, &session.ticket);
    const struct control_config config = {.cluster = session.cluster,
                                          .plan = &plan,
                                          .implementation = implementation,
                                          .ports = {.context = &session,
                                                    .read_clock = read_clock,
                                                    .advance = advance,
                                                    .freeze = set_frozen,
                                                    .resume = set_frozen,
                                                    .add_wire_fault = add_wire_fault,
                                                    .clear_wire_faults = set_frozen,
                                                    .load = load_scenario},
                                          .journal_lines_max = 50};
    session.control = session.cluster ? control_new(&config) : NULL;
    const char *text = (const char *)bytes;
    const char *const end = text + length;
    while (session.control && text < end) {
        const char *stop = memchr(text, '\0', (size_t)(end - text));
        call(&session, text, (size_t)((stop ? stop : end) - text));
        text = stop ? stop + 1 : end;
    }
    control_free(session.control);
    cluster_free(session.cluster);
    return 0;
}
