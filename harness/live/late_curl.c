#include "harness/live/late_curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* Its name is that of its binary interface, so another one does not fit. The second is how Debian
 * calls the one with another TLS library, of which nothing is used. */
static const char *const library_names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

bool late_curl_open(struct late_curl *curl)
{
    *curl = (struct late_curl){0};
    for (size_t i = 0; !curl->library && i < sizeof library_names / sizeof *library_names; i++)
        curl->library = dlopen(library_names[i], RTLD_NOW | RTLD_NODELETE);
    if (!curl->library)
        return false;
        /* ISO C has no cast from what dlsym() gives to a function; POSIX says that copying works. */
#define X(name)                                                     \
    void *const found_##name = dlsym(curl->library, "curl_" #name); \
    if (!found_##name)                                              \
        goto failed;                                                \
    memcpy(&curl->name, &found_##name, sizeof curl->name);
    LATE_CURL_MAP(X)
#undef X
    return true;
failed:
    late_curl_close(curl);
    return false;
}

void late_curl_close(struct late_curl *curl)
{
    if (curl->library)
        dlclose(curl->library);
    curl->library = NULL;
}
