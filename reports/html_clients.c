#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/html_picture_internal.h"

/* The lanes of clients: what each asked, and what it got. */

enum { CLIENTS_MAX = 12 };

static void write_answer(const struct story_exchange *exchange, struct buffer *out)
{
    if (exchange->status == 0)
        buffer_text(out, "no answer");
    else if (exchange->status >= 400)
        buffer_printf(out, "%d", exchange->status);
    else if (exchange->shows_latest && exchange->shown == 0)
        buffer_text(out, "none");
    else if (exchange->shows_latest)
        buffer_printf(out, "%" PRId64, exchange->shown);
}

static void write_exchange_tip(const struct picture *picture, const struct story_exchange *exchange,
                               struct buffer *out)
{
    html_text(out, exchange->client[0] ? exchange->client : "a client");
    buffer_text(out, " at ");
    html_time(out, exchange->sent_us);
    buffer_text(out, ": ");
    html_text(out, exchange->method);
    buffer_text(out, exchange->method[0] ? " " : "");
    html_text(out, exchange->target);
    buffer_printf(out, exchange->status ? ", answered %d at " : ", given up at ", exchange->status);
    html_time(out, exchange->done_us);
    if (exchange->shows_latest)
        buffer_printf(out, "; latest completed: %" PRId64 "; true when it was sent: %" PRId64,
                      exchange->shown, exchange->newest);
    if (exchange->lacked_us >= 0) {
        buffer_text(out, "; stale for ");
        html_time(out, exchange->sent_us - exchange->lacked_us);
    }
    for (size_t i = 0; exchange->fetch && i < picture->story->call_count; i++) {
        const struct story_call *call = &picture->story->calls[i];
        if (call->fetch == exchange->fetch) {
            buffer_text(out, "; from the fetch at ");
            html_time(out, call->sent_us);
        }
    }
    if (exchange->seq)
        buffer_printf(out, " [seq %" PRIu64 "]", exchange->seq);
}

/* Beside the end of an exchange; of one that ends beyond the picture, at its beginning. */
static int64_t label_us(const struct story *story, const struct story_exchange *exchange)
{
    const int64_t seen_us = story->until_us - (story->until_us - story->from_us) / 25;
    return exchange->done_us < seen_us ? exchange->done_us : exchange->sent_us;
}

static void draw_label(struct picture *picture, const struct story_exchange *exchange, int top,
                       int height)
{
    picture_begin_at(picture, label_us(picture->story, exchange), top);
    buffer_printf(picture->out, "<text class=\"id\" x=\"5\" y=\"%d\">", height / 2 + 4);
    write_answer(exchange, picture->out);
    buffer_text(picture->out, "</text></g>");
}

static void draw_exchange(struct picture *picture, const struct story_exchange *exchange, int top,
                          int height, bool labelled)
{
    struct buffer *out = picture->out;
    const bool failed = exchange->status == 0 || exchange->status >= 400;
    const char *class = failed ? "failed" : exchange->lacked_us >= 0 ? "old" : "new";
    picture_begin_event(picture, exchange->is_witness ? "event witness" : "event");
    write_exchange_tip(picture, exchange, out);
    if (exchange->fetch)
        buffer_printf(out, "\" data-fetch=\"%" PRIu64, exchange->fetch);
    buffer_text(out, "\">");
    picture_bar(picture, class, exchange->sent_us, exchange->done_us, top, height);
    picture_tick(picture, class, exchange->sent_us, top, height);
    if (labelled)
        draw_label(picture, exchange, top, height);
    buffer_text(out, "</g>");
}

static size_t count_rows(const struct story *story, const char *client)
{
    struct picture_rows rows = {0};
    for (size_t i = 0; i < story->exchange_count; i++) {
        const struct story_exchange *exchange = &story->exchanges[i];
        if (strcmp(exchange->client, client) == 0)
            picture_row(&rows, exchange->sent_us, exchange->done_us);
    }
    return rows.count;
}

/* A label is left out where it would be written over the one before. */
static void draw_client(struct picture *picture, const char *client)
{
    const struct story *story = picture->story;
    const size_t count = count_rows(story, client);
    const int y = picture->y, height = picture_row_height(count);
    double free_from[PICTURE_ROWS_MAX] = {0};
    struct picture_rows rows = {0};
    picture_begin_lane(picture, "", client[0] ? client : "clients", picture_rows_height(count));
    for (size_t i = 0; i < story->exchange_count; i++) {
        const struct story_exchange *exchange = &story->exchanges[i];
        if (strcmp(exchange->client, client) != 0)
            continue;
        const size_t row = picture_row(&rows, exchange->sent_us, exchange->done_us);
        const int top = y + picture_row_top(count, row);
        const double x = picture_x(picture, label_us(story, exchange));
        const bool labelled = exchange->is_witness || x >= free_from[row];
        if (labelled)
            free_from[row] = x + 34;
        draw_exchange(picture, exchange, top, height, labelled);
    }
}

static bool client_came_before(const struct story *story, size_t index, bool witness)
{
    for (size_t i = 0; i < story->exchange_count; i++) {
        if (i != index && strcmp(story->exchanges[i].client, story->exchanges[index].client) == 0 &&
            ((i < index && story->exchanges[i].is_witness == witness) ||
             (!witness && story->exchanges[i].is_witness)))
            return true;
    }
    return false;
}

/* Those of the witness first. */
void picture_clients(struct picture *picture)
{
    const struct story *story = picture->story;
    size_t count = 0, more = 0;
    for (int witness = 1; witness >= 0; witness--) {
        for (size_t i = 0; i < story->exchange_count; i++) {
            if (story->exchanges[i].is_witness != (bool)witness ||
                client_came_before(story, i, witness))
                continue;
            if (count++ < CLIENTS_MAX)
                draw_client(picture, story->exchanges[i].client);
            else
                more++;
        }
    }
    if (more > 0) {
        char text[40];
        snprintf(text, sizeof text, "%zu more clients", more);
        picture_begin_lane(picture, "", text, PICTURE_LANE);
    }
}
