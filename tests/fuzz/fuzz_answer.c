/* rooms: harness/recording harness/judge rest_endpoint gateway base */
/* libFuzzer entry: the bytes of an answer, after two bytes that choose its path and status. */

#include <stddef.h>
#include <stdint.h>

#include "harness/recording/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const int statuses[] = {200, 202, 404, 500, 503, 0};
    struct observation seen;
    struct id job;
    int64_t checkpoint;
    if (length < 2)
        return 0;
    const char *text = (const char *)bytes + 2;
    enum exchange_path path = (enum exchange_path)(bytes[0] % (PATH_OTHER + 1));
    (void)answer_read(path, statuses[bytes[1] % 6], text, length - 2, &seen);
    observation_clear(&seen);
    (void)answer_path("GET", text, length - 2, &job, &checkpoint);
    return 0;
}
