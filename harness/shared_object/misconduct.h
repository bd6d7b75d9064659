#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_MISCONDUCT_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_MISCONDUCT_H

/* How a shared object can fail to be an implementation at all. docs/your-own-cache.md has them. */
#define MISCONDUCT_MAP(X)                     \
    X(NONE, "none")                           \
    X(CRASHED, "crashed")                     \
    X(HUNG, "hung")                           \
    X(EXITED, "exited")                       \
    X(WROTE_PAST_BUFFER, "wrote-past-buffer") \
    X(READ_PAST_BUFFER, "read-past-buffer")   \
    X(ANSWERED_TWICE, "answered-twice")       \
    X(ANSWERED_NOBODY, "answered-nobody")     \
    X(NEVER_ANSWERED, "never-answered")       \
    X(BROKE_CONTRACT, "broke-contract")       \
    X(LEAKED, "leaked")                       \
    X(PRINTED, "wrote-to-stdout")             \
    X(NOT_LOADABLE, "not-loadable")           \
    X(MISSING_SYMBOL, "missing-symbol")       \
    X(WRONG_VERSION, "wrong-version")

enum misconduct {
#define X(name, text) MISCONDUCT_##name,
    MISCONDUCT_MAP(X)
#undef X
        MISCONDUCT_COUNT
};

const char *misconduct_name(enum misconduct misconduct); /* "crashed" */

#endif
