#include "harness/parts/join.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/parts/part_internal.h"
#include "harness/parts/report_file_internal.h"

struct part_file {
    const char *name; /* borrowed */
    struct report_file *file;
    struct read_part read;
};

struct parts {
    struct part_file *files; /* owned; by index, once they are known to be whole */
    size_t count;
    struct report_result *joined; /* owned */
};

static bool complain(struct buffer *complaint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool complain(struct buffer *complaint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(complaint, format, arguments);
    va_end(arguments);
    return false;
}

struct parts *parts_new(void)
{
    return calloc(1, sizeof(struct parts));
}

static void file_free(struct part_file *file)
{
    report_file_free(file->file);
    read_part_free(&file->read);
}

void parts_free(struct parts *parts)
{
    if (!parts)
        return;
    for (size_t i = 0; i < parts->count; i++)
        file_free(&parts->files[i]);
    free(parts->files);
    free(parts->joined);
    free(parts);
}

static bool read_file(struct part_file *file, const char *bytes, size_t length,
                      struct buffer *complaint)
{
    static const struct place here = {.name = "part"};
    const struct members members = {complaint};
    file->file = report_file_read(bytes, length, complaint);
    if (!file->file)
        return false;
    const json_t *part = report_file_part(file->file);
    if (!part)
        return complain(complaint, "it is a whole report, and no part of one");
    return part_read(&members, &here, part, &file->read);
}

bool parts_add(struct parts *parts, const char *name, const char *bytes, size_t length,
               struct buffer *complaint)
{
    struct part_file *files = realloc(parts->files, (parts->count + 1) * sizeof *files);
    if (!files)
        return false;
    parts->files = files;
    struct part_file *file = &files[parts->count];
    *file = (struct part_file){.name = name};
    struct buffer why = {0};
    const bool fine = read_file(file, bytes, length, &why);
    if (fine)
        parts->count++;
    else
        file_free(file);
    if (!fine && why.length > 0)
        complain(complaint, "%s: %.*s", name, (int)why.length, why.bytes);
    buffer_free(&why);
    return fine;
}

/* --- whether they belong together ------------------------------------------------------------ */

/* Members of a part that must be the same in all, and what to call them. */
static const struct {
    const char *name, *called;
} same[] = {
    {"of", "the command"},
    {"version", "the version"},
    {"parts", "the number of parts"},
    {"seed", "the seed"},
    {"seeds", "the number of seeds"},
    {"properties", "what --only and --skip leave"},
    {"implementations", "the list of implementations"},
    {"fail_on", "--fail-on"},
    {"settings", "the list of -D"},
    {"scenarios", "the number of scenarios"},
    {"fingerprint", "the fingerprint of the files that went into it"},
};

static bool same_whole(const struct part_file *first, const struct part_file *other,
                       struct buffer *complaint)
{
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const json_t *a = json_object_get(report_file_part(first->file), same[i].name);
        const json_t *b = json_object_get(report_file_part(other->file), same[i].name);
        if (a == b || json_equal(a, b))
            continue;
        char *of_a = json_dumps(a, JSON_COMPACT | JSON_ENCODE_ANY);
        char *of_b = json_dumps(b, JSON_COMPACT | JSON_ENCODE_ANY);
        if (of_a && of_b)
            complain(complaint,
                     "%s is no part of the same whole as %s: %s is %s there, and %s here",
                     other->name, first->name, same[i].called, of_a, of_b);
        free(of_a);
        free(of_b);
        return false;
    }
    return true;
}

static int by_index(const void *a, const void *b)
{
    const struct part_file *left = a, *right = b;
    const uint64_t of_left = left->read.part.shard.index, of_right = right->read.part.shard.index;
    if (of_left != of_right)
        return of_left < of_right ? -1 : 1;
    return strcmp(left->name, right->name);
}

enum { MISSING_SHOWN = 8 };

static bool complain_missing(const struct parts *parts, struct buffer *complaint)
{
    const uint64_t count = parts_part(parts)->shard.count;
    const uint64_t missing = count - parts->count;
    uint64_t shown = 0;
    size_t next = 0;
    buffer_text(complaint, missing == 1 ? "part " : "parts ");
    for (uint64_t index = 1; index <= count && shown < MISSING_SHOWN; index++) {
        if (next < parts->count && parts->files[next].read.part.shard.index == index) {
            next++;
            continue;
        }
        const bool is_last = shown + 1 == missing;
        buffer_text(complaint, shown == 0 ? "" : is_last ? " and " : ", ");
        buffer_uint64(complaint, index);
        shown++;
    }
    if (shown < missing)
        buffer_printf(complaint, " and %" PRIu64 " more", missing - shown);
    return complain(complaint, " of %" PRIu64 " %s missing", count, missing == 1 ? "is" : "are");
}

bool parts_are_whole(struct parts *parts, const char *version, struct buffer *complaint)
{
    if (parts->count == 0)
        return complain(complaint, "there are no parts");
    const struct part_file *first = &parts->files[0];
    if (strcmp(first->read.part.version, version) != 0)
        return complain(complaint, "%s was written by freshcheck %s, and this is %s", first->name,
                        first->read.part.version, version);
    for (size_t i = 1; i < parts->count; i++)
        if (!same_whole(first, &parts->files[i], complaint))
            return false;
    qsort(parts->files, parts->count, sizeof *parts->files, by_index);
    for (size_t i = 1; i < parts->count; i++) {
        const struct part_file *one = &parts->files[i - 1], *other = &parts->files[i];
        if (one->read.part.shard.index == other->read.part.shard.index)
            return complain(complaint, "%s and %s are both part %" PRIu64 " of %" PRIu64, one->name,
                            other->name, one->read.part.shard.index, one->read.part.shard.count);
    }
    return parts->count == parts_part(parts)->shard.count || complain_missing(parts, complaint);
}

const struct part *parts_part(const struct parts *parts)
{
    return &parts->files[0].read.part;
}

/* --- putting them together ------------------------------------------------------------------- */

/* Whether each part holds as many results as were dealt to it. */
static bool check_counts(const struct parts *parts, uint64_t cells, struct buffer *complaint)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct part_file *file = &parts->files[i];
        const uint64_t wanted = shard_item_count(&file->read.part.shard, cells);
        const size_t there = report_file_report(file->file)->result_count;
        if (there != wanted)
            return complain(complaint, "%s holds %zu results, and should hold %" PRIu64, file->name,
                            there, wanted);
    }
    return true;
}

static bool check_cell(const struct part_file *file, const struct report_result *result,
                       const char *implementation, struct buffer *complaint)
{
    if (result->implementation && strcmp(result->implementation, implementation) == 0)
        return true;
    return complain(complaint, "%s: a result of %s should be of %s", file->name,
                    result->implementation ? result->implementation : "no implementation",
                    implementation);
}

bool parts_join_run(struct parts *parts, const struct report_result **results, size_t *count,
                    struct buffer *complaint)
{
    const struct part *part = parts_part(parts);
    uint64_t cells;
    if (__builtin_mul_overflow(part->scenario_count, part->implementation_count, &cells) ||
        cells > SIZE_MAX / sizeof *parts->joined - 1)
        return complain(complaint, "%s: there cannot be so many scenarios", parts->files[0].name);
    if (!check_counts(parts, cells, complaint))
        return false;
    size_t *taken = calloc(parts->count, sizeof *taken);
    parts->joined = calloc((size_t)cells + 1, sizeof *parts->joined);
    bool fine = taken && parts->joined;
    for (size_t i = 0; fine && i < cells; i++) {
        const size_t from = (size_t)shard_of_item(i, part->shard.count) - 1;
        const struct part_file *file = &parts->files[from];
        parts->joined[i] = report_file_report(file->file)->results[taken[from]++];
        fine = check_cell(file, &parts->joined[i],
                          part->implementations[i % part->implementation_count], complaint);
    }
    free(taken);
    *results = parts->joined;
    *count = (size_t)cells;
    return fine;
}

size_t parts_count(const struct parts *parts)
{
    return parts->count;
}

bool parts_exploration(const struct parts *parts, size_t index, struct exploration_part *part,
                       struct buffer *complaint)
{
    const struct part_file *file = &parts->files[index];
    const struct part *read = &file->read.part;
    *part = (struct exploration_part){
        .name = file->name,
        .exploration = report_file_report(file->file)->exploration,
        .seed_count = shard_row_count(&read->shard, read->seed_count),
    };
    return part->exploration ||
           complain(complaint, "%s: exploration: this member is missing", file->name);
}
