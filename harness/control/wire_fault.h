#ifndef FRESHCHECK_HARNESS_CONTROL_WIRE_FAULT_H
#define FRESHCHECK_HARNESS_CONTROL_WIRE_FAULT_H

#include <stdint.h>

/* What goes wrong on the wire, whatever the endpoint says. */
enum wire_fault_kind {
    WIRE_DELAY,      /* the answer leaves `delay_us` later */
    WIRE_REFUSE,     /* connections are refused, as with nobody listening, and requests on open
                        ones end in a reset; only the control pages can still be reached there */
    WIRE_RESET,      /* the connection is reset instead of an answer */
    WIRE_HALF,       /* half of the body, then the connection is closed */
    WIRE_WRONG_JSON, /* 200 and a body that is no JSON */
    WIRE_DRIP        /* the body leaves in single bytes, `delay_us` apart */
};

struct wire_fault {
    enum wire_fault_kind kind;
    char path[256];            /* what the target begins with; "": all. Not for WIRE_REFUSE. */
    int64_t from_us, until_us; /* from included, until excluded; INT64_MAX: for good */
    uint32_t count;            /* ends after so many answers; 0: does not */
    int64_t delay_us;
};

#endif
