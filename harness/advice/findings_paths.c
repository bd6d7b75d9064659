#include <inttypes.h>

#include "base/duration.h"
#include "harness/advice/findings_internal.h"

/* Rules about paths and jobs that are gone when they are asked for. */

enum { RETAINED_MAX = 1000, STANDARD_TIMEOUT_US = 3000000, SECOND_US = 1000000 };

/* How old a path can be when it is used. */
static int64_t age_at_use_us(const struct situation *situation)
{
    return us_add(us_add(kept_us(situation), situation->load->call_us),
                  situation->habits->reaction_us);
}

static bool uses_paths(const struct situation *situation)
{
    return completion_interval_us(situation) > 0 &&
           (situation->load->program_count > 0 || situation->habits->reaction_us > 0);
}

/* As many retained that a path which was read just before the next completion still lives; a
 * shorter timeout where that would be absurdly many. */
static void suggest_longer_life(const struct situation *situation, struct finding *finding)
{
    const int64_t used_us = age_at_use_us(situation);
    const int64_t retained = used_us / completion_interval_us(situation) + 2;
    blame(finding, OPTION_RETAINED);
    blame(finding, timeout_option(situation));
    if (retained <= RETAINED_MAX)
        suggest_number(finding, situation, OPTION_RETAINED, retained);
    else
        suggest_duration(finding, situation, timeout_option(situation), STANDARD_TIMEOUT_US);
}

static void put_age_at_use(const struct situation *situation, struct buffer *text)
{
    buffer_text(text, "A path can be ");
    duration_name(text, age_at_use_us(situation));
    buffer_text(text, " old when it is used (kept ");
    duration_name(text, kept_us(situation));
    buffer_text(text, ", fetched within ");
    duration_name(text, situation->load->call_us);
    buffer_text(text, ", used after ");
    duration_name(text, situation->habits->reaction_us);
    buffer_text(text, ")");
}

static void put_retained(const struct situation *situation, struct buffer *text)
{
    buffer_printf(text, "%" PRId64 " retained, one each ", number_of(situation, OPTION_RETAINED));
    duration_name(text, completion_interval_us(situation));
}

/* The safe rule: timeout + reaction < retained x shortest interval between completions. */
bool find_path_already_deleted(const struct situation *situation, struct finding *finding,
                               struct buffer *text)
{
    const int64_t lives_us =
        us_times(completion_interval_us(situation), number_of(situation, OPTION_RETAINED));
    if (!uses_paths(situation) || age_at_use_us(situation) < lives_us)
        return false;
    put_age_at_use(situation, text);
    buffer_text(text, ", and a checkpoint lives for ");
    duration_name(text, lives_us);
    buffer_text(text, " (");
    put_retained(situation, text);
    buffer_text(text, "): even one that had just completed is deleted by then.");
    suggest_longer_life(situation, finding);
    return true;
}

/* A checkpoint that is shown just before the next one completes has an interval of its life
 * behind it. */
bool find_path_may_be_deleted(const struct situation *situation, struct finding *finding,
                              struct buffer *text)
{
    const int64_t interval_us = completion_interval_us(situation);
    const int64_t retained = number_of(situation, OPTION_RETAINED);
    const int64_t used_us = age_at_use_us(situation);
    if (!uses_paths(situation) || used_us >= us_times(interval_us, retained) ||
        used_us < us_times(interval_us, retained - 1))
        return false;
    put_age_at_use(situation, text);
    buffer_text(text, ", and one that was read just before the next completion has only ");
    duration_name(text, us_times(interval_us, retained - 1));
    buffer_text(text, " left (");
    put_retained(situation, text);
    buffer_text(text, "): now and then it is deleted by then.");
    suggest_longer_life(situation, finding);
    return true;
}

bool find_cancel_deletes(const struct situation *situation, struct finding *finding,
                         struct buffer *text)
{
    const int64_t mode = number_of(situation, OPTION_RETENTION);
    if (situation->habits->job_end != JOB_END_CANCELLED || mode == RETENTION_RETAIN_ON_CANCEL)
        return false;
    buffer_printf(text,
                  "Cancelling a job deletes its checkpoints (%s): a path that was read before "
                  "leads nowhere afterwards, unless the job's own code retains them.",
                  mode == RETENTION_DELETE_ON_CANCEL ? "DELETE_ON_CANCELLATION"
                                                     : "nothing is retained unless it is said");
    blame(finding, OPTION_RETENTION);
    suggest_text(finding, situation, OPTION_RETENTION, "RETAIN_ON_CANCELLATION");
    return true;
}

/* Source: reference section 13, seen on 1.20.3; Flink CheckpointProperties.discardOnJobFinished. */
bool find_finish_deletes(const struct situation *situation, struct finding *finding,
                         struct buffer *text)
{
    if (situation->habits->job_end != JOB_END_FINISHED)
        return false;
    buffer_text(text, "A job that finishes, also by stop-with-savepoint, deletes its checkpoints "
                      "whatever the retention; latest.completed goes on naming one. Start from "
                      "the savepoint's location.");
    blame(finding, OPTION_RETENTION);
    return true;
}

/* Source: Flink CheckpointStatsCache, whose key is the checkpoint's number alone. */
bool find_details_of_another_job(const struct situation *situation, struct finding *finding,
                                 struct buffer *text)
{
    const int64_t history = number_of(situation, OPTION_HISTORY);
    const int64_t interval_us = completion_interval_us(situation);
    const int64_t after_us = situation->habits->details_after_us;
    if (situation->load->job_count < 2 || history <= 0 || interval_us <= 0 || after_us <= 0 ||
        us_times(interval_us, history) > after_us)
        return false;
    buffer_printf(text, "A history of %" PRId64 " covers ", history);
    duration_name(text, us_times(interval_us, history));
    buffer_text(text, ", and details are asked for up to ");
    duration_name(text, after_us);
    buffer_printf(text,
                  " after a completion: with %" PRId64
                  " jobs the answer can be another job's checkpoint of that number.",
                  situation->load->job_count);
    blame(finding, OPTION_HISTORY);
    suggest_number(finding, situation, OPTION_HISTORY, after_us / interval_us + 2);
    return true;
}

bool find_ended_job_forgotten(const struct situation *situation, struct finding *finding,
                              struct buffer *text)
{
    const int64_t expires_us = number_of(situation, OPTION_JOBSTORE_EXPIRATION);
    const int64_t after_us = situation->habits->ended_after_us;
    if (after_us <= 0 || expires_us < 0 || after_us < expires_us)
        return false;
    buffer_text(text, "A job that has ended is forgotten after ");
    duration_name(text, expires_us);
    buffer_text(text, ", and is asked about up to ");
    duration_name(text, after_us);
    buffer_text(text, " after its end: the answer is 404 by then.");
    blame(finding, OPTION_JOBSTORE_EXPIRATION);
    suggest_duration(finding, situation, OPTION_JOBSTORE_EXPIRATION, us_add(after_us, SECOND_US));
    return true;
}
