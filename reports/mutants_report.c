#include "reports/mutants_report.h"

#include <string.h>

#include "base/json_writer.h"
#include "reports/text_internal.h"

enum { LEGEND_COLUMNS = 3, LEGEND_WIDTH = 24 };

static void begin(const struct mutants_report *report, enum colour colour, struct buffer *out)
{
    text_begin(&(struct report){.colour = report->colour}, colour, out);
}

static void end(const struct mutants_report *report, struct buffer *out)
{
    text_end(&(struct report){.colour = report->colour}, out);
}

/* A property is a letter: 26 are more than there will be. */
static char letter_of(size_t property)
{
    return (char)('a' + property);
}

static size_t name_width(const struct mutants_report *report)
{
    size_t width = strlen("mutant");
    for (size_t i = 0; i < report->count; i++) {
        if (strlen(report->lines[i].name) > width)
            width = strlen(report->lines[i].name);
    }
    return width;
}

static size_t killed_by(const struct mutants_report *report, size_t property)
{
    size_t count = 0;
    for (size_t i = 0; i < report->count; i++)
        count += report->lines[i].by[property];
    return count;
}

size_t mutants_killed(const struct mutants_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->count; i++)
        count += report->lines[i].killed;
    return count;
}

static void write_head(const struct mutants_report *report, size_t width, struct buffer *out)
{
    begin(report, COLOUR_BOLD, out);
    text_pad(out, 0, width);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        buffer_printf(out, " %c", letter_of(i));
    end(report, out);
    buffer_char(out, '\n');
}

static void write_dots(const struct mutants_report *report, const struct mutant_line *line,
                       size_t width, struct buffer *out)
{
    buffer_text(out, line->name);
    text_pad(out, strlen(line->name), width);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        buffer_text(out, line->by[i] ? " #" : " .");
    if (!line->killed) {
        begin(report, COLOUR_BAD, out);
        buffer_text(out, "  survives");
        end(report, out);
    }
    buffer_char(out, '\n');
}

/* Letter, property, and how many it kills: a 0 is a property that nothing here puts to the test. */
static void write_legend(const struct mutants_report *report, struct buffer *out)
{
    const size_t rows = (PROPERTY_COUNT + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < PROPERTY_COUNT; i += rows) {
            const char *id = property_id((enum property)i);
            buffer_printf(out, "%c %3zu %s", letter_of(i), killed_by(report, i), id);
            if (i + rows < PROPERTY_COUNT)
                text_pad(out, strlen(id), LEGEND_WIDTH);
        }
        buffer_char(out, '\n');
    }
}

static void write_killers(const struct mutants_report *report, size_t width, struct buffer *out)
{
    buffer_text(out, "mutant");
    text_pad(out, strlen("mutant"), width);
    buffer_text(out, "  events  smallest scenario that kills it\n");
    for (size_t i = 0; i < report->count; i++) {
        const struct mutant_line *line = &report->lines[i];
        buffer_text(out, line->name);
        text_pad(out, strlen(line->name), width);
        if (line->killed)
            buffer_printf(out, "  %6zu  %s\n", line->events, line->scenario);
        else
            buffer_printf(out, "       -  none, nor %s: %s\n", report->missed, line->summary);
    }
}

void mutants_report_text(const struct mutants_report *report, struct buffer *out)
{
    const size_t width = name_width(report), killed = mutants_killed(report);
    write_head(report, width, out);
    for (size_t i = 0; i < report->count; i++)
        write_dots(report, &report->lines[i], width, out);
    write_head(report, width, out);
    buffer_text(out, "\nby property, with how many mutants it kills\n");
    write_legend(report, out);
    buffer_char(out, '\n');
    write_killers(report, width, out);
    buffer_printf(out, "\n%zu mutants: %zu killed, %zu survived\n", report->count, killed,
                  report->count - killed);
}

static void write_line(struct json_writer *json, const struct mutant_line *line)
{
    json_begin_object(json);
    json_member_text(json, "name", line->name);
    json_member_bool(json, "killed", line->killed);
    json_member_array(json, "by");
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (line->by[i])
            json_text(json, property_id((enum property)i));
    }
    json_end_array(json);
    json_member_text(json, "scenario", line->scenario);
    if (line->killed)
        json_member_int64(json, "events", (int64_t)line->events);
    else
        json_member_null(json, "events");
    json_member_text(json, "kind", line->kind);
    json_member_text(json, "summary", line->summary);
    json_member_text(json, "source", line->source);
    json_end_object(json);
}

void mutants_report_json(const struct mutants_report *report, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_begin_object(&json);
    json_member_array(&json, "mutants");
    for (size_t i = 0; i < report->count; i++)
        write_line(&json, &report->lines[i]);
    json_end_array(&json);
    json_end_object(&json);
    buffer_char(out, '\n');
}
