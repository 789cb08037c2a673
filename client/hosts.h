/* The addresses (user@host) of those who said something, each kept once, so
 * that messages need not carry them: a number stands for one. */
#ifndef MINICHAT_CLIENT_HOSTS_H
#define MINICHAT_CLIENT_HOSTS_H

#include "protocol/text.h"

enum {
    HOSTS_MAX = 4096,       /* of one network; of more nothing is known */
    HOSTS_LENGTH_MAX = 200, /* bytes; longer ones are not known either */
    HOSTS_SLOTS = 2 * HOSTS_MAX,
};

struct hosts {
    char **list; /* NULL before the first */
    uint16_t *slots;
    size_t count;
};

void hosts_finish(struct hosts *hosts);
/* Its number, the same each time; 0 where it is empty or cannot be kept. */
uint16_t hosts_number(struct hosts *hosts, struct text host);
/* Empty for 0. */
struct text hosts_text(const struct hosts *hosts, uint16_t number);

#endif
