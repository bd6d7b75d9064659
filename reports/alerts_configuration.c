#include <string.h>

#include "reports/alerts_internal.h"
#include "reports/text_internal.h"

static void point_at(struct alert *alert, const struct config_entry *entry)
{
    if (!entry || entry->line == 0)
        return;
    alert->file = entry->source;
    alert->place = (struct text_place){entry->line, entry->column};
}

/* The first of its settings that stands in a file; else the file as a whole. */
static const struct config_entry *entry_of(const struct finding *finding,
                                           const struct effective *effective)
{
    if (finding->entry && finding->entry->line > 0)
        return finding->entry;
    for (size_t i = 0; i < finding->option_count; i++) {
        const struct config_entry *entry = effective->values[finding->options[i]].entry;
        if (entry && entry->line > 0)
            return entry;
    }
    return NULL;
}

static void add_finding(struct alerts *alerts, const struct finding *finding,
                        const struct effective *effective, const char *name)
{
    static const enum alert_level levels[] = {[SEVERITY_NOTE] = ALERT_NOTE,
                                              [SEVERITY_WARNING] = ALERT_WARNING,
                                              [SEVERITY_DANGER] = ALERT_ERROR};
    struct buffer title = {0}, message = {0}, again = {0};
    size_t rule = 0;
    struct alert *alert = alerts_add(alerts);
    if (!alert)
        return;
    while (finding_rule_at(rule) != finding->rule)
        rule++;
    buffer_printf(&title, "%s: %s", severity_name(finding->severity), finding->rule->id);
    text_plain(&message, finding->consequence);
    if (finding->suggested_key)
        buffer_printf(&message, " Instead: %s: %s.", finding->suggested_key,
                      finding->suggested_value);
    if (finding->suggested_release)
        buffer_printf(&message, " Instead: Flink %s or later.", finding->suggested_release);
    buffer_printf(&again, "freshcheck run %s --implementation %s", finding->rule->scenario,
                  finding->rule->implementation);
    *alert = (struct alert){.rule = rule,
                            .level = levels[finding->severity],
                            .title = alerts_take(alerts, &title),
                            .message = alerts_take(alerts, &message),
                            .again = alerts_take(alerts, &again),
                            .subject = name};
    point_at(alert, entry_of(finding, effective));
}

/* What stands in no line is told of the file that was read; an address is no file. */
static void place_the_rest(struct alerts *alerts, const char *name)
{
    for (size_t i = 0; i < alerts->count && !strstr(name, "://") && strcmp(name, "-") != 0; i++) {
        if (!alerts->items[i].file)
            alerts->items[i].file = name;
    }
}

void alerts_of_configuration(const struct findings *findings, const struct effective *effective,
                             const char *name, struct alerts *alerts)
{
    const size_t count = finding_rule_count();
    *alerts = (struct alerts){0};
    alerts_make_rules(alerts, count);
    for (size_t i = 0; alerts->rules && i < count; i++) {
        const struct finding_rule *rule = finding_rule_at(i);
        alerts->rules[i] = (struct alert_rule){rule->id, rule->statement, rule->explanation};
    }
    for (size_t i = 0; i < findings->count && !alerts->failed; i++)
        add_finding(alerts, &findings->items[i], effective, name);
    place_the_rest(alerts, name);
}
