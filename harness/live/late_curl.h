#ifndef FRESHCHECK_HARNESS_LIVE_LATE_CURL_H
#define FRESHCHECK_HARNESS_LIVE_LATE_CURL_H

#define CURL_DISABLE_TYPECHECK /* its macros are for calls by name */
#include <curl/curl.h>
#include <stdbool.h>

/*
 * libcurl, loaded when it is first needed. It brings some thirty libraries along, and linking them
 * takes the dynamic linker longer than everything else that `freshcheck serve` does before its
 * first answer.
 */

#define LATE_CURL_MAP(X)   \
    X(global_init)         \
    X(global_cleanup)      \
    X(easy_init)           \
    X(easy_cleanup)        \
    X(easy_reset)          \
    X(easy_setopt)         \
    X(easy_getinfo)        \
    X(multi_init)          \
    X(multi_cleanup)       \
    X(multi_setopt)        \
    X(multi_add_handle)    \
    X(multi_remove_handle) \
    X(multi_info_read)     \
    X(multi_socket_action) \
    X(multi_timeout)       \
    X(multi_perform)       \
    X(multi_poll)          \
    X(mime_init)           \
    X(mime_addpart)        \
    X(mime_name)           \
    X(mime_filename)       \
    X(mime_data)           \
    X(mime_free)           \
    X(slist_append)        \
    X(slist_free_all)

/* curl->easy_init() is curl_easy_init(). */
struct late_curl {
    void *library;
#define X(name) __typeof__(curl_##name) *name;
    LATE_CURL_MAP(X)
#undef X
};

/* False when there is no libcurl here. Loading it again costs nothing. */
bool late_curl_open(struct late_curl *curl);
void late_curl_close(struct late_curl *curl);

#endif
