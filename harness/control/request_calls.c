#include "harness/control/control_internal.h"

enum { LIMIT = 1000, LIMIT_MAX = 10000 };

uint64_t control_request_arrived(struct control *control, uint64_t tag, int64_t now_us)
{
    return request_log_arrived(control->requests, tag, now_us);
}

void control_request_left(struct control *control, uint64_t line, int64_t now_us, int status)
{
    request_log_left(control->requests, line, now_us, status);
}

static void write_line(struct json_writer *json, uint64_t number, const struct request_line *line)
{
    json_begin_object(json);
    json_key(json, "line");
    json_uint64(json, number);
    json_key(json, "request");
    json_uint64(json, line->tag);
    json_member_int64(json, "arrived_us", line->arrived_us);
    if (line->left_us < 0) {
        json_member_null(json, "left_us");
        json_member_null(json, "status");
    } else {
        json_member_int64(json, "left_us", line->left_us);
        json_member_int64(json, "status", line->status);
    }
    json_end_object(json);
}

bool call_show_requests(struct asking *asking)
{
    const struct request_log *log = asking->control->requests;
    const uint64_t next = request_log_next(log);
    uint64_t number = request_log_first(log);
    int64_t from = 1, limit = LIMIT;
    if (!parameter_number(asking, "from", 1, INT64_MAX, &from) ||
        !parameter_number(asking, "limit", 1, LIMIT_MAX, &limit))
        return false;
    struct json_writer json = asking_answer(asking);
    json_key(&json, "first");
    json_uint64(&json, number);
    json_key(&json, "end");
    json_uint64(&json, next);
    if ((uint64_t)from > number)
        number = (uint64_t)from;
    json_member_array(&json, "lines");
    for (; number < next && limit > 0; number++, limit--)
        write_line(&json, number, request_log_at(log, number));
    json_end_array(&json);
    json_key(&json, "next");
    json_uint64(&json, number);
    json_end_object(&json);
    return true;
}
