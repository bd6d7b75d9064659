#include "harness/target/origin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "harness/cluster/cluster.h"
#include "harness/control/replies.h"
#include "harness/live/clock.h"
#include "harness/live/http_target.h"

enum { PAGE_LINES = 10000 };

struct origin {
    struct http_target *http;
    struct target target;
    struct conform_exchange answer; /* the last one; borrowed from the target */
    struct buffer path;             /* of the call under way */
    char *refusal;                  /* what the last one that was refused is said to be */
    struct control_scenario loaded;
    struct clock_offset offset;
    bool started;                       /* the scenario's clock goes */
    int64_t zero_us;                    /* its 0, by the machine's clock */
    uint64_t first_line, first_request; /* of this scenario */
};

static const char out_of_memory[] = "out of memory";
static const char no_mock[] = "what answers there is no freshcheck serve";

struct origin *origin_new(const char *url, const char **why)
{
    struct origin *origin = calloc(1, sizeof *origin);
    *why = out_of_memory;
    if (!origin)
        return NULL;
    origin->offset = clock_offset_unknown();
    origin->http = http_target_new(url, why);
    if (!origin->http) {
        origin_free(origin);
        return NULL;
    }
    origin->target = http_target(origin->http);
    return origin;
}

void origin_free(struct origin *origin)
{
    if (!origin)
        return;
    http_target_free(origin->http);
    buffer_free(&origin->path);
    free(origin->refusal);
    free(origin);
}

/* --- calls --------------------------------------------------------------------------------- */

/* Asks for origin->path. NULL: answered, with whatever status. */
static const char *ask(struct origin *origin, const char *method, const char *body)
{
    const char *why = out_of_memory;
    buffer_char(&origin->path, '\0');
    if (origin->path.failed)
        return out_of_memory;
    const struct target_request request = {
        .method = method, .path = origin->path.bytes, .body = body};
    const enum target_outcome outcome =
        origin->target.ask(origin->target.context, &request, &origin->answer, &why);
    buffer_clear(&origin->path);
    return outcome == TARGET_ANSWERED ? NULL : outcome == TARGET_SILENT ? why : out_of_memory;
}

/* Asks, and insists on a 200. */
static const char *call(struct origin *origin, const char *method, const char *body)
{
    const char *why = ask(origin, method, body);
    if (why || origin->answer.status == 200)
        return why;
    free(origin->refusal);
    origin->refusal = control_read_error(origin->answer.body, origin->answer.body_length);
    return origin->refusal ? origin->refusal : no_mock;
}

enum origin_kind origin_look(struct origin *origin, const char **why)
{
    buffer_text(&origin->path, "/freshcheck/scenario");
    *why = ask(origin, "GET", NULL);
    if (*why == out_of_memory)
        return ORIGIN_UNKNOWN;
    if (*why)
        return ORIGIN_NOBODY;
    if (origin->answer.status == 200 &&
        control_read_scenario(origin->answer.body, origin->answer.body_length, &origin->loaded))
        return ORIGIN_MOCK;
    *why = no_mock;
    return ORIGIN_STRANGER;
}

/* --- a scenario ---------------------------------------------------------------------------- */

static const char *find_first_lines(struct origin *origin)
{
    struct journal_page lines;
    struct request_page requests;
    buffer_text(&origin->path, "/freshcheck/journal?limit=1");
    const char *why = call(origin, "GET", NULL);
    if (why)
        return why;
    if (!control_read_journal(origin->answer.body, origin->answer.body_length, &lines))
        return no_mock;
    origin->first_line = lines.first;
    journal_page_free(&lines);
    buffer_text(&origin->path, "/freshcheck/requests?limit=1");
    why = call(origin, "GET", NULL);
    if (why)
        return why;
    if (!control_read_requests(origin->answer.body, origin->answer.body_length, &requests))
        return no_mock;
    origin->first_request = requests.first;
    request_page_free(&requests);
    return NULL;
}

/* What stands in a query. Source: RFC 3986, section 2. */
static void append_coded(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || strchr("-._~/:", c);
        if (plain)
            buffer_char(out, (char)c);
        else
            buffer_printf(out, "%%%02X", c);
    }
}

const char *origin_load(struct origin *origin, const struct origin_load *load)
{
    origin->started = false;
    origin->offset = clock_offset_unknown();
    buffer_printf(&origin->path, "/freshcheck/scenario?clock=frozen&seed=%" PRIu64 "&salt=%" PRIx64,
                  load->seed, load->salt);
    buffer_text(&origin->path, "&implementation=");
    append_coded(&origin->path, load->implementation);
    buffer_text(&origin->path, "&name=");
    append_coded(&origin->path, load->name);
    const char *why = call(origin, "POST", load->text);
    if (why)
        return why;
    if (!control_read_scenario(origin->answer.body, origin->answer.body_length, &origin->loaded))
        return no_mock;
    return find_first_lines(origin);
}

const char *origin_start_job(struct origin *origin, struct id job, const char *path)
{
    char id[ID_DIGITS + 1];
    id_format(job, id);
    buffer_printf(&origin->path, "/freshcheck/jobs/%s/start?path=", id);
    append_coded(&origin->path, path ? path : "");
    return call(origin, "POST", NULL);
}

/* --- clocks -------------------------------------------------------------------------------- */

const struct clock_offset *origin_offset(const struct origin *origin)
{
    return &origin->offset;
}

int64_t origin_zero_us(const struct origin *origin)
{
    return origin->zero_us;
}

/* One round trip: a clock is read on both sides. */
static const char *ask_clock(struct origin *origin, const char *method, const char *path,
                             struct control_clock *clock)
{
    buffer_text(&origin->path, path);
    const int64_t sent_us = live_clock_real_us();
    const char *why = call(origin, method, NULL);
    const int64_t done_us = live_clock_real_us();
    if (why)
        return why;
    if (!control_read_clock(origin->answer.body, origin->answer.body_length, clock))
        return no_mock;
    if (clock->manual)
        return "its clock moves by hand only; serve it with --clock real";
    clock_offset_learn(&origin->offset, sent_us, clock->monotonic_us, done_us);
    return NULL;
}

const char *origin_start_clock(struct origin *origin)
{
    struct control_clock clock;
    const char *why = ask_clock(origin, "POST", "/freshcheck/clock/resume", &clock);
    if (why)
        return why;
    if (clock.frozen)
        return "its clock does not go";
    origin->zero_us = clock.zero_monotonic_us;
    origin->started = true;
    return NULL;
}

const char *origin_compare_clocks(struct origin *origin, unsigned round_trips)
{
    for (unsigned i = 0; i < round_trips; i++) {
        struct control_clock clock;
        const char *why = ask_clock(origin, "GET", "/freshcheck/clock", &clock);
        if (why)
            return why;
        if (origin->started && (clock.frozen || clock.zero_monotonic_us != origin->zero_us))
            return "somebody else moved the origin's clock meanwhile";
    }
    return NULL;
}

/* --- the truth ----------------------------------------------------------------------------- */

static bool make_room(void **items, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity)
        return true;
    size_t wanted = *capacity ? *capacity : 64;
    while (wanted < count)
        wanted *= 2;
    void *grown = realloc(*items, wanted * size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

/* The facts take over the paths. */
static bool take_facts(struct origin_truth *truth, struct journal_page *page)
{
    void *facts = truth->facts;
    const bool roomy = make_room(&facts, &truth->fact_capacity, truth->fact_count + page->count,
                                 sizeof *truth->facts);
    truth->facts = facts;
    for (size_t i = 0; roomy && i < page->count; i++) {
        if (!cluster_fact_of(&page->entries[i], &truth->facts[truth->fact_count]))
            continue;
        page->entries[i].path = NULL;
        truth->fact_count++;
    }
    return roomy;
}

static bool take_requests(struct origin_truth *truth, const struct request_page *page)
{
    void *requests = truth->requests;
    const bool roomy = make_room(&requests, &truth->request_capacity,
                                 truth->request_count + page->count, sizeof *truth->requests);
    truth->requests = requests;
    if (roomy && page->count > 0)
        memcpy(truth->requests + truth->request_count, page->lines,
               page->count * sizeof *page->lines);
    truth->request_count += roomy ? page->count : 0;
    return roomy;
}

static const char *tell_facts(struct origin *origin, struct origin_truth *truth)
{
    uint64_t from = origin->first_line, end = from + 1;
    while (from < end) {
        struct journal_page page;
        buffer_printf(&origin->path, "/freshcheck/journal?from=%" PRIu64 "&limit=%d", from,
                      PAGE_LINES);
        const char *why = call(origin, "GET", NULL);
        if (why)
            return why;
        if (!control_read_journal(origin->answer.body, origin->answer.body_length, &page))
            return no_mock;
        const bool lost = page.first > origin->first_line;
        const bool taken = take_facts(truth, &page);
        from = page.next;
        end = page.end;
        journal_page_free(&page);
        if (lost)
            return "the origin's journal has dropped lines; serve it with a larger --journal";
        if (!taken)
            return out_of_memory;
    }
    return NULL;
}

static const char *tell_requests(struct origin *origin, struct origin_truth *truth)
{
    uint64_t from = origin->first_request, end = from + 1;
    while (from < end) {
        struct request_page page;
        buffer_printf(&origin->path, "/freshcheck/requests?from=%" PRIu64 "&limit=%d", from,
                      PAGE_LINES);
        const char *why = call(origin, "GET", NULL);
        if (why)
            return why;
        if (!control_read_requests(origin->answer.body, origin->answer.body_length, &page))
            return no_mock;
        const bool lost = page.first > origin->first_request;
        const bool taken = take_requests(truth, &page);
        from = page.next;
        end = page.end;
        request_page_free(&page);
        if (lost)
            return "the origin's list of requests has dropped lines; serve it with a larger "
                   "--journal";
        if (!taken)
            return out_of_memory;
    }
    return NULL;
}

static const char *check_still_loaded(struct origin *origin)
{
    struct control_scenario now;
    buffer_text(&origin->path, "/freshcheck/scenario");
    const char *why = call(origin, "GET", NULL);
    if (why)
        return why;
    if (!control_read_scenario(origin->answer.body, origin->answer.body_length, &now))
        return no_mock;
    return now.loads == origin->loaded.loads && now.salt == origin->loaded.salt
               ? NULL
               : "somebody else loaded another scenario meanwhile";
}

const char *origin_tell(struct origin *origin, struct origin_truth *truth)
{
    const char *why = tell_facts(origin, truth);
    if (!why)
        why = tell_requests(origin, truth);
    return why ? why : check_still_loaded(origin);
}

void origin_truth_free(struct origin_truth *truth)
{
    for (size_t i = 0; i < truth->fact_count; i++)
        free((void *)(uintptr_t)truth->facts[i].path);
    free(truth->facts);
    free(truth->requests);
    *truth = (struct origin_truth){0};
}
