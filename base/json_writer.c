#include "base/json_writer.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

/* What a byte of a text needs: 0 nothing, 'u' the form \u00XX, 'M' a look at the bytes that follow
 * it, anything else a backslash and that letter. */
static const char byte_needs[256] = {
    [0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u',  [0x04] = 'u',          [0x05] = 'u',
    [0x06] = 'u', [0x07] = 'u', [0x08] = 'b', [0x09] = 't',  [0x0a] = 'n',          [0x0b] = 'u',
    [0x0c] = 'f', [0x0d] = 'r', [0x0e] = 'u', [0x0f] = 'u',  [0x10] = 'u',          [0x11] = 'u',
    [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u',  [0x16] = 'u',          [0x17] = 'u',
    [0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u',  [0x1c] = 'u',          [0x1d] = 'u',
    [0x1e] = 'u', [0x1f] = 'u', ['"'] = '"',  ['\\'] = '\\', [0x80 ... 0xff] = 'M',
};

static void comma(struct json_writer *json)
{
    if (json->needs_comma)
        buffer_char(json->out, ',');
}

static void open_bracket(struct json_writer *json, char bracket)
{
    comma(json);
    buffer_char(json->out, bracket);
    json->needs_comma = false;
}

static void close_bracket(struct json_writer *json, char bracket)
{
    buffer_char(json->out, bracket);
    json->needs_comma = true;
}

void json_begin_object(struct json_writer *json)
{
    open_bracket(json, '{');
}

void json_end_object(struct json_writer *json)
{
    close_bracket(json, '}');
}

void json_begin_array(struct json_writer *json)
{
    open_bracket(json, '[');
}

void json_end_array(struct json_writer *json)
{
    close_bracket(json, ']');
}

void json_key(struct json_writer *json, const char *key)
{
    const size_t length = strlen(key);
    char *end = buffer_reserve(json->out, length + 4);
    if (!end)
        return;
    const char *const start = end;
    if (json->needs_comma)
        *end++ = ',';
    *end++ = '"';
    memcpy(end, key, length);
    end += length;
    *end++ = '"';
    *end++ = ':';
    json->out->length += (size_t)(end - start);
    json->needs_comma = false;
}

void json_raw(struct json_writer *json, const char *bytes, size_t length)
{
    comma(json);
    buffer_append(json->out, bytes, length);
    json->needs_comma = true;
}

void json_write_null(struct json_writer *json)
{
    json_raw(json, "null", 4);
}

void json_bool(struct json_writer *json, bool value)
{
    json_raw(json, value ? "true" : "false", value ? 4 : 5);
}

void json_int64(struct json_writer *json, int64_t value)
{
    comma(json);
    buffer_int64(json->out, value);
    json->needs_comma = true;
}

void json_uint64(struct json_writer *json, uint64_t value)
{
    comma(json);
    buffer_uint64(json->out, value);
    json->needs_comma = true;
}

void json_text(struct json_writer *json, const char *text)
{
    if (text)
        json_text_length(json, text, strlen(text));
    else
        json_write_null(json);
}

/* Writes the character at `text`, which is not a plain one; returns how many bytes it took. */
static size_t escape(struct buffer *out, const char *text, size_t length)
{
    const unsigned char byte = (unsigned char)*text;
    const char need = byte_needs[byte];
    if (need == 'M') {
        const size_t character_length = utf8_character_length(text, length);
        if (character_length > 0)
            buffer_append(out, text, character_length);
        else
            buffer_text(out, "\ufffd");
        return character_length > 0 ? character_length : 1;
    }
    if (need == 'u') {
        buffer_text(out, "\\u00");
        buffer_char(out, "0123456789ABCDEF"[byte >> 4]);
        buffer_char(out, "0123456789ABCDEF"[byte & 0xf]);
        return 1;
    }
    buffer_char(out, '\\');
    buffer_char(out, need);
    return 1;
}

void json_text_length(struct json_writer *json, const char *text, size_t length)
{
    comma(json);
    buffer_char(json->out, '"');
    size_t done = 0;
    while (done < length) {
        size_t plain_end = done;
        while (plain_end < length && !byte_needs[(unsigned char)text[plain_end]])
            plain_end++;
        buffer_append(json->out, text + done, plain_end - done);
        done = plain_end;
        if (done < length)
            done += escape(json->out, text + done, length - done);
    }
    buffer_char(json->out, '"');
    json->needs_comma = true;
}

void json_decimal(struct json_writer *json, double value, int decimals)
{
    if (!isfinite(value)) {
        json_write_null(json);
        return;
    }
    comma(json);
    buffer_printf(json->out, "%.*f", decimals, value);
    json->needs_comma = true;
}

void json_member_null(struct json_writer *json, const char *key)
{
    json_key(json, key);
    json_write_null(json);
}

void json_member_bool(struct json_writer *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}

void json_member_int64(struct json_writer *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_int64(json, value);
}

void json_member_text(struct json_writer *json, const char *key, const char *text)
{
    json_key(json, key);
    json_text(json, text);
}

void json_member_java_double(struct json_writer *json, const char *key, double value)
{
    json_key(json, key);
    json_java_double(json, value);
}

void json_member_object(struct json_writer *json, const char *key)
{
    json_key(json, key);
    json_begin_object(json);
}

void json_member_array(struct json_writer *json, const char *key)
{
    json_key(json, key);
    json_begin_array(json);
}
