#include "harness/recording/digest_table.h"

#include <stdlib.h>
#include <string.h>

struct digest_slot {
    struct digest digest;
    size_t index_and_one; /* 0: free */
};

enum { CAPACITY_MIN = 64 };

struct digest digest_start(void)
{
    return (struct digest){UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xcbf29ce484222325)};
}

static uint64_t mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9); /* splitmix64's finalizer */
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

void digest_add_number(struct digest *digest, uint64_t number)
{
    digest->high = mix(digest->high ^ number) + UINT64_C(0x9e3779b97f4a7c15);
    digest->low =
        (mix(number + UINT64_C(0xd1b54a32d192ed03)) ^ digest->low) * UINT64_C(0x9fb21c651e98df25);
    digest->low ^= digest->low >> 32;
}

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

/* Two sums that go their ways over the words of all bytes, mixed well once at the end: bodies of
 * kilobytes are most of what is read. Each step can be undone, so words never get lost on the way.
 */
void digest_add(struct digest *digest, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint64_t left = digest->high, right = digest->low;
    for (size_t done = 0; done < length; done += sizeof(uint64_t)) {
        uint64_t word = 0;
        const size_t rest = length - done;
        memcpy(&word, at + done, rest < sizeof(word) ? rest : sizeof(word));
        left = rotate((left ^ word) * UINT64_C(0x9fb21c651e98df25), 29);
        right = (rotate(right, 23) + word) * UINT64_C(0xd6e8feb86659fd93);
    }
    digest_add_number(digest, left);
    digest_add_number(digest, right);
    digest_add_number(digest, length);
}

void digest_table_free(struct digest_table *table)
{
    free(table->slots);
    *table = (struct digest_table){0};
}

/* The slot that holds the digest, or the free one where it belongs. There is always a free one. */
static struct digest_slot *slot_of(const struct digest_table *table, struct digest digest)
{
    size_t at = (size_t)(digest.high ^ digest.low) & (table->capacity - 1);
    while (table->slots[at].index_and_one != 0 && (table->slots[at].digest.high != digest.high ||
                                                   table->slots[at].digest.low != digest.low))
        at = (at + 1) & (table->capacity - 1);
    return &table->slots[at];
}

bool digest_table_find(const struct digest_table *table, struct digest digest, size_t *index)
{
    if (table->count == 0)
        return false;
    const struct digest_slot *slot = slot_of(table, digest);
    if (slot->index_and_one == 0)
        return false;
    *index = slot->index_and_one - 1;
    return true;
}

static bool grow(struct digest_table *table)
{
    struct digest_table larger = {0};
    larger.capacity = table->capacity ? 2 * table->capacity : CAPACITY_MIN;
    larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->slots[i].index_and_one != 0)
            *slot_of(&larger, table->slots[i].digest) = table->slots[i];
    }
    larger.count = table->count;
    free(table->slots);
    *table = larger;
    return true;
}

bool digest_table_put(struct digest_table *table, struct digest digest, size_t index)
{
    if (2 * (table->count + 1) > table->capacity && !grow(table))
        return false;
    *slot_of(table, digest) = (struct digest_slot){digest, index + 1};
    table->count++;
    return true;
}
