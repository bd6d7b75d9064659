#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_FENCES_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_FENCES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory that is lent to a shared object, in its own process. What it is to read ends where a page
 * begins that nobody may touch, and cannot be written to; what it is to fill ends likewise, and has a
 * pattern before it.
 */
struct fences {
    char *lent_end;    /* the object's view of what it may read: ends here; read only */
    char *filling_end; /* our view of the same bytes */
    size_t lent_size;
    char *room_end; /* what the object fills ends here */
    size_t room_size;
    size_t page_size;
};

bool fences_put_up(struct fences *fences, size_t lent_size, size_t room_size);

/* The room, zeroed, with the pattern before it. */
void *fences_room(struct fences *fences);

/* False: the pattern is gone. */
bool fences_stand(const struct fences *fences);

enum fence_touched {
    FENCE_NONE,
    FENCE_LENT,      /* bytes that can only be read */
    FENCE_PAST_LENT, /* behind them */
    FENCE_PAST_ROOM  /* behind what is to be filled */
};

enum fence_touched fences_touched(const struct fences *fences, const void *address);

#endif
