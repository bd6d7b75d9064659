#include "harness/command_line/config_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/config_cluster.h"
#include "harness/command_line/files.h"
#include "harness/flink_config/known_options.h"

enum { FILE_BYTES_MAX = 4 * 1024 * 1024 }; /* a little more than the room itself reads */

static int out_of_memory(void)
{
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

static void print_complaints(struct complaints *complaints, const char *name,
                             const struct buffer *content)
{
    struct buffer out = {0};
    const bool is_text = !content->bytes || !memchr(content->bytes, '\0', content->length);
    complaints_print(complaints, name, is_text ? content->bytes : NULL,
                     is_text ? content->length : 0, &out);
    if (out.length > 0)
        fwrite(out.bytes, 1, out.length, stderr);
    buffer_free(&out);
}

static int read_file(struct config_entries *entries, const char *name)
{
    struct buffer content = {0};
    struct complaints complaints = {0};
    int code = EXIT_BAD_INPUT;
    if (file_read(name, FILE_BYTES_MAX, &content)) {
        const enum config_form form =
            config_form_of(name, content.bytes ? content.bytes : "", content.length);
        if (config_read(entries, name, form, content.bytes, content.length, &complaints))
            code = 0;
        else if (complaints.failed)
            code = out_of_memory();
        print_complaints(&complaints, name, &content);
    }
    complaints_free(&complaints);
    buffer_free(&content);
    return code;
}

/* Flink's conf/: there the two files have their names. */
static int read_folder(struct config_entries *entries, const char *folder)
{
    static const char *const names[] = {"flink-conf.yaml", "config.yaml"};
    size_t found = 0;
    int code = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && code == 0; i++) {
        struct buffer path = {0};
        buffer_printf(&path, "%s/%s", folder, names[i]);
        char *name = buffer_take(&path);
        if (!name)
            return out_of_memory();
        if (access(name, F_OK) == 0) {
            found++;
            code = read_file(entries, name);
        }
        free(name);
    }
    if (found > 0)
        return code;
    fprintf(stderr, "freshcheck: %s holds no flink-conf.yaml and no config.yaml\n", folder);
    return EXIT_BAD_INPUT;
}

static int read_dynamic(struct config_entries *entries, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) {
        fprintf(stderr, "freshcheck: -D takes KEY=VALUE, not '%s'\n", text);
        return EXIT_USAGE;
    }
    char *key = text_copy_length(text, (size_t)(equals - text));
    const bool added = key && config_add_dynamic(entries, key, equals + 1);
    free(key);
    return added ? 0 : out_of_memory();
}

/* A file of some other program reads as options, too, of which Flink knows none. */
static int refuse_foreign(const struct config_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (known_option_find(entries->items[i].key) || known_option_nearest(entries->items[i].key))
            return 0;
    }
    if (entries->count == 0)
        return 0;
    const struct config_entry *first = &entries->items[0];
    fprintf(stderr,
            "%s:%u:%u: none of its options is one of Flink's (the first is `%s`): this is the "
            "configuration of another program\n",
            first->source, first->line, first->column, first->key);
    return EXIT_BAD_INPUT;
}

static int read_source(struct config_entries *entries, const char *name)
{
    struct stat status;
    if (config_is_url(name))
        return config_cluster_read(entries, name);
    if (stat(name, &status) == 0 && S_ISDIR(status.st_mode))
        return read_folder(entries, name);
    const int code = read_file(entries, name);
    return code == 0 ? refuse_foreign(entries) : code;
}

int config_source_read(struct config_entries *entries, const char *name,
                       const struct option_values *dynamic)
{
    int code = read_source(entries, name);
    for (size_t i = 0; i < dynamic->count && code == 0; i++)
        code = read_dynamic(entries, dynamic->items[i]);
    return code;
}

/* The newest release that reads the files that there are. */
static const char *newest_reader(const struct config_entries *entries)
{
    const char *const *releases = flink_releases();
    size_t count = 0;
    bool has_old = false, has_new = false;
    while (releases[count])
        count++;
    for (size_t i = 0; i < entries->source_count; i++) {
        has_old |= entries->sources[i].form == FORM_FLINK_CONF;
        has_new |= entries->sources[i].form == FORM_YAML;
    }
    return has_old && !has_new ? flink_release_for("1.20") : releases[count - 1];
}

const char *config_source_release(const struct config_entries *entries, const char *version,
                                  const char *otherwise)
{
    const char *claimed = version ? version : entries->claimed_version;
    if (!claimed)
        claimed = otherwise;
    const char *release = claimed ? flink_release_for(claimed) : newest_reader(entries);
    if (!release)
        fprintf(stderr, "freshcheck: '%s' is no version of Flink, such as 1.20.3\n", claimed);
    return release;
}
