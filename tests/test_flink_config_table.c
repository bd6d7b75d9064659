/* rooms: harness/flink_config base */
/* The configurations of tests/configurations, against what Flink's own classes made of them. */

#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "harness/flink_config/effective.h"

enum { FILES_MAX = 3, DYNAMIC_MAX = 3, CASES_MAX = 500, FIELDS = 5 };

struct file {
    char name[32];
    struct buffer content;
};

struct configuration_case {
    char *name;
    struct file files[FILES_MAX];
    size_t file_count;
    char *dynamic[DYNAMIC_MAX];
    size_t dynamic_count;
};

struct table {
    struct configuration_case cases[CASES_MAX];
    size_t case_count;
    char *rows; /* of table.tsv */
    size_t rows_length;
};

static char *read_whole(const char *name, size_t *length)
{
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *length, file), *length);
    text[*length] = '\0';
    fclose(file);
    return text;
}

static void add_line(struct buffer *content, const char *line)
{
    static const char letters[] = "\\tr", bytes[] = "\\\t\r";
    for (; *line; line++) {
        const char *letter = *line == '\\' ? strchr(letters, line[1]) : NULL;
        unsigned byte;
        if (strcmp(line, "\\c") == 0)
            return;
        if (letter && *letter) {
            buffer_char(content, bytes[letter - letters]);
            line++;
        } else if (*line == '\\' && sscanf(line, "\\x%2x", &byte) == 1) {
            buffer_char(content, (char)byte);
            line += 3;
        } else {
            buffer_char(content, *line);
        }
    }
    buffer_char(content, '\n');
}

static void take_case_line(struct table *table, char *line)
{
    struct configuration_case *last =
        table->case_count ? &table->cases[table->case_count - 1] : NULL;
    if (strncmp(line, "case ", 5) == 0) {
        assert_true(table->case_count < CASES_MAX);
        table->cases[table->case_count++].name = text_copy(line + 5);
    } else if (strncmp(line, "  file ", 7) == 0) {
        assert_true(last && last->file_count < FILES_MAX);
        snprintf(last->files[last->file_count++].name, sizeof last->files[0].name, "%s", line + 7);
    } else if (strncmp(line, "  |", 3) == 0) {
        assert_true(last && last->file_count > 0);
        add_line(&last->files[last->file_count - 1].content, line + 3 + (line[3] == ' '));
    } else if (strncmp(line, "  -D ", 5) == 0) {
        assert_true(last && last->dynamic_count < DYNAMIC_MAX);
        last->dynamic[last->dynamic_count++] = text_copy(line + 5);
    } else {
        assert_true(*line == '\0' || *line == '#');
    }
}

static int read_table(void **state)
{
    size_t length;
    struct table *table = calloc(1, sizeof *table);
    char *cases = read_whole("tests/configurations/cases.txt", &length);
    for (char *line = cases; line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        take_case_line(table, line);
        line = end ? end + 1 : NULL;
    }
    free(cases);
    table->rows = read_whole("tests/configurations/table.tsv", &table->rows_length);
    *state = table;
    return 0;
}

static int free_table(void **state)
{
    struct table *table = *state;
    for (size_t i = 0; i < table->case_count; i++) {
        free(table->cases[i].name);
        for (size_t f = 0; f < table->cases[i].file_count; f++)
            buffer_free(&table->cases[i].files[f].content);
        for (size_t d = 0; d < table->cases[i].dynamic_count; d++)
            free(table->cases[i].dynamic[d]);
    }
    free(table->rows);
    free(table);
    return 0;
}

/* What the table says of an option; "" when it does not name it, NULL when it does not name the
 * case and release at all. In `field`. */
static const char *look_up(const struct table *table, const char *name, const char *release,
                           const char *option, char *field, size_t size)
{
    bool seen = false;
    char first[80];
    snprintf(first, sizeof first, "\n%s\t", name);
    const char *rows = strstr(table->rows, first); /* those of a case stand together */
    for (const char *line = rows ? rows + 1 : "";
         strncmp(line, first + 1, strlen(first + 1)) == 0;) {
        const char *end = strchr(line, '\n');
        const char *at[FIELDS];
        size_t count = 0;
        for (const char *c = line; c && c < end && count < FIELDS; c = strchr(c, '\t') + 1) {
            at[count++] = c;
            if (!memchr(c, '\t', (size_t)(end - c)))
                break;
        }
        assert_int_equal(count, FIELDS);
        const bool named = memmem(at[1], (size_t)(at[2] - at[1]), release, strlen(release));
        seen |= named;
        if (named && strncmp(at[2], option, strlen(option)) == 0 && at[2][strlen(option)] == '\t') {
            snprintf(field, size, "%.*s", (int)(at[4] - at[3] - 1), at[3]);
            return field;
        }
        line = end + 1;
    }
    return seen ? "" : NULL;
}

static const struct configuration_case *find_case(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->case_count; i++) {
        if (strcmp(table->cases[i].name, name) == 0)
            return &table->cases[i];
    }
    fail_msg("no case %s", name);
    return NULL;
}

/* Only the file that the release takes: Flink does not look at the other. */
static bool load(const struct configuration_case *c, const char *release,
                 struct config_entries *entries, struct complaints *complaints)
{
    bool fine = true;
    const bool has_old = strcmp(c->files[0].name, "flink-conf.yaml") == 0;
    const bool takes_old = has_old && release[0] == '1';
    for (size_t i = 0; i < c->file_count; i++) {
        const struct file *file = &c->files[i];
        if (c->file_count > 1 && (strcmp(file->name, "flink-conf.yaml") == 0) != takes_old)
            continue;
        const enum config_form form =
            config_form_of(file->name, file->content.bytes, file->content.length);
        assert_int_equal(form,
                         strcmp(file->name, "flink-conf.yaml") == 0 ? FORM_FLINK_CONF : FORM_YAML);
        fine &= config_read(entries, file->name, form, file->content.bytes, file->content.length,
                            complaints);
    }
    for (size_t i = 0; i < c->dynamic_count; i++) {
        char *equals = strchr(c->dynamic[i], '=');
        *equals = '\0';
        assert_true(config_add_dynamic(entries, c->dynamic[i], equals + 1));
        *equals = '=';
    }
    return fine;
}

/* "5000ms" in microseconds. */
static int64_t microseconds(const char *text)
{
    int64_t us = 0;
    size_t places = 3;
    bool behind_point = false;
    if (*text == '-')
        return -microseconds(text + 1);
    for (; *text && *text != 'm'; text++) {
        if (*text == '.') {
            behind_point = true;
            continue;
        }
        if (__builtin_mul_overflow(us, 10, &us) || __builtin_add_overflow(us, *text - '0', &us))
            return INT64_MAX;
        places -= behind_point;
    }
    for (; places > 0; places--) {
        if (__builtin_mul_overflow(us, 10, &us))
            return INT64_MAX;
    }
    return us;
}

static int64_t expected_number(enum flink_option option, const char *text)
{
    static const char *const modes[] = {"DELETE_ON_CANCELLATION", "RETAIN_ON_CANCELLATION",
                                        "NO_EXTERNALIZED_CHECKPOINTS"};
    if (strcmp(text, "null") == 0)
        return -1;
    switch (flink_option_kind(option)) {
    case OPTION_DURATION:
        return microseconds(text);
    case OPTION_NUMBER:
        return atoll(text);
    case OPTION_BOOLEAN:
        return strcmp(text, "true") == 0;
    case OPTION_RETENTION_MODE:
        for (int64_t i = 0; i < 3; i++) {
            if (strcmp(text, modes[i]) == 0)
                return i;
        }
    }
    return -2;
}

static size_t compare_option(const struct table *table, const char *name, const char *release,
                             enum flink_option option, const struct effective_value *value)
{
    char field[512], standard[512];
    const char *key = flink_option_key(option, "2.3.0");
    const char *said = look_up(table, name, release, key, field, sizeof field);
    assert_non_null(said);
    if (strncmp(said, "refused ", 8) == 0) {
        if (value->refusal && strcmp(value->refusal, said + 8) == 0)
            return 0;
        print_error("%s on %s: %s: '%s' instead of '%s'\n", name, release, key,
                    value->refusal ? value->refusal : "starts", said);
        return 1;
    }
    if (*said == '\0')
        said = look_up(table, release[0] == '1' ? "nothing" : "empty-yaml", release, key, standard,
                       sizeof standard);
    if (*said == '\0')
        return value->exists; /* the release does not know the option */
    if (value->exists && !value->refusal && value->number == expected_number(option, said))
        return 0;
    print_error("%s on %s: %s: %lld (%s) instead of %s\n", name, release, key,
                (long long)value->number, value->refusal ? value->refusal : "", said);
    return 1;
}

/* Flink stops at the first option that it refuses: of the others it says nothing. */
static bool is_refused(const struct table *table, const char *name, const char *release)
{
    char field[512];
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const char *said =
            look_up(table, name, release, flink_option_key((enum flink_option)i, "2.3.0"), field,
                    sizeof field);
        if (strncmp(said, "refused ", 8) == 0)
            return true;
    }
    return false;
}

static size_t compare_values(const struct table *table, const struct configuration_case *c,
                             const char *release, const struct config_entries *entries)
{
    struct effective effective;
    char field[512];
    size_t wrong = 0;
    assert_true(effective_resolve(&effective, entries, release));
    const bool refused = is_refused(table, c->name, release);
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const enum flink_option option = (enum flink_option)i;
        const char *said = look_up(table, c->name, release, flink_option_key(option, "2.3.0"),
                                   field, sizeof field);
        if (!refused || *said != '\0')
            wrong += compare_option(table, c->name, release, option, &effective.values[i]);
    }
    if (effective.missing_file || (!refused && effective.refusal_count > 0)) {
        print_error("%s on %s: refused\n", c->name, release);
        wrong++;
    }
    effective_free(&effective);
    return wrong;
}

static size_t compare_case(const struct table *table, const struct configuration_case *c,
                           const char *release)
{
    struct config_entries entries = {0};
    struct complaints complaints = {0};
    char field[512];
    size_t wrong = 0;
    const bool read = load(c, release, &entries, &complaints);
    const char *file = look_up(table, c->name, release, "file", field, sizeof field);
    if (!file) { /* the release does not read it */
        struct effective effective;
        assert_true(effective_resolve(&effective, &entries, release));
        wrong += !effective.missing_file && read;
        effective_free(&effective);
    } else if (read == (strncmp(file, "refused ", 8) == 0)) {
        print_error("%s on %s: %s: %s\n", c->name, release, read ? "read" : "not read", file);
        wrong++;
    } else if (read) {
        wrong += compare_values(table, c, release, &entries);
    } else if (complaints.count == 0 || complaints.items[0].line == 0) {
        print_error("%s: refused without a place\n", c->name);
        wrong++;
    }
    complaints_free(&complaints);
    config_entries_free(&entries);
    return wrong;
}

static void test_every_configuration_is_read_as_flink_reads_it(void **state)
{
    const struct table *table = *state;
    size_t wrong = 0, compared = 0;
    for (size_t i = 0; i < table->case_count; i++) {
        for (const char *const *release = flink_releases(); *release; release++) {
            wrong += compare_case(table, &table->cases[i], *release);
            compared++;
        }
    }
    assert_true(compared >= 150 * 8);
    assert_int_equal(wrong, 0);
}

struct trial {
    const struct table *table;
    const struct configuration_case *c;
};

static void read_short_of_memory(void *context, bool may_fail)
{
    const struct trial *trial = context;
    struct config_entries entries = {0};
    struct complaints complaints = {0};
    struct effective effective;
    const bool read = config_read(&entries, "f", config_form_of(trial->c->files[0].name, "", 0),
                                  trial->c->files[0].content.bytes,
                                  trial->c->files[0].content.length, &complaints);
    if (!may_fail)
        assert_false(complaints.failed);
    if (!read)
        assert_int_equal(entries.count, 0);
    if (read && config_add_dynamic(&entries, "web.timeout", "x") &&
        effective_resolve(&effective, &entries, "2.3.0")) {
        assert_non_null(effective.values[OPTION_CALL_TIMEOUT].refusal);
        effective_free(&effective);
    } else if (read) {
        assert_true(may_fail);
    }
    complaints_free(&complaints);
    config_entries_free(&entries);
}

static void test_running_out_of_memory_leaves_nothing_behind(void **state)
{
    static const char *const names[] = {
        "later-wins", "alias-of-a-mapping", "duplicate-key",        "list-elsewhere",
        "utf-16",     "two-documents",      "no-blank-behind-colon"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct trial trial = {*state, find_case(*state, names[i])};
        assert_true(fail_each_allocation(read_short_of_memory, &trial) > 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_configuration_is_read_as_flink_reads_it),
        cmocka_unit_test(test_running_out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, read_table, free_table);
}
