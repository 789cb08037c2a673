/* What the client does without where it runs for somebody who came in by the
 * gateway (caller.h): no file of this machine is read or written for them, no
 * program is run, and there is no way to another server. History and drafts
 * are in memory only.
 *
 * Three fences, one behind the other. Here: the commands and settings that
 * lead out say so. Then confine.h: the environment names no place, and without
 * one nothing is kept. Last the kernel (Landlock, where it has it): nothing
 * can be executed, written or made. */
#ifndef MINICHAT_CLIENT_CONFINEMENT_H
#define MINICHAT_CLIENT_CONFINEMENT_H

#include <stdbool.h>

/* Is it a command that leads out? */
bool confinement_forbids(const char *command);
/* May it be set? of_network: what belongs to one network. */
bool confinement_may_set(const char *setting, bool of_network);

#endif
