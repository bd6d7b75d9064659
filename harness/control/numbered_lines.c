#include "harness/control/control_internal.h"

enum { LIMIT = 1000, LIMIT_MAX = 10000 };

bool answer_lines(struct asking *asking, const struct numbered_lines *lines)
{
    uint64_t number = lines->first;
    int64_t from = 1, limit = LIMIT;
    if (!parameter_number(asking, "from", 1, INT64_MAX, &from) ||
        !parameter_number(asking, "limit", 1, LIMIT_MAX, &limit))
        return false;
    struct json_writer json = asking_answer(asking);
    json_key(&json, "first");
    json_uint64(&json, number);
    json_key(&json, "end");
    json_uint64(&json, lines->next);
    if ((uint64_t)from > number)
        number = (uint64_t)from;
    json_member_array(&json, "lines");
    for (; number < lines->next && limit > 0; number++, limit--)
        lines->write(asking->control, &json, number);
    json_end_array(&json);
    json_key(&json, "next");
    json_uint64(&json, number);
    json_end_object(&json);
    return true;
}
