#include "harness/command_line/watching.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/command_line/claim_text.h"
#include "harness/command_line/terminal.h"
#include "harness/target/ages.h"
#include "reports/watch_view.h"

enum {
    DRAW_US = 250 * 1000,
    LINE_US = 5 * 1000 * 1000,
    RATE_SECONDS = 8, /* what the rate is an average of */
    ERROR_MAX = 200,
    /* So many requests without an answer, one after the other, are silence: a single one may have
     * met a connection that was being closed. */
    SILENCE_REQUESTS = 3,
};

struct watching {
    struct watching_options options;
    struct ages *ages;
    struct judging *judging;
    struct watched_job *jobs;
    struct buffer *names; /* of the jobs */
    struct terminal terminal;
    bool has_terminal;
    int64_t now_us, shown_us;
    uint64_t unanswered_in_turn;
    int64_t answered_us;                  /* the last time */
    uint64_t in_second[RATE_SECONDS + 1]; /* requests, by second modulo their number */
    int64_t second;
    char last_error[ERROR_MAX];
    int64_t last_error_us;
    int64_t seconds[AGES_SECONDS_MAX];
};

/* "word count 8af84de3"; a program need not have given it a name. */
static void name_job(const struct cluster_job *job, struct buffer *name)
{
    char digits[ID_DIGITS + 1];
    id_format(job->id, digits);
    buffer_printf(name, "%s%s%.8s", job->name, job->name[0] ? " " : "", digits);
    buffer_char(name, '\0');
}

static bool make_jobs(struct watching *watching)
{
    const struct watching_options *options = &watching->options;
    struct id *ids = calloc(options->job_count + 1, sizeof *ids);
    watching->jobs = calloc(options->job_count + 1, sizeof *watching->jobs);
    watching->names = calloc(options->job_count + 1, sizeof *watching->names);
    bool made = ids && watching->jobs && watching->names;
    for (size_t i = 0; made && i < options->job_count; i++) {
        ids[i] = options->jobs[i].id;
        name_job(&options->jobs[i], &watching->names[i]);
        made = !watching->names[i].failed;
    }
    if (made)
        watching->ages = ages_new(ids, options->job_count);
    free(ids);
    return made && watching->ages;
}

struct watching *watching_new(const struct watching_options *options)
{
    struct watching *watching = calloc(1, sizeof *watching);
    if (!watching)
        return NULL;
    watching->options = *options;
    watching->has_terminal = !options->quiet && terminal_open(STDERR_FILENO, &watching->terminal);
    watching->judging = judging_new(&options->task);
    if (make_jobs(watching) && watching->judging)
        return watching;
    watching_free(watching);
    return NULL;
}

void watching_free(struct watching *watching)
{
    if (!watching)
        return;
    for (size_t i = 0; watching->names && i < watching->options.job_count; i++)
        buffer_free(&watching->names[i]);
    free(watching->names);
    free(watching->jobs);
    ages_free(watching->ages);
    judging_free(watching->judging);
    free(watching);
}

/* --- counting ---------------------------------------------------------------------------------- */

static void pass_seconds(struct watching *watching, int64_t now_us)
{
    const int64_t second = now_us / 1000000;
    for (int64_t passed = 0; watching->second < second && passed <= RATE_SECONDS; passed++)
        watching->in_second[(size_t)(++watching->second % (RATE_SECONDS + 1))] = 0;
    if (watching->second < second)
        watching->second = second;
    if (now_us > watching->now_us)
        watching->now_us = now_us;
}

/* Over the last whole seconds; in the first one what there is. */
static double rate_of(const struct watching *watching)
{
    const int64_t whole = watching->second < RATE_SECONDS ? watching->second : RATE_SECONDS;
    uint64_t count = 0;
    for (int64_t i = 1; i <= whole; i++)
        count += watching->in_second[(size_t)((watching->second - i) % (RATE_SECONDS + 1))];
    return whole > 0 ? (double)count / (double)whole : (double)watching->options.counts->written;
}

static void keep_error(struct watching *watching, const struct target_exchange *exchange)
{
    const struct client_action *asked = exchange->asked;
    const struct observation *seen = exchange->seen;
    const char *why = exchange->unread_because;
    const int status = exchange->landing->status;
    char *text = watching->last_error;
    if (!why && seen && seen->error_text)
        why = seen->error_text;
    watching->last_error_us = exchange->done_us;
    if (status == 0)
        snprintf(text, ERROR_MAX, "%s", why ? why : "no answer");
    else
        snprintf(text, ERROR_MAX, "%d %s%s%s", status, asked->request.target, why ? ": " : "",
                 why ? why : "");
}

static void count(struct watching *watching, const struct target_exchange *exchange)
{
    const int status = exchange->landing->status;
    pass_seconds(watching, exchange->done_us);
    watching->in_second[(size_t)(watching->second % (RATE_SECONDS + 1))]++;
    if (status == 0) {
        watching->unanswered_in_turn++;
    } else {
        watching->unanswered_in_turn = 0;
        watching->answered_us = exchange->done_us;
    }
    if (status == 0 || status >= 400 || !exchange->seen)
        keep_error(watching, exchange);
}

/* --- showing ----------------------------------------------------------------------------------- */

static void fill_jobs(struct watching *watching)
{
    for (size_t i = 0; i < watching->options.job_count; i++) {
        const struct job_age *age = ages_of(watching->ages, i);
        watching->jobs[i] = (struct watched_job){
            .name = watching->names[i].bytes,
            .newest = age->newest,
            .evidence = age->evidence,
            .is_read = age->is_read,
            .behind_us = age->behind_us,
            .worst_behind_us = age->worst_behind_us,
        };
    }
}

static bool is_silent(const struct watching *watching)
{
    return watching->unanswered_in_turn >= SILENCE_REQUESTS ||
           (watching->unanswered_in_turn > 0 &&
            watching->unanswered_in_turn == watching->options.counts->written);
}

/* The claim is printed as the judgement has it: the target's own follows from what it says of
 * itself. */
static void fill(struct watching *watching, struct buffer *claim, struct watched *watched)
{
    const struct watching_options *options = &watching->options;
    int64_t begun_us;
    const struct judging_result *last = judging_last(watching->judging, &begun_us);
    fill_jobs(watching);
    *watched = (struct watched){
        .target = options->target,
        .flink_version = options->flink_version,
        .now_us = watching->now_us,
        .end_us = options->duration_us < INT64_MAX ? options->duration_us : 0,
        .requests = options->counts->written,
        .rate = rate_of(watching),
        .unanswered = options->counts->unanswered,
        .errors = options->counts->errors,
        .last_error = watching->last_error[0] ? watching->last_error : NULL,
        .last_error_us = watching->last_error_us,
        .silent_since_us = is_silent(watching) ? watching->answered_us : -1,
        .jobs = watching->jobs,
        .job_count = options->job_count,
        .seconds = watching->seconds,
        .second_count =
            ages_seconds(watching->ages, watching->now_us, watching->seconds, AGES_SECONDS_MAX),
        .judgement = last && !last->failure ? &last->judgement : NULL,
        .judged_us = begun_us,
        .judging_failure = last ? last->failure : NULL,
    };
    if (watched->judgement)
        claim_print(&watched->judgement->claim, claim);
    else
        buffer_text(claim, "of the settings");
    buffer_char(claim, '\0');
    watched->claim = claim->failed ? "" : claim->bytes;
}

static void show(struct watching *watching)
{
    struct buffer claim = {0}, out = {0};
    struct watched watched;
    watching->shown_us = watching->now_us;
    fill(watching, &claim, &watched);
    if (watching->has_terminal) {
        const struct view_shape shape = terminal_shape(&watching->terminal);
        watch_screen(&watched, &shape, &out);
        terminal_draw(&watching->terminal, &shape, &out);
    } else {
        watch_line(&watched, &out);
        if (!out.failed)
            fwrite(out.bytes, 1, out.length, stderr);
    }
    buffer_free(&claim);
    buffer_free(&out);
}

void watching_end(struct watching *watching)
{
    if (!watching->options.quiet)
        show(watching);
}

const char *watching_silence(const struct watching *watching)
{
    return is_silent(watching) ? watching->last_error : NULL;
}

/* --- listening --------------------------------------------------------------------------------- */

static bool began(void *context, int64_t epoch_us)
{
    struct watching *watching = context;
    const struct target_listener *recorder = &watching->options.recorder;
    ages_begin(watching->ages, epoch_us);
    return recorder->began(recorder->context, epoch_us);
}

static bool ended(void *context, const struct target_exchange *exchange)
{
    struct watching *watching = context;
    const struct target_listener *recorder = &watching->options.recorder;
    if (!recorder->ended(recorder->context, exchange))
        return false;
    if (exchange->cut_off)
        return true; /* it says nothing about the target */
    count(watching, exchange);
    ages_tell(watching->ages, exchange);
    return true;
}

static bool tick(void *context, int64_t now_us)
{
    struct watching *watching = context;
    const int64_t every_us = watching->has_terminal ? DRAW_US : LINE_US;
    pass_seconds(watching, now_us);
    judging_step(watching->judging, now_us);
    if (!watching->options.quiet && now_us - watching->shown_us >= every_us)
        show(watching);
    return true;
}

struct target_listener watching_listener(struct watching *watching)
{
    return (struct target_listener){
        .context = watching, .began = began, .ended = ended, .tick = tick};
}
