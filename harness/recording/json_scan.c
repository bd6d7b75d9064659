#include <stdlib.h>
#include <string.h>

#include "harness/recording/json_tree_internal.h"

/*
 * The scanner for JSON as recordings and Flink's answers have it. It takes a subset of what jansson
 * takes, and gives the same values; tests/fuzz/fuzz_json.c compares the two.
 */

enum { DEPTH_MAX = 32, MEMBERS_MAX = 256, INTEGER_DIGITS_MAX = 18, REAL_LENGTH_MAX = 40 };

struct scan {
    struct json_tree *tree;
    const char *at, *end;
    unsigned depth;
};

/* Letters that stand for themselves in a text: ASCII, no control characters. */
static const bool is_plain[256] = {
    [' '] = true, ['!'] = true, ['#' ... '['] = true, [']' ... 0x7f] = true};

char json_unescape(char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/':
        return letter;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

static bool skip_letter(struct scan *scan, char letter)
{
    skip_space(scan);
    if (scan->at == scan->end || *scan->at != letter)
        return false;
    scan->at++;
    return true;
}

/* A text from its opening quote on. Where it ends is in `at`, behind the closing quote. */
static bool scan_text(struct scan *scan, const char **bytes, size_t *length, bool *is_escaped)
{
    if (!skip_letter(scan, '"'))
        return false;
    const char *at = scan->at, *end = scan->end;
    *bytes = at;
    *is_escaped = false;
    for (;;) {
        while (at < end && is_plain[(unsigned char)*at])
            at++;
        if (at == end)
            return false;
        if (*at == '"')
            break;
        if (*at != '\\' || end - at < 2 || json_unescape(at[1]) == '\0')
            return false;
        *is_escaped = true;
        at += 2;
    }
    *length = (size_t)(at - *bytes);
    scan->at = at + 1;
    return true;
}

struct number {
    uint64_t digits;      /* all of them, as one number */
    unsigned digit_count; /* of those, without leading zeros */
    int exponent;         /* of ten */
};

/* One digit or more; false when there is none, or so many that `digits` would overflow. */
static bool scan_digits(struct scan *scan, struct number *number)
{
    const char *start = scan->at;
    for (; scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9'; scan->at++) {
        number->digits = 10 * number->digits + (uint64_t)(*scan->at - '0');
        number->digit_count += number->digits > 0;
        if (number->digit_count > INTEGER_DIGITS_MAX)
            return false;
    }
    return scan->at > start;
}

static bool scan_fraction(struct scan *scan, struct number *number)
{
    const char *start = ++scan->at;
    if (!scan_digits(scan, number))
        return false;
    number->exponent -= (int)(scan->at - start);
    return true;
}

static bool scan_exponent(struct scan *scan, struct number *number)
{
    struct number exponent = {0};
    scan->at++;
    const bool is_negative = scan->at < scan->end && *scan->at == '-';
    scan->at += is_negative || (scan->at < scan->end && *scan->at == '+');
    if (!scan_digits(scan, &exponent) || exponent.digit_count > 2)
        return false;
    number->exponent += is_negative ? -(int)exponent.digits : (int)exponent.digits;
    return true;
}

/* The nearest double. Two doubles that are exact give it in one step; else strtod() knows. */
static bool make_real(const char *start, size_t length, const struct number *number, double *real)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    enum { TENS_MAX = 22, EXACT_DIGITS_MAX = 15 };
    if (number->digit_count <= EXACT_DIGITS_MAX && abs(number->exponent) <= TENS_MAX) {
        const double digits = (double)number->digits;
        *real = number->exponent < 0 ? digits / tens[-number->exponent]
                                     : digits * tens[number->exponent];
        *real = *start == '-' ? -*real : *real;
        return true;
    }
    char text[REAL_LENGTH_MAX + 1];
    if (length > REAL_LENGTH_MAX)
        return false;
    memcpy(text, start, length);
    text[length] = '\0';
    *real = strtod(text, NULL);
    return true;
}

static bool scan_number(struct scan *scan, struct node *node)
{
    const char *start = scan->at;
    struct number number = {0};
    scan->at += *start == '-';
    const char *digits = scan->at;
    if (!scan_digits(scan, &number) || (*digits == '0' && scan->at > digits + 1))
        return false;
    bool is_real = false;
    if (scan->at < scan->end && *scan->at == '.') {
        is_real = true;
        if (!scan_fraction(scan, &number))
            return false;
    }
    if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E')) {
        is_real = true;
        if (!scan_exponent(scan, &number))
            return false;
    }
    node->kind = is_real ? NODE_REAL : NODE_INTEGER;
    if (is_real)
        return make_real(start, (size_t)(scan->at - start), &number, &node->as.real);
    node->as.integer = *start == '-' ? -(int64_t)number.digits : (int64_t)number.digits;
    return true;
}

static bool scan_word(struct scan *scan, struct node *node)
{
    static const struct {
        const char *word;
        enum node_kind kind;
    } words[] = {{"true", NODE_TRUE}, {"false", NODE_FALSE}, {"null", NODE_NULL}};
    for (size_t i = 0; i < 3; i++) {
        const size_t length = strlen(words[i].word);
        if ((size_t)(scan->end - scan->at) >= length &&
            memcmp(scan->at, words[i].word, length) == 0) {
            node->kind = (uint8_t)words[i].kind;
            scan->at += length;
            return true;
        }
    }
    return false;
}

static bool scan_scalar(struct scan *scan, struct node *node)
{
    if (*scan->at == '"') {
        node->kind = NODE_TEXT;
        return scan_text(scan, &node->as.text.bytes, &node->as.text.length, &node->is_escaped);
    }
    if (*scan->at == '-' || (*scan->at >= '0' && *scan->at <= '9'))
        return scan_number(scan, node);
    return scan_word(scan, node);
}

/* Names of an object so far. Few have equal marks: only those are compared. */
struct names {
    uint64_t marks;
    size_t object; /* index of its node */
};

static bool came_before(const struct scan *scan, struct names *names, const char *name,
                        size_t length)
{
    const unsigned first = length > 0 ? (unsigned char)name[0] : 0;
    const unsigned last = length > 0 ? (unsigned char)name[length - 1] : 0;
    const uint64_t mark = UINT64_C(1) << ((length * 23 + first * 5 + last) & 63);
    const bool maybe = names->marks & mark;
    names->marks |= mark;
    const struct node *object = &scan->tree->nodes[names->object];
    const struct node *member = node_first(object);
    for (size_t i = 0; maybe && i < object->as.count; i++, member = node_next(member)) {
        if (member->name_length == length && memcmp(member->name, name, length) == 0)
            return true;
    }
    return false;
}

static enum json_scanned scan_value(struct scan *scan, const char *name, size_t name_length);

static enum json_scanned scan_member(struct scan *scan, struct names *names)
{
    const char *name;
    size_t length;
    bool is_escaped;
    if (!scan_text(scan, &name, &length, &is_escaped) || is_escaped || length > UINT32_MAX ||
        came_before(scan, names, name, length) || !skip_letter(scan, ':'))
        return SCAN_UNUSUAL;
    return scan_value(scan, name, length);
}

/* From behind the opening bracket to behind the closing one. */
static enum json_scanned scan_children(struct scan *scan, size_t parent, char closing)
{
    struct names names = {.object = parent};
    const bool is_object = closing == '}';
    if (skip_letter(scan, closing))
        return SCAN_TAKEN;
    do {
        const enum json_scanned scanned =
            is_object ? scan_member(scan, &names) : scan_value(scan, NULL, 0);
        if (scanned != SCAN_TAKEN)
            return scanned;
        if (++scan->tree->nodes[parent].as.count > MEMBERS_MAX && is_object)
            return SCAN_UNUSUAL;
    } while (skip_letter(scan, ','));
    return skip_letter(scan, closing) ? SCAN_TAKEN : SCAN_UNUSUAL;
}

static enum json_scanned scan_value(struct scan *scan, const char *name, size_t name_length)
{
    const size_t index = scan->tree->count;
    struct node *node = json_tree_add(scan->tree);
    if (!node)
        return SCAN_NO_MEMORY;
    node->name = name;
    node->name_length = (uint32_t)name_length;
    skip_space(scan);
    if (scan->at == scan->end)
        return SCAN_UNUSUAL;
    if (*scan->at != '{' && *scan->at != '[')
        return scan_scalar(scan, node) ? SCAN_TAKEN : SCAN_UNUSUAL;
    node->kind = *scan->at == '{' ? NODE_OBJECT : NODE_LIST;
    if (scan->depth == DEPTH_MAX)
        return SCAN_UNUSUAL;
    scan->depth++;
    const char closing = *scan->at++ == '{' ? '}' : ']';
    const enum json_scanned scanned = scan_children(scan, index, closing);
    scan->depth--;
    scan->tree->nodes[index].span = scan->tree->count - index;
    return scanned;
}

enum json_scanned json_scan(struct json_tree *tree, const char *bytes, size_t length)
{
    struct scan scan = {.tree = tree, .at = bytes, .end = bytes + length};
    skip_space(&scan);
    if (length > INT32_MAX || scan.at == scan.end || (*scan.at != '{' && *scan.at != '['))
        return SCAN_UNUSUAL;
    const enum json_scanned scanned = scan_value(&scan, NULL, 0);
    skip_space(&scan);
    return scanned == SCAN_TAKEN && scan.at < scan.end ? SCAN_UNUSUAL : scanned;
}
