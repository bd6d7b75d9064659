#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/recording/har_internal.h"

/* One entry that is a call of Flink's. */
struct har_call {
    const struct node *entry;
    int64_t sent_us, done_us; /* since 1970 */
    uint64_t seq;
    const char *path; /* in `url` */
    char *url;        /* owned */
};

struct har_reading {
    struct json_tree tree;
    struct har_call *calls;
    size_t call_count;
    struct har_tally *tally;
    struct complaints *complaints;
    char *host; /* of the first call; owned */
};

static bool complain(struct har_reading *reading, size_t number, const char *what)
{
    complaints_add(reading->complaints, 0, 0, "entry %zu: %s", number, what);
    return false;
}

static bool no_memory(struct har_reading *reading)
{
    complaints_add(reading->complaints, 0, 0, "out of memory");
    return false;
}

/* Counts hosts: one, or more. */
static bool note_host(struct har_reading *reading, const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *start = scheme ? scheme + 3 : url;
    const size_t length = strcspn(start, "/");
    if (!reading->host) {
        reading->host = text_copy_length(start, length);
        reading->tally->hosts = 1;
        return reading->host != NULL;
    }
    if (strlen(reading->host) != length || memcmp(reading->host, start, length) != 0)
        reading->tally->hosts = 2;
    return true;
}

static const char *read_times(const struct node *entry, struct har_call *call)
{
    int64_t step_us;
    double time_ms;
    if (!har_date(node_get(entry, "startedDateTime"), &call->sent_us, &step_us))
        return "\"startedDateTime\" is missing or is no date";
    if (!node_real(node_get(entry, "time"), &time_ms) || !(time_ms >= 0 && time_ms < 1e12))
        return "\"time\" is missing or is no number of milliseconds";
    call->done_us = call->sent_us + (step_us - 1) + llround(time_ms * 1000);
    return NULL;
}

/* What must be there of request and response. */
static const char *check(const struct node *entry)
{
    const struct node *response = node_get(entry, "response");
    const struct node *status = node_get(response, "status");
    const struct node *text = node_get(node_get(response, "content"), "text");
    const struct node *request = node_get(node_get(node_get(entry, "request"), "postData"), "text");
    if (!node_is(node_get(node_get(entry, "request"), "method"), NODE_TEXT))
        return "\"request.method\" is missing or is no text";
    if (!node_is(status, NODE_INTEGER) || status->as.integer < 0 || status->as.integer > 599)
        return "\"response.status\" is missing or is no HTTP status";
    if (text && !node_is(text, NODE_TEXT))
        return "\"response.content.text\" is no text";
    if (request && !node_is(request, NODE_TEXT))
        return "\"request.postData.text\" is no text";
    return NULL;
}

/* A browser that asked nobody. Chrome's name for it; "304" is an answer. */
static bool came_from_browser(const struct node *entry)
{
    const struct node *kept = node_get(entry, "_fromCache");
    return node_is(kept, NODE_TEXT) && kept->as.text.length > 0;
}

static bool take_entry(struct har_reading *reading, const struct node *entry, size_t number)
{
    const struct node *url = node_get(node_get(entry, "request"), "url");
    const struct node *seq = node_get(entry, "_seq");
    if (!node_is(url, NODE_TEXT))
        return complain(reading, number, "\"request.url\" is missing or is no text");
    struct har_call call = {.entry = entry, .seq = number, .url = node_copy(url)};
    if (!call.url)
        return no_memory(reading);
    call.path = har_flink_path(call.url);
    const bool is_foreign = !call.path, is_kept = came_from_browser(entry);
    if (is_foreign || is_kept) {
        reading->tally->foreign += is_foreign;
        reading->tally->kept += !is_foreign;
        free(call.url);
        return true;
    }
    if (node_is(seq, NODE_INTEGER) && seq->as.integer >= 0)
        call.seq = (uint64_t)seq->as.integer;
    const char *wrong = read_times(entry, &call);
    wrong = wrong ? wrong : check(entry);
    reading->calls[reading->call_count++] = call;
    if (wrong)
        return complain(reading, number, wrong);
    return note_host(reading, call.url) || no_memory(reading);
}

static int earlier_done(const void *left, const void *right)
{
    const struct har_call *a = left, *b = right;
    if (a->done_us != b->done_us)
        return a->done_us < b->done_us ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static const struct node *entries_of(const struct json_tree *tree)
{
    return node_get(node_get(tree->nodes, "log"), "entries");
}

static bool take_entries(struct har_reading *reading)
{
    const struct node *entries = entries_of(&reading->tree);
    if (!node_is(entries, NODE_LIST)) {
        complaints_add(reading->complaints, 0, 0,
                       "it is no HTTP archive: \"log.entries\" is missing or is no list");
        return false;
    }
    reading->tally->entries = entries->as.count;
    reading->calls = calloc(entries->as.count + 1, sizeof(*reading->calls));
    if (!reading->calls)
        return no_memory(reading);
    const struct node *entry = node_first(entries);
    for (size_t i = 0; i < entries->as.count; i++, entry = node_next(entry)) {
        if (!take_entry(reading, entry, i + 1))
            return false;
    }
    qsort(reading->calls, reading->call_count, sizeof(*reading->calls), earlier_done);
    return true;
}

static bool body_of(const struct node *content, struct buffer *body)
{
    const struct node *text = node_get(content, "text");
    struct buffer encoded = {0};
    if (!text)
        return true;
    if (!node_says(node_get(content, "encoding"), "base64")) {
        node_decode(text, body);
        return true;
    }
    node_decode(text, &encoded);
    const bool decoded = har_decode_base64(encoded.bytes, encoded.length, body);
    body->failed |= encoded.failed;
    buffer_free(&encoded);
    return decoded;
}

static void free_headers(struct written_header *headers, char **texts, size_t count)
{
    for (size_t i = 0; texts && i < 2 * count; i++)
        free(texts[i]);
    free(texts);
    free(headers);
}

/* Name and value of each; what has neither is passed over. False when out of memory. */
static bool headers_of(const struct node *list, struct written_header **headers, char ***texts,
                       size_t *count)
{
    const size_t count_max = node_is(list, NODE_LIST) ? list->as.count : 0;
    *count = 0;
    *headers = calloc(count_max + 1, sizeof(**headers));
    *texts = calloc(2 * count_max + 2, sizeof(**texts));
    const struct node *header = list;
    for (size_t i = 0; *headers && *texts && i < count_max; i++) {
        header = i == 0 ? node_first(list) : node_next(header);
        const struct node *name = node_get(header, "name"), *value = node_get(header, "value");
        if (!node_is(name, NODE_TEXT) || !node_is(value, NODE_TEXT))
            continue;
        char **pair = &(*texts)[2 * (*count)++];
        pair[0] = node_copy(name);
        pair[1] = node_copy(value);
        if (!pair[0] || !pair[1])
            return false;
        (*headers)[*count - 1] = (struct written_header){pair[0], pair[1]};
    }
    return *headers && *texts;
}

/* The line of one call. False when out of memory or after a complaint. */
static bool write_call(struct har_reading *reading, const struct har_call *call, int64_t time0_us,
                       struct buffer *line)
{
    const struct node *request = node_get(call->entry, "request");
    const struct node *response = node_get(call->entry, "response");
    const struct node *posted = node_get(node_get(request, "postData"), "text");
    const struct node *client = node_get(call->entry, "_client");
    struct written_header *headers;
    char **texts;
    size_t header_count;
    struct buffer body = {0}, sent = {0};
    char *method = node_copy(node_get(request, "method"));
    char *who = node_is(client, NODE_TEXT) ? node_copy(client) : NULL;
    bool written = headers_of(node_get(response, "headers"), &headers, &texts, &header_count) &&
                   method && (who || !node_is(client, NODE_TEXT));
    if (written && !body_of(node_get(response, "content"), &body)) {
        complaints_add(reading->complaints, 0, 0,
                       "the answer of exchange %" PRIu64 " is no base64, though it says so",
                       call->seq);
        written = false;
    }
    if (posted)
        node_decode(posted, &sent);
    if (written) {
        const struct written_exchange exchange = {
            .seq = call->seq,
            .sent_us = call->sent_us - time0_us,
            .done_us = call->done_us - time0_us,
            .method = method,
            .path = call->path,
            .request = posted ? (sent.bytes ? sent.bytes : "") : NULL,
            .request_length = sent.length,
            .status = (int)node_get(response, "status")->as.integer,
            .headers = headers,
            .header_count = header_count,
            .body = body.bytes,
            .body_length = body.length,
            .client = who,
        };
        written_exchange_line(&exchange, line);
        line->failed |= body.failed | sent.failed;
    }
    free_headers(headers, texts, header_count);
    buffer_free(&body);
    buffer_free(&sent);
    free(method);
    free(who);
    return written;
}

/* What the archive says of the cluster in a member of its own, as a recording's first line. */
static const struct node *own_head(const struct json_tree *tree)
{
    return node_get(node_get(tree->nodes, "log"), "_recording");
}

/* A setting's value as a configuration file would have it. */
static char *setting_text(const struct node *value)
{
    char number[40];
    if (node_is(value, NODE_TEXT))
        return node_copy(value);
    if (node_is(value, NODE_INTEGER))
        snprintf(number, sizeof(number), "%" PRId64, value->as.integer);
    else if (node_is(value, NODE_REAL))
        snprintf(number, sizeof(number), "%.17g", value->as.real);
    else
        snprintf(number, sizeof(number), "%s", node_is(value, NODE_TRUE) ? "true" : "");
    return text_copy(number);
}

/* A name is no text of its own in the tree. */
static char *copy_name(const struct node *member)
{
    return text_copy_length(member->name, member->name_length);
}

/* Settings of the archive's own, then those that were given. */
static void write_settings(const struct node *own, const struct har_cluster *cluster,
                           struct written_head *head, struct buffer *line)
{
    const size_t own_count = node_is(own, NODE_OBJECT) ? own->as.count : 0;
    struct written_setting *all = calloc(own_count + cluster->setting_count + 1, sizeof(*all));
    char **texts = calloc(2 * own_count + 1, sizeof(*texts));
    const struct node *member = own;
    bool fine = all && texts;
    for (size_t i = 0; fine && i < own_count; i++) {
        member = i == 0 ? node_first(own) : node_next(member);
        texts[2 * i] = copy_name(member);
        texts[2 * i + 1] = setting_text(member);
        all[i] = (struct written_setting){texts[2 * i], texts[2 * i + 1]};
        fine = texts[2 * i] && texts[2 * i + 1];
    }
    for (size_t i = 0; fine && i < cluster->setting_count && own_count == 0; i++)
        all[i] = cluster->settings[i];
    head->settings = all;
    head->setting_count = own_count > 0 ? own_count : cluster->setting_count;
    if (fine)
        written_head_line(head, line);
    line->failed |= !fine;
    for (size_t i = 0; texts && i < 2 * own_count; i++)
        free(texts[i]);
    free(texts);
    free(all);
}

static void write_head(struct har_reading *reading, const char *name,
                       const struct har_cluster *cluster, int64_t *time0_us, struct buffer *line)
{
    const struct node *own = own_head(&reading->tree);
    const struct node *own_name = node_get(own, "recording");
    const struct node *own_version = node_get(own, "flink_version");
    double time0_ms;
    char *name_text = node_is(own_name, NODE_TEXT) ? node_copy(own_name) : NULL;
    char *version = node_is(own_version, NODE_TEXT) ? node_copy(own_version) : NULL;
    if (reading->call_count > 0)
        *time0_us = reading->calls[0].sent_us;
    for (size_t i = 0; i < reading->call_count; i++) {
        if (reading->calls[i].sent_us < *time0_us)
            *time0_us = reading->calls[i].sent_us;
    }
    if (node_real(node_get(own, "time0_epoch_ms"), &time0_ms) && fabs(time0_ms) < 9e12)
        *time0_us = llround(time0_ms * 1000);
    struct written_head head = {
        .name = name_text ? name_text : name,
        .flink_version = version                  ? version
                         : cluster->flink_version ? cluster->flink_version
                                                  : "unknown",
        .time0_us = *time0_us,
    };
    reading->tally->knows_cluster = version != NULL;
    write_settings(node_get(own, "settings"), cluster, &head, line);
    free(name_text);
    free(version);
}

/* The notes that an archive of ours kept. */
static void write_notes(const struct har_reading *reading, struct buffer *line)
{
    const struct node *notes = node_get(node_get(reading->tree.nodes, "log"), "_notes");
    const struct node *note = notes;
    for (size_t i = 0; node_is(notes, NODE_LIST) && i < notes->as.count; i++) {
        double at_ms;
        note = i == 0 ? node_first(notes) : node_next(note);
        const struct node *text = node_get(note, "note");
        if (!node_is(text, NODE_TEXT) || !node_real(node_get(note, "at_ms"), &at_ms) ||
            !(fabs(at_ms) < 9e12))
            continue;
        char *copy = node_copy(text);
        if (copy)
            written_note_line(llround(at_ms * 1000), copy, line);
        line->failed |= !copy;
        free(copy);
    }
}

static bool put(struct har_reading *reading, FILE *recording, struct buffer *line)
{
    if (line->failed)
        return no_memory(reading);
    if (fwrite(line->bytes, 1, line->length, recording) != line->length) {
        complaints_add(reading->complaints, 0, 0, "the recording could not be written");
        return false;
    }
    buffer_clear(line);
    return true;
}

static bool write_recording(struct har_reading *reading, const char *name,
                            const struct har_cluster *cluster, FILE *recording)
{
    struct buffer line = {0};
    int64_t time0_us = 0;
    write_head(reading, name, cluster, &time0_us, &line);
    write_notes(reading, &line);
    bool written = put(reading, recording, &line);
    for (size_t i = 0; written && i < reading->call_count; i++) {
        written = write_call(reading, &reading->calls[i], time0_us, &line);
        if (!written && reading->complaints->count == 0)
            no_memory(reading);
        written = written && put(reading, recording, &line);
    }
    buffer_free(&line);
    return written;
}

static bool read_tree(struct json_tree *tree, const char *bytes, size_t length,
                      struct complaints *complaints)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    if (length >= 3 && memcmp(bytes, byte_order_mark, 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    const enum json_outcome outcome = json_tree_read(tree, bytes, length);
    if (outcome != JSON_READ)
        complaints_add(complaints, 0, 0, "%s",
                       outcome == JSON_NO_MEMORY ? "out of memory"
                                                 : "it is no HTTP archive: it is no valid JSON");
    return outcome == JSON_READ;
}

bool har_read(const char *bytes, size_t length, const char *name, const struct har_cluster *cluster,
              FILE *recording, struct har_tally *tally, struct complaints *complaints)
{
    *tally = (struct har_tally){0};
    struct har_reading reading = {.tally = tally, .complaints = complaints};
    const bool done = read_tree(&reading.tree, bytes, length, complaints) &&
                      take_entries(&reading) && write_recording(&reading, name, cluster, recording);
    for (size_t i = 0; i < reading.call_count; i++)
        free(reading.calls[i].url);
    free(reading.calls);
    free(reading.host);
    json_tree_free(&reading.tree);
    return done;
}
