/* A server that is to be hurt, its members and their books: what all trials
 * by force begin and end with. */
#ifndef MINICHAT_CRASH_STAGE_H
#define MINICHAT_CRASH_STAGE_H

#include "tests/crash/fate.h"
#include "tests/crash/judge.h"
#include "tests/crash/swarm.h"
#include "tests/talk/trial.h"

enum { STAGE_PATIENCE_MS = 60000 };

struct stage {
    const char *name;
    struct trial trial;
    struct ledger ledger;
    struct swarm swarm;
    struct dice dice;
    char preload[TRIAL_PATH]; /* a library for the server (LD_PRELOAD) */
    struct fate *fate;        /* of its disk; NULL: it has the real one */
    bool kept;                /* the server has a history: the judge can look */
    bool quiet; /* figures are told only where something is wrong */
};

/* A state directory with a configuration (durability NULL: not said) and an
 * empty swarm. */
void stage_open(struct stage *stage, const char *name, uint64_t seed,
                const char *durability);
/* The usual cast: two rooms and two pairs; two by our library, two by IRC,
 * two people who speak, and one of each that only listens. Needs no server. */
void stage_cast(struct stage *stage);
/* A token for this account, for so many days (NULL: as usual); the caller
 * frees it. Ends the program where there is none. */
char *stage_issue(struct stage *stage, const char *nick, const char *days);
/* One for everybody. */
void stage_invite(struct stage *stage);
/* From now on its disk is stage->fate's. Ends the program where it can't. */
void stage_load_shim(struct stage *stage);
/* Starts the server, at the same port as before. False, with its log, where
 * it does not come up. */
bool stage_start(struct stage *stage);
/* Kills it, and lets everybody read its last words. */
void stage_kill(struct stage *stage);
/* Everybody settles; the histories are read and judged. */
bool stage_judge(struct stage *stage);
/* The figures; cleans up. An exit code. */
int stage_close(struct stage *stage);

/* Argument n as a number, else the other value. Ends the program where it is
 * none. */
uint64_t stage_number(char **arguments, int n, uint64_t otherwise);

#endif
