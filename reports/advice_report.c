#include "reports/advice_report.h"

#include <math.h>

#include "base/duration.h"

static void put_wants(const struct wants *wants, struct buffer *out)
{
    const char *separator = "\nwanted: ";
    for (unsigned i = 0; i < WANT_COUNT; i++) {
        const enum want_kind kind = (enum want_kind)i;
        if (wants->at_most[i] < 0)
            continue;
        buffer_printf(out, "%s%s at most ", separator, want_name(kind));
        if (kind == WANT_CALLS)
            buffer_printf(out, "%g", wants->at_most[i]);
        else
            duration_name(out, (int64_t)wants->at_most[i]);
        separator = ", ";
    }
    buffer_char(out, '\n');
}

static void put_figures(const struct prediction *prediction, struct buffer *out)
{
    buffer_printf(out, "at worst %.1f ms, ", want_measure(prediction, WANT_STALENESS) / 1000);
    if (prediction->basis == BASIS_NONE)
        buffer_text(out, "the rest is not known\n");
    else
        buffer_printf(out, "mean %.1f ms, %.2f calls a second\n",
                      want_measure(prediction, WANT_MEAN_STALENESS) / 1000,
                      want_measure(prediction, WANT_CALLS));
}

static void put_changes(const struct advised *advised, struct buffer *out)
{
    for (size_t i = 0; i < advised->change_count; i++)
        buffer_printf(out, "    %s: %s\n", advised->changes[i].key, advised->changes[i].value);
}

static void put_met(const struct advised *advised, const struct predicted *before,
                    struct buffer *out)
{
    buffer_text(out, advised->change_count > 0 ? "  put into the configuration\n"
                                               : "  met with the settings as they are\n");
    put_changes(advised, out);
    if (advised->change_count > 0 && before->made) {
        buffer_text(out, "  before  ");
        put_figures(&before->prediction, out);
    }
    buffer_text(out, advised->change_count > 0 ? "  after   " : "  ");
    put_figures(&advised->prediction, out);
    if (advised->avoided)
        buffer_printf(out, "  not longer, because of danger `%s`: %s\n", advised->avoided->id,
                      advised->avoided->statement);
}

static void put_not_met(const struct wanted *wanted, struct buffer *out)
{
    const struct advice *advice = &wanted->advice;
    buffer_printf(out, "  no settings meet this: %s\n", advice->because);
    for (unsigned i = 0; i < WANT_COUNT; i++) {
        if (!advice->alone_met[i])
            continue;
        buffer_printf(out, "  %s alone: ", want_name((enum want_kind)i));
        put_figures(&advice->alone[i].prediction, out);
        if (advice->alone[i].change_count == 0)
            buffer_text(out, "    with the settings as they are\n");
        put_changes(&advice->alone[i], out);
    }
}

void report_advice(const struct wanted *wanted, const struct predicted *before, struct buffer *out)
{
    if (!wanted->given)
        return;
    put_wants(&wanted->wants, out);
    if (wanted->advice.met)
        put_met(&wanted->advice.best, before, out);
    else
        put_not_met(wanted, out);
}

static void write_number(struct json_writer *json, const char *key, double value, bool known)
{
    json_key(json, key);
    if (known && isfinite(value))
        json_decimal(json, value, 6);
    else
        json_write_null(json);
}

/* Members of an open object. */
static void write_figures(struct json_writer *json, const double values[WANT_COUNT],
                          const bool known[WANT_COUNT])
{
    write_number(json, "staleness_ms", values[WANT_STALENESS] / 1000, known[WANT_STALENESS]);
    write_number(json, "mean_staleness_ms", values[WANT_MEAN_STALENESS] / 1000,
                 known[WANT_MEAN_STALENESS]);
    write_number(json, "fetches_per_second", values[WANT_CALLS], known[WANT_CALLS]);
}

static void write_advised(struct json_writer *json, const struct advised *advised)
{
    double values[WANT_COUNT];
    bool known[WANT_COUNT];
    json_member_array(json, "changes");
    for (size_t i = 0; i < advised->change_count; i++) {
        json_begin_object(json);
        json_member_text(json, "option", advised->changes[i].key);
        json_member_text(json, "value", advised->changes[i].value);
        json_end_object(json);
    }
    json_end_array(json);
    json_member_object(json, "predicted");
    for (unsigned i = 0; i < WANT_COUNT; i++) {
        values[i] = want_measure(&advised->prediction, (enum want_kind)i);
        known[i] = i == WANT_STALENESS || advised->prediction.basis != BASIS_NONE;
    }
    write_figures(json, values, known);
    json_end_object(json);
    json_member_text(json, "avoided", advised->avoided ? advised->avoided->id : NULL);
}

static void write_alone(struct json_writer *json, const struct advice *advice)
{
    json_member_array(json, "alone");
    for (unsigned i = 0; i < WANT_COUNT; i++) {
        if (!advice->alone_met[i])
            continue;
        json_begin_object(json);
        json_member_text(json, "want", want_name((enum want_kind)i));
        write_advised(json, &advice->alone[i]);
        json_end_object(json);
    }
    json_end_array(json);
}

void report_advice_json(const struct wanted *wanted, struct json_writer *json)
{
    bool known[WANT_COUNT];
    if (!wanted->given) {
        json_member_null(json, "advice");
        return;
    }
    for (size_t i = 0; i < WANT_COUNT; i++)
        known[i] = wanted->wants.at_most[i] >= 0;
    json_member_object(json, "advice");
    json_member_object(json, "wanted");
    write_figures(json, wanted->wants.at_most, known);
    json_end_object(json);
    json_member_bool(json, "met", wanted->advice.met);
    if (wanted->advice.met) {
        write_advised(json, &wanted->advice.best);
    } else {
        json_member_text(json, "because", wanted->advice.because);
        write_alone(json, &wanted->advice);
    }
    json_end_object(json);
}
