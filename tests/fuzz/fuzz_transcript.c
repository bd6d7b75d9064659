/* rooms: harness/replay harness/cluster harness/implementations harness/scenario harness/conform harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
/* libFuzzer entry: a whole transcript, and the life that it tells. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/replay/life.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct complaints complaints = {0};
    struct transcript transcript = {0};
    if (length == 0)
        return 0;
    FILE *file = fmemopen((void *)(uintptr_t)bytes, length, "r");
    if (!file)
        return 0;
    const bool has_memory = transcript_read(file, &transcript, &complaints);
    fclose(file);
    if (!has_memory || (transcript.count == 0 && complaints.count == 0))
        abort(); /* nothing was read, and nothing is wrong */
    life_free(life_read(&transcript));
    complaints_free(&complaints);
    transcript_clear(&transcript);
    return 0;
}
