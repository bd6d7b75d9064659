#include <inttypes.h>
#include <stdio.h>

#include "tests/oracle/story.h"

static const char *const fact_names[] = {
    [FACT_BEGAN] = "began",
    [FACT_COMPLETED] = "completed",
    [FACT_DURABLE] = "durable",
    [FACT_DISCARDED] = "discarded",
    [FACT_RUN_BEGAN] = "run began",
    [FACT_RESTORED] = "restored",
    [FACT_RESTORE_FAILED] = "restore failed",
    [FACT_JOB_KNOWN] = "job known",
    [FACT_JOB_INITIALIZING] = "job initializing",
    [FACT_CALL_SENT] = "call sent",
    [FACT_CALL_TAKEN] = "call taken",
    [FACT_CALL_ENDED] = "call ended",
};
static const char *const path_names[] = {[PATH_STATISTICS] = "checkpoints",
                                         [PATH_DETAILS] = "details",
                                         [PATH_JOB] = "job",
                                         [PATH_TRIGGER] = "trigger",
                                         [PATH_TRIGGER_STATUS] = "trigger status",
                                         [PATH_CONFIG] = "config",
                                         [PATH_OTHER] = "other"};

static void print_fact(const struct story *story, size_t at)
{
    const struct fact *fact = &story->facts[at];
    printf("job %zu %s", story->fact_job[at], fact_names[fact->kind]);
    if (fact->kind == FACT_CALL_SENT || fact->kind == FACT_CALL_TAKEN ||
        fact->kind == FACT_CALL_ENDED)
        printf(" %" PRIu64 " kind %d version %" PRIu64 "%s\n", fact->fetch, (int)fact->call,
               fact->version, fact->call_failed ? " failed" : "");
    else
        printf(" run %" PRIu64 " checkpoint %" PRId64 " trigger %" PRId64 "%s %s%s\n", fact->run,
               fact->checkpoint, fact->trigger_ms, fact->is_savepoint ? " savepoint" : "",
               fact->path ? fact->path : "", fact->evidence ? " by evidence" : "");
}

static void print_checkpoint(const char *name, const struct seen_checkpoint *seen)
{
    printf("\n          %s %" PRId64 " status %d trigger %" PRId64 " size %" PRId64 "%s%s %s", name,
           seen->id, (int)seen->status, seen->trigger_ms, seen->state_size,
           seen->is_savepoint ? " savepoint" : "", seen->discarded ? " discarded" : "",
           seen->path ? seen->path : "-");
}

static void print_seen(const struct observation *seen)
{
    printf(" total %" PRId64 " = %" PRId64 " + %" PRId64 " + %" PRId64 " version %" PRIu64
           " restored at %" PRId64,
           seen->total, seen->in_progress, seen->completed, seen->failed, seen->version,
           seen->restored_ms);
    if (seen->has_latest_completed || seen->kind == OBSERVED_DETAILS)
        print_checkpoint("latest completed", &seen->latest_completed);
    if (seen->has_latest_savepoint)
        print_checkpoint("latest savepoint", &seen->latest_savepoint);
    if (seen->has_latest_failed)
        print_checkpoint("latest failed", &seen->latest_failed);
    for (size_t i = 0; i < seen->history_count; i++)
        print_checkpoint("history", &seen->history[i]);
}

static void print_answer(const struct answer *answer)
{
    const struct exchange *exchange = &answer->exchange;
    printf("answer %" PRIu64 " to %s, job %zu %s: sent %" PRId64 " left %" PRId64 " bound %" PRId64
           " status %d serial %" PRIu64,
           exchange->seq, exchange->client ? exchange->client : "?", answer->job,
           path_names[exchange->path], exchange->sent_us, exchange->left_us, exchange->bound_us,
           exchange->status, exchange->seen_serial);
    if (answer->seen.kind == OBSERVED_ERROR)
        printf(" %s", observed_error_name(answer->seen.error));
    if (answer->seen.kind == OBSERVED_JOB)
        printf("%s%s", answer->seen.job_initializing ? " initializing" : "",
               answer->seen.job_terminal ? " terminal" : "");
    if (answer->seen.kind == OBSERVED_TRIGGER_STATUS && answer->seen.trigger_done)
        printf(" done %" PRId64 "%s", answer->seen.trigger_checkpoint,
               answer->seen.trigger_failed ? " failed" : "");
    if (answer->seen.kind == OBSERVED_DETAILS)
        printf(" asked %" PRId64, exchange->checkpoint);
    if (answer->seen.kind == OBSERVED_STATISTICS || answer->seen.kind == OBSERVED_DETAILS)
        print_seen(&answer->seen);
    printf("\n");
}

static void print_decision(const struct story_decision *made)
{
    static const char *const kinds[] = {
        [DECIDED_REFUSE] = "refuses", [DECIDED_NOTHING] = "nothing", [DECIDED_PATH] = "path"};
    const struct decision *decision = &made->decision;
    printf("decision for job %zu: %s %s, asked %" PRId64 " bound %" PRId64 " grounds %d\n",
           made->job, kinds[decision->kind], decision->path ? decision->path : "",
           decision->sent_us, decision->bound_us, (int)decision->grounds);
}

void story_print(const struct story *story)
{
    const struct claim *claim = &story->claim;
    printf("bound %" PRId64 ", refresh interval %" PRId64 ", in flight %" PRId64
           ", restore window %" PRId64 "\nnot claimed:",
           claim->bound_us, claim->refresh_interval_us, claim->in_flight_max,
           claim->restore_window_us);
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!claim->claimed[i])
            printf(" %s", property_id((enum property)i));
    }
    printf("\ntick %" PRId64 " us, timeout %" PRId64 "%s, capacities %" PRId64 " and %" PRId64 "\n",
           story->tick_us, claim->settings_timeout_us, claim->settings_known ? "" : " (not known)",
           claim->stats_entry_count_max, claim->detail_entry_count_max);
    for (size_t i = 0; i < story->step_count; i++) {
        const struct step *step = &story->steps[i];
        printf("%3" PRId64 " us  ", step->at_us);
        if (step->kind == STEP_FACT)
            print_fact(story, step->index);
        else if (step->kind == STEP_ENTRIES)
            printf("cache of kind %d holds %" PRIu64 "\n",
                   (int)story->entry_counts[step->index].call,
                   story->entry_counts[step->index].entry_count);
        else if (step->kind == STEP_DECISION)
            print_decision(&story->decisions[step->index]);
        else if (step->kind == STEP_ANSWER)
            print_answer(&story->answers[step->index]);
        else
            printf("request %" PRIu64 " is sent\n", story->answers[step->index].exchange.seq);
    }
}
