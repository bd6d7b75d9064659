#include <string.h>

#include "reports/alerts.h"
#include "reports/outcome_internal.h"
#include "reports/text_internal.h"

/*
 * GitHub's workflow commands: what a step prints, its runner shows at the line of the file.
 * Source: GitHub's documentation, "Workflow commands for GitHub Actions"; how texts are escaped:
 * actions/toolkit, packages/core/src/command.ts, escapeData() and escapeProperty().
 */

/* A step shows ten errors, ten warnings and ten notices (the same documentation, "Limits"). */
enum { SHOWN_OF_A_LEVEL_MAX = 10, CHECKED_MAX = 1000 };

static const char *const commands[] = {
    [ALERT_NOTE] = "notice", [ALERT_WARNING] = "warning", [ALERT_ERROR] = "error"};
enum { LEVEL_COUNT = sizeof commands / sizeof commands[0] };

static void write_data(const char *text, size_t length, bool is_property, struct buffer *out)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '%' || text[i] == '\r' || text[i] == '\n' ||
            (is_property && (text[i] == ':' || text[i] == ',')))
            buffer_printf(out, "%%%02X", (unsigned)(unsigned char)text[i]);
        else
            buffer_char(out, text[i]);
    }
}

static void write_property(const char *name, const char *text, const char *before,
                           struct buffer *out)
{
    struct buffer plain = {0};
    text_plain(&plain, text);
    buffer_printf(out, "%s%s=", before, name);
    if (!plain.failed)
        write_data(plain.bytes, plain.length, true, out);
    out->failed |= plain.failed;
    buffer_free(&plain);
}

static void write_message(const struct alert *alert, struct buffer *out)
{
    struct buffer text = {0};
    buffer_text(&text, alert->message);
    for (size_t i = 0; alert->verdict && i < alert->verdict->witness_count; i++) {
        buffer_char(&text, '\n');
        outcome_event(&alert->verdict->witness[i], &text);
    }
    if (alert->again)
        buffer_printf(&text, "\nAgain: %s", alert->again);
    if (!text.failed)
        write_data(text.bytes, text.length, false, out);
    out->failed |= text.failed;
    buffer_free(&text);
}

static void write_alert(const struct alert *alert, struct buffer *out)
{
    const char *before = " ";
    buffer_printf(out, "::%s", commands[alert->level]);
    if (alert->file) {
        write_property("file", alert->file, before, out);
        before = ",";
        if (alert->place.line > 0)
            buffer_printf(out, ",line=%u", alert->place.line);
        if (alert->place.line > 0 && alert->place.column > 0)
            buffer_printf(out, ",col=%u", alert->place.column);
    }
    write_property("title", alert->title, before, out);
    buffer_text(out, "::");
    write_message(alert, out);
    buffer_char(out, '\n');
}

void alerts_write_github(const struct alerts *alerts, struct buffer *out)
{
    size_t shown[LEVEL_COUNT] = {[ALERT_NOTE] = 1}; /* the one that says how many are not */
    size_t left_out = alerts->left_out;
    out->failed |= alerts->failed;
    for (size_t i = 0; i < alerts->count && !out->failed; i++) {
        const struct alert *alert = &alerts->items[i];
        if (shown[alert->level]++ < SHOWN_OF_A_LEVEL_MAX)
            write_alert(alert, out);
        else
            left_out++;
    }
    if (left_out > 0)
        buffer_printf(out,
                      "::notice title=freshcheck::%zu more are not shown here, since GitHub shows "
                      "%d of a kind. Another report has all of them.\n",
                      left_out, SHOWN_OF_A_LEVEL_MAX);
}

void report_github(const struct report *report, struct buffer *out)
{
    struct alerts alerts;
    alerts_of_report(report, ALERTS_UNEXPECTED, CHECKED_MAX, &alerts);
    alerts_write_github(&alerts, out);
    alerts_free(&alerts);
}
