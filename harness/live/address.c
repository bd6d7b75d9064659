#include "harness/live/address.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/text.h"

static const char scheme[] = "http://";
static const char not_an_address[] = "an address is http://HOST[:PORT][/PREFIX]";
static const char out_of_memory[] = "out of memory";

enum { PORT_OF_HTTP = 80, SCHEME_LENGTH = sizeof scheme - 1 };

/* The parts of the text, none of them copied yet. */
struct parts {
    const char *host, *host_end;
    const char *rest; /* ":8081/prefix" */
    const char *path;
};

static const char *split(const char *text, struct parts *parts)
{
    if (strncmp(text, "https://", 8) == 0)
        return "https is not spoken here; give an address that begins with http://";
    if (strncmp(text, scheme, SCHEME_LENGTH) != 0)
        return not_an_address;
    for (const char *at = text; *at; at++) {
        if (*at <= ' ' || *at >= 0x7f || strchr("\"<>\\^`{|}", *at))
            return "an address has no blanks, and no letters beyond ASCII";
    }
    const char *host = text + SCHEME_LENGTH;
    parts->path = host + strcspn(host, "/?#");
    if (memchr(host, '@', (size_t)(parts->path - host)))
        return "an address with a user's name in it is not understood";
    if (strpbrk(parts->path, "?#"))
        return "an address has neither `?` nor `#`";
    const bool in_brackets = *host == '['; /* IPv6; source: RFC 3986, section 3.2.2 */
    parts->host = host + in_brackets;
    parts->host_end = parts->host + strcspn(parts->host, in_brackets ? "]/" : ":/");
    parts->rest = parts->host_end + in_brackets;
    if (parts->host == parts->host_end || (in_brackets && *parts->host_end != ']'))
        return not_an_address;
    return parts->rest == parts->path || *parts->rest == ':' ? NULL : not_an_address;
}

/* The number between a colon and the path; 0: it is none that a port can have. */
static uint16_t read_port(const struct parts *parts)
{
    unsigned port = 0;
    if (parts->rest == parts->path)
        return PORT_OF_HTTP;
    for (const char *at = parts->rest + 1; at < parts->path; at++) {
        if (*at < '0' || *at > '9' || port > UINT16_MAX)
            return 0;
        port = 10 * port + (unsigned)(*at - '0');
    }
    return port <= UINT16_MAX ? (uint16_t)port : 0;
}

bool address_read(const char *text, struct address *address, const char **why)
{
    struct parts parts;
    *address = (struct address){0};
    *why = split(text, &parts);
    if (*why)
        return false;
    address->port = read_port(&parts);
    if (address->port == 0) {
        *why = "a port is a number from 1 to 65535";
        return false;
    }
    size_t prefix_length = strlen(parts.path);
    while (prefix_length > 0 && parts.path[prefix_length - 1] == '/')
        prefix_length--;
    address->origin = text_copy_length(text, (size_t)(parts.path - text));
    address->prefix = text_copy_length(parts.path, prefix_length);
    address->host = text_copy_length(parts.host, (size_t)(parts.host_end - parts.host));
    if (address->origin && address->prefix && address->host)
        return true;
    address_free(address);
    *why = out_of_memory;
    return false;
}

bool address_of_loopback(uint16_t port, struct address *address)
{
    struct buffer origin = {0};
    buffer_printf(&origin, "http://127.0.0.1:%u", (unsigned)port);
    *address = (struct address){
        .origin = buffer_take(&origin),
        .prefix = text_copy(""),
        .host = text_copy("127.0.0.1"),
        .port = port,
    };
    buffer_free(&origin);
    if (address->origin && address->prefix && address->host)
        return true;
    address_free(address);
    return false;
}

bool address_copy(const struct address *from, struct address *address)
{
    *address = (struct address){
        .origin = text_copy(from->origin),
        .prefix = text_copy(from->prefix),
        .host = text_copy(from->host),
        .port = from->port,
    };
    if (address->origin && address->prefix && address->host)
        return true;
    address_free(address);
    return false;
}

void address_free(struct address *address)
{
    free(address->origin);
    free(address->prefix);
    free(address->host);
    *address = (struct address){0};
}

/* Four numbers, the first of them 127; a name such as 127.example.org is none. */
static bool is_127(const char *host)
{
    size_t dots = 0;
    for (const char *at = host; *at; at++) {
        if (*at != '.' && (*at < '0' || *at > '9'))
            return false;
        dots += *at == '.';
    }
    return dots == 3 && strncmp(host, "127.", 4) == 0;
}

bool address_is_loopback(const struct address *address)
{
    return is_127(address->host) || strcmp(address->host, "::1") == 0 ||
           strcasecmp(address->host, "localhost") == 0;
}
