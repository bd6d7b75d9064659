#include "base/id.h"

/* A digit's value, with a mark that no other byte has. */
enum { IS_DIGIT = 0x10 };

static const unsigned char digit_values[256] = {
    ['0'] = IS_DIGIT | 0,  ['1'] = IS_DIGIT | 1,  ['2'] = IS_DIGIT | 2,  ['3'] = IS_DIGIT | 3,
    ['4'] = IS_DIGIT | 4,  ['5'] = IS_DIGIT | 5,  ['6'] = IS_DIGIT | 6,  ['7'] = IS_DIGIT | 7,
    ['8'] = IS_DIGIT | 8,  ['9'] = IS_DIGIT | 9,  ['a'] = IS_DIGIT | 10, ['b'] = IS_DIGIT | 11,
    ['c'] = IS_DIGIT | 12, ['d'] = IS_DIGIT | 13, ['e'] = IS_DIGIT | 14, ['f'] = IS_DIGIT | 15,
    ['A'] = IS_DIGIT | 10, ['B'] = IS_DIGIT | 11, ['C'] = IS_DIGIT | 12, ['D'] = IS_DIGIT | 13,
    ['E'] = IS_DIGIT | 14, ['F'] = IS_DIGIT | 15,
};

/*
 * Every request carries an id, so nothing is decided per digit: the marks are ANDed together and
 * looked at once. The two halves go side by side because neither has to wait for the other.
 */
bool id_parse(const char *text, size_t length, struct id *id)
{
    if (length != ID_DIGITS)
        return false;
    uint64_t high = 0, low = 0;
    unsigned marks = IS_DIGIT;
    for (int i = 0; i < ID_DIGITS / 2; i++) {
        const unsigned high_digit = digit_values[(unsigned char)text[i]];
        const unsigned low_digit = digit_values[(unsigned char)text[ID_DIGITS / 2 + i]];
        marks &= high_digit & low_digit;
        high = high << 4 | (high_digit & 0xf);
        low = low << 4 | (low_digit & 0xf);
    }
    if (marks != IS_DIGIT)
        return false;
    *id = (struct id){.high = high, .low = low};
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
