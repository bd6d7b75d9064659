#include "harness/conform/allowed.h"

const char allowed_bundled[] =
#include "harness/conform/deliberate-differences.inc"
    ;
