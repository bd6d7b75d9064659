#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "harness/advice/findings.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/museum.h"
#include "harness/command_line/options.h"
#include "harness/command_line/results.h"
#include "harness/command_line/scenarios.h"
#include "harness/implementations/implementation.h"
#include "reports/formats.h"

static const struct command_help list_help = {
    .usage =
        "freshcheck list [--format json] [scenarios|implementations|properties|findings|reports]\n"
        "                       [SCENARIO.yaml|FOLDER...]\n"
        "       freshcheck list --museum [--format json] [SCENARIO.yaml|FOLDER...]",
    .purpose =
        "Lists what there is, a line each. Without a word: all of them.\n"
        "With --museum: the real defects that come as scenarios, what happened, where it was\n"
        "reported, what catches it and who shows it.",
};

static const struct command_help explain_help = {
    .usage = "freshcheck explain PROPERTY|FINDING...",
    .purpose = "Explains a property: what it says, what breaks it, how it is judged; or a finding\n"
               "about a configuration.",
    .after = "example:\n  freshcheck explain no-kept-error",
};

static int list_scenarios(char **names, size_t name_count)
{
    struct scenario_list scenarios;
    const int code = scenario_list_load(&scenarios, names, name_count);
    for (size_t i = 0; i < scenarios.count; i++)
        printf("%-28s %s\n", scenarios.plans[i]->name, scenarios.plans[i]->title);
    scenario_list_free(&scenarios);
    return code;
}

static void write_scenario(struct json_writer *json, const struct plan *plan)
{
    json_begin_object(json);
    json_member_text(json, "name", plan->name);
    json_member_text(json, "file", plan->file);
    json_member_text(json, "title", plan->title);
    json_member_array(json, "flink"); /* as GET /jobmanager/config lists options */
    for (size_t i = 0; i < plan->option_count; i++) {
        json_begin_object(json);
        json_member_text(json, "key", plan->options[i].key);
        json_member_text(json, "value", plan->options[i].value);
        json_end_object(json);
    }
    json_end_array(json);
    json_member_array(json, "claims");
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (plan->claim.claimed[i])
            json_text(json, property_id((enum property)i));
    }
    json_end_array(json);
    json_member_text(json, "needs_origin_because", plan->needs_origin_because);
    json_end_object(json);
}

static int list_scenarios_as_json(char **names, size_t name_count)
{
    struct scenario_list scenarios;
    int code = scenario_list_load(&scenarios, names, name_count);
    if (code == EXIT_AS_CLAIMED) {
        struct buffer out = {0};
        struct json_writer json = {.out = &out};
        json_begin_array(&json);
        for (size_t i = 0; i < scenarios.count; i++)
            write_scenario(&json, scenarios.plans[i]);
        json_end_array(&json);
        buffer_char(&out, '\n');
        code = output_print(&out, code);
    }
    scenario_list_free(&scenarios);
    return code;
}

static int list_implementations(char **names, size_t name_count)
{
    (void)names;
    (void)name_count;
    static const char *const groups[] = {
        [IMPLEMENTATION_REFERENCE] = "",
        [IMPLEMENTATION_FLINK] = "",
        [IMPLEMENTATION_MUTANT] = "broken: ",
        [IMPLEMENTATION_BROKEN_ORIGIN] = "origin: ",
        [IMPLEMENTATION_BROKEN_CLIENT] = "client: ",
    };
    for (size_t i = 0; i < implementation_count(); i++) {
        const struct implementation *implementation = implementation_at(i);
        printf("%-32s %s%s\n", implementation_name(implementation),
               groups[implementation_kind(implementation)], implementation_summary(implementation));
    }
    return EXIT_AS_CLAIMED;
}

static int list_properties(char **names, size_t name_count)
{
    (void)names;
    (void)name_count;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        printf("%-28s %s\n", property_id((enum property)i), property_statement((enum property)i));
    return EXIT_AS_CLAIMED;
}

static int list_findings(char **names, size_t name_count)
{
    (void)names;
    (void)name_count;
    for (size_t i = 0; i < finding_rule_count(); i++) {
        const struct finding_rule *rule = finding_rule_at(i);
        printf("%-28s %-8s %s\n", rule->id, severity_name(rule->severity), rule->statement);
    }
    return EXIT_AS_CLAIMED;
}

static int list_reports(char **names, size_t name_count)
{
    (void)names;
    (void)name_count;
    for (size_t i = 0; i < report_format_count(); i++)
        printf("%-28s %s\n", report_format_at(i)->name, report_format_at(i)->summary);
    return EXIT_AS_CLAIMED;
}

static int list_museum(bool as_json, char **names, size_t name_count)
{
    struct scenario_list scenarios;
    int code = scenario_list_load_museum(&scenarios, names, name_count);
    if (code != EXIT_AS_CLAIMED)
        return code;
    struct buffer out = {0};
    if (as_json)
        museum_print_json(scenarios.plans, scenarios.count, &out);
    else
        museum_print(scenarios.plans, scenarios.count, &out);
    code = output_print(&out, code);
    scenario_list_free(&scenarios);
    return code;
}

static const struct {
    const char *name;
    int (*list)(char **names, size_t name_count);
} lists[] = {
    {"scenarios", list_scenarios},   {"implementations", list_implementations},
    {"properties", list_properties}, {"findings", list_findings},
    {"reports", list_reports},
};

enum { LIST_COUNT = sizeof lists / sizeof lists[0] };

static int list_all(void)
{
    int code = EXIT_AS_CLAIMED;
    for (size_t i = 0; i < LIST_COUNT && code == EXIT_AS_CLAIMED; i++) {
        printf("%s%s\n\n", i > 0 ? "\n" : "", lists[i].name);
        code = lists[i].list(NULL, 0);
    }
    return code;
}

static int list_as_json(char **arguments, int argument_count)
{
    if (argument_count > 0 && strcmp(arguments[0], "scenarios") == 0)
        return list_scenarios_as_json(arguments + 1, (size_t)argument_count - 1);
    fputs("freshcheck: only scenarios and the museum are listed as JSON: "
          "freshcheck list scenarios --format json\n",
          stderr);
    return EXIT_USAGE;
}

int command_list(int argument_count, char **arguments)
{
    int plain_count;
    bool museum = false;
    struct output_options output = {0};
    const struct option options[] = {
        {"format", "text|json", "scenarios as JSON, with their options and claims; or the museum",
         NULL, &output.format, NULL},
        {"museum", NULL, "the museum of real defects", &museum, NULL, NULL},
    };
    const enum options_outcome outcome =
        options_read(&list_help, options, 2, argument_count, arguments, &plain_count);
    if (outcome != OPTIONS_FINE)
        return outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    if (!output_options_check(&output))
        return EXIT_USAGE;
    const bool as_json = output.format && strcmp(output.format, "json") == 0;
    if (museum)
        return list_museum(as_json, arguments, (size_t)plain_count);
    if (as_json)
        return list_as_json(arguments, plain_count);
    if (plain_count == 0)
        return list_all();
    const char *names[LIST_COUNT];
    for (size_t i = 0; i < LIST_COUNT; i++) {
        names[i] = lists[i].name;
        if (strcmp(arguments[0], names[i]) == 0)
            return lists[i].list(arguments + 1, (size_t)plain_count - 1);
    }
    const char *nearest = text_nearest(arguments[0], names, LIST_COUNT);
    fprintf(stderr, "freshcheck: there is no list of '%s'%s%s%s\n", arguments[0],
            nearest ? "; did you mean '"
                    : " (scenarios, implementations, properties, findings, reports)",
            nearest ? nearest : "", nearest ? "'?" : "");
    return EXIT_USAGE;
}

static void explain_finding(const struct finding_rule *rule)
{
    printf("%s (%s)\n\n%s\n\n%s\n\nShown by: freshcheck run %s --implementation %s\n", rule->id,
           severity_name(rule->severity), rule->statement, rule->explanation, rule->scenario,
           rule->implementation);
}

static int explain(const char *id)
{
    enum property property;
    const struct finding_rule *rule = finding_rule_find(id);
    if (rule) {
        explain_finding(rule);
        return EXIT_AS_CLAIMED;
    }
    if (!property_find(id, &property)) {
        const char *nearest = text_nearest(id, property_ids(), PROPERTY_COUNT);
        fprintf(stderr, "freshcheck: there is no property '%s'%s%s%s\n", id,
                nearest ? "; did you mean '" : "; 'freshcheck list properties' shows all",
                nearest ? nearest : "", nearest ? "'?" : "");
        return EXIT_USAGE;
    }
    printf("%s\n\n%s\n\n%s\n", id, property_statement(property), property_explanation(property));
    return EXIT_AS_CLAIMED;
}

int command_explain(int argument_count, char **arguments)
{
    int plain_count;
    const enum options_outcome outcome =
        options_read(&explain_help, NULL, 0, argument_count, arguments, &plain_count);
    if (outcome != OPTIONS_FINE)
        return outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    if (plain_count == 0) {
        fputs("freshcheck: say which property or finding: freshcheck explain ID\n", stderr);
        return EXIT_USAGE;
    }
    int code = EXIT_AS_CLAIMED;
    for (int i = 0; i < plain_count && code == EXIT_AS_CLAIMED; i++)
        code = explain(arguments[i]);
    return code;
}
