/* rooms: harness/site base */
/* libFuzzer entry: a jar, opened as the dashboard's. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/site/site.h"
#include "rest_endpoint/endpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char path[64];
    const char *why = NULL;
    const int fd = memfd_create("jar", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct site *site = site_open(path, &why);
    if (!site && !why)
        abort(); /* refused without a reason */
    if (site) {
        const struct request request = {.target = "/", .target_length = 1};
        struct local_answer answer;
        if (!site_pages(site)->answer(site_pages(site)->context, 0, &request, &answer))
            abort(); /* opened without an index.html */
    }
    site_free(site);
    close(fd);
    return 0;
}
