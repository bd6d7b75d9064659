#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/scenario/scenario.h"

/*
 * Any bytes must come out as a plan or as complaints that can be printed.
 * Seeds: scenarios/ (every *.yaml there).
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const implementations[] = {"reference", "flink-1.17", "flink-1.18", "flink-2.3",
                                              NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct complaints complaints = {0};
    struct buffer printed = {0};
    struct plan *plan = scenario_parse(text, size, "fuzz.yaml", implementations, &complaints);
    if ((plan != NULL) == (complaints.count != 0) && !complaints.failed)
        __builtin_trap(); /* one or the other, never both and never neither */
    complaints_print(&complaints, "fuzz.yaml", text, size, &printed);
    buffer_free(&printed);
    complaints_free(&complaints);
    plan_free(plan);
    return 0;
}
