#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/flink_config/entries_internal.h"

/* Options inside of what others wrap around them: a Kubernetes manifest, an answer of a cluster. */

static const char *const kinds[] = {"FlinkDeployment", "FlinkSessionJob"};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static bool refuse(struct config_reader *reader, const struct yaml_node *at, const char *message)
{
    complaints_add(reader->complaints, at ? at->line : 0, at ? at->column : 0, "%s", message);
    return false;
}

static const char *text_of(const struct yaml_node *node)
{
    return node && node->kind == YAML_TEXT ? node->text : NULL;
}

/* "v1_20" becomes "1.20". Source: FlinkVersion of the Flink Kubernetes operator. */
static bool claim_version(struct config_reader *reader, const char *version)
{
    char *claimed = text_copy(version + (*version == 'v'));
    if (!claimed) {
        reader->complaints->failed = true;
        return false;
    }
    for (char *c = claimed; *c; c++)
        *c = *c == '_' ? '.' : *c;
    free(reader->entries->claimed_version);
    reader->entries->claimed_version = claimed;
    return true;
}

/* Kubernetes refuses them where the operator's definition says that values are strings. */
static void complain_of_numbers(struct config_reader *reader, const struct yaml_node *options)
{
    for (const struct yaml_node *child = options->first; child; child = child->next) {
        if (child->kind == YAML_TEXT && child->type != YAML_STRING && child->type != YAML_NULL)
            complaints_add(reader->complaints, child->line, child->column,
                           "operators before 1.13 take texts only: put quotes around this value");
    }
}

static bool read_resource(struct config_reader *reader, const struct yaml_node *resource)
{
    const struct yaml_node *spec = yaml_get(resource, "spec");
    const struct yaml_node *options = yaml_get(spec, "flinkConfiguration");
    const char *version = text_of(yaml_get(spec, "flinkVersion"));
    if (!spec || spec->kind != YAML_MAP)
        return refuse(reader, spec ? spec : resource, "there is no `spec` in this resource");
    if (version && !claim_version(reader, version))
        return false;
    if (!options || (options->kind == YAML_TEXT && options->type == YAML_NULL))
        return true;
    if (options->kind != YAML_MAP)
        return refuse(reader, options, "`flinkConfiguration` must be a mapping of options");
    complain_of_numbers(reader, options);
    return read_options(reader, options);
}

static bool read_resources(struct config_reader *reader, const struct yaml_file *file)
{
    size_t seen[KIND_COUNT] = {0}, count = 0;
    for (size_t i = 0; i < file->document_count; i++) {
        const struct yaml_node *kind = yaml_get(file->documents[i], "kind");
        for (size_t k = 0; k < KIND_COUNT; k++) {
            if (!text_of(kind) || strcmp(kind->text, kinds[k]) != 0)
                continue;
            count++;
            if (seen[k]++ > 0)
                return refuse(reader, kind,
                              "a second resource of this kind: give each its own file");
            if (!read_resource(reader, file->documents[i]))
                return false;
        }
    }
    if (count == 0)
        return refuse(reader, NULL, "there is no FlinkDeployment and no FlinkSessionJob in it");
    return true;
}

bool read_deployment(struct config_reader *reader)
{
    struct yaml_file file;
    const bool read = yaml_read(&file, reader->bytes, reader->length, reader->complaints) &&
                      read_resources(reader, &file);
    yaml_free(&file);
    return read;
}

static bool read_line(struct config_reader *reader, const struct yaml_node *item)
{
    const char *key = text_of(yaml_get(item, "key"));
    const struct yaml_node *value = yaml_get(item, "value");
    struct buffer text = {0};
    if (!key || !value || value->kind != YAML_TEXT || *key == '\0')
        return refuse(reader, item,
                      "expected an object of `key` and `value`, as GET /jobmanager/config answers");
    yaml_print(value, &text);
    buffer_char(&text, '\0');
    bool added = false;
    if (text.failed)
        reader->complaints->failed = true;
    else
        added = reader_add(reader, key, strlen(key), text.bytes, text.length - 1, value->line,
                           value->column);
    buffer_free(&text);
    return added;
}

/* JSON is YAML 1.2. */
bool read_cluster(struct config_reader *reader)
{
    struct yaml_file file;
    bool read = yaml_read(&file, reader->bytes, reader->length, reader->complaints);
    const struct yaml_node *top = read && file.document_count == 1 ? file.documents[0] : NULL;
    if (read && (!top || top->kind != YAML_LIST))
        read = refuse(reader, top, "expected a list of options, as GET /jobmanager/config answers");
    for (const struct yaml_node *item = read ? top->first : NULL; read && item; item = item->next)
        read = read_line(reader, item);
    yaml_free(&file);
    return read;
}
