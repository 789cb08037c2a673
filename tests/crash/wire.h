/* One member's connection: a non-blocking stream socket, lines in and out. */
#ifndef MINICHAT_CRASH_WIRE_H
#define MINICHAT_CRASH_WIRE_H

#include <stdint.h>

#include "protocol/framer.h"

enum { WIRE_LINE = 16384 };

struct wire {
    int fd; /* -1: none */
    struct framer framer;
    char *unsent; /* what the socket did not take yet */
    size_t waiting, room;
};

/* A connected socket to this port of 127.0.0.1, or -1. */
int wire_dial(uint16_t port);
/* Takes over a connected socket. */
void wire_open(struct wire *wire, int fd);
/* A wire that was never opened, or is closed, is accepted. */
void wire_close(struct wire *wire);
/* One line without its end; it leaves with wire_flush. */
void wire_send(struct wire *wire, struct text line);
/* Writes what the socket takes. False where the connection is over. */
bool wire_flush(struct wire *wire);
/* Reads once into the framer, which is then asked for lines; framer_keep ends
 * the loan. more: there may be more to read. False: the connection is over. */
bool wire_read(struct wire *wire, char *buffer, size_t size, bool *more);

#endif
