#include "harness/command_line/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { LEFT_WIDTH = 24 }; /* of options and their values in the help */

static bool is_letter(const struct option *option)
{
    return option->name[1] == '\0';
}

static void print_help(const struct command_help *help, const struct option *options,
                       size_t option_count)
{
    printf("usage: %s\n\n%s\n\noptions:\n", help->usage, help->purpose);
    for (size_t i = 0; i < option_count; i++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s%s", is_letter(&options[i]) ? "-" : "--",
                 options[i].name, options[i].placeholder ? " " : "",
                 options[i].placeholder ? options[i].placeholder : "");
        /* Two blanks at least: scripts read this too, for the manual and for completion. */
        if (strlen(left) < LEFT_WIDTH)
            printf("  %-*s %s\n", LEFT_WIDTH, left, options[i].help);
        else
            printf("  %s\n  %*s %s\n", left, LEFT_WIDTH, "", options[i].help);
    }
    printf("  %-*s %s\n", LEFT_WIDTH, "--help", "this text");
    printf("  %-*s %s\n", LEFT_WIDTH, "--version", "the version");
    if (help->after)
        printf("\n%s\n", help->after);
}

static void complain_unknown(const char *name, size_t length, const struct option *options,
                             size_t option_count)
{
    const char *names[64];
    char typed[64];
    size_t count = 0;
    for (size_t i = 0; i < option_count && count < 62; i++)
        names[count++] = options[i].name;
    names[count++] = "help";
    names[count++] = "version";
    snprintf(typed, sizeof typed, "%.*s", (int)(length < 63 ? length : 63), name);
    const char *nearest = text_nearest(typed, names, count);
    if (nearest)
        fprintf(stderr, "freshcheck: there is no option --%s; did you mean --%s?\n", typed,
                nearest);
    else
        fprintf(stderr, "freshcheck: there is no option --%s; --help lists them\n", typed);
}

static const struct option *find_option(const struct option *options, size_t option_count,
                                        const char *name, size_t length)
{
    for (size_t i = 0; i < option_count; i++) {
        if (strlen(options[i].name) == length && memcmp(options[i].name, name, length) == 0)
            return &options[i];
    }
    return NULL;
}

static bool keep_value(const struct option *option, const char *value)
{
    if (option->given)
        *option->given = true;
    if (!option->values) {
        *option->value = value;
        return true;
    }
    struct option_values *values = option->values;
    const char **items = realloc(values->items, (values->count + 1) * sizeof *items);
    if (!items) {
        fputs("freshcheck: out of memory\n", stderr);
        return false;
    }
    values->items = items;
    values->items[values->count++] = value;
    return true;
}

static bool take_next(const struct option *option, int argument_count, char **arguments, int *index)
{
    if (*index + 1 < argument_count)
        return keep_value(option, arguments[++*index]);
    const char *dashes = is_letter(option) ? "-" : "--";
    fprintf(stderr, "freshcheck: %s%s needs a value: %s%s %s\n", dashes, option->name, dashes,
            option->name, option->placeholder);
    return false;
}

/* Takes the option at arguments[*index] and its value, which may be the next argument. */
static bool take_option(const struct option *options, size_t option_count, int argument_count,
                        char **arguments, int *index)
{
    const char *name = arguments[*index] + 2;
    const char *equals = strchr(name, '=');
    const size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find_option(options, option_count, name, length);
    if (!option && length == strlen("help") && memcmp(name, "help", length) == 0) {
        fputs("freshcheck: --help takes no value\n", stderr);
        return false;
    }
    if (!option) {
        complain_unknown(name, length, options, option_count);
        return false;
    }
    if (!option->placeholder) {
        if (equals) {
            fprintf(stderr, "freshcheck: --%s takes no value\n", option->name);
            return false;
        }
        *option->given = true;
        return true;
    }
    if (equals)
        return keep_value(option, equals + 1);
    return take_next(option, argument_count, arguments, index);
}

/* Takes the option of one letter at arguments[*index]; its value follows in the same argument or
 * in the next. */
static bool take_letter(const struct option *options, size_t option_count, int argument_count,
                        char **arguments, int *index)
{
    const char *argument = arguments[*index];
    const struct option *option = find_option(options, option_count, argument + 1, 1);
    if (!option) {
        fprintf(stderr, "freshcheck: there is no option %s; options begin with --\n", argument);
        return false;
    }
    if (argument[2] != '\0')
        return keep_value(option, argument + 2);
    return take_next(option, argument_count, arguments, index);
}

enum options_outcome options_read(const struct command_help *help, const struct option *options,
                                  size_t option_count, int argument_count, char **arguments,
                                  int *plain_count)
{
    bool ended = false;
    *plain_count = 0;
    for (int i = 0; i < argument_count; i++) {
        char *argument = arguments[i];
        if (ended || argument[0] != '-' || strcmp(argument, "-") == 0) {
            arguments[(*plain_count)++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            ended = true;
        } else if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
            print_help(help, options, option_count);
            return OPTIONS_HELPED;
        } else if (strcmp(argument, "--version") == 0) {
            puts("freshcheck " FRESHCHECK_VERSION);
            return OPTIONS_HELPED;
        } else if (argument[1] != '-') {
            if (!take_letter(options, option_count, argument_count, arguments, &i))
                return OPTIONS_WRONG;
        } else if (!take_option(options, option_count, argument_count, arguments, &i)) {
            return OPTIONS_WRONG;
        }
    }
    return OPTIONS_FINE;
}

void option_values_free(struct option_values *values)
{
    free(values->items);
    *values = (struct option_values){0};
}
