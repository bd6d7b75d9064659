#ifndef FRESHCHECK_HARNESS_ADVICE_CONFIGURED_H
#define FRESHCHECK_HARNESS_ADVICE_CONFIGURED_H

#include "harness/advice/predict.h"
#include "harness/flink_config/effective.h"
#include "rest_endpoint/settings.h"

/* What predictions are made from, of a configuration that is not refused. Pure. */

/* Fallbacks are resolved already: each value counts as given. */
struct settings configured_settings(const struct effective *effective);

/* `stated`, with what follows from the configuration: the interval of checkpoints where it is 0,
 * and the history; and with the usual vertices and works. */
struct load configured_load(const struct load *stated, const struct effective *effective);

#endif
