#ifndef FRESHCHECK_TESTS_ORACLE_PATHS_H
#define FRESHCHECK_TESTS_ORACLE_PATHS_H

#include "tests/oracle/story.h"

enum { PATHS_MAX = STORY_FACTS + 8 * STORY_ANSWERS };

/* Who is known to have completed, or to have shown first, what lies under a path. */
struct deed {
    const char *path;
    size_t job;
};
struct register_of_paths {
    struct deed deeds[PATHS_MAX];
    size_t count;
    bool known[STORY_JOBS];
};

/* The path belongs to another job, as far as is known, and not to this one. */
bool is_path_elsewhere(const struct story *story, const struct register_of_paths *paths, size_t job,
                       const char *path);
size_t known_jobs(const struct register_of_paths *paths);
void learn_from_fact(const struct story *story, struct register_of_paths *paths, size_t fact);
void learn_from_answer(struct register_of_paths *paths, const struct answer *answer);
void learn_path(struct register_of_paths *paths, size_t job, const char *path);

#endif
