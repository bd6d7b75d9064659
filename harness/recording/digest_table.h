#ifndef FRESHCHECK_HARNESS_RECORDING_DIGEST_TABLE_H
#define FRESHCHECK_HARNESS_RECORDING_DIGEST_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Finds out whether bytes were seen before without keeping them: 128 bits stand for them. That is
 * wide enough for equal digests to mean equal bytes, as long as nobody makes bytes to break it.
 */
struct digest {
    uint64_t high, low;
};

/* A digest of nothing, to add to. */
struct digest digest_start(void);
void digest_add(struct digest *digest, const void *bytes, size_t length);
void digest_add_number(struct digest *digest, uint64_t number);

/* Digest -> index. Start with {0}. */
struct digest_table {
    struct digest_slot *slots;
    size_t capacity;
    size_t count;
};

void digest_table_free(struct digest_table *table);
bool digest_table_find(const struct digest_table *table, struct digest digest, size_t *index);

/* For a digest that is not in the table. False when out of memory; then nothing has changed. */
bool digest_table_put(struct digest_table *table, struct digest digest, size_t index);

#endif
