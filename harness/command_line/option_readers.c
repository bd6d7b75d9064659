#include "harness/command_line/option_readers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

bool option_number(const char *name, const char *text, uint64_t max, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *number <= max)
        return true;
    fprintf(stderr, "freshcheck: --%s takes a whole number up to %" PRIu64 ", not '%s'\n", name,
            max, text);
    return false;
}

const struct implementation *option_implementation(const char *name)
{
    const struct implementation *found = implementation_find(name);
    if (found)
        return found;
    const char *nearest = text_nearest(name, implementation_names(), implementation_count());
    fprintf(stderr,
            "freshcheck: there is no implementation '%s'%s%s%s; "
            "'freshcheck list implementations' shows all\n",
            name, nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
}
