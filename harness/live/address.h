#ifndef FRESHCHECK_HARNESS_LIVE_ADDRESS_H
#define FRESHCHECK_HARNESS_LIVE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Where a server is to be asked: "http://HOST[:PORT][/PREFIX]". */
struct address {
    char *origin;  /* "http://127.0.0.1:8081", as it was written; owned */
    char *prefix;  /* "/flink", what every path begins with; or ""; owned */
    char *host;    /* "127.0.0.1", "flink.example.org", "::1" without its brackets; owned */
    uint16_t port; /* 80 unless said */
};

/* False, and *why (static text) says why, when the text is none or memory ran out. */
bool address_read(const char *text, struct address *address, const char **why);
bool address_of_loopback(uint16_t port, struct address *address);       /* false: out of memory */
bool address_copy(const struct address *from, struct address *address); /* false: out of memory */
void address_free(struct address *address);                             /* zeroed is allowed */

/* Whether it is this machine by its name or number: 127.x.x.x, ::1, localhost. */
bool address_is_loopback(const struct address *address);

#endif
