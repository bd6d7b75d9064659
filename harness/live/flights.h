#ifndef FRESHCHECK_HARNESS_LIVE_FLIGHTS_H
#define FRESHCHECK_HARNESS_LIVE_FLIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/clients/clients.h"
#include "harness/live/address.h"

/*
 * Requests on their way to one server over real HTTP, by libcurl: any number at once, connections
 * kept alive between them. Driven by whoever owns the loop. One thread; time is an argument.
 *
 * Each server has flights of its own, because libcurl goes through all connections that it keeps
 * whenever a request ends (curl_multi_remove_handle): hundreds of cells in one set are too slow.
 */
struct flights;

/* Names are looked up by libcurl. No proxy variables of the environment are honoured: what is
 * measured is the address that was given. An answer has at most FLIGHT_ANSWER_MAX bytes, so that
 * its line fits into a recording however many escapes it needs. */
enum { FLIGHT_PATIENCE_US = 10 * 1000 * 1000, FLIGHT_ANSWER_MAX = 10 * 1000 * 1000 };

/* The address is copied. NULL: out of memory, or no epoll to be had. */
struct flights *flights_new(const struct address *address);
void flights_free(struct flights *flights); /* forgets what is under way; NULL is allowed */

/*
 * How long a connection may take to come about, and an answer to be there whole; after that the
 * flight has landed without one. 0: for good. Unless said: FLIGHT_PATIENCE_US. Holds for requests
 * sent from here on.
 */
void flights_be_patient(struct flights *flights, int64_t patience_us);

/*
 * From here on every request says its number, in the header that serve writes into its journal:
 * then it can be told which answers somebody in between gave by himself.
 */
void flights_tag_requests(struct flights *flights);

/* Sends a request. The texts of the action must live until it has landed. False: out of memory. */
bool flights_send(struct flights *flights, int64_t now_us, const struct client_action *action);

/* flights_step() is due when this becomes readable, and at flights_due_us() in any case. */
int flights_fd(const struct flights *flights);
int64_t flights_due_us(const struct flights *flights);

/* Lets bytes flow. False: libcurl has failed as a whole. */
bool flights_step(struct flights *flights, int64_t now_us);

struct flight_header {
    const char *name, *value; /* in the order in which they came */
};

extern const char flight_out_of_memory[];

/* Everything is valid until the next call. */
struct landing {
    uint64_t request;
    int status; /* HTTP; 0: no answer came */
    const struct flight_header *headers;
    size_t header_count;
    int64_t age_us; /* what the `Age` header says; 0: there is none */
    const char *bytes;
    size_t length;
    const char *failure; /* status 0: one sentence why (static text); flight_out_of_memory where it
                            is this program that failed */
};

/* Takes the next flight that is over. */
bool flights_next_landing(struct flights *flights, struct landing *landing);

#endif
