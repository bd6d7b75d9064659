#ifndef FRESHCHECK_HARNESS_ADVICE_FINDINGS_INTERNAL_H
#define FRESHCHECK_HARNESS_ADVICE_FINDINGS_INTERNAL_H

#include "base/buffer.h"
#include "harness/advice/findings.h"
#include "harness/flink_config/option_table.h"

/* A rule's function: whether the finding is there, and then the sentence into `text`. */
typedef bool finding_function(const struct situation *situation, struct finding *finding,
                              struct buffer *text);

struct finding_row {
    struct finding_rule rule;
    finding_function *find;
};

extern const struct finding_row finding_rows[];
extern const size_t finding_row_count;

finding_function find_refused, find_timeout_unknown, find_graph_timeout_unknown,
    find_new_name_unknown, find_old_name_not_followed, find_old_name_hidden,
    find_refresh_governs_programs, find_one_cache_for_both;
finding_function find_path_already_deleted, find_path_may_be_deleted, find_cancel_deletes,
    find_finish_deletes, find_details_of_another_job, find_ended_job_forgotten;
finding_function find_readers_cancel, find_graph_timeout_zero, find_calls_time_out,
    find_timeout_zero_piles_up, find_size_zero, find_size_below_jobs;
finding_function find_failures_kept, find_not_found_remembered, find_own_checkpoint_missing,
    find_polls_repeat, find_answers_lag;

/* --- what rules are written with ------------------------------------------------------------- */

/* The effective number of an option. */
int64_t number_of(const struct situation *situation, enum flink_option option);
bool is_since(const struct situation *situation, enum release release);

/* A size of the cache of checkpoint statistics that holds so many jobs. */
int64_t roomy_size(int64_t job_count);

/* How long an answer about checkpoints is kept: the timeout, or 0 where nothing is kept. */
int64_t kept_us(const struct situation *situation);

/* The options that govern that, and the age of execution graphs, in this release. */
enum flink_option timeout_option(const struct situation *situation);
enum flink_option graph_timeout_option(const struct situation *situation);

/* Between completions of one job; 0: nobody said. */
int64_t completion_interval_us(const struct situation *situation);

/* Both stop at INT64_MAX. Not for negative numbers. */
int64_t us_add(int64_t a, int64_t b);
int64_t us_times(int64_t us, int64_t count);

void blame(struct finding *finding, enum flink_option option);
void suggest_text(struct finding *finding, const struct situation *situation,
                  enum flink_option option, const char *value);
void suggest_number(struct finding *finding, const struct situation *situation,
                    enum flink_option option, int64_t number);
/* As a release writes it, rounded up: "500 ms", or 500 where it knows no units. */
void duration_value(const char *release, enum flink_option option, int64_t us,
                    char text[SUGGESTED_LENGTH_MAX]);
void suggest_duration(struct finding *finding, const struct situation *situation,
                      enum flink_option option, int64_t us);

#endif
