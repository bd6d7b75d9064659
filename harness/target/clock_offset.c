#include "harness/target/clock_offset.h"

/* Far from overflow: clocks count from a start of a machine, or from 1970. */
static const int64_t far_us = INT64_MAX / 4;

struct clock_offset clock_offset_unknown(void)
{
    return (struct clock_offset){.least_us = -far_us, .most_us = far_us};
}

void clock_offset_learn(struct clock_offset *offset, int64_t from_us, int64_t read_us,
                        int64_t to_us)
{
    if (from_us != INT64_MIN && read_us - from_us < offset->most_us)
        offset->most_us = read_us - from_us;
    if (to_us != INT64_MAX && read_us - to_us > offset->least_us)
        offset->least_us = read_us - to_us;
}

bool clock_offset_is_possible(const struct clock_offset *offset)
{
    return offset->least_us > -far_us && offset->most_us < far_us &&
           offset->least_us <= offset->most_us;
}

int64_t clock_offset_middle_us(const struct clock_offset *offset)
{
    return offset->least_us + (offset->most_us - offset->least_us) / 2;
}

int64_t clock_offset_error_us(const struct clock_offset *offset)
{
    return (offset->most_us - offset->least_us + 1) / 2;
}
