#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "harness/flink_config/yaml_tree.h"

/* Source: snakeyaml-engine CoreScalarResolver; Flink YamlParserUtils, ConfigurationUtils. */

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (strcmp(text, *words) == 0)
            return true;
    }
    return false;
}

static const char *skip_sign(const char *text)
{
    return *text == '+' || *text == '-' ? text + 1 : text;
}

static bool all_in(const char *text, const char *letters)
{
    return *text != '\0' && text[strspn(text, letters)] == '\0';
}

static bool is_integer(const char *text)
{
    if (text[0] == '0' && text[1] == 'o')
        return all_in(text + 2, "01234567");
    if (text[0] == '0' && text[1] == 'x')
        return all_in(text + 2, "0123456789abcdefABCDEF");
    return all_in(skip_sign(text), "0123456789");
}

/* Digits with a point, with an exponent, or both; or a name. */
static bool is_float(const char *text)
{
    static const char *const names[] = {".inf", ".Inf", ".INF", NULL};
    static const char *const no_numbers[] = {".nan", ".NaN", ".NAN", NULL};
    static const char digits[] = "0123456789";
    if (is_one_of(text, no_numbers) || is_one_of(skip_sign(text), names))
        return true;
    const char *at = skip_sign(text);
    const size_t whole = strspn(at, digits);
    at += whole;
    if (*at == '.') {
        at++;
        const size_t fraction = strspn(at, digits);
        if (whole + fraction == 0)
            return false;
        at += fraction;
    } else if (whole == 0) {
        return false;
    }
    if (*at == 'e' || *at == 'E')
        return all_in(skip_sign(at + 1), digits);
    return *at == '\0';
}

enum yaml_type yaml_plain_type(const char *text)
{
    static const char *const nothing[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const truths[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    if (is_one_of(text, nothing))
        return YAML_NULL;
    if (is_one_of(text, truths))
        return YAML_BOOLEAN;
    if (is_integer(text))
        return YAML_INTEGER;
    return is_float(text) ? YAML_FLOAT : YAML_STRING;
}

/* Java's Integer, Long or BigInteger: a plain decimal number. */
static void print_integer(const char *text, struct buffer *out)
{
    const bool octal = text[0] == '0' && text[1] == 'o',
               hexadecimal = text[0] == '0' && text[1] == 'x';
    if (octal || hexadecimal) {
        const unsigned long long value = strtoull(text + 2, NULL, octal ? 8 : 16);
        /* Differs: past 64 bits Java goes on counting; no option takes such a number. */
        buffer_uint64(out, value);
        return;
    }
    const char *digits = skip_sign(text);
    digits += strspn(digits, "0");
    if (*text == '-' && *digits != '\0')
        buffer_char(out, '-');
    buffer_text(out, *digits ? digits : "0");
}

static void print_float(const char *text, struct buffer *out)
{
    const char *name = skip_sign(text);
    if (name[0] == '.' && (name[1] == 'i' || name[1] == 'I')) {
        buffer_text(out, *text == '-' ? "-Infinity" : "Infinity");
        return;
    }
    if (name[0] == '.' && (name[1] == 'n' || name[1] == 'N')) {
        buffer_text(out, "NaN");
        return;
    }
    const double value = strtod(text, NULL);
    struct json_writer json = {.out = out};
    if (value > 1e308 * 10 || value < -1e308 * 10)
        buffer_text(out, value > 0 ? "Infinity" : "-Infinity");
    else
        json_java_double(&json, value);
}

static void print_text(const struct yaml_node *node, struct buffer *out)
{
    switch (node->type) {
    case YAML_INTEGER:
        print_integer(node->text, out);
        break;
    case YAML_FLOAT:
        print_float(node->text, out);
        break;
    case YAML_BOOLEAN:
        buffer_text(out, node->text[0] == 't' || node->text[0] == 'T' ? "true" : "false");
        break;
    case YAML_NULL:
        buffer_text(out, "null");
        break;
    case YAML_STRING:
        buffer_text(out, node->text);
        break;
    }
}

/* The reader has bounded both depth and the number of nodes, with aliases written out. */
void yaml_print(const struct yaml_node *node, struct buffer *out)
{
    if (node->kind == YAML_TEXT) {
        print_text(node, out);
        return;
    }
    buffer_char(out, node->kind == YAML_LIST ? '[' : '{');
    for (const struct yaml_node *child = node->first; child; child = child->next) {
        if (child != node->first)
            buffer_text(out, ", ");
        if (child->key) {
            print_text(child->key, out);
            buffer_text(out, ": ");
        }
        yaml_print(child, out);
    }
    buffer_char(out, node->kind == YAML_LIST ? ']' : '}');
}
