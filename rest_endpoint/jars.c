#include "rest_endpoint/jars_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static struct jar *jar_of(struct list *link)
{
    return CONTAINER_OF(link, struct jar, in_uploaded);
}

static void drop(struct jars *jars, struct jar *jar)
{
    list_remove(&jar->in_uploaded);
    jars->count--;
    free(jar->id);
    free(jar);
}

void jars_init(struct jars *jars)
{
    list_init(&jars->uploaded);
    jars->count = 0;
}

void jars_free(struct jars *jars)
{
    while (!list_is_empty(&jars->uploaded))
        drop(jars, jar_of(jars->uploaded.next));
}

/* The digits of the id in the groups of a UUID. */
static char *make_id(const struct span *name, struct id unique)
{
    char digits[ID_DIGITS + 1];
    struct buffer id = {0};
    id_format(unique, digits);
    buffer_printf(&id, "%.8s-%.4s-%.4s-%.4s-%.12s_", digits, digits + 8, digits + 12, digits + 16,
                  digits + 20);
    buffer_append(&id, name->text, name->length);
    return buffer_take(&id);
}

const struct jar *jars_add(struct jars *jars, const struct span *name, struct id unique,
                           int64_t uploaded_ms)
{
    struct jar *jar = malloc(sizeof(*jar));
    if (!jar)
        return NULL;
    list_init(&jar->in_uploaded);
    jar->uploaded_ms = uploaded_ms;
    jar->id = make_id(name, unique);
    if (!jar->id) {
        free(jar);
        return NULL;
    }
    jar->name = strchr(jar->id, '_') + 1;
    if (jars->count == JAR_COUNT_MAX)
        drop(jars, jar_of(jars->uploaded.previous));
    list_push_front(&jars->uploaded, &jar->in_uploaded);
    jars->count++;
    return jar;
}

static struct jar *find(const struct jars *jars, const struct span *id)
{
    for (struct list *link = jars->uploaded.next; link != &jars->uploaded; link = link->next) {
        if (span_is(id, jar_of(link)->id))
            return jar_of(link);
    }
    return NULL;
}

bool jars_have(const struct jars *jars, const struct span *id)
{
    return span_is(id, JAR_PRETEND) || find(jars, id) != NULL;
}

bool jars_remove(struct jars *jars, const struct span *id)
{
    struct jar *jar = find(jars, id);
    if (jar)
        drop(jars, jar);
    return jar != NULL;
}
