#include <string.h>

#include "harness/flink_config/entries_internal.h"

/*
 * config.yaml, and the options inside of other YAML.
 * Source: Flink GlobalConfiguration.loadYAMLResource and flatten (since 1.19).
 */

static bool refuse(struct config_reader *reader, const struct yaml_node *at, const char *message)
{
    complaints_add(reader->complaints, at->line, at->column, "%s", message);
    return false;
}

static bool add_value(struct config_reader *reader, const struct buffer *key,
                      const struct yaml_node *node)
{
    struct buffer text = {0};
    yaml_print(node, &text);
    buffer_char(&text, '\0');
    bool added = false;
    if (text.failed)
        reader->complaints->failed = true;
    else
        added = reader_add(reader, key->bytes, key->length, text.bytes, text.length - 1, node->line,
                           node->column);
    buffer_free(&text);
    return added;
}

static bool flatten(struct config_reader *reader, const struct yaml_node *map, struct buffer *key);

static bool flatten_one(struct config_reader *reader, const struct yaml_node *node,
                        struct buffer *key)
{
    if (node->key->type != YAML_STRING && node->key->type != YAML_NULL)
        return refuse(reader, node->key,
                      "a key must be text: Flink does not start (ClassCastException)");
    if (node->kind == YAML_TEXT && node->type == YAML_NULL)
        return refuse(reader, node,
                      "there is no value: Flink does not start (`Value must not be null.`)");
    const size_t length = key->length;
    buffer_text(key, node->key->type == YAML_NULL ? "null" : node->key->text);
    if (key->failed) {
        reader->complaints->failed = true;
        return false;
    }
    bool fine = true;
    if (node->kind == YAML_MAP) {
        buffer_char(key, '.');
        fine = flatten(reader, node, key);
    } else if (key->length > 0) {
        fine = add_value(reader, key, node);
    }
    key->length = length;
    return fine;
}

static bool flatten(struct config_reader *reader, const struct yaml_node *map, struct buffer *key)
{
    for (const struct yaml_node *child = map->first; child; child = child->next) {
        if (!flatten_one(reader, child, key))
            return false;
    }
    return true;
}

bool read_options(struct config_reader *reader, const struct yaml_node *map)
{
    struct buffer key = {0};
    const bool read = flatten(reader, map, &key);
    buffer_free(&key);
    return read;
}

static bool read_documents(struct config_reader *reader, const struct yaml_file *file)
{
    if (file->document_count > 1)
        return refuse(reader, file->documents[1] ? file->documents[1] : file->last_made,
                      "expected a single document in the stream: Flink does not start");
    const struct yaml_node *top = file->document_count ? file->documents[0] : NULL;
    if (!top || (top->kind == YAML_TEXT && top->type == YAML_NULL))
        return true;
    if (top->kind != YAML_MAP)
        return refuse(reader, top,
                      top->kind == YAML_LIST
                          ? "this is a list: Flink wants options, as `web.timeout: 600 s`"
                          : "this is a text: Flink wants options, as `web.timeout: 600 s` (is a "
                            "blank missing behind the colon?)");
    return read_options(reader, top);
}

bool read_config_yaml(struct config_reader *reader)
{
    struct yaml_file file;
    const bool read = yaml_read(&file, reader->bytes, reader->length, reader->complaints) &&
                      read_documents(reader, &file);
    yaml_free(&file);
    return read;
}
