#include "harness/target/discovery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static enum call read_version(const struct node *root, struct discovered *discovered)
{
    const struct node *version = node_get(root, "flink-version");
    if (!node_is(version, NODE_TEXT))
        return CALL_REFUSED;
    discovered->flink_version = node_copy(version);
    return discovered->flink_version ? CALL_ANSWERED : CALL_NO_MEMORY;
}

static bool is_known(const char *option)
{
    for (const char *const *known = settings_option_names(); *known; known++)
        if (strcmp(*known, option) == 0)
            return true;
    return false;
}

/* What bears on the caches, where it can be read, and what tells how checkpoints are taken. Nobody
 * needs other options in a recording, and some are nobody's business. */
static bool is_wanted(struct settings *settings, const char *key, const char *value)
{
    static const char beginning[] = "execution.checkpointing.";
    if (is_known(key))
        return !settings_put(settings, key, value);
    return strncmp(key, beginning, sizeof beginning - 1) == 0;
}

/* Takes over an option, or lets it by. False: out of memory earlier on. */
static bool keep(struct discovered *discovered, char *key, char *value)
{
    if (key && value && (is_wanted(&discovered->settings, key, value) || discovered->takes_all)) {
        const size_t place = discovered->option_count++;
        discovered->texts[2 * place] = key;
        discovered->texts[2 * place + 1] = value;
        discovered->options[place] = (struct written_setting){key, value};
        return true;
    }
    const bool copied = key && value;
    free(key);
    free(value);
    return copied;
}

/* Source: Flink ClusterConfigurationInfo: [{"key": ..., "value": ...}]. */
static enum call read_options(const struct node *list, struct discovered *discovered)
{
    if (!node_is(list, NODE_LIST))
        return CALL_REFUSED;
    discovered->options = calloc(list->as.count + 1, sizeof *discovered->options);
    discovered->texts = calloc(2 * list->as.count + 1, sizeof *discovered->texts);
    if (!discovered->options || !discovered->texts)
        return CALL_NO_MEMORY;
    const struct node *line = node_first(list);
    for (size_t i = 0; i < list->as.count; i++, line = node_next(line)) {
        const struct node *key = node_get(line, "key"), *value = node_get(line, "value");
        if (!node_is(key, NODE_TEXT) || !node_is(value, NODE_TEXT))
            return CALL_REFUSED;
        if (!keep(discovered, node_copy(key), node_copy(value)))
            return CALL_NO_MEMORY;
    }
    return CALL_ANSWERED;
}

/* Says what was asked and what came instead of Flink's answer; asks once more to see it. What is
 * not printable ASCII is shown as a dot. */
static void tell_refusal(struct target target, const char *path, struct discovered *discovered)
{
    const struct target_request request = {.method = "GET", .path = path};
    const char *ignored, *type = "";
    struct conform_exchange answer;
    char *text = discovered->refusal;
    if (target.ask(target.context, &request, &answer, &ignored) != TARGET_ANSWERED) {
        snprintf(text, sizeof discovered->refusal, "GET %s has no answer of Flink", path);
        return;
    }
    for (size_t i = 0; i < answer.header_count; i++)
        if (strcasecmp(answer.headers[i].name, "Content-Type") == 0)
            type = answer.headers[i].value;
    snprintf(text, sizeof discovered->refusal,
             "no REST API of Flink answers there: GET %s gives %d %.40s '%.*s'", path,
             answer.status, type, (int)(answer.body_length < 60 ? answer.body_length : 60),
             answer.body);
    for (; *text; text++)
        if (*text < ' ' || *text >= 0x7f)
            *text = '.';
}

static enum call ask(struct target target, struct discovered *discovered, const char **why)
{
    static const struct {
        const char *path;
        enum call (*read)(const struct node *root, struct discovered *discovered);
    } questions[] = {
        {"/config", read_version},
        {"/jobmanager/config", read_options},
    };
    struct json_tree tree = {0};
    enum call outcome = CALL_ANSWERED;
    settings_default(&discovered->settings);
    for (size_t i = 0; i < sizeof questions / sizeof *questions && outcome == CALL_ANSWERED; i++) {
        outcome = call_get(target, questions[i].path, &tree, why);
        if (outcome == CALL_ANSWERED)
            outcome = questions[i].read(tree.nodes, discovered);
        if (outcome == CALL_REFUSED)
            tell_refusal(target, questions[i].path, discovered);
    }
    json_tree_free(&tree);
    if (outcome == CALL_NO_MEMORY)
        *why = "out of memory";
    if (outcome == CALL_REFUSED)
        *why = discovered->refusal;
    return outcome;
}

enum call discover(struct target target, struct discovered *discovered, const char **why)
{
    *discovered = (struct discovered){0};
    return ask(target, discovered, why);
}

enum call discover_every_option(struct target target, struct discovered *discovered,
                                const char **why)
{
    *discovered = (struct discovered){.takes_all = true};
    return ask(target, discovered, why);
}

void discovered_free(struct discovered *discovered)
{
    for (size_t i = 0; i < 2 * discovered->option_count; i++)
        free(discovered->texts[i]);
    free(discovered->texts);
    free(discovered->options);
    free(discovered->flink_version);
    *discovered = (struct discovered){0};
}
