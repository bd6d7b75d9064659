#include <inttypes.h>

#include "base/duration.h"
#include "harness/advice/findings_internal.h"

/* Rules about a JobManager that is asked too much, or too slow for the settings. */

enum {
    STANDARD_SIZE = 1000,
    STANDARD_CALL_TIMEOUT_US = 600 * 1000000,
    SECOND_US = 1000000,
    TENTH_US = 100000
};

static int64_t round_up(int64_t us, int64_t unit_us)
{
    return us_times(us / unit_us + (us % unit_us != 0), unit_us);
}

/* Whether two readers of one job's execution graph can meet: two of them, or one dashboard, which
 * asks for the watermarks of all vertices at once. 1.17 has programs read the graph, too. */
static bool readers_meet(const struct situation *situation)
{
    const struct load *load = situation->load;
    const int64_t programs = is_since(situation, RELEASE_1_18) ? 0 : load->program_count;
    return us_add(load->dashboard_count, programs) >= 2 ||
           (load->dashboard_count == 1 && load->vertex_count >= 2);
}

/* Source: Flink DefaultExecutionGraphCache; reference 5.1 and 13. */
bool find_readers_cancel(const struct situation *situation, struct finding *finding,
                         struct buffer *text)
{
    const int64_t timeout_us = number_of(situation, OPTION_GRAPH_TIMEOUT);
    const int64_t call_us = situation->load->call_us;
    if (!readers_meet(situation) || timeout_us == 0 || timeout_us >= call_us)
        return false;
    buffer_text(text, "An execution graph is kept for ");
    duration_name(text, timeout_us);
    buffer_text(text, " and takes ");
    duration_name(text, call_us);
    buffer_text(text, " to come: who asks again meanwhile cancels the fetch that others wait for, "
                      "and they get a 500.");
    blame(finding, graph_timeout_option(situation));
    suggest_duration(finding, situation, graph_timeout_option(situation),
                     round_up(us_times(call_us, 2), SECOND_US));
    return true;
}

/* Only 2.3 comes to a 0: elsewhere it is the refresh interval. Source: FLINK-39016 and reference section 13: 8 to 98 % of the answers were 500. */
bool find_graph_timeout_zero(const struct situation *situation, struct finding *finding,
                             struct buffer *text)
{
    if (number_of(situation, OPTION_GRAPH_TIMEOUT) != 0 || !readers_meet(situation))
        return false;
    buffer_text(text, "With an execution graph timeout of 0 any two readers of a job that meet "
                      "cancel each other, and get a 500 instead of an answer.");
    blame(finding, OPTION_GRAPH_TIMEOUT);
    suggest_duration(finding, situation, OPTION_GRAPH_TIMEOUT,
                     round_up(us_add(us_times(situation->load->call_us, 2), 1), SECOND_US));
    return true;
}

bool find_calls_time_out(const struct situation *situation, struct finding *finding,
                         struct buffer *text)
{
    const int64_t given_up_us = number_of(situation, OPTION_CALL_TIMEOUT);
    if (situation->load->call_us <= 0 || given_up_us > situation->load->call_us)
        return false;
    buffer_text(text, "A call of the JobManager is given up after ");
    duration_name(text, given_up_us);
    buffer_text(text, " and takes ");
    duration_name(text, situation->load->call_us);
    buffer_text(text, ": every fetch fails.");
    blame(finding, OPTION_CALL_TIMEOUT);
    suggest_duration(finding, situation, OPTION_CALL_TIMEOUT, STANDARD_CALL_TIMEOUT_US);
    return true;
}

/* Calls under way at a time, of one job, when each request makes one: Little's law. */
static double calls_under_way(const struct load *load)
{
    if (load->poll_interval_us <= 0)
        return 0;
    return (double)load->program_count * (double)load->call_us / (double)load->poll_interval_us;
}

bool find_timeout_zero_piles_up(const struct situation *situation, struct finding *finding,
                                struct buffer *text)
{
    const struct load *load = situation->load;
    if (!is_since(situation, RELEASE_1_18) || number_of(situation, OPTION_STATS_TIMEOUT) != 0 ||
        calls_under_way(load) <= 1)
        return false;
    buffer_printf(text,
                  "At timeout 0 each request is a call of its own: %" PRId64 " programs that ask "
                  "each ",
                  load->program_count);
    duration_name(text, load->poll_interval_us);
    buffer_printf(text,
                  " have %.1f calls of a job under way at a time, each on the JobManager's "
                  "main thread.",
                  calls_under_way(load));
    blame(finding, OPTION_STATS_TIMEOUT);
    suggest_duration(finding, situation, OPTION_STATS_TIMEOUT, round_up(load->call_us, TENTH_US));
    return true;
}

/* Source: Guava's maximumSize(0); reference 5.2. */
bool find_size_zero(const struct situation *situation, struct finding *finding, struct buffer *text)
{
    if (!is_since(situation, RELEASE_1_18) || number_of(situation, OPTION_STATS_SIZE) != 0 ||
        number_of(situation, OPTION_STATS_TIMEOUT) == 0)
        return false;
    buffer_text(text, "A cache of size 0 keeps nothing: the timeout of ");
    duration_name(text, number_of(situation, OPTION_STATS_TIMEOUT));
    buffer_text(text, " does nothing, and each request is a call of the JobManager.");
    blame(finding, OPTION_STATS_SIZE);
    suggest_number(finding, situation, OPTION_STATS_SIZE, roomy_size(0));
    return true;
}

/* Guava divides larger caches into segments, which begin to evict before the whole is full. */
int64_t roomy_size(int64_t job_count)
{
    return job_count > STANDARD_SIZE / 2 ? us_times(job_count, 2) : STANDARD_SIZE;
}

bool find_size_below_jobs(const struct situation *situation, struct finding *finding,
                          struct buffer *text)
{
    const int64_t size = number_of(situation, OPTION_STATS_SIZE);
    const int64_t jobs = situation->load->job_count;
    if (!is_since(situation, RELEASE_1_18) || size <= 0 || size >= jobs ||
        situation->load->program_count == 0 || number_of(situation, OPTION_STATS_TIMEOUT) == 0)
        return false;
    buffer_printf(text,
                  "A cache of %" PRId64 " answers serves %" PRId64
                  " jobs: they push each other out, and the JobManager is asked more often than "
                  "once in ",
                  size, jobs);
    duration_name(text, number_of(situation, OPTION_STATS_TIMEOUT));
    buffer_text(text, " for each.");
    blame(finding, OPTION_STATS_SIZE);
    suggest_number(finding, situation, OPTION_STATS_SIZE, roomy_size(jobs));
    return true;
}
