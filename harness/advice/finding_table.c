#include "harness/advice/findings_internal.h"

#define SHOWN_BY(name) "scenarios/findings/" name ".yaml"
#define ROW(function, id, severity, implementation, statement, explanation)              \
    {                                                                                    \
        {id, SEVERITY_##severity, statement, explanation, SHOWN_BY(id), implementation}, \
            find_##function                                                              \
    }

/* The list of rules. What is refused comes first: see findings_find(). */
const struct finding_row finding_rows[] = {
    ROW(refused, "refused", DANGER, "flink-2.3", "Flink refuses a value.",
        "The JobManager does not start, or starts and refuses each job. Zero as\n"
        "web.refresh-interval, units where a release wants milliseconds, negative sizes."),
    ROW(path_already_deleted, "path-already-deleted", DANGER, "flink-2.3",
        "A path is used after its checkpoint was deleted.",
        "Safe is: timeout + call + reaction < retained x interval between completions. Beyond\n"
        "that an answer near its timeout's end names a path that is dead when it is used."),
    ROW(path_may_be_deleted, "path-may-be-deleted", WARNING, "flink-2.3",
        "A path that was read just before a completion is used after its checkpoint was deleted.",
        "A checkpoint that is shown just before the next one completes has an interval of its\n"
        "life behind it. So what holds always is: timeout + call + reaction <\n"
        "(retained - 1) x interval. With one retained, the default, nothing holds."),
    ROW(cancel_deletes, "cancel-deletes-checkpoints", DANGER, "flink-2.3",
        "Checkpoints go with the job that is cancelled, and their paths lead nowhere.",
        "Unless it is set, execution.checkpointing.externalized-checkpoint-retention retains\n"
        "nothing. Who reads the path, cancels, and starts from the path needs\n"
        "RETAIN_ON_CANCELLATION. A job's own code may set it, too; that is not seen here."),
    ROW(finish_deletes, "finish-deletes-checkpoints", WARNING, "flink-2.3",
        "Checkpoints go with the job that finishes, whatever the retention.",
        "A job that reaches its end or is stopped with a savepoint is FINISHED, and deletes what\n"
        "it retained, while latest.completed goes on naming it. Use the savepoint's location."),
    ROW(readers_cancel, "readers-cancel-each-other", DANGER, "flink-2.3",
        "Readers of /jobs/:jobid get a 500 because others read it, too.",
        "The graph cache replaces an entry whose timeout is over and cancels its fetch, also when\n"
        "others wait for it. Where the timeout is shorter than a fetch that happens all the time."),
    ROW(graph_timeout_zero, "graph-timeout-zero", DANGER, "flink-2.3",
        "With rest.cache.execution-graph.timeout 0 any two readers cancel each other.",
        "2.3 takes a 0, and every request then replaces the entry of the one before. On a running\n"
        "cluster 39 % of the answers were 500 with two readers, 98 % with sixteen."),
    ROW(calls_time_out, "calls-time-out", DANGER, "flink-2.3",
        "Every call of the JobManager is given up before it can be answered.",
        "web.timeout is how long an endpoint waits for the JobManager. It is no cache's timeout."),
    ROW(timeout_zero_piles_up, "timeout-zero-piles-up", WARNING, "flink-2.3",
        "At timeout 0 calls of the JobManager pile up.",
        "Flink makes a call for each request, also while others are under way. Each is work of "
        "the\n"
        "JobManager's main thread. A timeout as long as one call lets requests share."),
    ROW(size_zero, "size-zero", WARNING, "flink-2.3",
        "With rest.cache.checkpoint-statistics.size 0 the timeout does nothing.",
        "A cache that may hold nothing drops each answer at once, whatever the timeout."),
    ROW(size_below_jobs, "size-below-jobs", WARNING, "flink-2.3",
        "There are more jobs than answers that the cache may hold.",
        "Their answers push each other out before the timeout is over, and each push costs a "
        "call."),
    ROW(timeout_unknown, "timeout-unknown", WARNING, "flink-1.17",
        "rest.cache.checkpoint-statistics.timeout does nothing in this release.",
        "It came with 1.18. Before, programs get what the dashboard's cache holds, up to\n"
        "web.refresh-interval old."),
    ROW(graph_timeout_unknown, "graph-timeout-unknown", WARNING, "flink-2.2",
        "rest.cache.execution-graph.timeout does nothing in this release.",
        "It came with 2.3. Before, web.refresh-interval says how long execution graphs are kept."),
    ROW(new_name_unknown, "new-name-unknown", WARNING, "flink-1.17",
        "An option's name of later releases does nothing in this one.",
        "execution.checkpointing.num-retained came with 1.20, completed-application-store.* with\n"
        "2.3. Releases before look for the old names only, and take the default without them."),
    ROW(old_name_not_followed, "old-name-not-followed", WARNING, "flink-2.3",
        "jobmanager.web.refresh-interval does not set the timeout of checkpoint statistics.",
        "Up to 2.0 the timeout followed the refresh interval by whatever name. Since 2.1 it "
        "follows\n"
        "web.refresh-interval only, and is 3 s where just the old name is given."),
    ROW(old_name_hidden, "old-name-hidden", NOTE, "flink-2.3",
        "An option's old name does nothing, because its new name is given, too.",
        "Flink looks for the new name first, and for the old one only where it is absent."),
    ROW(failures_kept, "failures-kept", NOTE, "flink-2.3",
        "One failed fetch is everybody's answer until the timeout ends.",
        "1.18 to 2.3 keep the pending answer itself, and nothing removes it when it fails. More "
        "than\n"
        "10 s of it is a warning."),
    ROW(not_found_remembered, "not-found-remembered", WARNING, "flink-2.3",
        "A job that was asked about too early has no checkpoint answer for a timeout.",
        "\"Not found\" and \"initializing\" are failures, and stay like any other. Scripts that\n"
        "submit a job and ask at once see it."),
    ROW(details_of_another_job, "details-of-another-job", WARNING, "flink-2.3",
        "Details of a checkpoint can be those of another job.",
        "The cache of details is keyed by the checkpoint's number alone, and is asked when a "
        "number\n"
        "has left the job's history. Every job has a checkpoint 1."),
    ROW(own_checkpoint_missing, "own-checkpoint-missing", WARNING, "flink-2.3",
        "A program does not see the checkpoint that it has just triggered.",
        "The status of a trigger is never cached, the statistics are. Up to 2.1 the status came\n"
        "first even at timeout 0, by some milliseconds, rarely."),
    ROW(refresh_governs_programs, "refresh-governs-programs", NOTE, "flink-2.3",
        "A long refresh interval, meant for dashboards, makes programs' answers old.",
        "rest.cache.checkpoint-statistics.timeout follows web.refresh-interval unless it is set."),
    ROW(one_cache_for_both, "one-cache-for-both", NOTE, "flink-1.17",
        "Programs read the dashboard's cache, and have execution graphs built.",
        "FLINK-32469 gave checkpoint statistics a cache and a call of their own, in 1.18."),
    ROW(polls_repeat, "polls-repeat", NOTE, "flink-2.3",
        "Programs ask more often than answers change.",
        "Within one timeout every poll gets the same answer."),
    ROW(answers_lag, "answers-lag", NOTE, "flink-2.3",
        "The latest checkpoint in an answer can be several behind.",
        "An answer is kept for longer than it takes the next checkpoint to complete."),
    ROW(ended_job_forgotten, "ended-job-forgotten", WARNING, "flink-2.2",
        "A job that has ended is asked about after it was forgotten.",
        "Ended jobs stay for jobstore.expiration-time "
        "(completed-application-store.expiration-time\n"
        "since 2.3). Afterwards everything about them is 404."),
};

const size_t finding_row_count = sizeof finding_rows / sizeof finding_rows[0];
