#include "reports/alerts_internal.h"
#include "reports/outcome_internal.h"
#include "reports/text_internal.h"

/* Besides the properties. */
static const struct alert_rule no_verdict = {
    "no-verdict", "There is no verdict.",
    "Something went wrong before anything could be judged. That is never a pass."};
static const struct alert_rule not_as_expected = {
    "not-as-expected", "What should break held, or nothing decisive was seen.",
    "The scenario or the list of expected failures says that a claim breaks here, or that it "
    "holds, "
    "and it came out otherwise. Where something was mended, take it off the list."};

enum { RULE_NO_VERDICT = PROPERTY_COUNT, RULE_NOT_AS_EXPECTED, REPORT_RULE_COUNT };

static void name_properties(struct alerts *alerts)
{
    alerts_make_rules(alerts, REPORT_RULE_COUNT);
    for (int i = 0; alerts->rules && i < PROPERTY_COUNT; i++)
        alerts->rules[i] =
            (struct alert_rule){property_id((enum property)i), property_statement((enum property)i),
                                property_explanation((enum property)i)};
    if (!alerts->rules)
        return;
    alerts->rules[RULE_NO_VERDICT] = no_verdict;
    alerts->rules[RULE_NOT_AS_EXPECTED] = not_as_expected;
}

static void write_message(const struct report_result *result, size_t rule, struct buffer *out)
{
    if (rule < PROPERTY_COUNT)
        outcome_cause(&result->judgement->properties[rule], out);
    else
        text_plain(out, outcome_sentence(result));
    if (rule < PROPERTY_COUNT && result->difference) {
        buffer_text(out, " Not as expected: ");
        text_plain(out, result->difference);
    }
}

static void write_title(const struct report_result *result, size_t rule, struct buffer *out)
{
    outcome_name(result, out);
    if (rule == RULE_NO_VERDICT)
        buffer_text(out, " has no verdict");
    else if (rule == RULE_NOT_AS_EXPECTED)
        buffer_text(out, " is not as expected");
    else
        buffer_printf(out, " breaks %s", property_id((enum property)rule));
}

/* Where nothing is broken the line is that of the first claim that was not decided. */
static struct text_place place_for(const struct report_result *result, size_t rule)
{
    if (!result->places || rule == RULE_NO_VERDICT)
        return (struct text_place){0};
    if (rule < PROPERTY_COUNT)
        return result->places[rule];
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (outcome_has(result, (enum property)i, VERDICT_UNKNOWN))
            return result->places[i];
    }
    return (struct text_place){0};
}

static void add_verdict(struct alerts *alerts, const struct report *report,
                        const struct report_result *result, size_t rule)
{
    struct buffer title = {0}, message = {0}, again = {0};
    struct alert *alert = alerts_add(alerts);
    if (!alert)
        return;
    write_title(result, rule, &title);
    write_message(result, rule, &message);
    outcome_again(report, result, &again);
    *alert = (struct alert){
        .rule = rule,
        .level = ALERT_ERROR,
        .title = alerts_take(alerts, &title),
        .message = alerts_take(alerts, &message),
        .again = result->again ? alerts_take(alerts, &again) : NULL,
        .file = result->file,
        .place = place_for(result, rule),
        .is_expected = outcome_of(report, result) == OUTCOME_EXPECTED,
        .reason = result->reason,
        .verdict = rule < PROPERTY_COUNT ? &result->judgement->properties[rule] : NULL,
        .subject = result->subject,
        .implementation = result->implementation,
    };
}

/* The rules that a result has something under; how many. */
static size_t rules_of(const struct report_result *result, size_t rules[PROPERTY_COUNT])
{
    size_t count = 0;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (outcome_has(result, (enum property)i, VERDICT_FAIL))
            rules[count++] = i;
    }
    if (count == 0)
        rules[count++] = result->failure ? RULE_NO_VERDICT : RULE_NOT_AS_EXPECTED;
    return count;
}

static void add_those(struct alerts *alerts, const struct report *report, bool expected,
                      size_t count_max)
{
    for (size_t i = 0; i < report->result_count && !alerts->failed; i++) {
        const struct report_result *result = &report->results[i];
        const enum outcome outcome = outcome_of(report, result);
        size_t rules[PROPERTY_COUNT];
        if (expected ? outcome != OUTCOME_EXPECTED
                     : outcome != OUTCOME_FAILED && outcome != OUTCOME_ERROR)
            continue;
        const size_t count = rules_of(result, rules);
        for (size_t k = 0; k < count && !alerts->failed; k++) {
            if (alerts->count < count_max)
                add_verdict(alerts, report, result, rules[k]);
            else
                alerts->left_out++;
        }
        alerts->unjudged += outcome == OUTCOME_ERROR;
    }
}

void alerts_of_report(const struct report *report, enum alerts_of which, size_t count_max,
                      struct alerts *alerts)
{
    *alerts = (struct alerts){0};
    name_properties(alerts);
    add_those(alerts, report, false, count_max);
    if (which == ALERTS_ALL)
        add_those(alerts, report, true, count_max);
}
