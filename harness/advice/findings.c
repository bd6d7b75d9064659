#include "harness/advice/findings.h"

#include <stdlib.h>
#include <string.h>

#include "harness/advice/findings_internal.h"

size_t finding_rule_count(void)
{
    return finding_row_count;
}

const struct finding_rule *finding_rule_at(size_t index)
{
    return &finding_rows[index].rule;
}

const struct finding_rule *finding_rule_find(const char *id)
{
    for (size_t i = 0; i < finding_row_count; i++) {
        if (strcmp(finding_rows[i].rule.id, id) == 0)
            return &finding_rows[i].rule;
    }
    return NULL;
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_DANGER] = "danger"};
    return names[severity];
}

/* False when out of memory. */
static bool apply_row(const struct finding_row *row, const struct situation *situation,
                      struct findings *findings)
{
    struct finding *finding = &findings->items[findings->count];
    struct buffer text = {0};
    *finding = (struct finding){.rule = &row->rule, .severity = row->rule.severity};
    if (!row->find(situation, finding, &text)) {
        buffer_free(&text);
        return true;
    }
    finding->consequence = buffer_take(&text);
    if (!finding->consequence)
        return false;
    findings->count++;
    return true;
}

/* Few, and those alike stay in the order of the rules. */
static void sort_by_severity(struct findings *findings)
{
    for (size_t i = 1; i < findings->count; i++) {
        const struct finding moved = findings->items[i];
        size_t at = i;
        for (; at > 0 && findings->items[at - 1].severity < moved.severity; at--)
            findings->items[at] = findings->items[at - 1];
        findings->items[at] = moved;
    }
}

/* Where a value is refused nothing runs, and the other values mean nothing: the first rule only. */
bool findings_find(const struct situation *situation, struct findings *findings)
{
    const bool is_refused = situation->effective->refusal_count > 0;
    *findings = (struct findings){.items = calloc(finding_row_count, sizeof *findings->items)};
    if (!findings->items)
        return false;
    for (size_t i = 0; i < (is_refused ? 1 : finding_row_count); i++) {
        if (!apply_row(&finding_rows[i], situation, findings))
            return false;
    }
    sort_by_severity(findings);
    return true;
}

void findings_free(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        free(findings->items[i].consequence);
    free(findings->items);
    *findings = (struct findings){0};
}
