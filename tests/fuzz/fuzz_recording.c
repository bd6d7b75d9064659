/* rooms: harness/recording harness/judge rest_endpoint gateway base */
/* libFuzzer entry: a whole recording, read and judged under its own claim. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/recording/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct complaints complaints = {0};
    struct judgement judgement;
    struct claim claim;
    if (length == 0)
        return 0;
    FILE *file = fmemopen((void *)(uintptr_t)bytes, length, "r");
    if (!file)
        return 0;
    struct recording *recording = recording_take(file, &complaints);
    if (!recording && complaints.count == 0)
        abort(); /* refused without a reason */
    if (recording) {
        recording_own_claim(recording, &claim);
        (void)recording_judge(recording, &claim, &judgement);
    }
    complaints_free(&complaints);
    recording_free(recording);
    return 0;
}
