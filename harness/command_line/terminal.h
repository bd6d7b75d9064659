#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_TERMINAL_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "reports/watch_view.h"

/*
 * A screen that is drawn again and again in place, by moving the cursor and nothing else: no mode of
 * the terminal is changed, and the cursor rests below the screen. So whatever ends the program,
 * there is nothing to put right.
 */
struct terminal {
    int file;
    size_t width, height; /* when it was drawn last; 0: not yet */
    size_t lines;         /* of the last screen */
    bool colour, utf8;
};

/* False when the file is no terminal that can move its cursor. */
bool terminal_open(int file, struct terminal *terminal);

/* Columns of a terminal now; the usual ones where it does not say. */
size_t terminal_width(int file);

/* What a screen may be now, whatever it was before. Its last line is left to the cursor. */
struct view_shape terminal_shape(const struct terminal *terminal);

/* Draws a screen of that shape over the last one. Errors are ignored: it is only a view. */
void terminal_draw(struct terminal *terminal, const struct view_shape *shape,
                   const struct buffer *screen);

#endif
