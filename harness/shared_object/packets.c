#include "harness/shared_object/packets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "harness/shared_object/wire.h"

bool packet_send(int fd, char kind, const void *bytes, size_t length)
{
    struct iovec parts[2] = {{.iov_base = &kind, .iov_len = 1}};
    memcpy(&parts[1].iov_base, &bytes, sizeof bytes); /* sendmsg() only reads it */
    parts[1].iov_len = length;
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t sent;
    do {
        sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)length + 1;
}

bool message_send(int fd, const char *bytes, size_t length)
{
    while (length > PACKET_BYTES_MAX) {
        if (!packet_send(fd, PACKET_MORE, bytes, PACKET_BYTES_MAX))
            return false;
        bytes += PACKET_BYTES_MAX;
        length -= PACKET_BYTES_MAX;
    }
    return packet_send(fd, PACKET_LAST, bytes, length);
}

ssize_t packet_receive(int fd, char *kind, char *room)
{
    struct iovec parts[2] = {{.iov_base = kind, .iov_len = 1},
                             {.iov_base = room, .iov_len = PACKET_BYTES_MAX}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t got;
    do {
        got = recvmsg(fd, &message, 0);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return -1;
    if (got == 0)
        *kind = 0;
    return got == 0 ? 0 : got - 1;
}

/* Room for one descriptor beside a message. */
union file_room {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
};

bool packet_send_file(int fd, char kind, int file)
{
    union file_room room = {0};
    struct iovec part = {.iov_base = &kind, .iov_len = 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = room.bytes,
                             .msg_controllen = sizeof room.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &file, sizeof file);
    return sendmsg(fd, &message, MSG_NOSIGNAL) == 1;
}

int packet_receive_file(int fd)
{
    char kind;
    int file = -1;
    union file_room room;
    struct iovec part = {.iov_base = &kind, .iov_len = 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = room.bytes,
                             .msg_controllen = sizeof room.bytes};
    if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC) <= 0)
        return -1;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SCM_RIGHTS)
        memcpy(&file, CMSG_DATA(header), sizeof file);
    return file;
}
