#include "harness/shared_object/fences.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PATTERN = 0xa5, PATTERN_LENGTH = 64 };

static size_t whole_pages(const struct fences *fences, size_t size)
{
    return (size + fences->page_size - 1) / fences->page_size * fences->page_size;
}

/* `size` bytes of pages and one behind them that nobody may touch; NULL: the system has none. */
static char *map_before_guard(const struct fences *fences, size_t size, int protection, int flags)
{
    char *start =
        mmap(NULL, size + fences->page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        return NULL;
    if (mmap(start, size, protection, flags | MAP_FIXED, -1, 0) == MAP_FAILED)
        return NULL;
    return start;
}

/* The same pages under two addresses: one to write to, and one to read from. Nothing is given back:
 * the process ends with its use. */
bool fences_put_up(struct fences *fences, size_t lent_size, size_t room_size)
{
    fences->page_size = (size_t)sysconf(_SC_PAGESIZE);
    fences->lent_size = whole_pages(fences, lent_size);
    fences->room_size = room_size;
    const size_t room_pages = whole_pages(fences, room_size + PATTERN_LENGTH);
    char *lent = map_before_guard(fences, fences->lent_size, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE);
    char *room =
        map_before_guard(fences, room_pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
    if (!lent || !room)
        return false;
    /* Moving none of the old bytes leaves the old view where it is: mremap(2). */
    char *filling = mremap(lent, 0, fences->lent_size, MREMAP_MAYMOVE);
    if (filling == MAP_FAILED || mprotect(lent, fences->lent_size, PROT_READ) != 0)
        return false;
    fences->lent_end = lent + fences->lent_size;
    fences->filling_end = filling + fences->lent_size;
    fences->room_end = room + room_pages;
    return true;
}

void *fences_room(struct fences *fences)
{
    char *room = fences->room_end - fences->room_size;
    memset(room - PATTERN_LENGTH, PATTERN, PATTERN_LENGTH);
    memset(room, 0, fences->room_size);
    return room;
}

bool fences_stand(const struct fences *fences)
{
    const char *before = fences->room_end - fences->room_size - PATTERN_LENGTH;
    for (size_t i = 0; i < PATTERN_LENGTH; i++) {
        if ((unsigned char)before[i] != PATTERN)
            return false;
    }
    return true;
}

enum fence_touched fences_touched(const struct fences *fences, const void *address)
{
    const uintptr_t at = (uintptr_t)address;
    const uintptr_t lent_end = (uintptr_t)fences->lent_end;
    const uintptr_t room_end = (uintptr_t)fences->room_end;
    if (at >= lent_end - fences->lent_size && at < lent_end)
        return FENCE_LENT;
    if (at >= lent_end && at < lent_end + fences->page_size)
        return FENCE_PAST_LENT;
    if (at >= room_end && at < room_end + fences->page_size)
        return FENCE_PAST_ROOM;
    return FENCE_NONE;
}
