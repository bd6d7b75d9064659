#ifndef FRESHCHECK_TESTS_CAPTURED_H
#define FRESHCHECK_TESTS_CAPTURED_H

#include <stdio.h>
#include <unistd.h>

/* What the code under test prints on stdout or stderr, caught in a file without a name. */
struct captured {
    FILE *stream, *file;
    int saved;
    char text[4096];
};

static inline void capture(struct captured *captured, FILE *stream)
{
    captured->stream = stream;
    captured->text[0] = '\0';
    fflush(stream);
    captured->file = tmpfile();
    captured->saved = dup(fileno(stream));
    assert_non_null(captured->file);
    assert_true(captured->saved >= 0);
    assert_true(dup2(fileno(captured->file), fileno(stream)) >= 0);
}

/* Ends it; the text stays until the next capture. */
static inline const char *release(struct captured *captured)
{
    fflush(captured->stream);
    dup2(captured->saved, fileno(captured->stream));
    close(captured->saved);
    rewind(captured->file);
    const size_t length = fread(captured->text, 1, sizeof captured->text - 1, captured->file);
    captured->text[length] = '\0';
    fclose(captured->file);
    return captured->text;
}

#endif
