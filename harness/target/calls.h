#ifndef FRESHCHECK_HARNESS_TARGET_CALLS_H
#define FRESHCHECK_HARNESS_TARGET_CALLS_H

#include "harness/recording/json_tree.h"
#include "harness/replay/target.h"

/* Calls to a cluster before and after what is measured, one at a time. */
enum call {
    CALL_ANSWERED, /* with the status that was wanted */
    CALL_SILENT,   /* nobody answers there */
    CALL_REFUSED,  /* an answer of another status, or one that is no JSON */
    CALL_NO_MEMORY
};

/* *why says what went wrong: static text, or valid until the target is asked again. The tree lives
 * as long, too; it is to be freed once, with json_tree_free(). */
enum call call_target(struct target target, const struct target_request *request, int status,
                      struct json_tree *tree, const char **why);

/* The same for a GET that is answered with 200. */
enum call call_get(struct target target, const char *path, struct json_tree *tree,
                   const char **why);

#endif
