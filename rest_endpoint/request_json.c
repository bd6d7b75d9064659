#include "rest_endpoint/request_json_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "rest_endpoint/target_internal.h"

/* Deeper nesting than this is refused: skipping calls itself. Source: Jackson's limit is 1000. */
enum { DEPTH_MAX = 100 };

struct scanner {
    const char *at, *end;
    bool refuses_unknown, out_of_memory;
    struct buffer text; /* the last scalar that was read, decoded */
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

static bool read_unit(struct scanner *scanner, unsigned *unit)
{
    *unit = 0;
    if (scanner->end - scanner->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        char c = *scanner->at++;
        const char *digit = c == '\0' ? NULL : strchr(digits, c);
        if (!digit)
            return false;
        *unit = *unit * 16 + (unsigned)((digit - digits) % 16);
    }
    return true;
}

static void put_code_point(struct buffer *text, unsigned code)
{
    if (code < 0x80) {
        buffer_char(text, (char)code);
        return;
    }
    if (code < 0x800) {
        buffer_char(text, (char)(0xc0 | code >> 6));
    } else {
        if (code < 0x10000) {
            buffer_char(text, (char)(0xe0 | code >> 12));
        } else {
            buffer_char(text, (char)(0xf0 | code >> 18));
            buffer_char(text, (char)(0x80 | (code >> 12 & 0x3f)));
        }
        buffer_char(text, (char)(0x80 | (code >> 6 & 0x3f)));
    }
    buffer_char(text, (char)(0x80 | (code & 0x3f)));
}

/* Half of a pair without the other becomes U+FFFD. */
static bool read_unicode(struct scanner *scanner)
{
    unsigned code, low;
    if (!read_unit(scanner, &code))
        return false;
    const char *after = scanner->at;
    if (code >= 0xd800 && code < 0xdc00 && take_word(scanner, "\\u")) {
        if (!read_unit(scanner, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000)
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        else
            scanner->at = after;
    }
    put_code_point(&scanner->text, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
    return true;
}

static bool read_escape(struct scanner *scanner)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (scanner->at == scanner->end)
        return false;
    char c = *scanner->at++;
    if (c == 'u')
        return read_unicode(scanner);
    const char *name = c == '\0' ? NULL : strchr(names, c);
    if (!name)
        return false;
    buffer_char(&scanner->text, meanings[name - names]);
    return true;
}

/* Clearing forgets a failure, which must not get lost. */
static void begin_scalar(struct scanner *scanner)
{
    scanner->out_of_memory |= scanner->text.failed;
    buffer_clear(&scanner->text);
}

/* Into scanner->text. */
static bool read_text(struct scanner *scanner)
{
    begin_scalar(scanner);
    if (!take(scanner, '"'))
        return false;
    while (scanner->at < scanner->end) {
        char c = *scanner->at++;
        if (c == '"')
            return true;
        if ((unsigned char)c < 0x20)
            return false;
        if (c != '\\')
            buffer_char(&scanner->text, c);
        else if (!read_escape(scanner))
            return false;
    }
    return false;
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
    if (take(scanner, closing))
        return true;
    do {
        if (keyed && (!read_text(scanner) || !take(scanner, ':')))
            return false;
        if (!skip_value(scanner, depth + 1))
            return false;
    } while (take(scanner, ','));
    return take(scanner, closing);
}

static bool is_at(struct scanner *scanner, char c)
{
    skip_blanks(scanner);
    return scanner->at < scanner->end && *scanner->at == c;
}

/* A number, true or false into scanner->text, as it stands there. */
static bool read_bare(struct scanner *scanner)
{
    const char *start = scanner->at;
    if (!take_word(scanner, "true") && !take_word(scanner, "false") && !skip_number(scanner))
        return false;
    begin_scalar(scanner);
    buffer_append(&scanner->text, start, (size_t)(scanner->at - start));
    return true;
}

static bool read_scalar(struct scanner *scanner)
{
    return is_at(scanner, '"') ? read_text(scanner) : read_bare(scanner);
}

static bool skip_value(struct scanner *scanner, int depth)
{
    if (depth > DEPTH_MAX)
        return false;
    if (take(scanner, '{'))
        return skip_members(scanner, true, depth);
    if (take(scanner, '['))
        return skip_members(scanner, false, depth);
    return take_word(scanner, "null") || read_scalar(scanner);
}

static struct span scalar(const struct scanner *scanner)
{
    return (struct span){scanner->text.length > 0 ? scanner->text.bytes : "", scanner->text.length};
}

/* A member that is null is as good as absent; the same below. */
static bool keep_text(struct scanner *scanner, bool is_null, char **text)
{
    free(*text);
    *text = NULL;
    if (is_null)
        return true;
    if (!read_scalar(scanner))
        return false;
    *text = buffer_take(&scanner->text);
    if (!*text)
        scanner->out_of_memory = true;
    return *text != NULL;
}

static bool keep_boolean(struct scanner *scanner, bool is_null, struct given_boolean *boolean)
{
    *boolean = (struct given_boolean){0};
    if (is_null)
        return true;
    if (!read_scalar(scanner))
        return false;
    const struct span text = scalar(scanner);
    int64_t number;
    if (span_is(&text, "true") || span_is(&text, "True") || span_is(&text, "TRUE"))
        *boolean = (struct given_boolean){true, true};
    else if (span_is(&text, "false") || span_is(&text, "False") || span_is(&text, "FALSE"))
        *boolean = (struct given_boolean){true, false};
    else if (read_int64(&text, &number))
        *boolean = (struct given_boolean){true, number != 0};
    else
        return text.length == 0;
    return true;
}

static bool keep_int32(struct scanner *scanner, bool is_null, struct given_int32 *number)
{
    *number = (struct given_int32){0};
    if (is_null)
        return true;
    if (!read_scalar(scanner))
        return false;
    const struct span text = scalar(scanner);
    number->given = text.length > 0;
    return text.length == 0 || read_int32(&text, &number->value);
}

static bool keep_id(struct scanner *scanner, bool is_null, struct given_id *id)
{
    *id = (struct given_id){0};
    if (is_null)
        return true;
    if (!is_at(scanner, '"') || !read_text(scanner))
        return false;
    const struct span text = scalar(scanner);
    id->given = id_parse(text.text, text.length, &id->value);
    return id->given;
}

static bool keep_choice(struct scanner *scanner, bool is_null, const char *const *choices,
                        int *choice)
{
    *choice = 0;
    if (is_null)
        return true;
    if (!is_at(scanner, '"') || !read_text(scanner))
        return false;
    const struct span text = scalar(scanner);
    for (; choices[*choice]; ++*choice) {
        if (span_is(&text, choices[*choice]))
            return true;
    }
    return false;
}

/* The rest of a list of scalars, after its opening bracket. */
static bool read_texts(struct scanner *scanner, struct buffer *texts, size_t *count)
{
    if (take(scanner, ']'))
        return true;
    do {
        skip_blanks(scanner);
        const bool is_null = take_word(scanner, "null");
        if (!is_null && !read_scalar(scanner))
            return false;
        if (!is_null)
            buffer_append(texts, scalar(scanner).text, scalar(scanner).length);
        buffer_char(texts, '\0');
        ++*count;
    } while (take(scanner, ','));
    return take(scanner, ']');
}

static bool keep_texts(struct scanner *scanner, bool is_null, struct given_texts *texts)
{
    struct buffer read = {0};
    free(texts->texts);
    *texts = (struct given_texts){0};
    if (is_null)
        return true;
    const bool fine = take(scanner, '[') && read_texts(scanner, &read, &texts->count);
    texts->length = read.length;
    if (texts->count > 0 && fine)
        texts->texts = buffer_take(&read);
    scanner->out_of_memory |= read.failed || (texts->count > 0 && fine && !texts->texts);
    buffer_free(&read);
    return fine;
}

static bool read_object(struct scanner *scanner, const struct member *members, size_t count,
                        bool texts_only, void *into);

static bool keep(struct scanner *scanner, const struct member *member, void *into)
{
    void *value = (char *)into + member->offset;
    skip_blanks(scanner);
    const bool is_null = take_word(scanner, "null");
    switch (member->kind) {
    case MEMBER_TEXT:
        return keep_text(scanner, is_null, value);
    case MEMBER_BOOLEAN:
        return keep_boolean(scanner, is_null, value);
    case MEMBER_INT32:
        return keep_int32(scanner, is_null, value);
    case MEMBER_ID:
        return keep_id(scanner, is_null, value);
    case MEMBER_CHOICE:
        return keep_choice(scanner, is_null, member->choices, value);
    case MEMBER_TEXTS:
        return keep_texts(scanner, is_null, value);
    case MEMBER_MAP:
        return is_null || read_object(scanner, member->members, member->member_count, true, into);
    }
    return false;
}

static const struct member *find_member(const struct member *members, size_t count,
                                        const struct span *name, bool refuses_unknown)
{
    for (size_t i = 0; i < count; i++) {
        if (span_is(name, members[i].name) && !(refuses_unknown && members[i].is_recent))
            return &members[i];
    }
    return NULL;
}

static bool read_member(struct scanner *scanner, const struct member *members, size_t count,
                        bool texts_only, void *into)
{
    if (!read_text(scanner))
        return false;
    const struct span name = scalar(scanner);
    const struct member *member = find_member(members, count, &name, scanner->refuses_unknown);
    if (!take(scanner, ':'))
        return false;
    if (member)
        return keep(scanner, member, into);
    if (!texts_only)
        return !scanner->refuses_unknown && skip_value(scanner, 1);
    skip_blanks(scanner);
    return take_word(scanner, "null") || read_scalar(scanner);
}

static bool read_object(struct scanner *scanner, const struct member *members, size_t count,
                        bool texts_only, void *into)
{
    if (!take(scanner, '{'))
        return false;
    if (take(scanner, '}'))
        return true;
    do {
        if (!read_member(scanner, members, count, texts_only, into))
            return false;
    } while (take(scanner, ','));
    return take(scanner, '}');
}

enum json_outcome request_json_read(const char *text, size_t length, const struct member *members,
                                    size_t member_count, bool refuses_unknown, void *into)
{
    struct scanner scanner = {.at = text, .end = text + length, .refuses_unknown = refuses_unknown};
    const bool read = read_object(&scanner, members, member_count, false, into);
    const bool out_of_memory = scanner.out_of_memory || scanner.text.failed;
    buffer_free(&scanner.text);
    if (out_of_memory)
        return JSON_NO_MEMORY;
    return read ? JSON_READ : JSON_MALFORMED;
}
