/* Was built for a version that is not there. */

#include <freshcheck/implementation.h>

const struct freshcheck_implementation freshcheck_implementation = {
    .abi_version = FRESHCHECK_ABI_VERSION + 1,
    .size = sizeof(struct freshcheck_implementation),
};
