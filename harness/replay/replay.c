#include "harness/replay/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "harness/replay/coherence.h"
#include "harness/replay/renames.h"
#include "harness/replay/same_life.h"

/* One replay under way. */
struct course {
    const struct transcript *transcript;
    const struct life *life;
    const struct target *target;
    const struct allowed *allowed;
    struct renames renames;
    struct coherence recorded, answered;
    struct buffer path, body;
};

/* "/flink/upload/UUID_job.jar" was uploaded as "job.jar". */
static const char *upload_name(const struct transcript_exchange *exchange)
{
    enum { UUID_AND_BAR = 37 };
    const char *file = json_string_value(json_object_get(exchange->body, "filename"));
    const char *slash = file ? strrchr(file, '/') : NULL;
    const char *name = slash ? slash + 1 : file;
    if (!name)
        return NULL;
    return strlen(name) > UUID_AND_BAR ? name + UUID_AND_BAR : name;
}

static enum target_outcome ask(struct course *course, size_t index, struct conform_exchange *answer,
                               const char **why)
{
    const struct transcript_exchange *exchange = &course->transcript->exchanges[index];
    buffer_clear(&course->path);
    buffer_clear(&course->body);
    renames_apply(&course->renames, exchange->recorded.path, &course->path);
    buffer_char(&course->path, '\0');
    if (exchange->request)
        renames_apply(&course->renames, exchange->request, &course->body);
    buffer_char(&course->body, '\0');
    if (course->path.failed || course->body.failed)
        return TARGET_NO_MEMORY;
    const struct target_request request = {
        .at_us = life_asked_us(course->life, index),
        .method = exchange->recorded.method,
        .path = course->path.bytes,
        .body = exchange->request ? course->body.bytes : NULL,
        .upload_name = upload_name(exchange),
    };
    *answer = (struct conform_exchange){
        .method = exchange->recorded.method,
        .path = exchange->recorded.path,
    };
    return course->target->ask(course->target->context, &request, answer, why);
}

/* What must hold between this answer and earlier ones, unless the recorded ones break it too. */
static bool compare_courses(struct course *course, const struct transcript_exchange *exchange,
                            const json_t *body, int status, struct differences *out)
{
    const struct coherent_answer recorded = {
        .exchange = exchange,
        .request = exchange->request,
        .status = exchange->recorded.status,
        .body = exchange->body,
    };
    const struct coherent_answer answered = {
        .exchange = exchange,
        .request = exchange->request ? course->body.bytes : NULL,
        .status = status,
        .body = body,
    };
    struct differences excuses = {0};
    const bool has_memory = coherence_add(&course->recorded, &recorded, NULL, &excuses) &&
                            coherence_add(&course->answered, &answered, &excuses, out);
    differences_free(&excuses);
    return has_memory;
}

static bool find_reasons(const struct course *course, struct replayed *replayed)
{
    const struct differences *differences = &replayed->differences;
    const struct conform_exchange *recorded = &replayed->exchange->recorded;
    replayed->reasons = calloc(differences->count + 1, sizeof(*replayed->reasons));
    if (!replayed->reasons)
        return false;
    replayed->unmeant = differences->left_out;
    for (size_t i = 0; i < differences->count; i++) {
        if (course->allowed)
            replayed->reasons[i] =
                allowed_find(course->allowed, course->transcript->version, recorded->method,
                             recorded->path, differences->items[i].pointer);
        replayed->unmeant += replayed->reasons[i] == NULL;
    }
    return true;
}

static bool compare(struct course *course, const struct conform_exchange *answer,
                    struct replayed *replayed)
{
    json_error_t error;
    const struct transcript_exchange *exchange = replayed->exchange;
    json_t *body = answer->body_length > 0
                       ? json_loadb(answer->body, answer->body_length, JSON_DECODE_ANY, &error)
                       : NULL;
    if (answer->body_length > 0 && !body && json_error_code(&error) == json_error_out_of_memory)
        return false;
    const bool has_memory =
        conform_compare(&exchange->recorded, answer, &replayed->differences) &&
        compare_courses(course, exchange, body, answer->status, &replayed->differences) &&
        (!course->target->lives_the_same_life ||
         compare_same_life(exchange->body, body, &replayed->differences)) &&
        renames_learn(&course->renames, exchange->body, body) && find_reasons(course, replayed);
    json_decref(body);
    return has_memory;
}

static enum replay_outcome step(struct course *course, size_t index, struct replay *replay,
                                const char **why)
{
    struct conform_exchange answer;
    const enum target_outcome outcome = ask(course, index, &answer, why);
    if (outcome != TARGET_ANSWERED)
        return outcome == TARGET_SILENT ? REPLAY_SILENT : REPLAY_NO_MEMORY;
    struct replayed *replayed = &replay->items[replay->count++];
    *replayed = (struct replayed){.exchange = &course->transcript->exchanges[index]};
    if (!compare(course, &answer, replayed))
        return REPLAY_NO_MEMORY;
    if (replayed->unmeant > 0)
        replay->differing++;
    else if (replayed->differences.count > 0)
        replay->deliberate++;
    else
        replay->agreeing++;
    return REPLAY_DONE;
}

enum replay_outcome replay_run(const struct transcript *transcript, const struct life *life,
                               const struct target *target, const struct allowed *allowed,
                               struct replay *replay, const char **why)
{
    struct course course = {
        .transcript = transcript, .life = life, .target = target, .allowed = allowed};
    enum replay_outcome outcome = REPLAY_NO_MEMORY;
    replay->items = calloc(transcript->count + 1, sizeof(*replay->items));
    if (replay->items) {
        outcome = REPLAY_DONE;
        for (size_t i = 0; i < transcript->count && outcome == REPLAY_DONE; i++)
            outcome = step(&course, i, replay, why);
    }
    renames_free(&course.renames);
    coherence_clear(&course.recorded);
    coherence_clear(&course.answered);
    buffer_free(&course.path);
    buffer_free(&course.body);
    return outcome;
}

void replay_clear(struct replay *replay)
{
    for (size_t i = 0; i < replay->count; i++) {
        differences_free(&replay->items[i].differences);
        free(replay->items[i].reasons);
    }
    free(replay->items);
    *replay = (struct replay){0};
}
