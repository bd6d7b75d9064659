#include "harness/command_line/museum.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "harness/implementations/implementation.h"

/* The columns: what happened, where it comes from, what catches it and who shows it. */
enum { INDENT = 6, TITLE_WIDTH = 30, SOURCE_WIDTH = 32, CAUGHT_WIDTH = 28, GAP = 2 };

_Static_assert(INDENT + TITLE_WIDTH + GAP + SOURCE_WIDTH + GAP + CAUGHT_WIDTH <= MUSEUM_WIDTH,
               "the table must fit");

/* --- order -------------------------------------------------------------------------------- */

static int by_hall(const void *left, const void *right)
{
    const struct plan *a = *(struct plan *const *)left;
    const struct plan *b = *(struct plan *const *)right;
    if (!a->museum || !b->museum)
        return !a->museum - !b->museum;
    if (a->museum->hall != b->museum->hall)
        return a->museum->hall < b->museum->hall ? -1 : 1;
    const int numbers = strcmp(a->museum->number, b->museum->number);
    return numbers != 0 ? numbers : strcmp(a->name, b->name);
}

/* Puts them in order; returns how many are cases of the museum. */
static size_t put_in_order(struct plan **plans, size_t count)
{
    size_t case_count = 0;
    if (count > 0)
        qsort(plans, count, sizeof *plans, by_hall);
    while (case_count < count && plans[case_count]->museum)
        case_count++;
    return case_count;
}

/* --- who shows it ------------------------------------------------------------------------- */

static bool shows(const struct plan *plan, size_t implementation)
{
    return implementation < implementation_count() &&
           plan_expectation(plan, implementation_name(implementation_at(implementation)));
}

static bool is_flink(size_t implementation)
{
    return implementation < implementation_count() &&
           implementation_kind(implementation_at(implementation)) == IMPLEMENTATION_FLINK;
}

static void print_name(const char *name, struct buffer *out)
{
    buffer_text(out, out->length > 0 ? ", " : "");
    buffer_text(out, name);
}

/* The versions from `first` on that follow each other and all show it; returns the next one. */
static size_t print_versions(const struct plan *plan, size_t first, struct buffer *out)
{
    size_t next = first + 1;
    while (is_flink(next) && shows(plan, next))
        next++;
    const bool from_the_start = first == 0 || !is_flink(first - 1);
    if (from_the_start && !is_flink(next) && next - first > 1) {
        print_name("flink-*", out);
        return next;
    }
    print_name(implementation_name(implementation_at(first)), out);
    if (next - first > 1) {
        buffer_text(out, "..");
        buffer_text(out, implementation_name(implementation_at(next - 1)));
    }
    return next;
}

void museum_print_shown_by(const struct plan *plan, struct buffer *out)
{
    for (size_t i = 0; i < implementation_count();) {
        if (shows(plan, i) && is_flink(i)) {
            i = print_versions(plan, i, out);
            continue;
        }
        if (shows(plan, i))
            print_name(implementation_name(implementation_at(i)), out);
        i++;
    }
}

/* The properties that break in somebody's hands, in the order of all properties. */
static void print_caught_by(const struct plan *plan, struct buffer *out)
{
    for (int property = 0; property < PROPERTY_COUNT; property++) {
        bool breaks = false;
        for (size_t i = 0; i < plan->expectation_count; i++) {
            for (size_t j = 0; j < plan->expectations[i].failure_count; j++)
                breaks |= plan->expectations[i].failures[j].property == (enum property)property;
        }
        if (breaks)
            print_name(property_id((enum property)property), out);
    }
}

/* --- the table ---------------------------------------------------------------------------- */

/* A text that is laid out line by line, broken between words. */
struct column {
    const char *rest;
    size_t width;
};

/* Where to break: after the last blank that fits, else the last slash, else where the width ends. */
static size_t line_length(const char *text, size_t width)
{
    const size_t length = strlen(text);
    if (length <= width)
        return length;
    for (size_t i = width; i > 0; i--) {
        if (text[i] == ' ')
            return i;
    }
    for (size_t i = width; i > 0; i--) {
        if (text[i - 1] == '/')
            return i;
    }
    return width;
}

static void pad(struct buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_char(out, ' ');
}

/* Characters, not bytes. */
static size_t text_width(const char *text, size_t length)
{
    size_t width = 0;
    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

static void print_line(struct column *column, bool last, struct buffer *out)
{
    const size_t length = line_length(column->rest, column->width);
    buffer_append(out, column->rest, length);
    if (!last)
        pad(out, column->width + GAP - text_width(column->rest, length));
    column->rest += length;
    column->rest += strspn(column->rest, " ");
}

static void trim_line(struct buffer *out)
{
    while (!out->failed && out->length > 0 && out->bytes[out->length - 1] == ' ')
        out->length--;
    buffer_char(out, '\n');
}

static void print_columns(struct column *columns, size_t count, struct buffer *out)
{
    for (bool more = true; more && !out->failed;) {
        more = false;
        pad(out, INDENT);
        for (size_t i = 0; i < count; i++) {
            print_line(&columns[i], i + 1 == count, out);
            more |= columns[i].rest[0] != '\0';
        }
        trim_line(out);
    }
}

static const char *text_of(struct buffer *text, struct buffer *out)
{
    buffer_char(text, '\0');
    out->failed |= text->failed;
    return text->failed ? "" : text->bytes;
}

static void print_case(const struct plan *plan, struct buffer *out)
{
    struct buffer caught = {0}, source = {0};
    print_caught_by(plan, &caught);
    buffer_text(&caught, ": ");
    struct buffer shown = {0};
    museum_print_shown_by(plan, &shown);
    buffer_append(&caught, shown.bytes, shown.length);
    caught.failed |= shown.failed;
    buffer_printf(&source, "%s: %s", museum_evidence_name(plan->museum->evidence),
                  plan->source ? plan->source : "");
    struct column columns[] = {
        {plan->title, TITLE_WIDTH},
        {text_of(&source, out), SOURCE_WIDTH},
        {text_of(&caught, out), CAUGHT_WIDTH},
    };
    buffer_printf(out, "\n%-*s%s\n", INDENT, plan->museum->number, plan->name);
    print_columns(columns, sizeof columns / sizeof columns[0], out);
    buffer_free(&caught);
    buffer_free(&shown);
    buffer_free(&source);
}

static void print_heading(enum museum_hall hall, struct buffer *out)
{
    const char *heading = museum_hall_heading(hall);
    buffer_printf(out, "%s%s\n", out->length > 0 ? "\n\n" : "", heading);
    for (size_t i = 0; i < strlen(heading); i++)
        buffer_char(out, '=');
    buffer_char(out, '\n');
}

void museum_print(struct plan **plans, size_t count, struct buffer *out)
{
    const size_t case_count = put_in_order(plans, count);
    for (size_t i = 0; i < case_count; i++) {
        if (i == 0 || plans[i]->museum->hall != plans[i - 1]->museum->hall)
            print_heading(plans[i]->museum->hall, out);
        print_case(plans[i], out);
    }
    buffer_printf(out, "\n%zu case%s\n", case_count, case_count == 1 ? "" : "s");
}

/* --- JSON --------------------------------------------------------------------------------- */

static void write_expectation(const struct expectation *expectation, struct json_writer *json)
{
    json_begin_object(json);
    json_member_text(json, "implementation", expectation->implementation);
    json_member_array(json, "properties");
    for (size_t i = 0; i < expectation->failure_count; i++) {
        const struct expected_failure *failure = &expectation->failures[i];
        json_begin_object(json);
        json_member_text(json, "id", property_id(failure->property));
        json_member_text(json, "layer",
                         failure->layer == LAYER_UNKNOWN ? NULL : layer_name(failure->layer));
        json_member_text(json, "why", failure->why);
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
}

static void write_case(const struct plan *plan, struct json_writer *json)
{
    json_begin_object(json);
    json_member_text(json, "name", plan->name);
    json_member_text(json, "file", plan->file);
    json_member_text(json, "number", plan->museum->number);
    json_member_text(json, "hall", museum_hall_name(plan->museum->hall));
    json_member_text(json, "evidence", museum_evidence_name(plan->museum->evidence));
    json_member_text(json, "source", plan->source);
    json_member_text(json, "title", plan->title);
    json_member_text(json, "why", plan->why);
    json_member_array(json, "shown_by");
    for (size_t i = 0; i < plan->expectation_count; i++)
        write_expectation(&plan->expectations[i], json);
    json_end_array(json);
    json_member_bool(json, "live", plan->live);
    json_member_text(json, "not_live_because", plan->not_live_because);
    json_end_object(json);
}

void museum_print_json(struct plan **plans, size_t count, struct buffer *out)
{
    struct json_writer json = {.out = out};
    const size_t case_count = put_in_order(plans, count);
    json_begin_array(&json);
    for (size_t i = 0; i < case_count; i++)
        write_case(plans[i], &json);
    json_end_array(&json);
    buffer_char(out, '\n');
}
