#include "rest_endpoint/cache_control_internal.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "rest_endpoint/endpoint.h"

struct directive {
    const char *name;
    size_t name_length;
    bool has_argument;
    const char *argument; /* without its quotes */
    size_t argument_length;
};

/* Those that names are made of stand first. Source: RFC 9110, 5.6.2. */
static bool is_token_character(char c)
{
    if ((c >= 'a' && c <= 'z') || c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
        return true;
    return c > ' ' && strchr("!#$%&'*+.^_`|~", c) != NULL;
}

static const char *skip_token(const char *at)
{
    while (is_token_character(*at))
        at++;
    return at;
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* From the opening quote to after the closing one; NULL when there is no closing one. */
static const char *skip_quoted(const char *at)
{
    for (at++; *at != '"'; at++) {
        if (*at == '\\')
            at++;
        if (*at == '\0')
            return NULL;
    }
    return at + 1;
}

/* To the comma that ends this element, or to the end: a comma in quotes does not count. */
static const char *skip_element(const char *at)
{
    while (*at != '\0' && *at != ',') {
        const char *after = *at == '"' ? skip_quoted(at) : at + 1;
        if (!after)
            return at + strlen(at);
        at = after;
    }
    return at;
}

/* Returns where it ends, or NULL when it is malformed. */
static const char *read_directive(const char *at, struct directive *directive)
{
    *directive = (struct directive){.name = at};
    at = skip_token(at);
    directive->name_length = (size_t)(at - directive->name);
    if (directive->name_length == 0)
        return NULL;
    if (*at != '=')
        return at;

    const char *start = ++at;
    bool quoted = *at == '"';
    at = quoted ? skip_quoted(at) : skip_token(at);
    if (!at || at == start)
        return NULL;
    directive->has_argument = true;
    directive->argument = start + quoted;
    directive->argument_length = (size_t)(at - start) - (quoted ? 2 : 0);
    return at;
}

static bool is_named(const struct directive *directive, const char *name)
{
    return directive->name_length == strlen(name) &&
           strncasecmp(directive->name, name, directive->name_length) == 0;
}

/* Digits only. From 2^31 up all numbers mean 2^31: RFC 9111, 1.2.2. */
static bool read_seconds(const struct directive *directive, int64_t *seconds)
{
    const int64_t most = INT64_C(1) << 31;
    if (!directive->has_argument || directive->argument_length == 0)
        return false;
    int64_t sum = 0;
    for (size_t i = 0; i < directive->argument_length; i++) {
        char c = directive->argument[i];
        if (c < '0' || c > '9')
            return false;
        sum = sum * 10 + (c - '0');
        if (sum > most)
            sum = most;
    }
    *seconds = sum;
    return true;
}

static void apply(const struct directive *directive, struct freshness *freshness)
{
    int64_t seconds;
    if (is_named(directive, "no-cache"))
        freshness->must_be_new = true;
    else if (is_named(directive, "max-age") && freshness->max_age_us == INT64_MAX &&
             read_seconds(directive, &seconds))
        freshness->max_age_us = seconds * 1000000;
}

struct freshness cache_control_parse(const char *value)
{
    struct freshness freshness = ANY_FRESHNESS;
    const char *at = value ? value : "";
    while (*at != '\0') {
        at = skip_blanks(at);
        struct directive directive;
        const char *end = read_directive(at, &directive);
        if (end)
            end = skip_blanks(end);
        if (end && (*end == ',' || *end == '\0')) {
            apply(&directive, &freshness);
            at = end;
        } else {
            at = skip_element(at);
        }
        if (*at == ',')
            at++;
    }
    return freshness;
}

int64_t request_age_max_us(const char *cache_control)
{
    const struct freshness freshness = cache_control_parse(cache_control);
    return freshness.must_be_new ? -1 : freshness.max_age_us;
}
