/* Compares what was said, what was heard and what is kept, after every line
 * that can be had is there:
 *
 *  - history: ids rise, no line stands in it twice, each author's lines stand
 *    in the order they were said;
 *  - whatever anybody was told of is in the history, with that id;
 *  - a careful speaker's lines are all there (it sends again until it has the
 *    receipt), a plain one's each once or not at all;
 *  - what a member heard live and read up later is the history, whole; what a
 *    plain one heard on one connection stands there in that order. */
#ifndef MINICHAT_CRASH_JUDGE_H
#define MINICHAT_CRASH_JUDGE_H

#include "tests/crash/ledger.h"

/* True where nothing was found that must not be. */
bool judge(struct ledger *ledger);
/* One line of figures. */
void judge_report(const struct ledger *ledger, const char *name);

#endif
