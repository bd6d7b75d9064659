#ifndef FRESHCHECK_REST_ENDPOINT_JARS_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_JARS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "rest_endpoint/collections_internal.h"
#include "rest_endpoint/target_internal.h"

/*
 * The jars that were uploaded, as far as they matter here: by name. Beside them one is always
 * there, JAR_PRETEND, for clients that have none to upload.
 * Source: Flink JarUploadHandler, JarListHandler, JarDeleteHandler.
 */

#define JAR_FOLDER "/flink/upload/flink-web-upload"
#define JAR_PRETEND "pretend.jar"

enum { JAR_COUNT_MAX = 1000 }; /* the one uploaded first leaves when there are more */

struct jar {
    struct list in_uploaded;
    char *id;            /* owned; "2b1c...-..._job.jar" */
    const char *name;    /* "job.jar": the end of the id */
    int64_t uploaded_ms; /* epoch */
};

struct jars {
    struct list uploaded; /* newest first */
    size_t count;
};

void jars_init(struct jars *jars);
void jars_free(struct jars *jars);

/* A file of this name comes in. `unique` makes its id. NULL: out of memory. */
const struct jar *jars_add(struct jars *jars, const struct span *name, struct id unique,
                           int64_t uploaded_ms);

bool jars_have(const struct jars *jars, const struct span *id);

/* False when there is none that can be removed: JAR_PRETEND stays. */
bool jars_remove(struct jars *jars, const struct span *id);

#endif
