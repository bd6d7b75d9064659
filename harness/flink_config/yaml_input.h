#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_YAML_INPUT_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_YAML_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/complaint.h"

/* A file's characters in UTF-8, without byte order mark. */
struct yaml_input {
    const char *bytes;
    size_t length;
    struct buffer recoded; /* owns `bytes` where the file was UTF-16 */
};

/*
 * False after a complaint, or when out of memory (complaints->failed). Free it in both cases.
 * Source: snakeyaml-engine YamlUnicodeReader (UTF-16 by its byte order mark, else UTF-8) and
 * StreamReader.isPrintable.
 */
bool yaml_input_take(struct yaml_input *input, const char *bytes, size_t length,
                     struct complaints *complaints);
void yaml_input_free(struct yaml_input *input);

#endif
