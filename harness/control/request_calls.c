#include "harness/control/control_internal.h"

uint64_t control_request_arrived(struct control *control, uint64_t tag, int64_t now_us)
{
    return request_log_arrived(control->requests, tag, now_us);
}

void control_request_left(struct control *control, uint64_t line, int64_t now_us, int status)
{
    request_log_left(control->requests, line, now_us, status);
}

static void write_line(const struct control *control, struct json_writer *json, uint64_t number)
{
    const struct request_line *line = request_log_at(control->requests, number);
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
    const struct numbered_lines lines = {request_log_first(log), request_log_next(log), write_line};
    return answer_lines(asking, &lines);
}
