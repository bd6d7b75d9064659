#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_PACKETS_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Packets over a SOCK_SEQPACKET socket; see wire.h. Safe in a signal handler. */

/* False: nobody is there to get it. */
bool packet_send(int fd, char kind, const void *bytes, size_t length);

/* A message in as many packets as it needs. */
bool message_send(int fd, const char *bytes, size_t length);

/* One packet into `room` of PACKET_BYTES_MAX bytes; its length without the kind. -1: none came, and
 * errno says why; 0 for *kind: the other side is gone. */
ssize_t packet_receive(int fd, char *kind, char *room);

/* A packet that carries a file. */
bool packet_send_file(int fd, char kind, int file);

/* The file that came with a packet; -1: none came, the other side is gone. */
int packet_receive_file(int fd);

#endif
