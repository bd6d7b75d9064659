/* rooms: harness/recording harness/judge rest_endpoint gateway base */
/* libFuzzer entry: an HTTP archive. What becomes a recording must be one, and go round again. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/recording/har.h"
#include "harness/recording/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void expect(bool held)
{
    if (!held)
        abort();
}

/* The recording is sound, and becomes an archive. */
static void go_on(FILE *recording)
{
    struct complaints complaints = {0};
    FILE *archive = tmpfile();
    rewind(recording);
    expect(har_write(recording, archive, &complaints));
    fclose(archive);
    rewind(recording);
    struct recording *read = recording_take(recording, &complaints);
    recording_free(read);
    complaints_free(&complaints);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const struct har_cluster nothing_known;
    struct complaints complaints = {0};
    struct har_tally tally;
    FILE *recording = tmpfile();
    if (!recording)
        return 0;
    const bool done = har_read((const char *)bytes, length, "fuzz.har", &nothing_known, recording,
                               &tally, &complaints);
    expect(done || complaints.count > 0);
    complaints_free(&complaints);
    if (done)
        go_on(recording);
    else
        fclose(recording);
    return 0;
}
