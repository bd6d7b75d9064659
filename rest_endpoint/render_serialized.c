#include "rest_endpoint/render_internal.h"

/*
 * A Java object stream by hand, the smallest that Flink's client reads into a SerializedThrowable:
 * its class with two of its texts, and of Throwable the message alone. What is left out of a
 * stream is null in Java. The exception itself is null too, which Flink allows for exceptions that
 * could not be serialized: SerializedThrowable.deserializeError then stands in for it.
 *
 * Source: Flink SerializedThrowable (serialVersionUID), SerializedThrowableDeserializer; Java Object
 * Serialization Specification, chapter 6.
 */

enum {
    TC_NULL = 0x70,
    TC_REFERENCE = 0x71,
    TC_CLASSDESC = 0x72,
    TC_OBJECT = 0x73,
    TC_STRING = 0x74,
    TC_ENDBLOCKDATA = 0x78,
    TC_LONGSTRING = 0x7c,
    SC_SERIALIZABLE = 2,
    SC_WRITE_METHOD = 1, /* Throwable has a writeObject() */
    SHORT_LENGTH_MAX = 65535
};

static void put_number(struct buffer *stream, uint64_t value, int byte_count)
{
    while (byte_count-- > 0)
        buffer_char(stream, (char)(unsigned char)(value >> (8 * byte_count)));
}

static void put_utf(struct buffer *stream, const char *text)
{
    const size_t length = strlen(text);
    put_number(stream, length, 2);
    buffer_append(stream, text, length);
}

/* Java's own form of UTF-8 differs from UTF-8; ASCII is the same in both, so other bytes become
 * "?". (The stack trace beside the stream has them all.) */
static void put_string(struct buffer *stream, const char *text, size_t length)
{
    const bool is_long = length > SHORT_LENGTH_MAX;
    buffer_char(stream, is_long ? TC_LONGSTRING : TC_STRING);
    put_number(stream, length, is_long ? 8 : 2);
    for (size_t i = 0; i < length; i++)
        buffer_char(stream, (unsigned char)text[i] - 1U < 127 ? text[i] : '?');
}

static void put_class(struct buffer *stream, const char *name, uint64_t version, int flags,
                      int field_count)
{
    buffer_char(stream, TC_CLASSDESC);
    put_utf(stream, name);
    put_number(stream, version, 8);
    buffer_char(stream, (char)flags);
    put_number(stream, (uint64_t)field_count, 2);
}

/* The type "Ljava/lang/String;" is spelled out once; later fields refer to it as the second thing
 * in the stream that has a number. */
static void put_text_field(struct buffer *stream, const char *name, bool is_first)
{
    static const char type[] = "Ljava/lang/String;";
    buffer_char(stream, 'L');
    put_utf(stream, name);
    if (is_first) {
        put_string(stream, type, sizeof type - 1);
    } else {
        buffer_char(stream, TC_REFERENCE);
        put_number(stream, 0x7e0001, 4);
    }
}

static void put_classes(struct buffer *stream)
{
    put_class(stream, "org.apache.flink.util.SerializedThrowable", 7284183123441947635U,
              SC_SERIALIZABLE, 2);
    put_text_field(stream, "fullStringifiedStackTrace", true);
    put_text_field(stream, "originalErrorClassName", false);
    buffer_char(stream, TC_ENDBLOCKDATA);
    put_class(stream, "java.lang.Exception", 0xd0fd1f3e1a3b1cc4U, SC_SERIALIZABLE, 0);
    buffer_char(stream, TC_ENDBLOCKDATA);
    put_class(stream, "java.lang.Throwable", 0xd5c635273977b8cbU, SC_SERIALIZABLE | SC_WRITE_METHOD,
              1);
    put_text_field(stream, "detailMessage", false);
    buffer_char(stream, TC_ENDBLOCKDATA);
    buffer_char(stream, TC_NULL); /* no serializable class above it */
}

/* Source: RFC 4648, section 4. */
static void put_base64(struct buffer *out, const char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t group = 0;
        for (size_t j = i; j < i + 3; j++)
            group = group << 8 | (j < length ? (unsigned char)bytes[j] : 0);
        for (size_t j = 0; j < 4; j++)
            buffer_char(out, i + j > length ? '=' : digits[group >> (18 - 6 * j) & 63]);
    }
}

void render_serialized_throwable(const char *exception_class, const char *message,
                                 const struct buffer *trace, struct buffer *out)
{
    struct buffer stream = {0};
    struct buffer detail = {0};

    buffer_printf(&detail, "%s: %s", exception_class, message ? message : "null");
    put_number(&stream, 0xaced0005, 4);
    buffer_char(&stream, TC_OBJECT);
    put_classes(&stream);
    put_string(&stream, detail.bytes, detail.length);
    buffer_char(&stream, TC_ENDBLOCKDATA);
    put_string(&stream, trace->bytes, trace->length);
    put_string(&stream, exception_class, strlen(exception_class));
    put_base64(out, stream.bytes, stream.length);
    if (stream.failed || detail.failed || trace->failed)
        out->failed = true;
    buffer_free(&stream);
    buffer_free(&detail);
}
