#include "harness/command_line/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_USUAL = 80, HEIGHT_USUAL = 24 };

bool terminal_open(int file, struct terminal *terminal)
{
    const char *kind = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    if (!isatty(file) || !kind || strcmp(kind, "dumb") == 0 || strcmp(kind, "") == 0)
        return false;
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    *terminal = (struct terminal){
        .file = file,
        .colour = !(no_colour && no_colour[0] != '\0'),
        .utf8 = locale && strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0,
    };
    if (locale)
        freelocale(locale);
    return true;
}

size_t terminal_width(int file)
{
    struct winsize size = {0};
    return ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : WIDTH_USUAL;
}

struct view_shape terminal_shape(const struct terminal *terminal)
{
    struct winsize size = {0};
    const bool known = ioctl(terminal->file, TIOCGWINSZ, &size) == 0;
    const size_t height = known && size.ws_row > 0 ? size.ws_row : HEIGHT_USUAL;
    return (struct view_shape){terminal_width(terminal->file), height - 1, terminal->colour,
                               terminal->utf8};
}

static void write_all(int file, const struct buffer *bytes)
{
    for (size_t written = 0; !bytes->failed && written < bytes->length;) {
        const ssize_t count = write(file, bytes->bytes + written, bytes->length - written);
        if (count < 0 && errno != EINTR)
            return;
        written += count > 0 ? (size_t)count : 0;
    }
}

/* After a change of size nobody knows where lines were broken anew: then everything is cleared.
 * Source: ECMA-48 (CUU, CUP, ED, EL). */
static void go_to_top(const struct terminal *terminal, const struct view_shape *shape,
                      struct buffer *out)
{
    if (terminal->width > 0 &&
        (terminal->width != shape->width || terminal->height != shape->height))
        buffer_text(out, "\033[H\033[2J");
    else if (terminal->lines > 0)
        buffer_printf(out, "\r\033[%zuA", terminal->lines);
}

void terminal_draw(struct terminal *terminal, const struct view_shape *shape,
                   const struct buffer *screen)
{
    struct buffer out = {0};
    size_t lines = 0;
    go_to_top(terminal, shape, &out);
    for (const char *at = screen->bytes, *end = at + screen->length; at < end; lines++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        buffer_text(&out, "\033[K"); /* first: behind a full line it would take its last letter */
        buffer_append(&out, at, (size_t)(line_end - at) + 1);
        at = line_end + 1;
    }
    buffer_text(&out, "\033[J");
    write_all(terminal->file, &out);
    buffer_free(&out);
    terminal->width = shape->width;
    terminal->height = shape->height;
    terminal->lines = lines;
}
