#include <stdio.h>
#include <string.h>

#include "harness/control/control_internal.h"

#define TAKES(...)        \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }
#define NOTHING ((const char *const[]){NULL})
#define EVENT(kind) JOB_EVENT_##kind

/* Of faults at the gateway, and of faults on the wire: where and how long. */
#define AT_GATEWAY "fetch", "job", "for", "in"
#define ON_WIRE "path", "count", "for", "in"

#define JOB_CALL(path, event, help, ...)                                                        \
    {                                                                                           \
        METHOD_POST, "jobs/:job/" path, TAKES(__VA_ARGS__), call_job_event_happens, event, help \
    }

const struct call control_calls[] = {
    {METHOD_GET, "", NOTHING, call_show_index, 0, "this text"},

    {METHOD_GET, "clock", NOTHING, call_show_clock, 0, "the time, and whether it stands"},
    {METHOD_POST, "clock/advance", TAKES("by", "to"), call_advance_clock, 0,
     "sets the clock forward; all that is due by then has happened when this is answered"},
    {METHOD_POST, "clock/freeze", NOTHING, call_freeze_clock, 0, "stops the clock"},
    {METHOD_POST, "clock/resume", NOTHING, call_resume_clock, 0,
     "lets it go on from where it stands"},

    {METHOD_GET, "jobs", NOTHING, call_show_jobs, 0,
     "jobs that have not ended; :job is an id or a name"},
    JOB_CALL("trigger", EVENT(TRIGGERS), "a checkpoint becomes pending", "checkpoint", "type",
             "in"),
    JOB_CALL("acknowledge", EVENT(ACKNOWLEDGES), "one more subtask reports", "checkpoint",
             "subtask", "in"),
    JOB_CALL("complete", EVENT(COMPLETES), "a checkpoint completes, triggered `takes` before",
             "checkpoint", "type", "takes", "durable-after", "in"),
    JOB_CALL("fail-checkpoint", EVENT(FAILS_CHECKPOINT), "a checkpoint fails", "checkpoint", "type",
             "takes", "message", "in"),
    JOB_CALL("fail-to-trigger", EVENT(FAILS_TO_TRIGGER), "one fails before it is pending",
             "checkpoint", "type", "in"),
    JOB_CALL("discard", EVENT(DISCARDS), "the files of a completed checkpoint go", "checkpoint",
             "in"),
    JOB_CALL("initialize", EVENT(INITIALIZES), "the job is known, its JobMaster is not ready",
             "in"),
    JOB_CALL("run", EVENT(RUNS), "the job runs", "in"),
    JOB_CALL("restart", EVENT(RESTARTS), "its tasks fail; down for `takes`", "takes", "message",
             "exception", "in"),
    JOB_CALL("rescale", EVENT(RESCALES), "its tasks restart, the tracker goes on", "takes", "in"),
    JOB_CALL("failover", EVENT(FAILS_OVER), "its JobMaster is lost, and another takes over",
             "takes", "in"),
    JOB_CALL("start-over", EVENT(STARTS_OVER), "a new run from nothing", "takes", "in"),
    JOB_CALL("restore", EVENT(RESTORES), "reports a restore", "checkpoint", "path", "type", "in"),
    JOB_CALL("finish", EVENT(FINISHES), "the job ends FINISHED", "in"),
    JOB_CALL("fail", EVENT(FAILS), "the job ends FAILED", "message", "exception", "in"),
    JOB_CALL("cancel", EVENT(IS_CANCELLED), "the job ends CANCELED", "in"),

    {METHOD_POST, "jobs/:job/start", TAKES("path"), call_start_job, 0,
     "a job of the scenario starts from this path, or from nothing, as when it is moved here"},

    {METHOD_POST, "leader/lose", TAKES("for"), call_lose_leader, 0,
     "no JobManager leads: calls fail, jobs fail over and are back after `for`"},

    {METHOD_GET, "faults", NOTHING, call_show_faults, 0, "faults in force and to come"},
    {METHOD_POST, "faults/delay", TAKES("by", AT_GATEWAY), call_add_fault, FAULT_DELAY,
     "answers of the JobManager take longer, after the snapshot was taken"},
    {METHOD_POST, "faults/slow-call", TAKES("by", AT_GATEWAY), call_add_fault, FAULT_SLOW_CALL,
     "calls to it take longer to arrive, before the snapshot is taken"},
    {METHOD_POST, "faults/fail", TAKES("outcome", AT_GATEWAY), call_add_fault, FAULT_OUTCOME,
     "calls to it end with `outcome`"},
    {METHOD_POST, "faults/silence", TAKES(AT_GATEWAY), call_add_fault, FAULT_SILENCE,
     "calls to it are not answered"},
    {METHOD_POST, "faults/lock-busy", TAKES("job", "for", "in"), call_add_fault, FAULT_LOCK_BUSY,
     "the tracker hands out its previous snapshot"},
    {METHOD_POST, "faults/wall-clock", TAKES("by", "in"), call_add_fault, FAULT_WALL_CLOCK,
     "the wall clock jumps `by`, which may be negative"},
    {METHOD_POST, "faults/delay-answer", TAKES("by", ON_WIRE), call_add_wire_fault, WIRE_DELAY,
     "answers leave later"},
    {METHOD_POST, "faults/refuse", TAKES("for", "in"), call_add_wire_fault, WIRE_REFUSE,
     "connections are refused"},
    {METHOD_POST, "faults/reset", TAKES(ON_WIRE), call_add_wire_fault, WIRE_RESET,
     "the connection is reset instead of an answer"},
    {METHOD_POST, "faults/half", TAKES(ON_WIRE), call_add_wire_fault, WIRE_HALF,
     "half of the body, then the connection is closed"},
    {METHOD_POST, "faults/wrong-json", TAKES(ON_WIRE), call_add_wire_fault, WIRE_WRONG_JSON,
     "200 and a body that is no JSON"},
    {METHOD_POST, "faults/drip", TAKES("by", ON_WIRE), call_add_wire_fault, WIRE_DRIP,
     "the body leaves in single bytes, `by` apart"},
    {METHOD_DELETE, "faults", NOTHING, call_clear_faults, 0, "ends all faults"},
    {METHOD_POST, "faults/clear", NOTHING, call_clear_faults, 0, "the same"},

    {METHOD_GET, "journal", TAKES("from", "limit"), call_show_journal, 0,
     "what really happened, line by line, from line `from`"},
    {METHOD_GET, "requests", TAKES("from", "limit"), call_show_requests, 0,
     "which requests came that had the header X-Freshcheck-Request: N"},

    {METHOD_GET, "scenario", NOTHING, call_show_scenario, 0, "what is served"},
    {METHOD_POST, "scenario", TAKES("implementation", "seed", "salt", "name", "clock"),
     call_load_scenario, 0,
     "serves the scenario in the body (YAML) instead, from time 0 on; `clock`: frozen, to resume"},
};

const size_t control_call_count = sizeof control_calls / sizeof control_calls[0];

bool call_show_index(struct asking *asking)
{
    static const char *const methods[] = {
        [METHOD_GET] = "GET", [METHOD_POST] = "POST", [METHOD_DELETE] = "DELETE"};
    struct buffer *out = &asking->answer->body;
    asking->answer->content_type = "text/plain; charset=UTF-8";
    buffer_text(out, "Controls of this mock cluster. Parameters go into the query, or the body as a"
                     " form or JSON object.\nDurations are Flink's: 300ms, 3 s, 1min. `in`: from"
                     " now; `for`: how long, without it for good.\n\n");
    for (size_t i = 0; i < control_call_count; i++) {
        char line[160];
        size_t length = (size_t)snprintf(line, sizeof line, "%-6s /freshcheck%s%s",
                                         methods[control_calls[i].method],
                                         *control_calls[i].path ? "/" : "", control_calls[i].path);
        for (size_t j = 0; control_calls[i].parameters[j] && length < sizeof line; j++)
            length += (size_t)snprintf(line + length, sizeof line - length, "%s%s=", j ? "&" : "?",
                                       control_calls[i].parameters[j]);
        buffer_printf(out, "%s\n           %s\n", line, control_calls[i].help);
    }
    return true;
}
