#include "harness/client_models/garble.h"

const char *const *garble_names(void)
{
    static const char *const names[] = {
#define X(name, text) [GARBLE_##name] = text,
        GARBLE_MAP(X)
#undef X
    };
    return names;
}

static void lose_latest(struct observation *told)
{
    told->lacks_latest = true;
    told->has_latest_completed = told->has_latest_savepoint = false;
    told->has_latest_failed = told->has_latest_restored = false;
}

void garble_answer(enum garble garble, const struct observation *seen, struct observation *told)
{
    *told = *seen;
    switch (garble) {
    case GARBLE_UNKNOWN_TYPE:
        told->latest_completed.type = told->latest_savepoint.type = SEEN_TYPE_UNKNOWN;
        return;
    case GARBLE_NO_LATEST:
        lose_latest(told);
        return;
    case GARBLE_NO_HISTORY:
        told->history_count = 0;
        return;
    case GARBLE_TRUNCATED_BODY:
    case GARBLE_HTML_PAGE:
    case GARBLE_COUNT:
        break;
    }
    *told = (struct observation){.kind = OBSERVED_OTHER};
}
