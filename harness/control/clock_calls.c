#include <inttypes.h>

#include "harness/control/control_internal.h"

/* At most so far at once: a job with a checkpoint every 10 s makes a quarter of a million of them
 * in that time, and nobody is served meanwhile. */
static const int64_t advance_us_max = INT64_C(30) * 24 * 3600 * 1000000;

bool call_show_clock(struct asking *asking)
{
    const struct control_clock *clock = &asking->clock;
    struct json_writer json = asking_answer(asking);
    json_member_int64(&json, "epoch_ms", (clock->epoch_us + clock->now_us) / 1000);
    json_member_int64(&json, "time_0_epoch_ms", clock->epoch_us / 1000);
    json_member_text(&json, "mode", clock->manual ? "manual" : "real");
    json_member_bool(&json, "frozen", clock->frozen);
    /* Where time is moved by hand a session can be repeated to the byte. */
    if (!clock->manual)
        json_member_int64(&json, "monotonic_us", clock->monotonic_us);
    if (!clock->frozen)
        json_member_int64(&json, "time_0_monotonic_us", clock->zero_monotonic_us);
    json_end_object(&json);
    return true;
}

static bool show_clock_anew(struct asking *asking)
{
    const struct control_ports *ports = &asking->control->config.ports;
    ports->read_clock(ports->context, &asking->clock);
    return call_show_clock(asking);
}

bool call_advance_clock(struct asking *asking)
{
    const struct control_ports *ports = &asking->control->config.ports;
    const int64_t now_us = asking->clock.now_us;
    int64_t by_us = -1, to_us = -1;
    if (!parameter_duration(asking, "by", &by_us) || !parameter_duration(asking, "to", &to_us))
        return false;
    if ((by_us < 0) == (to_us < 0))
        return asking_refuse(asking, 400,
                             "say how far with by=3s, or until when since time 0 with to=1min");
    if (by_us >= 0)
        to_us = now_us + by_us;
    if (to_us < now_us)
        return asking_refuse(asking, 400,
                             "to=%s is over: it is %" PRId64 " us after time 0 already",
                             parameter_text(asking, "to"), now_us);
    if (to_us - now_us > advance_us_max)
        return asking_refuse(asking, 400, "that is more than 30 d at once");
    if (!ports->advance(ports->context, to_us) || !control_take_entries(asking->control)) {
        asking->no_memory = true;
        return false;
    }
    return show_clock_anew(asking);
}

bool call_freeze_clock(struct asking *asking)
{
    const struct control_ports *ports = &asking->control->config.ports;
    ports->freeze(ports->context);
    return show_clock_anew(asking);
}

bool call_resume_clock(struct asking *asking)
{
    const struct control_ports *ports = &asking->control->config.ports;
    if (asking->clock.manual)
        return asking_refuse(
            asking, 400, "this clock is manual and only moves by POST /freshcheck/clock/advance");
    ports->resume(ports->context);
    return show_clock_anew(asking);
}
