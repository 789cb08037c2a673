/* Gives up what somebody who came in by the gateway must not have of this
 * machine: see confinement.h, which tells it in full. */
#ifndef MINICHAT_CLIENT_CONFINE_H
#define MINICHAT_CLIENT_CONFINE_H

/* To be called first, before there are threads. Of the environment the
 * terminal's kind and the language stay, where they are plain words; then the
 * kernel lets us read what programs need (/usr, /lib, /etc, /proc), talk to
 * the terminal, and nothing more. */
void confine(void);

#endif
