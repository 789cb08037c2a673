/* The texts of corpus.txt, and the rules for what may come of them. */
#ifndef MINICHAT_CORPUS_H
#define MINICHAT_CORPUS_H

#include "protocol/text.h"

enum { ATTACKS_MAX = 512, ATTACK_NAME_SIZE = 32 };

struct attack {
    char name[ATTACK_NAME_SIZE];
    struct text text; /* any bytes; owned */
};

struct corpus {
    struct attack attacks[ATTACKS_MAX];
    size_t count;
};

/* Reads the file at this path, seen from the repository's top. Ends the
 * program with a sentence where it is missing or has a line that is wrong. */
void corpus_open(struct corpus *corpus, const char *path);
void corpus_close(struct corpus *corpus);
/* The pattern with the attack instead of each '\f'. The caller frees. */
struct text corpus_fill(const char *pattern, struct text attack);
/* Would it be wrong for the text to reach a terminal as it is? */
bool corpus_is_harmful(struct text attack);

/* What is wrong with a text for a terminal; NULL: nothing. No control but LF,
 * no C1, nothing bidirectional or hidden, at most UTF8_MARKS_MAX marks. */
const char *judge_shown(struct text text);
/* What is wrong with one line of the plain dialect, with its LF. It also has
 * to begin as one of the kinds of minichat-protocol(7), perhaps with the time
 * in front. */
const char *judge_plain(struct text line);
/* What is wrong with one IRC line, with its CR LF. */
const char *judge_irc(struct text line);

#endif
