#ifndef FRESHCHECK_HARNESS_PARTS_REPORT_FILE_INTERNAL_H
#define FRESHCHECK_HARNESS_PARTS_REPORT_FILE_INTERNAL_H

#include "harness/parts/members_internal.h"
#include "harness/parts/report_file.h"

/* What the report says that it is a part of; NULL: nothing. Lives as long as the file. */
const json_t *report_file_part(const struct report_file *file);

#endif
