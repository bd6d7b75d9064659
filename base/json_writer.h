#ifndef FRESHCHECK_BASE_JSON_WRITER_H
#define FRESHCHECK_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/*
 * Writes compact JSON into a buffer, the way Flink's server does: members in the order they are
 * written, null members kept, text escaped as Jackson and jansson (JSON_COMPACT) both do: the two
 * quotes, backslash, \b \f \n \r \t, \u00XX for other control characters, UTF-8 as it is.
 *
 * Commas are the writer's care. Keys must need no escaping. Text that is no valid UTF-8 has each
 * offending byte replaced by U+FFFD.
 * Source: Flink RestMapperUtils.getStrictObjectMapper (Jackson, defaults).
 */
struct json_writer {
    struct buffer *out; /* borrowed */
    bool needs_comma;
};

void json_begin_object(struct json_writer *json);
void json_end_object(struct json_writer *json);
void json_begin_array(struct json_writer *json);
void json_end_array(struct json_writer *json);

void json_key(struct json_writer *json, const char *key);
void json_write_null(struct json_writer *json); /* jansson has the name json_null */
void json_bool(struct json_writer *json, bool value);
void json_int64(struct json_writer *json, int64_t value);
void json_uint64(struct json_writer *json, uint64_t value);
void json_text(struct json_writer *json, const char *text); /* NULL writes null */
void json_text_length(struct json_writer *json, const char *text, size_t length);

/* As Java's Double.toString: "123.0", "1.25E9" from 10^7 up or below 10^-3, "NaN" in quotes. */
void json_java_double(struct json_writer *json, double value);

/* A finite number with `decimals` digits after the point (0 to 6), for our own reports. */
void json_decimal(struct json_writer *json, double value, int decimals);

/* Appends bytes that are JSON already, as one value. */
void json_raw(struct json_writer *json, const char *bytes, size_t length);

/* One member each: key and value. */
void json_member_null(struct json_writer *json, const char *key);
void json_member_bool(struct json_writer *json, const char *key, bool value);
void json_member_int64(struct json_writer *json, const char *key, int64_t value);
void json_member_text(struct json_writer *json, const char *key, const char *text);
void json_member_java_double(struct json_writer *json, const char *key, double value);
void json_member_object(struct json_writer *json, const char *key); /* leaves the object open */
void json_member_array(struct json_writer *json, const char *key);  /* leaves the array open */

#endif
