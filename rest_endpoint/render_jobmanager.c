#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"
#include "rest_endpoint/target_internal.h"

/* No Java runs here: these are round figures of a JobManager that has little to do. Their names
 * are those that the dashboard asks for. Source: Flink MetricUtils. */
static const struct {
    const char *name, *value;
} metrics[] = {
    {"Status.JVM.Memory.Heap.Used", "134217728"},
    {"Status.JVM.Memory.Heap.Committed", "469762048"},
    {"Status.JVM.Memory.Heap.Max", "469762048"},
    {"Status.JVM.Memory.NonHeap.Used", "67108864"},
    {"Status.JVM.Memory.NonHeap.Committed", "75497472"},
    {"Status.JVM.Memory.NonHeap.Max", "780140544"},
    {"Status.JVM.Memory.Metaspace.Used", "50331648"},
    {"Status.JVM.Memory.Metaspace.Max", "268435456"},
    {"Status.JVM.Memory.Direct.Count", "10"},
    {"Status.JVM.Memory.Direct.MemoryUsed", "1048576"},
    {"Status.JVM.Memory.Direct.TotalCapacity", "1048576"},
    {"Status.JVM.Memory.Mapped.Count", "0"},
    {"Status.JVM.Memory.Mapped.MemoryUsed", "0"},
    {"Status.JVM.Memory.Mapped.TotalCapacity", "0"},
};

enum { METRIC_COUNT = sizeof(metrics) / sizeof(metrics[0]) };

static bool is_listed(const struct span *names, const char *name)
{
    struct span rest = *names;
    struct span value;
    while (next_value(&rest, &value)) {
        if (span_is(&value, name))
            return true;
    }
    return false;
}

void render_jobmanager_metrics(const struct span *names, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_array(&json);
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        if (names && !is_listed(names, metrics[i].name))
            continue;
        json_begin_object(&json);
        json_member_text(&json, "id", metrics[i].name);
        if (names)
            json_member_text(&json, "value", metrics[i].value);
        json_end_object(&json);
    }
    json_end_array(&json);
}
