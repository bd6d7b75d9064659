#include "harness/shared_object/misconduct.h"

const char *misconduct_name(enum misconduct misconduct)
{
    static const char *const names[MISCONDUCT_COUNT] = {
#define X(name, text) [MISCONDUCT_##name] = text,
        MISCONDUCT_MAP(X)
#undef X
    };
    return names[misconduct];
}
