#include "harness/target/discovery.h"

#include <stdlib.h>
#include <string.h>

static enum call read_version(const struct json_tree *tree, struct discovered *discovered)
{
    const struct node *version = node_get(tree->nodes, "flink-version");
    if (!node_is(version, NODE_TEXT))
        return CALL_REFUSED;
    discovered->flink_version = node_copy(version);
    return discovered->flink_version ? CALL_ANSWERED : CALL_NO_MEMORY;
}

/* Takes over an option. Others than those that bear on the caches are let by, and so is a value that
 * cannot be read. False: out of memory earlier on. */
static bool keep(struct discovered *discovered, char *key, char *value)
{
    if (key && value && !settings_put(&discovered->settings, key, value)) {
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
static enum call read_options(const struct json_tree *tree, struct discovered *discovered)
{
    const struct node *list = tree->nodes;
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

enum call discover(struct target target, struct discovered *discovered, const char **why)
{
    struct json_tree tree = {0};
    *discovered = (struct discovered){0};
    settings_default(&discovered->settings);
    enum call outcome = call_get(target, "/config", &tree, why);
    if (outcome == CALL_ANSWERED)
        outcome = read_version(&tree, discovered);
    if (outcome == CALL_ANSWERED)
        outcome = call_get(target, "/jobmanager/config", &tree, why);
    if (outcome == CALL_ANSWERED)
        outcome = read_options(&tree, discovered);
    if (outcome == CALL_NO_MEMORY)
        *why = "out of memory";
    json_tree_free(&tree);
    return outcome;
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
