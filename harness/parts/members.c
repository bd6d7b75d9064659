#include "harness/parts/members_internal.h"

#include <math.h>
#include <string.h>

static void print_place(const struct place *at, struct buffer *out)
{
    if (!at)
        return;
    print_place(at->above, out);
    if (at->name)
        buffer_printf(out, "%s%s", at->above ? "." : "", at->name);
    else
        buffer_printf(out, "[%zu]", at->index);
}

bool members_complain(const struct members *members, const struct place *at, const char *format,
                      ...)
{
    struct buffer *out = members->complaint;
    print_place(at, out);
    buffer_text(out, at ? ": " : "");
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(out, format, arguments);
    va_end(arguments);
    return false;
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++) {
        if (strcmp(*names, name) == 0)
            return true;
    }
    return false;
}

bool members_object(const struct members *members, const struct place *at, const json_t *value,
                    const char *const *names)
{
    const char *name;
    const json_t *member;
    if (!json_is_object(value))
        return members_complain(members, at, "an object is wanted here");
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        if (!is_among(name, names)) {
            const struct place here = {.above = at, .name = name};
            return members_complain(members, &here, "there is no member of this name");
        }
    }
    return true;
}

/* The member, when it is there and of a kind that is wanted. *fine: whether there is nothing to
 * complain about. */
static const json_t *member_of(const struct members *members, const struct place *at,
                               const json_t *object, const char *name, enum need need,
                               bool (*is_wanted)(const json_t *), const char *wanted, bool *fine)
{
    const struct place here = {.above = at, .name = name};
    const json_t *member = json_object_get(object, name);
    *fine = true;
    if (!member && need == OPTIONAL)
        return NULL;
    if (!member)
        *fine = members_complain(members, &here, "this member is missing");
    else if (!is_wanted(member))
        *fine = members_complain(members, &here, "%s is wanted here", wanted);
    return *fine ? member : NULL;
}

static bool is_text(const json_t *value)
{
    return json_is_string(value);
}

bool members_text(const struct members *members, const struct place *at, const json_t *object,
                  const char *name, enum need need, const char **text)
{
    bool fine;
    const json_t *value = member_of(members, at, object, name, need, is_text, "a text", &fine);
    if (value)
        *text = json_string_value(value);
    return fine;
}

bool members_short_text(const struct members *members, const struct place *at, const json_t *object,
                        const char *name, enum need need, char *text, size_t size)
{
    const struct place here = {.above = at, .name = name};
    const char *read = NULL;
    if (!members_text(members, at, object, name, need, &read))
        return false;
    if (!read)
        return true;
    if (strlen(read) >= size)
        return members_complain(members, &here, "a text of less than %zu bytes is wanted here",
                                size);
    memcpy(text, read, strlen(read) + 1);
    return true;
}

static bool is_count(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

bool members_count(const struct members *members, const struct place *at, const json_t *object,
                   const char *name, enum need need, uint64_t *count)
{
    bool fine;
    const json_t *value =
        member_of(members, at, object, name, need, is_count, "a whole number from 0 up", &fine);
    if (value)
        *count = (uint64_t)json_integer_value(value);
    return fine;
}

static bool is_bool(const json_t *value)
{
    return json_is_boolean(value);
}

bool members_bool(const struct members *members, const struct place *at, const json_t *object,
                  const char *name, enum need need, bool *value)
{
    bool fine;
    const json_t *member =
        member_of(members, at, object, name, need, is_bool, "true or false", &fine);
    if (member)
        *value = json_is_true(member);
    return fine;
}

static bool is_number_or_null(const json_t *value)
{
    return json_is_number(value) || json_is_null(value);
}

bool members_number(const struct members *members, const struct place *at, const json_t *object,
                    const char *name, enum need need, double *value)
{
    bool fine;
    const json_t *member =
        member_of(members, at, object, name, need, is_number_or_null, "a number", &fine);
    if (member)
        *value = json_is_null(member) ? (double)NAN : json_number_value(member);
    return fine;
}

/* Up to here every microsecond is exact as a double of milliseconds. */
#define TIME_MS_MAX 4e12

static bool is_time(const json_t *value)
{
    return json_is_number(value) && fabs(json_number_value(value)) <= TIME_MS_MAX;
}

bool members_time(const struct members *members, const struct place *at, const json_t *object,
                  const char *name, enum need need, int64_t *us)
{
    bool fine;
    const json_t *value =
        member_of(members, at, object, name, need, is_time, "a time in milliseconds", &fine);
    if (value)
        *us = llround(json_number_value(value) * 1000);
    return fine;
}

static bool is_list(const json_t *value)
{
    return json_is_array(value);
}

bool members_list(const struct members *members, const struct place *at, const json_t *object,
                  const char *name, enum need need, const json_t **list)
{
    bool fine;
    const json_t *value = member_of(members, at, object, name, need, is_list, "a list", &fine);
    if (value)
        *list = value;
    return fine;
}

json_t *members_parse(const struct members *members, const char *bytes, size_t length)
{
    json_error_t error;
    json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
    /* jansson has nothing to say where it ran out of memory. */
    if (!root && error.text[0] != '\0' && json_error_code(&error) != json_error_out_of_memory)
        members_complain(members, NULL, "line %d, column %d: %s", error.line, error.column,
                         error.text);
    return root;
}
