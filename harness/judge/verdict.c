#include "harness/judge/verdict.h"

#include <string.h>

static const char *const ids[PROPERTY_COUNT] = {
#define X(name, id) [PROPERTY_##name] = id,
    PROPERTY_MAP(X)
#undef X
};

static const char *const statements[PROPERTY_COUNT] = {
    [PROPERTY_FRESH] = "The latest completed checkpoint in an answer is not older than the newest "
                       "one whose completion ended before the request was sent.",
    [PROPERTY_BOUNDED_AGE] =
        "The latest completed checkpoint in an answer is not older than the newest one whose "
        "completion ended before the request was sent, less the stated age.",
    [PROPERTY_NO_PHANTOM] = "Nothing is shown as completed before its completion began.",
    [PROPERTY_MONOTONIC] = "Within one run of a job, a request sent after another was answered "
                           "never sees an older state.",
    [PROPERTY_DASHBOARD_CACHED] =
        "However many dashboards are open, a job's execution graph is fetched at most once per "
        "refresh interval, and only for them.",
    [PROPERTY_ISOLATED] = "Traffic, errors or slowness on the checkpoint path change nothing on "
                          "the dashboard path, and the reverse.",
    [PROPERTY_MINIMAL_FETCH] =
        "Requests for checkpoints never cause an execution graph to be built.",
    [PROPERTY_BOUNDED_LOAD] =
        "The JobManager is asked for a job's statistics no more often than the timeout allows; at "
        "timeout 0, no more than the stated number of calls are in flight.",
    [PROPERTY_NO_KEPT_ERROR] =
        "No answer repeats a failure that was over before the request was sent.",
    [PROPERTY_RIGHT_JOB] =
        "Everything in an answer belongs to the job, the run and the checkpoint asked for.",
    [PROPERTY_UNDISTURBED] = "No request fails because another client sent one.",
    [PROPERTY_AVAILABLE] =
        "A job that /jobs/:jobid knows has a checkpoint answer, running or ended.",
    [PROPERTY_CONSISTENT] = "Counts, latest, history and summary of one answer agree with each "
                            "other, and list and details agree.",
    [PROPERTY_NUMERIC_LATEST] =
        "The latest completed checkpoint is the one with the largest number in its run.",
    [PROPERTY_LIVE_PATH] = "The path handed out exists when the answer leaves, or is marked "
                           "discarded.",
    [PROPERTY_RESTORE_WINDOW] =
        "The path handed out stays alive for the stated time after the answer.",
    [PROPERTY_RIGHT_RESTORE] =
        "A client that starts a job from what it read starts it from the newest checkpoint that it "
        "could have seen, or does not start it.",
    [PROPERTY_BOUNDED_MEMORY] = "A cache never holds more entries than its capacity, and a job "
                                "that nobody asks for leaves it after two timeouts.",
    [PROPERTY_SETTINGS_HONOURED] =
        "The measured timeout is the one that the configuration resolves to.",
    [PROPERTY_CONVERGES] = "From the stated time on every path of a known job answers, not with a "
                           "failure, and with the newest state.",
    [PROPERTY_WELL_BEHAVED] = "An implementation neither crashes nor hangs nor leaks, keeps to its "
                              "buffers, and answers each request once.",
};

static const char *const quantities[PROPERTY_COUNT] = {
    [PROPERTY_FRESH] = "longest time that a checkpoint newer than the one shown had been complete",
    [PROPERTY_BOUNDED_AGE] =
        "longest time that a checkpoint newer than the one shown had been complete",
    [PROPERTY_NO_PHANTOM] = "longest time that a checkpoint was shown before its completion began",
    [PROPERTY_MONOTONIC] = "largest step back of the latest checkpoint",
    [PROPERTY_DASHBOARD_CACHED] = "most execution graphs fetched within one interval",
    [PROPERTY_BOUNDED_LOAD] = "most calls for one job, at timeout 0 in flight at once",
    [PROPERTY_NO_KEPT_ERROR] = "longest time that a failure had been over when it was repeated",
    [PROPERTY_RIGHT_JOB] = "longest time that the run of a checkpoint shown had been over",
    [PROPERTY_NUMERIC_LATEST] = "largest distance from the latest shown to the largest listed",
    [PROPERTY_LIVE_PATH] = "longest time that a path had been dead when it was handed out",
    [PROPERTY_RESTORE_WINDOW] = "shortest time that a path lived after it was handed out",
    [PROPERTY_RIGHT_RESTORE] =
        "longest time that the checkpoint which should have been restored had been complete",
    [PROPERTY_BOUNDED_MEMORY] = "most entries that one cache held",
    [PROPERTY_SETTINGS_HONOURED] = "distance of the configured timeout from what was measured",
};

const char *property_quantity(enum property property)
{
    return quantities[property];
}

const char *property_id(enum property property)
{
    return ids[property];
}

const char *const *property_ids(void)
{
    return ids;
}

bool property_find(const char *id, enum property *property)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (strcmp(ids[i], id) == 0) {
            *property = (enum property)i;
            return true;
        }
    }
    return false;
}

const char *property_statement(enum property property)
{
    return statements[property];
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail", [VERDICT_UNKNOWN] = "unknown"};
    return names[verdict];
}

static const char *const layers[] = {
    [LAYER_UNKNOWN] = "unknown",
    [LAYER_GRAPH_CACHE] = "graph cache",
    [LAYER_STATISTICS_CACHE] = "statistics cache",
    [LAYER_CACHE] = "cache",
    [LAYER_DETAILS_CACHE] = "details cache",
    [LAYER_ORIGIN] = "origin",
    [LAYER_PROXY] = "proxy",
    [LAYER_SETTING] = "setting",
    [LAYER_ENDPOINT] = "endpoint",
    [LAYER_CLIENT] = "client",
    [LAYER_CRASHED] = "crashed",
    [LAYER_HUNG] = "hung",
    [LAYER_EXITED] = "exited",
    [LAYER_WROTE_PAST_BUFFER] = "wrote-past-buffer",
    [LAYER_READ_PAST_BUFFER] = "read-past-buffer",
    [LAYER_ANSWERED_TWICE] = "answered-twice",
    [LAYER_ANSWERED_NOBODY] = "answered-nobody",
    [LAYER_NEVER_ANSWERED] = "never-answered",
    [LAYER_BROKE_CONTRACT] = "broke-contract",
    [LAYER_LEAKED] = "leaked",
    [LAYER_WROTE_TO_STDOUT] = "wrote-to-stdout",
};

const char *layer_name(enum layer layer)
{
    return layers[layer];
}

bool layer_find(const char *name, enum layer *layer)
{
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        if (strcmp(layers[i], name) == 0) {
            *layer = (enum layer)i;
            return true;
        }
    }
    return false;
}
