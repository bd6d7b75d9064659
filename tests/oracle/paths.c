#include "tests/oracle/paths.h"

#include <string.h>

#include "tests/oracle/evidence.h"

/* Whose path is whose. */

static bool owns(const struct register_of_paths *paths, size_t job, const char *path)
{
    for (size_t i = 0; i < paths->count; i++) {
        if (paths->deeds[i].job == job && strcmp(paths->deeds[i].path, path) == 0)
            return true;
    }
    return false;
}

void learn_path(struct register_of_paths *paths, size_t job, const char *path)
{
    if (path && !owns(paths, job, path))
        paths->deeds[paths->count++] = (struct deed){path, job};
}

bool is_path_elsewhere(const struct story *story, const struct register_of_paths *paths, size_t job,
                       const char *path)
{
    char own[ID_DIGITS + 1];
    id_format(story->jobs[job], own);
    if (!path || owns(paths, job, path) || strstr(path, own))
        return false;
    for (size_t other = 0; other < story->job_count; other++) {
        char digits[ID_DIGITS + 1];
        id_format(story->jobs[other], digits);
        if (other != job &&
            (owns(paths, other, path) || (paths->known[other] && strstr(path, digits))))
            return true;
    }
    return false;
}

size_t known_jobs(const struct register_of_paths *paths)
{
    size_t count = 0;
    for (size_t i = 0; i < STORY_JOBS; i++)
        count += paths->known[i];
    return count;
}

static bool speaks_of_job(const struct answer *answer)
{
    enum exchange_path path = answer->exchange.path;
    return answer->exchange.status == 200 && (path <= PATH_JOB || path == PATH_CONFIG);
}

void learn_from_fact(const struct story *story, struct register_of_paths *paths, size_t at)
{
    const struct fact *fact = &story->facts[at];
    if (fact->kind == FACT_CALL_SENT || fact->kind == FACT_CALL_TAKEN ||
        fact->kind == FACT_CALL_ENDED)
        return;
    paths->known[story->fact_job[at]] = true;
    if (fact->kind != FACT_RESTORE_FAILED)
        learn_path(paths, story->fact_job[at], fact->path);
}

void learn_from_answer(struct register_of_paths *paths, const struct answer *answer)
{
    if (speaks_of_job(answer))
        paths->known[answer->job] = true;
}
