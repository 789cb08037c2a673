/* What the load generator was asked to do: one table of settings, each with
 * its range, so that no request can grow without bounds. */
#ifndef MINICHAT_LOAD_OPTIONS_H
#define MINICHAT_LOAD_OPTIONS_H

struct options {
    const char *scenario;
    const char *server; /* the name in the results */
    const char *folder; /* on the server's disk; NULL: not known */
    const char *tokens; /* a file with one for each client; NULL: guests */
    unsigned long port, pid;
    unsigned long clients, senders;
    unsigned long messages, seconds, rate, window, length;
    unsigned long connect_window, join_window;
};

/* Reads the command line; --help, and whatever is wrong, ends the program
 * with a sentence. */
struct options options_read(char **arguments);

#endif
