#include "harness/parts/part_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"

static const char *const kinds[] = {[PART_OF_RUN] = "run", [PART_OF_EXPLORATION] = "explore"};

enum { FINGERPRINT_TEXT_MAX = 17 };

/* FNV-1a. Nobody who wants to be fooled is kept from it; what is mixed up by mistake is found. */
uint64_t fingerprint_add(uint64_t before, const void *bytes, size_t length)
{
    const unsigned char *octets = bytes;
    for (size_t i = 0; i < length; i++)
        before = (before ^ octets[i]) * UINT64_C(0x100000001b3);
    return before;
}

static void write_count(const char *name, uint64_t count, struct json_writer *json)
{
    json_key(json, name);
    json_uint64(json, count);
}

static void write_texts(const char *name, const char *const *texts, size_t count,
                        struct json_writer *json)
{
    json_member_array(json, name);
    for (size_t i = 0; i < count; i++)
        json_text(json, texts[i]);
    json_end_array(json);
}

static void write_properties(const struct part *part, struct json_writer *json)
{
    json_member_array(json, "properties");
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (part->properties[i])
            json_text(json, property_id((enum property)i));
    }
    json_end_array(json);
}

void part_write(const struct part *part, struct buffer *out)
{
    struct json_writer json = {.out = out};
    char fingerprint[FINGERPRINT_TEXT_MAX];
    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, part->fingerprint);
    json_begin_object(&json);
    json_member_text(&json, "of", kinds[part->kind]);
    write_count("part", part->shard.index, &json);
    write_count("parts", part->shard.count, &json);
    json_member_text(&json, "version", part->version);
    write_count("seed", part->seed, &json);
    write_texts("implementations", part->implementations, part->implementation_count, &json);
    if (part->kind == PART_OF_RUN) {
        json_member_text(&json, "fail_on", part->fail_on);
        write_texts("settings", part->settings, part->setting_count, &json);
        write_count("scenarios", part->scenario_count, &json);
    } else {
        write_count("seeds", part->seed_count, &json);
        write_properties(part, &json);
    }
    json_member_text(&json, "fingerprint", fingerprint);
    json_end_object(&json);
}

/* --- members -------------------------------------------------------------------------------- */

static bool read_kind(const struct members *members, const struct place *at, const json_t *object,
                      enum part_kind *kind)
{
    const struct place here = {.above = at, .name = "of"};
    const char *name = "";
    if (!members_text(members, at, object, "of", REQUIRED, &name))
        return false;
    *kind = strcmp(name, kinds[PART_OF_RUN]) == 0 ? PART_OF_RUN : PART_OF_EXPLORATION;
    return strcmp(name, kinds[*kind]) == 0 ||
           members_complain(members, &here, "'%s' is neither run nor explore", name);
}

static bool read_shard(const struct members *members, const struct place *at, const json_t *object,
                       struct shard *shard)
{
    const struct place here = {.above = at, .name = "part"};
    if (!members_count(members, at, object, "part", REQUIRED, &shard->index) ||
        !members_count(members, at, object, "parts", REQUIRED, &shard->count))
        return false;
    if (shard->index > 0 && shard->index <= shard->count && shard->count <= SHARD_COUNT_MAX)
        return true;
    return members_complain(members, &here, "there is no part %" PRIu64 " of %" PRIu64,
                            shard->index, shard->count);
}

/* *texts: to be released by free(), also on failure. */
static bool read_texts(const struct members *members, const struct place *at, const json_t *object,
                       const char *name, const char ***texts, size_t *count)
{
    const struct place here = {.above = at, .name = name};
    const json_t *list = NULL;
    if (!members_list(members, at, object, name, REQUIRED, &list))
        return false;
    *count = json_array_size(list);
    *texts = calloc(*count + 1, sizeof **texts);
    if (!*texts)
        return false;
    for (size_t i = 0; i < *count; i++) {
        const struct place text = {.above = &here, .index = i};
        (*texts)[i] = json_string_value(json_array_get(list, i));
        if (!(*texts)[i])
            return members_complain(members, &text, "a text is wanted here");
    }
    return true;
}

static bool read_fingerprint(const struct members *members, const struct place *at,
                             const json_t *object, uint64_t *fingerprint)
{
    const struct place here = {.above = at, .name = "fingerprint"};
    const char *text = "";
    if (!members_text(members, at, object, "fingerprint", REQUIRED, &text))
        return false;
    if (strlen(text) != FINGERPRINT_TEXT_MAX - 1 ||
        strspn(text, "0123456789abcdef") != FINGERPRINT_TEXT_MAX - 1)
        return members_complain(members, &here, "16 hexadecimal digits are wanted here");
    *fingerprint = strtoull(text, NULL, 16);
    return true;
}

static bool read_properties(const struct members *members, const struct place *at,
                            const json_t *object, struct part *part)
{
    const struct place here = {.above = at, .name = "properties"};
    const json_t *list = NULL;
    if (!members_list(members, at, object, "properties", REQUIRED, &list))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const struct place place = {.above = &here, .index = i};
        const char *id = json_string_value(json_array_get(list, i));
        enum property property;
        if (!id || !property_find(id, &property))
            return members_complain(members, &place, "the id of a property is wanted here");
        part->properties[property] = true;
    }
    return true;
}

static bool read_own(const struct members *members, const struct place *at, const json_t *object,
                     struct read_part *read)
{
    struct part *part = &read->part;
    if (part->kind == PART_OF_EXPLORATION)
        return members_count(members, at, object, "seeds", REQUIRED, &part->seed_count) &&
               read_properties(members, at, object, part);
    return members_text(members, at, object, "fail_on", REQUIRED, &part->fail_on) &&
           read_texts(members, at, object, "settings", &read->settings, &part->setting_count) &&
           members_count(members, at, object, "scenarios", REQUIRED, &part->scenario_count);
}

bool part_read(const struct members *members, const struct place *at, const json_t *object,
               struct read_part *read)
{
    static const char *const names_of[][11] = {
        [PART_OF_RUN] = {"of", "part", "parts", "version", "seed", "implementations", "fail_on",
                         "settings", "scenarios", "fingerprint", NULL},
        [PART_OF_EXPLORATION] = {"of", "part", "parts", "version", "seed", "implementations",
                                 "seeds", "properties", "fingerprint", NULL},
    };
    struct part *part = &read->part;
    if (!read_kind(members, at, object, &part->kind) ||
        !members_object(members, at, object, names_of[part->kind]) ||
        !read_shard(members, at, object, &part->shard) ||
        !members_text(members, at, object, "version", REQUIRED, &part->version) ||
        !members_count(members, at, object, "seed", REQUIRED, &part->seed) ||
        !read_texts(members, at, object, "implementations", &read->implementations,
                    &part->implementation_count) ||
        !read_own(members, at, object, read) ||
        !read_fingerprint(members, at, object, &part->fingerprint))
        return false;
    part->implementations = read->implementations;
    part->settings = read->settings;
    return true;
}

void read_part_free(struct read_part *read)
{
    free(read->implementations);
    free(read->settings);
    *read = (struct read_part){0};
}
