#include <string.h>

#include "base/duration.h"
#include "reports/html_internal.h"
#include "reports/outcome_internal.h"

static void write_escaped(struct buffer *out, char c)
{
    if (text_reference(out, c))
        return;
    if (c == '\'')
        buffer_text(out, "&#39;");
    else
        buffer_char(out, c);
}

void html_text(struct buffer *out, const char *text)
{
    struct buffer plain = {0};
    text_plain(&plain, text);
    out->failed |= plain.failed;
    for (size_t i = 0; i < plain.length && !out->failed; i++)
        write_escaped(out, plain.bytes[i]);
    buffer_free(&plain);
}

void html_name(struct buffer *out, const char *name)
{
    struct buffer text = {0};
    html_text(&text, name);
    out->failed |= text.failed;
    for (size_t i = 0; i < text.length && !out->failed; i++) {
        buffer_char(out, text.bytes[i]);
        if (text.bytes[i] == '_' || text.bytes[i] == '/')
            buffer_text(out, "<wbr>");
    }
    buffer_free(&text);
}

void html_time(struct buffer *out, int64_t us)
{
    duration_print(out, us);
}

/* --- JSON ---------------------------------------------------------------------------------- */

static void break_line(struct buffer *text, size_t depth)
{
    buffer_char(text, '\n');
    for (size_t i = 0; i < depth && i < 40; i++)
        buffer_text(text, "  ");
}

/* Writes a line, escaped, and begins the next. */
static void end_line(struct buffer *line, size_t depth, struct buffer *out)
{
    buffer_char(line, '\0');
    if (!line->failed)
        html_text(out, line->bytes);
    out->failed |= line->failed;
    buffer_clear(line);
    break_line(out, depth);
}

/* Not a parser: what is in quotes is copied, and brackets and commas outside make lines. */
void html_json(struct buffer *out, const char *bytes, size_t length)
{
    struct buffer line = {0};
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        const char c = bytes[i];
        const bool escaped = quoted && c == '\\' && i + 1 < length;
        const bool closes = !quoted && (c == '}' || c == ']');
        const bool empty = i > 0 && (bytes[i - 1] == '{' || bytes[i - 1] == '[');
        if (closes && depth > 0)
            depth--;
        if (closes && !empty)
            end_line(&line, depth, out);
        buffer_char(&line, c ? c : '?');
        if (escaped)
            buffer_char(&line, bytes[++i]);
        quoted ^= c == '"';
        if (quoted)
            continue;
        const bool opens = c == '{' || c == '[';
        depth += opens;
        if (c == ',' || (opens && i + 1 < length && bytes[i + 1] != '}' && bytes[i + 1] != ']'))
            end_line(&line, depth, out);
        else if (c == ':')
            buffer_char(&line, ' ');
    }
    buffer_char(&line, '\0');
    if (!line.failed)
        html_text(out, line.bytes);
    out->failed |= line.failed;
    buffer_free(&line);
}

/* --- links --------------------------------------------------------------------------------- */

static bool write_name(struct buffer *out, const char *name)
{
    bool same = true;
    for (const char *c = name; *c; c++) {
        const bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                           (*c >= '0' && *c <= '9') || *c == '.' || *c == '-' || *c == '_';
        buffer_char(out, plain ? *c : '_');
        same &= plain;
    }
    return same;
}

/* A scenario may come twice, from two folders; how many are looked back at is bounded. */
static bool came_before(const struct report *report, size_t index)
{
    enum { LOOKED_BACK = 4000 };
    const struct report_result *result = &report->results[index];
    if (index > LOOKED_BACK)
        return true;
    for (size_t i = 0; i < index; i++) {
        const struct report_result *other = &report->results[i];
        if (strcmp(other->subject, result->subject) == 0 &&
            (!result->implementation || !other->implementation ||
             strcmp(other->implementation, result->implementation) == 0))
            return true;
    }
    return false;
}

void html_cell_id(struct buffer *out, const struct report *report, size_t index)
{
    const struct report_result *result = &report->results[index];
    buffer_text(out, "cell-");
    bool is_unique = write_name(out, result->subject);
    if (result->implementation) {
        buffer_text(out, "-on-");
        is_unique &= write_name(out, result->implementation);
    }
    if (!is_unique || came_before(report, index))
        buffer_printf(out, "-%zu", index);
}

/* --- states -------------------------------------------------------------------------------- */

static const struct html_state states[] = {
    [OUTCOME_PASSED] = {"good", "✓", "holds"},
    [OUTCOME_EXPECTED] = {"known", "◆", "breaks, as expected"},
    [OUTCOME_FAILED] = {"bad", "✗", "failed"},
    [OUTCOME_UNDECIDED] = {"unknown", "?", "not decided"},
    [OUTCOME_ERROR] = {"none", "!", "no verdict"},
    [OUTCOME_SKIPPED] = {"skipped", "–", "skipped"},
};

const struct html_state *html_state(const struct report *report, const struct report_result *result)
{
    return &states[outcome_of(report, result)];
}

size_t html_state_count(void)
{
    return sizeof states / sizeof states[0];
}

const struct html_state *html_state_at(size_t index)
{
    return &states[index];
}

bool html_is_told(const struct report *report, const struct report_result *result)
{
    const enum outcome outcome = outcome_of(report, result);
    return outcome != OUTCOME_PASSED && outcome != OUTCOME_SKIPPED;
}
