#include "harness/command_line/recording_session.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/option_readers.h"
#include "harness/live/clock.h"
#include "harness/live/http_target.h"

enum { SHARE_MAX = 1000 };

static int out_of_memory(void)
{
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

/* --- options --------------------------------------------------------------------------------- */

/* The same words as in the scenario language. */
static const char *const polled_names[] = {
    [POLLED_STATISTICS] = "statistics",
    [POLLED_DETAILS] = "details",
    [POLLED_JOB] = "job",
    [POLLED_CONFIG] = "configuration",
};

static bool wrong_mix(const char *part, size_t length)
{
    char typed[32];
    snprintf(typed, sizeof typed, "%.*s", (int)(length < 31 ? length : 31), part);
    typed[strcspn(typed, "=")] = '\0';
    const char *nearest = text_nearest(typed, polled_names, POLLED_COUNT);
    if (nearest && strcmp(nearest, typed) != 0)
        fprintf(stderr, "freshcheck: --mix: nobody asks for '%s'; did you mean '%s'?\n", typed,
                nearest);
    else
        fprintf(stderr,
                "freshcheck: --mix takes shares up to %d such as statistics=8,details=1,job=1,"
                "configuration=1; '%.*s' is none\n",
                SHARE_MAX, (int)length, part);
    return false;
}

/* "details=1" */
static bool read_share(const char *part, size_t length, unsigned shares[POLLED_COUNT])
{
    const char *equals = memchr(part, '=', length);
    const size_t name_length = equals ? (size_t)(equals - part) : length;
    for (size_t i = 0; i < POLLED_COUNT; i++) {
        if (strlen(polled_names[i]) != name_length ||
            memcmp(polled_names[i], part, name_length) != 0)
            continue;
        char *end;
        const char *digits = equals ? equals + 1 : "";
        const unsigned long share = strtoul(digits, &end, 10);
        if (*digits < '0' || *digits > '9' || end != part + length || share > SHARE_MAX)
            break;
        shares[i] = (unsigned)share;
        return true;
    }
    return wrong_mix(part, length);
}

static bool read_mix(const char *text, unsigned shares[POLLED_COUNT])
{
    unsigned sum = 0;
    for (const char *part = text;; part++) {
        const size_t length = strcspn(part, ",");
        if (!read_share(part, length, shares))
            return false;
        part += length;
        if (*part == '\0')
            break;
    }
    for (size_t i = 0; i < POLLED_COUNT; i++)
        sum += shares[i];
    if (sum > 0)
        return true;
    fputs("freshcheck: --mix leaves nothing to ask\n", stderr);
    return false;
}

static bool read_rate(const char *text, double *rate)
{
    char *end;
    *rate = strtod(text, &end);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && isfinite(*rate) && *rate >= 0.001 &&
        *rate <= RECORDER_RATE_MAX)
        return true;
    fprintf(stderr, "freshcheck: --rate takes requests a second, 0.001 to %d, not '%s'\n",
            RECORDER_RATE_MAX, text);
    return false;
}

static bool read_clients(const char *text, size_t *count)
{
    uint64_t clients;
    if (!option_number("clients", text, RECORDER_CLIENTS_MAX, &clients))
        return false;
    *count = (size_t)clients;
    if (clients > 0)
        return true;
    fputs("freshcheck: --clients takes at least 1\n", stderr);
    return false;
}

/* What is drawn need not be the same each time here, and the ids of triggers must not be: a
 * JobManager does nothing for one that it knows. */
static bool read_seed(const char *text, uint64_t *seed)
{
    if (text)
        return option_number("seed", text, UINT64_MAX, seed);
    *seed = (uint64_t)live_clock_epoch_us();
    return true;
}

static bool read_options(struct session *session, const struct session_line *line,
                         struct recorder_options *options)
{
    double rate;
    session->duration_us = INT64_MAX;
    if (!read_clients(line->clients, &options->client_count) || !read_rate(line->rate, &rate) ||
        !read_mix(line->mix, options->shares) || !read_seed(line->seed, &session->seed) ||
        (line->trigger && !option_duration("trigger", line->trigger, &options->trigger_every_us)) ||
        (line->duration && !option_duration("duration", line->duration, &session->duration_us)))
        return false;
    options->every_us = (int64_t)(1e6 / rate);
    options->duration_us = session->duration_us;
    session->rate_max = rate * (double)options->client_count;
    return true;
}

/* --- the cluster ----------------------------------------------------------------------------- */

static int tell_call(const char *url, enum call outcome, const char *why)
{
    if (outcome == CALL_NO_MEMORY)
        return out_of_memory();
    fprintf(stderr, "freshcheck: %s: %s\n", url, why);
    return EXIT_UNREACHABLE;
}

/* Only the jobs that are meant are left in the list, in its order. */
static void keep_running(struct cluster_jobs *jobs)
{
    size_t kept = 0;
    for (size_t i = 0; i < jobs->count; i++) {
        if (jobs->jobs[i].has_ended)
            free(jobs->jobs[i].name);
        else
            jobs->jobs[kept++] = jobs->jobs[i];
    }
    jobs->count = kept;
}

/* Replaces the list by the jobs that were named. One that is not there is asked about too: what a
 * cluster says before a job exists is worth recording. */
static int keep_named(struct cluster_jobs *jobs, const struct option_values *ids)
{
    struct cluster_jobs named = {.jobs = calloc(ids->count, sizeof *named.jobs)};
    int code = named.jobs ? EXIT_AS_CLAIMED : out_of_memory();
    for (size_t i = 0; i < ids->count && code == EXIT_AS_CLAIMED; i++) {
        const char *text = ids->items[i];
        struct cluster_job job = {0};
        if (!id_parse(text, strlen(text), &job.id)) {
            fprintf(stderr, "freshcheck: --job takes an id of 32 hexadecimal digits, not '%s'\n",
                    text);
            code = EXIT_USAGE;
            break;
        }
        const struct cluster_job *found = cluster_jobs_find(jobs, job.id);
        if (!found)
            fprintf(stderr, "freshcheck: the cluster has no job %s yet; it is asked about\n", text);
        else
            job = *found;
        job.name = text_copy(found ? found->name : "");
        if (!job.name)
            code = out_of_memory();
        else if (cluster_jobs_find(&named, job.id))
            free(job.name); /* named twice */
        else
            named.jobs[named.count++] = job;
    }
    cluster_jobs_free(jobs);
    *jobs = named;
    return code;
}

static int choose_jobs(struct session *session, const char *url, const struct option_values *ids)
{
    if (ids->count > 0)
        return keep_named(&session->jobs, ids);
    keep_running(&session->jobs);
    if (session->jobs.count > 0)
        return EXIT_AS_CLAIMED;
    fprintf(stderr,
            "freshcheck: %s: no job runs there; start one, or name one with --job, also one that "
            "has ended or does not exist yet\n",
            url);
    return EXIT_UNREACHABLE;
}

static int ask_cluster(struct session *session, const char *url)
{
    const char *why;
    struct http_target *http = http_target_new(url, &why);
    if (!http) {
        fprintf(stderr, "freshcheck: %s: %s\n", url, why);
        return EXIT_INTERNAL;
    }
    enum call outcome = discover(http_target(http), &session->cluster, &why);
    if (outcome == CALL_ANSWERED)
        outcome = cluster_jobs_list(http_target(http), &session->jobs, &why);
    const int code = outcome == CALL_ANSWERED ? EXIT_AS_CLAIMED : tell_call(url, outcome, why);
    http_target_free(http);
    return code;
}

/* A cluster with many jobs would be asked more often than one client's rate suggests. */
static int check_load(struct session *session)
{
    session->rate_max *= (double)session->jobs.count;
    if (session->rate_max <= RECORDER_REQUESTS_A_SECOND_MAX)
        return EXIT_AS_CLAIMED;
    fprintf(stderr,
            "freshcheck: that would be %.0f requests a second about %zu jobs, and %d is the most; "
            "lower --rate or --clients, or name the jobs with --job\n",
            session->rate_max, session->jobs.count, RECORDER_REQUESTS_A_SECOND_MAX);
    return EXIT_USAGE;
}

int session_open(struct session *session, const char *url, const struct session_line *line,
                 const char *name)
{
    struct recorder_options options = {.name = name, .cluster = &session->cluster};
    const char *why;
    *session = (struct session){0};
    if (!read_options(session, line, &options))
        return EXIT_USAGE;
    if (!address_read(url, &session->address, &why)) {
        fprintf(stderr, "freshcheck: %s: %s\n", url, why);
        return EXIT_USAGE;
    }
    int code = ask_cluster(session, url);
    if (code == EXIT_AS_CLAIMED)
        code = choose_jobs(session, url, &line->jobs);
    if (code == EXIT_AS_CLAIMED)
        code = check_load(session);
    if (code != EXIT_AS_CLAIMED)
        return code;
    options.jobs = session->jobs.jobs;
    options.job_count = session->jobs.count;
    session->recorder = recorder_new(&options);
    return session->recorder ? EXIT_AS_CLAIMED : out_of_memory();
}

void session_close(struct session *session)
{
    recorder_free(session->recorder);
    cluster_jobs_free(&session->jobs);
    discovered_free(&session->cluster);
    address_free(&session->address);
}

int session_create(const char *name, bool overwrites, int *file)
{
    *file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | (overwrites ? O_TRUNC : O_EXCL), 0666);
    if (*file >= 0)
        return EXIT_AS_CLAIMED;
    if (errno == EEXIST)
        fprintf(stderr, "freshcheck: %s is there already; --force writes over it\n", name);
    else
        fprintf(stderr, "freshcheck: cannot write %s: %s\n", name, strerror(errno));
    return EXIT_CANNOT_WRITE;
}
