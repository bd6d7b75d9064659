#ifndef FRESHCHECK_HARNESS_RECORDING_RECORDING_INTERNAL_H
#define FRESHCHECK_HARNESS_RECORDING_RECORDING_INTERNAL_H

#include <jansson.h>

#include "harness/judge/history.h"
#include "harness/recording/digest_table.h"
#include "harness/recording/recording.h"

/* Each text once, with the index it was first given. */
struct text_pool {
    char **texts;
    size_t count, capacity;
    struct digest_table indices;
};

/* False when out of memory. */
bool text_pool_add(struct text_pool *pool, const char *text, size_t length, size_t *index);
void text_pool_free(struct text_pool *pool);

/* One exchange without its bytes: what they said is in `observations`. */
struct recorded_exchange {
    uint64_t seq;
    int64_t sent_us, done_us;
    enum exchange_path path;
    struct id job;
    int64_t checkpoint;
    int status;
    size_t target; /* in `targets` */
    size_t client; /* in `clients`; SIZE_MAX: not known */
    size_t seen;   /* in `observations` */
    size_t order;  /* of the lines */
};

struct recorded_observation {
    struct observation seen;
    bool concluded_from;
};

/* A checkpoint that some answer of the file shows as completed. */
struct recorded_completion {
    struct id job;
    int64_t checkpoint;
    int64_t trigger_ms, latest_ack_ms;
    const char *path;   /* of an observation, or NULL */
    int64_t shown_us;   /* when the first answer that showed it had arrived */
    uint64_t shown_seq; /* that answer */
};

struct recording {
    char *name;
    char *flink_version;
    struct settings settings;
    int64_t time0_us; /* epoch */
    struct recorded_exchange *exchanges;
    size_t exchange_count, exchange_capacity;
    struct recorded_observation *observations;
    size_t observation_count, observation_capacity;
    struct digest_table observation_indices;
    struct text_pool targets, clients;
    struct recorded_completion *completions;
    size_t completion_count, completion_capacity;
    struct digest_table completion_indices;
};

/* Where the items are once there is room for one more; NULL when out of memory, then they are
 * where they were. */
void *recording_grow(void *items, size_t count, size_t *capacity, size_t item_size);

/* What one line was. */
enum recording_line { LINE_TAKEN, LINE_DAMAGED, LINE_NO_MEMORY };

/* What is to be said about a line, in static text. */
struct line_remark {
    const char *option;     /* the setting that `damage` is about; NULL: the line itself */
    const char *damage;     /* LINE_DAMAGED */
    const char *unreadable; /* LINE_TAKEN: why the body is no answer to its request; or NULL */
};

/* The first line. */
enum recording_line recording_take_header(struct recording *recording, const json_t *line,
                                          struct line_remark *remark);

/* Any later line: an exchange, or a note, which is skipped. */
enum recording_line recording_take_line(struct recording *recording, const json_t *line,
                                        struct line_remark *remark);

/* Once all lines are in order: gathers completions. False when out of memory. */
bool recording_conclude(struct recording *recording);

/* The largest lag of any read of checkpoint statistics; -1 when there was no read, or nothing to
 * be behind. False when out of memory. */
bool recording_worst_lag(const struct recording *recording, int64_t *worst_us);

#endif
