/* How many files and connections can be open. */
#ifndef MINICHAT_DESCRIPTORS_H
#define MINICHAT_DESCRIPTORS_H

enum { DESCRIPTORS_SPARE = 32 }; /* ports, loop, log, database: not for peers */

/* As many as the kernel lets us have. */
void descriptors_raise(void);
/* Of the sessions that are wanted, as many as there are descriptors for, with
 * a warning where those are fewer. Who is above that is told so, which would
 * not be possible once they have run out. */
unsigned descriptors_sessions(unsigned wanted);

#endif
