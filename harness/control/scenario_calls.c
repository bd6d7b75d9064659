#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/control/control_internal.h"
#include "harness/scenario/scenario.h"

/* Another scenario in the place of the one that is served. */

enum { SALT_DIGITS_MAX = 16 };

bool call_show_scenario(struct asking *asking)
{
    const struct control *control = asking->control;
    const struct plan *plan = control->config.plan;
    char salt[SALT_DIGITS_MAX + 1];
    snprintf(salt, sizeof salt, "%" PRIx64, control->salt);
    struct json_writer json = asking_answer(asking);
    json_member_text(&json, "scenario", plan->name);
    json_member_text(&json, "title", plan->title);
    json_member_text(&json, "implementation", implementation_name(control->config.implementation));
    json_key(&json, "seed");
    json_uint64(&json, control->config.seed);
    json_member_text(&json, "salt", salt);
    json_key(&json, "loads");
    json_uint64(&json, control->load_count);
    json_end_object(&json);
    return true;
}

static bool read_salt(struct asking *asking, uint64_t *salt)
{
    const char *text = parameter_text(asking, "salt");
    if (!text)
        return true;
    const size_t length = strlen(text);
    if (length == 0 || length > SALT_DIGITS_MAX || strspn(text, "0123456789abcdefABCDEF") != length)
        return asking_refuse(asking, 400, "salt=%s: up to %d hexadecimal digits were expected",
                             text, SALT_DIGITS_MAX);
    *salt = strtoull(text, NULL, 16);
    return true;
}

static bool read_load(struct asking *asking, struct control_load *load)
{
    static const char *const starts[] = {"running", "frozen"};
    const char *name = parameter_text(asking, "implementation");
    int64_t seed = (int64_t)(load->seed & INT64_MAX);
    size_t start = 0;
    char nearest[96];
    if (!parameter_number(asking, "seed", 0, INT64_MAX, &seed) ||
        !parameter_name(asking, "clock", starts, 2, &start))
        return false;
    load->starts_frozen = start == 1;
    if (parameter_text(asking, "seed"))
        load->seed = (uint64_t)seed;
    if (!name)
        return true;
    size_t count = 0;
    while (implementation_names()[count])
        count++;
    load->implementation = implementation_find(name);
    return load->implementation ||
           asking_refuse(asking, 400, "there is no implementation '%s'%s", name,
                         did_you_mean(nearest, name, implementation_names(), count));
}

/* All that is wrong with it, each with its line and column, as one error each. */
static bool refuse_scenario(struct asking *asking, const char *name,
                            const struct complaints *complaints)
{
    if (complaints->failed) {
        asking->no_memory = true;
        return false;
    }
    struct json_writer json = {.out = &asking->answer->body};
    asking->answer->status = 400;
    json_begin_object(&json);
    json_member_array(&json, "errors");
    for (size_t i = 0; i < complaints->count; i++) {
        const struct complaint *one = &complaints->items[i];
        struct buffer text = {0};
        buffer_printf(&text, "%s:%u:%u: %s", name, one->line, one->column, one->message);
        asking->no_memory |= text.failed;
        json_text_length(&json, text.failed ? "" : text.bytes, text.failed ? 0 : text.length);
        buffer_free(&text);
    }
    json_end_array(&json);
    json_end_object(&json);
    return false;
}

static struct plan *read_plan(struct asking *asking, uint64_t salt)
{
    const char *name = parameter_text(asking, "name");
    struct complaints complaints = {0};
    if (!name)
        name = "scenario";
    struct plan *plan = scenario_parse_salted(asking->body ? asking->body : "",
                                              asking->body ? asking->body_length : 0, name,
                                              implementation_names(), salt, &complaints);
    if (!plan)
        refuse_scenario(asking, name, &complaints);
    complaints_free(&complaints);
    return plan;
}

/* Takes the plan over. */
static bool serve_instead(struct asking *asking, struct plan *plan, const struct control_load *load)
{
    struct control *control = asking->control;
    const struct control_ports *ports = &control->config.ports;
    struct cluster *cluster = ports->load(ports->context, load);
    if (!cluster) {
        plan_free(plan);
        asking->no_memory = true;
        return false;
    }
    control_forget(control);
    control->loaded = plan;
    control->config.plan = plan;
    control->config.cluster = cluster;
    control->config.implementation = load->implementation;
    control->config.seed = load->seed;
    control->load_count++;
    control_keep_faults(control);
    ports->read_clock(ports->context, &asking->clock);
    return asking_settle(asking);
}

bool call_load_scenario(struct asking *asking)
{
    struct control *control = asking->control;
    if (control->config.has_neighbours)
        return asking_refuse(asking, 409,
                             "other clusters share this one's clock and files; a scenario is "
                             "loaded where there is one cluster");
    struct control_load load = {.implementation = control->config.implementation,
                                .seed = control->config.seed};
    uint64_t salt = 0;
    if (!read_load(asking, &load) || !read_salt(asking, &salt))
        return false;
    struct plan *plan = read_plan(asking, salt);
    if (!plan)
        return false;
    load.plan = plan;
    if (!serve_instead(asking, plan, &load))
        return false;
    control->salt = salt;
    return call_show_scenario(asking);
}
