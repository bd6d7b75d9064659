#include <inttypes.h>
#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* Numbers with units, texts, names, and maps with known keys. */

/* 10,000 hours; more is a mistake, and far from where 64 bits end. */
#define DURATION_US_MAX (INT64_C(10000) * 3600 * 1000 * 1000)
#define SIZE_BYTES_MAX (INT64_C(1) << 60)

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit duration_units[] = {
    {"us", 1},
    {"ms", 1000},
    {"s", 1000 * 1000},
    {"min", 60 * 1000 * 1000},
    {"h", INT64_C(3600) * 1000 * 1000},
};

static const struct unit size_units[] = {
    {"B", 1},      {"kB", 1000},         {"MB", 1000 * 1000},         {"GB", 1000 * 1000 * 1000},
    {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024},
};

static const struct unit percent_units[] = {{"%", 10 * 1000}};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether the text goes on in a way that makes "5 s" and "5 seconds" different words. */
static bool word_goes_on(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
}

/* Digits with an optional fraction, as millionths; NULL when there are none or too many. */
static const char *decimal_read(const char *text, uint64_t *millionths)
{
    const uint64_t whole_max = UINT64_C(1) << 40;
    if (!is_digit(*text))
        return NULL;
    uint64_t whole = 0;
    for (; is_digit(*text); text++) {
        whole = whole * 10 + (uint64_t)(*text - '0');
        if (whole > whole_max)
            return NULL;
    }
    uint64_t fraction = 0;
    if (*text == '.') {
        text++;
        if (!is_digit(*text))
            return NULL;
        uint64_t place = 100 * 1000;
        for (; is_digit(*text); text++, place /= 10)
            fraction += (uint64_t)(*text - '0') * place;
    }
    *millionths = whole * 1000 * 1000 + fraction;
    return text;
}

/* A decimal and a unit, rounded towards zero. NULL when it is none or above `max`. */
static const char *quantity_read(const char *text, const struct unit *units, size_t unit_count,
                                 int64_t max, int64_t *value)
{
    uint64_t millionths;
    text = decimal_read(text, &millionths);
    if (!text)
        return NULL;
    while (*text == ' ' || *text == '\t')
        text++;
    for (size_t i = 0; i < unit_count; i++) {
        size_t length = strlen(units[i].name);
        if (strncmp(text, units[i].name, length) != 0 || word_goes_on(text[length]))
            continue;
        uint64_t factor = (uint64_t)units[i].factor;
        uint64_t whole = millionths / 1000000, fraction = millionths % 1000000;
        if (whole > (uint64_t)max / factor)
            return NULL;
        uint64_t product = whole * factor + fraction * factor / 1000000;
        if (product > (uint64_t)max)
            return NULL;
        *value = (int64_t)product;
        return text + length;
    }
    return NULL;
}

const char *duration_read(const char *text, int64_t *us)
{
    return quantity_read(text, duration_units, LENGTH(duration_units), DURATION_US_MAX, us);
}

static bool whole_number_read(const char *text, int64_t max, int64_t *value)
{
    int64_t number = 0;
    if (!is_digit(*text))
        return false;
    for (; is_digit(*text); text++) {
        int64_t digit = *text - '0';
        if (number > (max - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *value = number;
    return *text == '\0';
}

static bool read_duration(const char *text, void *out)
{
    const char *rest = duration_read(text, out);
    return rest && *rest == '\0';
}

static bool read_period(const char *text, void *out)
{
    int64_t us;
    if (!read_duration(text, &us) || us < 1000)
        return false;
    *(int64_t *)out = us;
    return true;
}

static bool read_count(const char *text, void *out)
{
    int64_t count;
    if (!whole_number_read(text, INT64_MAX, &count) || count < 1)
        return false;
    *(int64_t *)out = count;
    return true;
}

static bool read_size(const char *text, void *out)
{
    if (whole_number_read(text, SIZE_BYTES_MAX, out))
        return true;
    const char *rest = quantity_read(text, size_units, LENGTH(size_units), SIZE_BYTES_MAX, out);
    return rest && *rest == '\0';
}

static bool read_percent(const char *text, void *out)
{
    int64_t ppm;
    const char *rest = quantity_read(text, percent_units, LENGTH(percent_units), 1000 * 1000, &ppm);
    if (!rest || *rest != '\0')
        return false;
    *(uint32_t *)out = (uint32_t)ppm;
    return true;
}

static const struct {
    bool (*read)(const char *text, void *out);
    const char *expected;
} simple_values[] = {
    [VALUE_DURATION] = {read_duration, "a duration, such as `300 ms` or `1.5 s`"},
    [VALUE_PERIOD] = {read_period, "a duration of 1 ms or more, such as `300 ms`"},
    [VALUE_COUNT] = {read_count, "a whole number from 1 on"},
    [VALUE_SIZE] = {read_size, "a number of bytes, such as `1000` or `1 MB`"},
    [VALUE_PERCENT] = {read_percent, "a share, such as `5 %`"},
};

bool is_text(struct loader *loader, const struct node *node, const char *expected)
{
    if (node->kind == NODE_TEXT && node->length != 0)
        return true;
    complain(loader, node->at, "expected %s, found %s", expected, shown_node(loader, node));
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* A sentence for reports: one line, and nothing in it that would move a terminal's cursor. */
static bool read_sentence(struct loader *loader, const struct node *node, const char **out)
{
    if (!is_text(loader, node, "a text"))
        return false;
    char *text = arena_zeroed(loader->kept, node->length + 1, 1);
    if (!text)
        return false;
    size_t length = 0;
    for (size_t i = 0; i < node->length; i++) {
        char c = node->text[i];
        bool control = ((unsigned char)c < ' ' && !is_blank(c)) || c == 0x7f ||
                       (c == '\xc2' && (unsigned char)node->text[i + 1] < 0xa0);
        if (control) {
            complain(loader, node->at, "this text holds a control character");
            return false;
        }
        if (!is_blank(c))
            text[length++] = c;
        else if (length != 0 && text[length - 1] != ' ')
            text[length++] = ' ';
    }
    while (length != 0 && text[length - 1] == ' ')
        text[--length] = '\0';
    if (length == 0) {
        complain(loader, node->at, "expected a text, found only blanks");
        return false;
    }
    *out = text;
    return true;
}

bool value_read(struct loader *loader, const struct node *node, enum value_kind kind, void *out)
{
    if (kind == VALUE_NODE)
        return true;
    if (kind == VALUE_TEXT)
        return read_sentence(loader, node, out);
    if (kind == VALUE_JOB)
        return is_text(loader, node, "the name of a job") &&
               plan_job_find(loader, node->text, node->length, node->at, out);
    if (!is_text(loader, node, simple_values[kind].expected))
        return false;
    if (simple_values[kind].read(node->text, out))
        return true;
    complain(loader, node->at, "expected %s, found %s", simple_values[kind].expected,
             shown_node(loader, node));
    return false;
}

bool name_is_usable(struct loader *loader, const struct node *key, const char *what)
{
    bool usable = key->length >= 1 && key->length <= NAME_LENGTH_MAX;
    for (size_t i = 0; usable && i < key->length; i++)
        usable = word_goes_on(key->text[i]);
    if (!usable)
        complain(loader, key->at,
                 "the name of %s is 1 to %d letters, digits, `-`, `_` or `.`; found %s", what,
                 NAME_LENGTH_MAX, shown_node(loader, key));
    return usable;
}

bool plan_job_find(struct loader *loader, const char *name, size_t length, size_t at, size_t *job)
{
    for (size_t i = 0; i < loader->job_count; i++) {
        if (strlen(loader->job_names[i]) == length &&
            memcmp(loader->job_names[i], name, length) == 0) {
            *job = i;
            return true;
        }
    }
    complain(loader, at, "there is no job %s under jobmanager%s", shown(loader, name, length),
             suggestion(loader, name, length, loader->job_names, loader->job_count));
    return false;
}

static void complain_of_key(struct loader *loader, const struct node *key,
                            const struct shape *shape)
{
    const char *names[FIELDS_MAX];
    for (size_t i = 0; i < shape->count; i++)
        names[i] = shape->fields[i].name;
    bool near = nearest_name(loader, key->text, key->length, names, shape->count) != NULL;
    complain(loader, key->at, "%s has no key %s%s%s%s", shape->what, shown_node(loader, key),
             suggestion(loader, key->text, key->length, names, shape->count),
             shape->also && !near ? ", or such as " : "", shape->also && !near ? shape->also : "");
}

bool map_read(struct loader *loader, const struct node *node, const struct shape *shape,
              void *target, const struct node *given[FIELDS_MAX], void *context)
{
    for (size_t i = 0; i < FIELDS_MAX; i++)
        given[i] = NULL;
    if (node->kind != NODE_MAP) {
        complain(loader, node->at, "%s is a mapping {key: value}; found %s", shape->what,
                 shown_node(loader, node));
        return false;
    }
    for (const struct node *child = node->first; child; child = child->next) {
        size_t i = 0;
        while (i < shape->count && strcmp(shape->fields[i].name, child->key->text) != 0)
            i++;
        if (i < shape->count) {
            given[i] = child;
            value_read(loader, child, shape->fields[i].kind,
                       (char *)target + shape->fields[i].offset);
        } else if (!shape->other || !shape->other(loader, child, context)) {
            complain_of_key(loader, child->key, shape);
        }
    }
    return true;
}

/* The place of a text in a list of texts; complains when it is not there. */
bool name_find(struct loader *loader, const struct node *node, const char *what,
               const char *const *names, size_t count, size_t *index)
{
    if (!is_text(loader, node, what))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], node->text) == 0) {
            *index = i;
            return true;
        }
    }
    complain(loader, node->at, "%s is not %s%s", shown_node(loader, node), what,
             suggestion(loader, node->text, node->length, names, count));
    return false;
}
