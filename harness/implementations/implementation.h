#ifndef FRESHCHECK_HARNESS_IMPLEMENTATIONS_IMPLEMENTATION_H
#define FRESHCHECK_HARNESS_IMPLEMENTATIONS_IMPLEMENTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/client_models/client_models.h"
#include "mock_jobmanager/jobmanager.h"
#include "rest_endpoint/endpoint.h"
#include "rest_endpoint/settings.h"

/*
 * Implementations under test, by name: the reference, Flink's versions, and broken ones
 * ("mutants"), which are policies of the reference or wrappers round it.
 */
struct implementation;

enum implementation_kind {
    IMPLEMENTATION_REFERENCE,
    IMPLEMENTATION_FLINK,
    IMPLEMENTATION_MUTANT,        /* a broken endpoint */
    IMPLEMENTATION_BROKEN_ORIGIN, /* the reference before a JobManager that is broken */
    IMPLEMENTATION_BROKEN_CLIENT, /* the reference, asked by clients that decide wrongly */
    IMPLEMENTATION_FOREIGN        /* not built in: see implementation_from() */
};

size_t implementation_count(void);
const struct implementation *implementation_at(size_t index);
const struct implementation *implementation_find(const char *name); /* NULL: there is none */
const char *const *implementation_names(void);                      /* NULL-terminated, in order */

/*
 * What stands for a version of Flink, "1.20.3" or "1.20": that very one, else the one of the same
 * minor version whose last number is nearest. NULL: no such minor version is here.
 */
const struct implementation *implementation_for_flink(const char *version);

const char *implementation_name(const struct implementation *implementation);
const char *implementation_summary(const struct implementation *implementation);
enum implementation_kind implementation_kind(const struct implementation *implementation);
const char *implementation_kind_name(enum implementation_kind kind); /* "broken origin" */

/* Broken on purpose: nothing is expected of it. */
bool implementation_is_broken(const struct implementation *implementation);

/* Where what is broken was seen: "guava#1881"; NULL for what is not broken on purpose. */
const char *implementation_source(const struct implementation *implementation);

/* Whose decisions take the place of those of every client that names a model: `client-lyft`. NONE:
 * each decides as its scenario says. */
enum client_model implementation_client_model(const struct implementation *implementation);

/* The version of the JobManager that stands behind this implementation. */
const struct origin_quirks *implementation_origin(const struct implementation *implementation);

/* How many checkpoints that JobManager retains: an option of its own name in each version. */
int64_t implementation_retained_count(const struct implementation *implementation,
                                      const struct settings *settings);

/* An endpoint, possibly wrapped. Operations as in rest_endpoint/endpoint.h. */
struct subject {
    const struct subject_operations *operations;
    /* Where requests go as they are, and where actions come from as they are: whoever likes asks it
     * instead of request() and next(). NULL: there is something round it. */
    struct endpoint *endpoint;
};

/* How one that is not built in kept to its interface. */
struct conduct {
    const char *kind; /* static text: what it did, "crashed"; NULL: nothing of the kind */
    char cause[240];  /* the same as the end of a sentence that begins with the implementation */
    int64_t at_us;
    uint64_t calls; /* how often it was put to the test */
};

struct subject_operations {
    void (*free)(struct subject *subject);
    void (*set_wall_offset)(struct subject *subject, int64_t offset_us);
    int (*request)(struct subject *subject, int64_t now_us, const struct request *request);
    int (*fetched)(struct subject *subject, int64_t now_us, uint64_t fetch,
                   struct fetch_result *result);
    void (*abandon)(struct subject *subject, int64_t now_us, uint64_t request);
    bool (*next)(struct subject *subject, struct endpoint_action *action);
    void (*measure)(struct subject *subject, struct endpoint_usage *usage);
    /* NULL for what is built in. After misconduct nothing else is worth calling but free(). `ends`:
     * the run is over; it is closed. Borrowed. */
    const struct conduct *(*conclude)(struct subject *subject, int64_t now_us, bool ends);
};

/* What an endpoint is told. Texts and lines are borrowed, and outlive the subject. */
struct subject_options {
    const struct settings *settings;
    uint64_t id_seed;          /* see struct endpoint_config, also for what follows */
    const char *flink_version; /* what answers say; NULL: the implementation's own */
    const char *savepoint_directory;
    const struct configuration_line *configuration;
    size_t configuration_count;
};

/* The endpoint that this implementation makes of these settings. */
void implementation_configure(const struct implementation *implementation,
                              const struct settings *settings, struct endpoint_config *config);

/* The same, with all else that an endpoint is told; for a built-in one. */
void implementation_prepare(const struct implementation *implementation,
                            const struct subject_options *options, struct endpoint_config *config);

/* Where one comes from that is not built in. Texts are borrowed. It stands before the same origin as
 * the reference. */
struct foreign_implementation {
    const char *name, *summary;
    void *context;
    struct subject *(*start)(void *context, const struct subject_options *options);
};

/* NULL when out of memory. To be freed when nothing uses it any more; not among those that
 * implementation_at() and implementation_find() know. */
struct implementation *implementation_from(const struct foreign_implementation *source);
void implementation_free(struct implementation *implementation); /* NULL is allowed */

/* NULL when out of memory. */
struct subject *implementation_start(const struct implementation *implementation,
                                     const struct subject_options *options);

#endif
