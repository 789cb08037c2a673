/* Several connections at once, ours or of programs that we run, and the judging
 * of each line that they receive. One of them says marks now and then: when all
 * who listen have heard one, they have heard what was before. */
#ifndef MINICHAT_ENDS_H
#define MINICHAT_ENDS_H

#include <sys/types.h>

#include "protocol/tls.h"
#include "tests/injection/corpus.h"

enum {
    ENDS_PATIENCE_MS = 20000,
    ENDS_FAILURES = 10,
    ENDS_MAX = 16,
    ENDS_MARKS = 1000000,
};

struct end {
    const char *name;
    const char *(*judge)(struct text line);
    int in, out; /* where it is written to, read from; -1: closed */
    pid_t program;
    struct tls *tls; /* NULL: plain text */
    char *queue;     /* not yet written, as it goes over the wire */
    size_t queued;
    char *heard; /* not yet judged */
    size_t length;
    uint64_t marked; /* the number in the last mark */
    bool finishes;   /* shuts its sending side when all is written */
};

struct ends {
    struct end all[ENDS_MAX];
    size_t count;
    size_t listeners; /* so many of the first must hear each mark */
    const char *what; /* is being tried; for complaints */
    unsigned failures, judged;
    int64_t until; /* trial_now */
};

/* All are closed at first. */
void ends_init(struct ends *ends, size_t count, size_t listeners);
void ends_complain(struct ends *ends, const char *who, const char *why,
                   struct text line);
/* From now on there is time again. */
void ends_be_patient(struct ends *ends);
/* Lets all of them speak and hear until something happens. */
void ends_turn(struct ends *ends);
/* All who listen have come, and hear that one: marks below ENDS_MARKS. */
bool ends_come_together(struct ends *ends, struct end *speaker);
/* They hear a mark of that one; each is to have a greater number. */
bool ends_meet(struct ends *ends, struct end *speaker, uint64_t number);

/* in, out: descriptors, from now on of this end; they may be the same. */
void end_begin(struct end *end, const char *name, int in, int out,
               const char *(*judge)(struct text line));
/* A program's standard input and output; its errors too. */
void end_run(struct end *end, const char *name, char *const words[],
             const char *(*judge)(struct text line));
/* To that port of this machine; ends the program where it cannot. */
void end_dial(struct end *end, const char *name, const char *port,
              const char *(*judge)(struct text line));
/* TLS with whoever is there. */
void end_secure(struct ends *ends, struct end *end,
                struct tls_context *believing);
/* A pattern (corpus_fill) as a line; to who was cut off nothing is said. */
void end_say(struct end *end, const char *pattern, struct text attack);
void end_say_all(struct end *end, const char *const *patterns,
                 struct text attack);
/* What it has to say so far is on its way, as much as is taken at once: who is
 * silent too long after they came is taken for a person. */
void end_speak(struct end *end);
/* Nothing more is said. */
void end_finish(struct end *end);
/* It goes, and so does its program. */
void end_release(struct end *end);

#endif
