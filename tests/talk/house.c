/* The server and minichatctl, as a script speaks of them. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "tests/talk/talk.h"

enum { OUTPUT = 65536 };

bool house_runs(struct talk *talk, char *const options[]) {
    if (talk->config) fclose(talk->config);
    talk->config = NULL;
    if (!trial_start(&talk->trial, options))
        return talk_complain(talk, "the server does not start");
    talk_let(talk, text_of("port"), talk->trial.port);
    return true;
}

bool house_config(struct talk *talk, struct peer *peer, struct text rest) {
    (void)peer;
    struct text section = text_word(&rest);
    if (!talk->config) talk->config = fopen(talk->trial.config, "a");
    if (!talk->config) return talk_complain(talk, "%s", strerror(errno));
    if (text_is(section, "forgets"))
        return ftruncate(fileno(talk->config), 0) == 0;
    char *setting = talk_expand_string(talk, rest);
    fprintf(talk->config, "[%.*s]\n%s\n", (int)section.length, section.at,
            setting);
    fflush(talk->config); /* a server that runs may be told to read it */
    free(setting);
    return true;
}

/* Words of a line as a program has them; to be freed with free_words. */
static void split_words(struct talk *talk, struct text rest, char *words[],
                        size_t from) {
    while (rest.length > 0 && from < TRIAL_WORDS - 1)
        words[from++] = talk_expand_string(talk, text_word(&rest));
    words[from] = NULL;
}

static void free_words(char *words[], size_t from) {
    for (; words[from]; from++)
        free(words[from]);
}

/* One that runs meanwhile goes on. */
static bool fails(struct talk *talk, char *const options[]) {
    pid_t running = talk->trial.server;
    bool started = house_runs(talk, options);
    bool ended = !started && talk->trial.server == 0;
    if (ended) talk->trial.server = running;
    return ended;
}

bool house_server(struct talk *talk, struct peer *peer, struct text rest) {
    char *words[TRIAL_WORDS];
    struct text verb = text_word(&rest);
    bool done = false;
    (void)peer;
    split_words(talk, rest, words, 0);
    if (text_is(verb, "starts"))
        done = house_runs(talk, words);
    else if (text_is(verb, "fails"))
        done = fails(talk, words);
    else if (text_is(verb, "stops"))
        done = trial_stop(&talk->trial, SIGTERM) == 0;
    else if (text_is(verb, "dies"))
        done = trial_stop(&talk->trial, SIGKILL) == 128 + SIGKILL;
    free_words(words, 0);
    return done || talk_complain(talk, "the server does not");
}

static bool run_ctl(struct talk *talk, struct text rest, bool to_succeed) {
    struct peer *ctl = peer_called(talk, text_of("ctl"));
    char *words[TRIAL_WORDS], output[OUTPUT];
    if (talk->trial.server == 0 && !house_runs(talk, NULL)) return false;
    split_words(talk, rest, words, 0);
    int status = trial_ctl(&talk->trial, words, output, sizeof output);
    free_words(words, 0);
    ctl->length = 0;
    ctl->ended = true;
    peer_hear(ctl, text_of(output));
    return (status == 0) == to_succeed ||
           talk_complain(talk, "it ended with %d: %s", status, output);
}

bool house_ctl(struct talk *talk, struct peer *peer, struct text rest) {
    (void)peer;
    return run_ctl(talk, rest, true);
}

bool house_ctl_fails(struct talk *talk, struct peer *peer, struct text rest) {
    (void)peer;
    return run_ctl(talk, rest, false);
}

/* token NAME = issue ARGUMENTS: what minichatctl prints first. */
bool house_token(struct talk *talk, struct peer *peer, struct text rest) {
    struct text name = text_word(&rest), line;
    char *command = NULL;
    size_t at = 0;
    text_word(&rest);
    if (asprintf(&command, "token %.*s", (int)rest.length, rest.at) < 0)
        return false;
    bool done = run_ctl(talk, text_of(command), true);
    free(command);
    peer = peer_called(talk, text_of("ctl"));
    if (!done || !peer_line(peer, &at, &line)) return false;
    char *value = memory_string(line.at, line.length);
    talk_let(talk, name, value);
    free(value);
    peer->length = 0;
    return true;
}

bool house_log_says(struct talk *talk, struct text words) {
    char *expanded = talk_expand_string(talk, words);
    bool says = trial_log_says(&talk->trial, expanded, talk->until);
    free(expanded);
    return says || talk_complain(talk, "its log does not say so");
}
