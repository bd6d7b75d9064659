#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

/* The second byte of a character may lie between `low` and `high`; all later ones 0x80 to 0xbf. */
struct lead {
    unsigned char first, last; /* leading bytes this line is about */
    unsigned char length;
    unsigned char low, high;
};

static const struct lead leads[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static bool continues_well(const struct lead *lead, const unsigned char *bytes)
{
    if (lead->length > 1 && (bytes[1] < lead->low || bytes[1] > lead->high))
        return false;
    for (size_t i = 2; i < lead->length; i++) {
        if (bytes[i] < 0x80 || bytes[i] > 0xbf)
            return false;
    }
    return true;
}

size_t utf8_character_length(const char *bytes, size_t length)
{
    const unsigned char *const octets = (const unsigned char *)bytes;
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        const struct lead *const lead = &leads[i];
        if (octets[0] < lead->first || octets[0] > lead->last)
            continue;
        return lead->length <= length && continues_well(lead, octets) ? lead->length : 0;
    }
    return 0;
}

void utf8_clean(char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        const bool is_ascii = (unsigned char)*text < 0x80;
        const size_t length = is_ascii ? 1 : utf8_character_length(text, left);
        if (length == 0)
            *text = '?';
        text += length > 0 ? length : 1;
        left -= length > 0 ? length : 1;
    }
}
