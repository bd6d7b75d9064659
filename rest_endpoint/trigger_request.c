#include "rest_endpoint/routes_internal.h"

#include <string.h>

/* Deeper nesting than this is refused: skipping calls itself. Source: Jackson's limit is 1000. */
enum { DEPTH_MAX = 100, TEXT_MAX = 64 };

struct scanner {
    const char *at, *end;
};

/* A decoded string. One that is too long or not plain ASCII matches nothing that is asked for. */
struct text {
    char bytes[TEXT_MAX];
    size_t length;
    bool overlong;
};

static void skip_blanks(struct scanner *scanner)
{
    while (scanner->at < scanner->end && strchr(" \t\r\n", *scanner->at) && *scanner->at != '\0')
        scanner->at++;
}

static bool take(struct scanner *scanner, char c)
{
    skip_blanks(scanner);
    if (scanner->at == scanner->end || *scanner->at != c)
        return false;
    scanner->at++;
    return true;
}

static bool take_word(struct scanner *scanner, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(scanner->end - scanner->at) < length || memcmp(scanner->at, word, length) != 0)
        return false;
    scanner->at += length;
    return true;
}

static void add(struct text *text, char c)
{
    if (text->length == TEXT_MAX)
        text->overlong = true;
    else
        text->bytes[text->length++] = c;
}

static bool read_unicode(struct scanner *scanner, struct text *text)
{
    unsigned code = 0;
    if (scanner->end - scanner->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        char c = *scanner->at++;
        const char *digit = c == '\0' ? NULL : strchr(digits, c);
        if (!digit)
            return false;
        code = code * 16 + (unsigned)((digit - digits) % 16);
    }
    add(text, code < 128 ? (char)code : '\x7f');
    return true;
}

static bool read_escape(struct scanner *scanner, struct text *text)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (scanner->at == scanner->end)
        return false;
    char c = *scanner->at++;
    if (c == 'u')
        return read_unicode(scanner, text);
    const char *name = c == '\0' ? NULL : strchr(names, c);
    if (!name)
        return false;
    add(text, meanings[name - names]);
    return true;
}

static bool read_text(struct scanner *scanner, struct text *text)
{
    text->length = 0;
    text->overlong = false;
    if (!take(scanner, '"'))
        return false;
    while (scanner->at < scanner->end) {
        char c = *scanner->at++;
        if (c == '"')
            return true;
        if ((unsigned char)c < 0x20)
            return false;
        if (c != '\\')
            add(text, c);
        else if (!read_escape(scanner, text))
            return false;
    }
    return false;
}

static bool text_is(const struct text *text, const char *wanted)
{
    return !text->overlong && text->length == strlen(wanted) &&
           memcmp(text->bytes, wanted, text->length) == 0;
}

static bool skip_digits(struct scanner *scanner)
{
    const char *start = scanner->at;
    while (scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9')
        scanner->at++;
    return scanner->at > start;
}

static bool skip_number(struct scanner *scanner)
{
    (void)take_word(scanner, "-");
    bool starts_with_zero = take_word(scanner, "0");
    if (!starts_with_zero && !skip_digits(scanner))
        return false;
    if (take_word(scanner, ".") && !skip_digits(scanner))
        return false;
    if (!take_word(scanner, "e") && !take_word(scanner, "E"))
        return true;
    if (!take_word(scanner, "+"))
        (void)take_word(scanner, "-");
    return skip_digits(scanner);
}

static bool skip_value(struct scanner *scanner, int depth);

/* The rest of an array or object, after its opening bracket. */
static bool skip_members(struct scanner *scanner, bool keyed, int depth)
{
    const char closing = keyed ? '}' : ']';
    struct text key;
    if (take(scanner, closing))
        return true;
    do {
        if (keyed && (!read_text(scanner, &key) || !take(scanner, ':')))
            return false;
        if (!skip_value(scanner, depth + 1))
            return false;
    } while (take(scanner, ','));
    return take(scanner, closing);
}

static bool skip_value(struct scanner *scanner, int depth)
{
    struct text ignored;
    if (depth > DEPTH_MAX)
        return false;
    if (take(scanner, '{'))
        return skip_members(scanner, true, depth);
    if (take(scanner, '['))
        return skip_members(scanner, false, depth);
    if (scanner->at < scanner->end && *scanner->at == '"')
        return read_text(scanner, &ignored);
    if (take_word(scanner, "true") || take_word(scanner, "false") || take_word(scanner, "null"))
        return true;
    return skip_number(scanner);
}

/* null means the default. */
static bool read_type(struct scanner *scanner, struct trigger_request *request)
{
    struct text text;
    skip_blanks(scanner);
    request->incremental = false;
    if (take_word(scanner, "null"))
        return true;
    if (!read_text(scanner, &text))
        return false;
    request->incremental = text_is(&text, "INCREMENTAL");
    return request->incremental || text_is(&text, "FULL") || text_is(&text, "CONFIGURED");
}

static bool read_trigger(struct scanner *scanner, struct trigger_request *request)
{
    struct text text;
    skip_blanks(scanner);
    request->has_trigger = false;
    if (take_word(scanner, "null"))
        return true;
    if (!read_text(scanner, &text) || text.overlong)
        return false;
    request->has_trigger = id_parse(text.bytes, text.length, &request->trigger);
    return request->has_trigger;
}

static bool read_member(struct scanner *scanner, struct trigger_request *request)
{
    struct text key;
    if (!read_text(scanner, &key) || !take(scanner, ':'))
        return false;
    if (text_is(&key, "checkpointType"))
        return read_type(scanner, request);
    if (text_is(&key, "triggerId"))
        return read_trigger(scanner, request);
    return skip_value(scanner, 1);
}

bool trigger_request_parse(const char *body, size_t length, struct trigger_request *request)
{
    *request = (struct trigger_request){0};
    if (length == 0)
        return true;
    struct scanner scanner = {body, body + length};
    if (!take(&scanner, '{'))
        return false;
    if (take(&scanner, '}'))
        return true;
    do {
        if (!read_member(&scanner, request))
            return false;
    } while (take(&scanner, ','));
    return take(&scanner, '}');
}
