#include "harness/command_line/claim_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"

bool claim_parse(const char *text, int64_t *bound_us)
{
    static const char age[] = "age=";
    if (strcmp(text, "fresh") == 0) {
        *bound_us = 0;
        return true;
    }
    if (strncmp(text, age, sizeof age - 1) != 0) {
        fprintf(stderr, "freshcheck: a claim is 'fresh' or 'age=DURATION' (age=3s), not '%s'\n",
                text);
        return false;
    }
    const char *duration = text + sizeof age - 1;
    const char *why = duration_parse(duration, strlen(duration), bound_us);
    if (why)
        fprintf(stderr, "freshcheck: '%s' in the claim is no duration: %s\n", duration, why);
    return why == NULL;
}

void claim_print(const struct claim *claim, struct buffer *out)
{
    if (claim->bound_us == 0)
        buffer_text(out, "fresh");
    else if (claim->bound_us % 1000000 == 0)
        buffer_printf(out, "age %" PRId64 " s", claim->bound_us / 1000000);
    else
        buffer_printf(out, "age %.10g ms", (double)claim->bound_us / 1000.0);
}
