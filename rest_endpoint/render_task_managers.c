#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

enum { MEBIBYTE = 1 << 20, SEGMENT_SIZE = 1 << 15 /* taskmanager.memory.segment-size */ };

/*
 * Every TaskManager is the one of the transcripts: 2 cores and these sizes. A slot has its share.
 * Source: Flink ResourceProfileInfo, HardwareDescription, TaskExecutorMemoryConfiguration.
 */
enum {
    CPU_CORES = 2,
    TASK_HEAP_MIB = 256,
    MANAGED_MIB = 64,
    NETWORK_MIB = 64,
    FRAMEWORK_HEAP_MIB = 64,
    FRAMEWORK_OFF_HEAP_MIB = 64,
    METASPACE_MIB = 128,
    OVERHEAD_MIB = 64
};

static void render_resource(struct json_writer *json, const char *key, int32_t slots,
                            int32_t slots_of)
{
    const int32_t of = slots_of > 0 ? slots_of : 1;
    json_member_object(json, key);
    json_member_java_double(json, "cpuCores", (double)CPU_CORES * slots / of);
    json_member_int64(json, "taskHeapMemory", (int64_t)TASK_HEAP_MIB * slots / of);
    json_member_int64(json, "taskOffHeapMemory", 0);
    json_member_int64(json, "managedMemory", (int64_t)MANAGED_MIB * slots / of);
    json_member_int64(json, "networkMemory", (int64_t)NETWORK_MIB * slots / of);
    json_member_object(json, "extendedResources");
    json_end_object(json);
    json_end_object(json);
}

static void member_mib(struct json_writer *json, const char *key, int64_t mib)
{
    json_member_int64(json, key, mib * MEBIBYTE);
}

static void render_hardware(struct json_writer *json)
{
    json_member_object(json, "hardware");
    json_member_int64(json, "cpuCores", CPU_CORES);
    json_member_int64(json, "physicalMemory", INT64_C(25276514304));
    json_member_int64(json, "freeMemory", 405471232);
    member_mib(json, "managedMemory", MANAGED_MIB);
    json_end_object(json);
}

static void render_memory(struct json_writer *json)
{
    const int64_t flink =
        FRAMEWORK_HEAP_MIB + TASK_HEAP_MIB + FRAMEWORK_OFF_HEAP_MIB + NETWORK_MIB + MANAGED_MIB;
    json_member_object(json, "memoryConfiguration");
    member_mib(json, "frameworkHeap", FRAMEWORK_HEAP_MIB);
    member_mib(json, "taskHeap", TASK_HEAP_MIB);
    member_mib(json, "frameworkOffHeap", FRAMEWORK_OFF_HEAP_MIB);
    member_mib(json, "taskOffHeap", 0);
    member_mib(json, "networkMemory", NETWORK_MIB);
    member_mib(json, "managedMemory", MANAGED_MIB);
    member_mib(json, "jvmMetaspace", METASPACE_MIB);
    member_mib(json, "jvmOverhead", OVERHEAD_MIB);
    member_mib(json, "totalFlinkMemory", flink);
    member_mib(json, "totalProcessMemory", flink + METASPACE_MIB + OVERHEAD_MIB);
    json_end_object(json);
}

static void member_path(struct json_writer *json, const struct task_manager *line,
                        const struct endpoint_wire *wire)
{
    struct buffer path = {0};
    buffer_printf(&path, "%s.tcp://flink@127.0.0.1:%d/user/rpc/taskmanager_%d",
                  wire->akka ? "akka" : "pekko", line->rpc_port, line->number);
    json_key(json, "path");
    render_text_and_free(json, &path);
}

/* Without the braces, so that more can follow. Source: Flink TaskManagerInfo. */
static void render_members(struct json_writer *json, const struct task_manager *line,
                           const struct endpoint_wire *wire)
{
    json_member_text(json, "id", line->id);
    member_path(json, line, wire);
    json_member_int64(json, "dataPort", line->data_port);
    json_member_int64(json, "jmxPort", -1);
    json_member_int64(json, "timeSinceLastHeartbeat", line->heartbeat_ms);
    json_member_int64(json, "slotsNumber", line->slots);
    json_member_int64(json, "freeSlots", line->slots_free);
    if (wire->assigned_tasks)
        json_member_int64(json, "assignedTasks", line->slots - line->slots_free);
    render_resource(json, "totalResource", line->slots, line->slots);
    render_resource(json, "freeResource", line->slots_free, line->slots);
    render_hardware(json);
    render_memory(json);
}

void render_task_managers(const struct task_manager_list *list, const struct endpoint_wire *wire,
                          struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    json_member_array(&json, "taskmanagers");
    for (size_t i = 0; i < list->count; i++) {
        json_begin_object(&json);
        render_members(&json, &list->lines[i], wire);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

static void member_sizes(struct json_writer *json, const char *const keys[3], int64_t used,
                         int64_t committed, int64_t most)
{
    json_member_int64(json, keys[0], used);
    json_member_int64(json, keys[1], committed);
    json_member_int64(json, keys[2], most);
}

/* Nothing is measured: what there is lies idle. Source: Flink TaskManagerMetricsInfo. */
static void render_metrics_of(struct json_writer *json)
{
    static const char *const heap[] = {"heapUsed", "heapCommitted", "heapMax"};
    static const char *const non_heap[] = {"nonHeapUsed", "nonHeapCommitted", "nonHeapMax"};
    static const char *const direct[] = {"directCount", "directUsed", "directMax"};
    static const char *const mapped[] = {"mappedCount", "mappedUsed", "mappedMax"};
    static const char *const segments[] = {"nettyShuffleMemorySegmentsAvailable",
                                           "nettyShuffleMemorySegmentsUsed",
                                           "nettyShuffleMemorySegmentsTotal"};
    static const char *const memory[] = {"nettyShuffleMemoryAvailable", "nettyShuffleMemoryUsed",
                                         "nettyShuffleMemoryTotal"};
    const int64_t heap_size = (int64_t)(FRAMEWORK_HEAP_MIB + TASK_HEAP_MIB) * MEBIBYTE;
    const int64_t network = (int64_t)NETWORK_MIB * MEBIBYTE;
    json_member_object(json, "metrics");
    member_sizes(json, heap, heap_size / 4, heap_size, heap_size);
    member_sizes(json, non_heap, MEBIBYTE, MEBIBYTE, -1);
    member_sizes(json, direct, network / SEGMENT_SIZE, network, network);
    member_sizes(json, mapped, 0, 0, 0);
    member_sizes(json, segments, network / SEGMENT_SIZE, 0, network / SEGMENT_SIZE);
    member_sizes(json, memory, network, 0, network);
    json_member_array(json, "garbageCollectors");
    json_end_array(json);
    json_end_object(json);
}

void render_task_manager(const struct task_manager *line, const struct endpoint_wire *wire,
                         struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    render_members(&json, line, wire);
    render_metrics_of(&json);
    json_member_array(&json, "allocatedSlots");
    json_end_array(&json);
    json_end_object(&json);
}
