#include "harness/command_line/archives.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/command_line/files.h"

/* An archive is held in memory as a whole. */
enum { ARCHIVE_SIZE_MAX = 1 << 30 };

bool archive_is_one(const char *name)
{
    static const char ending[] = ".har";
    const size_t length = strlen(name);
    return length >= sizeof ending && strcmp(name + length - (sizeof ending - 1), ending) == 0;
}

bool archive_cluster(const char *flink_version, const struct option_values *settings,
                     struct har_cluster *cluster)
{
    struct written_setting *items = calloc(settings->count + 1, sizeof *items);
    *cluster = (struct har_cluster){flink_version, items, settings->count};
    for (size_t i = 0; items && i < settings->count; i++) {
        const char *equals = strchr(settings->items[i], '=');
        if (!equals || equals == settings->items[i]) {
            fprintf(stderr, "freshcheck: -D takes KEY=VALUE, not '%s'\n", settings->items[i]);
            cluster->setting_count = i;
            return false;
        }
        items[i].option =
            text_copy_length(settings->items[i], (size_t)(equals - settings->items[i]));
        items[i].value = equals + 1;
        if (!items[i].option) {
            cluster->setting_count = i;
            items = NULL;
        }
    }
    if (!items)
        fputs("freshcheck: out of memory\n", stderr);
    return items != NULL;
}

void archive_cluster_free(struct har_cluster *cluster)
{
    struct written_setting *items = (struct written_setting *)(uintptr_t)cluster->settings;
    for (size_t i = 0; items && i < cluster->setting_count; i++)
        free((char *)(uintptr_t)items[i].option);
    free(items);
    *cluster = (struct har_cluster){0};
}

void archive_complain(const char *name, struct complaints *complaints)
{
    struct buffer out = {0};
    complaints_print(complaints, name, NULL, 0, &out);
    fwrite(out.bytes, 1, out.length, stderr);
    buffer_free(&out);
}

static void tell(const char *name, const struct har_tally *tally)
{
    const size_t taken = tally->entries - tally->foreign - tally->kept;
    if (taken < tally->entries)
        fprintf(stderr,
                "%s: %zu of %zu entries are calls of Flink's REST API; %zu are something else, %zu "
                "the browser answered itself\n",
                name, taken, tally->entries, tally->foreign, tally->kept);
    if (tally->hosts > 1)
        fprintf(stderr, "%s: the calls went to several hosts, which are taken for one cluster\n",
                name);
}

FILE *archive_open(const char *name, const struct har_cluster *cluster, bool *knows_cluster)
{
    struct buffer content = {0};
    struct complaints complaints = {0};
    struct har_tally tally;
    FILE *recording = NULL;
    if (!file_read(name, ARCHIVE_SIZE_MAX, &content))
        goto out;
    recording = tmpfile();
    if (!recording) {
        fprintf(stderr, "freshcheck: there is no place for a copy of %s: %s\n", name,
                strerror(errno));
        goto out;
    }
    const char *slash = strrchr(name, '/');
    const bool read = har_read(content.bytes, content.length, slash ? slash + 1 : name, cluster,
                               recording, &tally, &complaints);
    if (read && fseeko(recording, 0, SEEK_SET) == 0) {
        tell(name, &tally);
        *knows_cluster = tally.knows_cluster;
        goto out;
    }
    archive_complain(name, &complaints);
    fclose(recording);
    recording = NULL;
out:
    complaints_free(&complaints);
    buffer_free(&content);
    return recording;
}
