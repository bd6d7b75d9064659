#include "harness/flink_config/yaml_input.h"

#include <string.h>

#include "base/utf8.h"

enum { FILE_BYTES_MAX = 3 * 1024 * 1024 }; /* Source: snakeyaml-engine LoadSettings, code points */

static void put_character(struct buffer *out, uint32_t c)
{
    if (c < 0x80) {
        buffer_char(out, (char)c);
        return;
    }
    if (c < 0x800) {
        buffer_char(out, (char)(0xc0 | c >> 6));
    } else {
        if (c < 0x10000) {
            buffer_char(out, (char)(0xe0 | c >> 12));
        } else {
            buffer_char(out, (char)(0xf0 | c >> 18));
            buffer_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        }
        buffer_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    buffer_char(out, (char)(0x80 | (c & 0x3f)));
}

static uint32_t unit_at(const char *bytes, bool big_endian)
{
    const uint32_t first = (unsigned char)bytes[0], second = (unsigned char)bytes[1];
    return big_endian ? first << 8 | second : second << 8 | first;
}

/* Half a surrogate pair becomes U+FFFF, which is refused with its place like any such character. */
static void recode(struct buffer *out, const char *bytes, size_t length, bool big_endian)
{
    for (size_t i = 0; i + 1 < length; i += 2) {
        uint32_t c = unit_at(bytes + i, big_endian);
        if (c >= 0xd800 && c < 0xe000) {
            const uint32_t low = i + 3 < length ? unit_at(bytes + i + 2, big_endian) : 0;
            const bool is_pair = c < 0xdc00 && low >= 0xdc00 && low < 0xe000;
            c = is_pair ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : 0xffff;
            i += is_pair ? 2 : 0;
        }
        put_character(out, c);
    }
}

/* Source: snakeyaml-engine StreamReader.isPrintable. `length`: of the character in UTF-8. */
static bool is_printable(const char *at, size_t length)
{
    const unsigned char first = (unsigned char)at[0];
    if (length == 1)
        return (first >= 0x20 && first < 0x7f) || first == '\n' || first == '\r' || first == '\t';
    if (length == 2 && first == 0xc2)
        return (unsigned char)at[1] >= 0xa0 || (unsigned char)at[1] == 0x85;
    return !(length == 3 && first == 0xef && (unsigned char)at[1] == 0xbf &&
             (unsigned char)at[2] >= 0xbe);
}

static bool check_characters(const struct yaml_input *input, struct complaints *complaints)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < input->length;) {
        const char *at = input->bytes + i;
        const size_t length = utf8_character_length(at, input->length - i);
        if (length == 0 || !is_printable(at, length)) {
            complaints_add(complaints, line, column,
                           length == 0 ? "this is no UTF-8: Flink cannot read the file (byte %02x)"
                                       : "special characters are not allowed (byte %02x)",
                           (unsigned char)at[0]);
            return false;
        }
        column++;
        if (*at == '\n') {
            line++;
            column = 1;
        }
        i += length;
    }
    return true;
}

bool yaml_input_take(struct yaml_input *input, const char *bytes, size_t length,
                     struct complaints *complaints)
{
    *input = (struct yaml_input){.bytes = length ? bytes : "", .length = length};
    if (length > FILE_BYTES_MAX) {
        complaints_add(complaints, 0, 0, "the file is larger than the 3 MiB that Flink reads");
        return false;
    }
    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        recode(&input->recoded, bytes + 2, length - 2, bytes[0] == '\xfe');
        if (input->recoded.failed) {
            complaints->failed = true;
            return false;
        }
        input->bytes = input->recoded.bytes ? input->recoded.bytes : "";
        input->length = input->recoded.length;
    } else if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        input->bytes += 3;
        input->length -= 3;
    }
    return check_characters(input, complaints);
}

void yaml_input_free(struct yaml_input *input)
{
    buffer_free(&input->recoded);
}
