/* A minichatd of its own for one test: a fresh state directory, a free port,
 * and nothing left behind. It dies with the process that opened it, but for one
 * that root started and that became another user meanwhile (prctl(2)).
 * The programs are looked for in the directory MINICHAT_BIN, else in the build
 * directory that this program is part of. */
#ifndef MINICHAT_TRIAL_H
#define MINICHAT_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

enum {
    TRIAL_SECONDS = 30, /* for the server to start or to stop */
    TRIAL_WORDS = 32,   /* of a program's arguments */
    TRIAL_PATH = 256,
};

struct trial {
    char directory[64];
    char state[96];
    char socket[96];
    char log[96];
    char config[96]; /* a file that is read if it is there */
    char port[8];    /* its own from the first start on */
    int place;       /* keeps it meanwhile, see trial_reserve; 0: none */
    pid_t server;    /* 0: none runs */
    long read;       /* up to where trial_log_says has read the log */
};

int64_t trial_now(void); /* monotonic milliseconds */
/* Where the program of that name is; "" gives their folder. */
void trial_program(const char *name, char path[TRIAL_PATH]);

/* Ends the test program with a sentence where the directory cannot be made. */
void trial_open(struct trial *trial);
/* Stops the server and removes the directory. False where it did not end
 * cleanly (a leak, a crash, a deadline missed): then its log was shown. */
bool trial_close(struct trial *trial);

/* A socket that keeps a free port of 127.0.0.1 (0), or this one, for whoever
 * listens there with SO_REUSEADDR, again and again: while it is open the kernel
 * gives the port to nobody who asks for any, and who goes there without a
 * listener is refused. -1: there is none. */
int trial_reserve(uint16_t *port);
/* Before it connects or listens: segments as on an Ethernet, and a fixed buffer
 * for what is not read. Of what is on its way on loopback the kernel otherwise
 * keeps up to some MiB, how many depends on the timing, and who does not read
 * is not noticed before. */
void trial_as_from_afar(int socket);

/* Starts minichatd and waits until it listens. options: more words for its
 * command line, ended by NULL; NULL: none. False where it ends instead, or is
 * late. A server that is started again has the same port. */
bool trial_start(struct trial *trial, char *const options[]);
/* Sends the signal and waits for the end; as trial_reap. */
int trial_stop(struct trial *trial, int signal);
/* Waits until the log has, after what was found before, these words. */
bool trial_log_says(struct trial *trial, const char *words, int64_t until);
void trial_show_log(const struct trial *trial);

/* Runs minichatctl on it with these words; its exit status. What it printed
 * (both streams) is in output, with a NUL. */
int trial_ctl(struct trial *trial, char *const words[], char *output,
              size_t size);

/* Starts a program that dies with this one. in, out, err: descriptors, or -1
 * for /dev/null. */
pid_t trial_spawn(char *const words[], int in, int out, int err);
/* Waits for its end until then; its exit status, 128 + a signal's number, or
 * -1 where it was late and was killed. */
int trial_reap(pid_t process, int64_t until);
/* KiB of its memory, as /proc/PID/status says it: "VmRSS:", "VmHWM:". */
long trial_memory(pid_t process, const char *which);

#endif
