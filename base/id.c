#include "base/id.h"

#include <string.h>

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS (0x80 * EACH_BYTE)

/* High bits where a byte lies in low..high; for bytes below 0x80. */
static uint64_t bytes_between(uint64_t bytes, unsigned low, unsigned high)
{
    return (bytes + (0x80 - low) * EACH_BYTE) & ~(bytes + (0x7f - high) * EACH_BYTE) & HIGH_BITS;
}

/* The first byte in the highest place, whatever the machine's own order. */
static uint64_t load_eight(const char *text)
{
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

/* Reads eight digits side by side; bytes that are none are marked in *wrong. */
static uint64_t parse_eight(const char *text, uint64_t *wrong)
{
    const uint64_t bytes = load_eight(text);
    const uint64_t digits = bytes_between(bytes & ~HIGH_BITS, '0', '9') |
                            bytes_between((bytes & ~HIGH_BITS) | 0x20 * EACH_BYTE, 'a', 'f');
    *wrong |= (digits & ~bytes & HIGH_BITS) ^ HIGH_BITS;
    uint64_t value = (bytes & 0x0f * EACH_BYTE) + 9 * (bytes >> 6 & EACH_BYTE);
    value = (value | value >> 4) & UINT64_C(0x00ff00ff00ff00ff);
    value = (value | value >> 8) & UINT64_C(0x0000ffff0000ffff);
    return (value | value >> 16) & UINT64_C(0xffffffff);
}

/* Every request carries an id, so nothing is decided per digit: what is wrong is gathered and
 * looked at once. */
bool id_parse(const char *text, size_t length, struct id *id)
{
    if (length != ID_DIGITS)
        return false;
    uint64_t wrong = 0;
    const uint64_t a = parse_eight(text, &wrong);
    const uint64_t b = parse_eight(text + 8, &wrong);
    const uint64_t c = parse_eight(text + 16, &wrong);
    const uint64_t d = parse_eight(text + 24, &wrong);
    if (wrong != 0)
        return false;
    *id = (struct id){.high = a << 32 | b, .low = c << 32 | d};
    return true;
}

static void write_sixteen_digits(uint64_t value, char *text)
{
    for (int i = ID_DIGITS / 2 - 1; i >= 0; i--) {
        text[i] = "0123456789abcdef"[value & 0xf];
        value >>= 4;
    }
}

void id_format(struct id id, char text[ID_DIGITS + 1])
{
    write_sixteen_digits(id.high, text);
    write_sixteen_digits(id.low, text + ID_DIGITS / 2);
    text[ID_DIGITS] = '\0';
}
