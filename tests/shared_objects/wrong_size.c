/* Says of itself that it is smaller than any version of it was. */

#include <freshcheck/implementation.h>

const struct freshcheck_implementation freshcheck_implementation = {
    .abi_version = FRESHCHECK_ABI_VERSION,
    .size = 8,
};
