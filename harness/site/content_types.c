#include <string.h>
#include <strings.h>

#include "harness/site/site_internal.h"

/* Source: Flink MimeTypes (flink-runtime), odd ones included. */
static const struct {
    const char *suffix;
    const char *type;
} types[] = {
    {"html", "text/html"},
    {"htm", "text/html"},
    {"css", "text/css"},
    {"txt", "text/plain"},
    {"log", "text/plain"},
    {"out", "text/plain"},
    {"err", "text/plain"},
    {"xml", "text/xml"},
    {"csv", "text/csv"},
    {"js", "application/javascript"},
    {"json", "application/json"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"svg", "image/svg+xml"},
    {"tiff", "image/tiff"},
    {"tff", "image/tiff"},
    {"bmp", "image/bmp"},
    {"woff", "application/font-woff"},
    {"woff2", "application/font-woff2"},
    {"ttf", "font/ttf"},
    {"otf", "font/opentype"},
    {"eot", "font/application/vnd.ms-fontobject"},
};

const char *site_content_type(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && dot > name && i < sizeof types / sizeof types[0]; i++)
        if (strcasecmp(dot + 1, types[i].suffix) == 0)
            return types[i].type;
    return "application/octet-stream";
}
