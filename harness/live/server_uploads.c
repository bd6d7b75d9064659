#include "harness/live/server_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/*
 * What a multipart/form-data body holds, as Flink takes it: files are counted and their content
 * is dropped, the part `request` is the JSON body, and any other part is a mistake of the client.
 * Source: Flink FileUploadHandler.channelRead0.
 */

enum {
    NAME_LENGTH_MAX = 4096, /* libmicrohttpd's buffer: the longest line of a part's head */
    REQUEST_KEPT_MAX = 1 << 20
};

enum part_kind { PART_NONE, PART_FILE, PART_REQUEST, PART_OTHER };

struct upload_reader {
    struct MHD_PostProcessor *processor;
    struct upload upload; /* of the parts that are complete */
    enum part_kind part;  /* the one that comes in */
    bool part_is_empty;
    char *part_name; /* a file's name, or a form field's */
    char *first_file;
    char *first_other;
    struct buffer request;
    bool failed;
    bool no_memory;
};

/* Netty hands a part on when it is complete. */
static void end_part(struct upload_reader *reader)
{
    char **first = NULL;
    if (reader->part == PART_FILE) {
        reader->upload.file_count++;
        first = &reader->first_file;
    } else if (reader->part == PART_OTHER) {
        first = &reader->first_other;
    }
    reader->part = PART_NONE;
    if (first && !*first) {
        *first = reader->part_name;
        reader->part_name = NULL;
    }
    free(reader->part_name);
    reader->part_name = NULL;
}

static bool begin_part(struct upload_reader *reader, const char *field, const char *file)
{
    if (file)
        reader->part = PART_FILE;
    else
        reader->part = strcmp(field, "request") == 0 ? PART_REQUEST : PART_OTHER;
    reader->part_is_empty = true;
    reader->part_name = text_copy(file ? file : field);
    if (reader->part == PART_REQUEST)
        buffer_clear(&reader->request);
    return reader->part_name != NULL;
}

/* libmicrohttpd may report the beginning of a part twice: with no bytes yet, and then with some. */
static bool goes_on(const struct upload_reader *reader, const char *name, uint64_t offset)
{
    return reader->part != PART_NONE &&
           (offset > 0 || (reader->part_is_empty && strcmp(reader->part_name, name) == 0));
}

/* Older clients send the whole path. Source: Flink FileUploadHandler, Paths.getFileName(). */
static const char *base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

static enum MHD_Result take_part(void *context, enum MHD_ValueKind kind, const char *key,
                                 const char *file_path, const char *content_type,
                                 const char *transfer_encoding, const char *bytes, uint64_t offset,
                                 size_t length)
{
    (void)kind;
    (void)content_type;
    (void)transfer_encoding;
    struct upload_reader *reader = context;
    const char *field = key ? key : "";
    const char *file = base_name(file_path);
    if (!goes_on(reader, file ? file : field, offset)) {
        end_part(reader);
        if (!begin_part(reader, field, file)) {
            reader->no_memory = true;
            return MHD_NO;
        }
    }
    reader->part_is_empty = reader->part_is_empty && length == 0;
    const size_t room = REQUEST_KEPT_MAX - reader->request.length;
    if (reader->part == PART_REQUEST)
        buffer_append(&reader->request, bytes, length < room ? length : room);
    return MHD_YES;
}

/* Source: Netty HttpPostRequestDecoder.isMultipart: without a boundary it is a body like others. */
static bool is_multipart(const struct visit *visit)
{
    static const char wanted[] = "multipart/form-data";
    const char *type = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND,
                                                   MHD_HTTP_HEADER_CONTENT_TYPE);
    return type && strncasecmp(type, wanted, sizeof wanted - 1) == 0 &&
           strcasestr(type, "boundary=") != NULL;
}

bool upload_begin(struct visit *visit)
{
    if (!is_multipart(visit))
        return true;
    visit->upload = calloc(1, sizeof *visit->upload);
    if (!visit->upload)
        return false;
    visit->upload->processor =
        MHD_create_post_processor(visit->connection, NAME_LENGTH_MAX, take_part, visit->upload);
    visit->upload->failed = !visit->upload->processor;
    return true;
}

void upload_take(struct upload_reader *reader, const char *bytes, size_t length)
{
    if (!reader->failed && MHD_post_process(reader->processor, bytes, length) != MHD_YES)
        reader->failed = true;
}

const struct upload *upload_end(struct upload_reader *reader, struct buffer *body)
{
    if (reader->processor && MHD_destroy_post_processor(reader->processor) == MHD_YES)
        end_part(reader);
    reader->processor = NULL;
    if (reader->failed || reader->no_memory || reader->request.failed)
        return NULL;
    buffer_append(body, reader->request.bytes, reader->request.length);
    reader->upload.file_name = reader->first_file;
    reader->upload.attribute = reader->first_other;
    return &reader->upload;
}

void upload_free(struct upload_reader *reader)
{
    if (!reader)
        return;
    if (reader->processor)
        MHD_destroy_post_processor(reader->processor);
    free(reader->part_name);
    free(reader->first_file);
    free(reader->first_other);
    buffer_free(&reader->request);
    free(reader);
}
