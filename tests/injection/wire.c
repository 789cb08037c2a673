/* The real server and people in nc, while somebody sends every text of the
 * corpus in every field, in both dialects, over sockets.
 *
 *     injection_wire [tls]
 *
 * bob is in nc over TCP with a token, somebody else in nc on the Unix socket,
 * ivan in nc speaks IRC; sue and tim are there over TLS, tim in IRC. The one
 * who sends is in plain text, or, with the word tls, over TLS. Each byte that
 * they, and the attackers themselves, receive is judged. After each text mia
 * says a word; when all have heard it, they have heard what was before. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "tests/injection/ends.h"
#include "tests/injection/fields.h"
#include "tests/talk/trial.h"

enum {
    TOKEN_SIZE = 1024,
    SKIPPED = 77,
};
/* EVIL: eve in IRC */
enum who { BOB, NED, IVAN, SUE, TIM, MIA, EVE, EVIL, ENDS };

struct scene {
    struct trial trial;
    struct corpus corpus;
    struct tls_context *believing;
    bool attacks_by_tls;
    struct ends ends;
    char tokens[ENDS][TOKEN_SIZE];
};

static void secure(struct scene *scene, struct end *end) {
    end_secure(&scene->ends, end, scene->believing);
}

static void enter_irc(struct scene *scene, enum who who) {
    struct end *end = &scene->ends.all[who];
    struct text token = text_of(scene->tokens[who]);
    end_say(end, "CAP REQ :message-tags server-time account-tag setname",
            token);
    end_say(end, "PASS \f\nNICK x\nUSER x 0 * :X\nCAP END", token);
    end_say(end, "JOIN #lobby", token);
    end_speak(end);
}

/* The scene ---------------------------------------------------------------- */

static void attack(struct scene *scene, struct text text) {
    end_dial(&scene->ends.all[EVE], "eve", scene->trial.port, judge_plain);
    if (scene->attacks_by_tls) secure(scene, &scene->ends.all[EVE]);
    end_dial(&scene->ends.all[EVIL], "eve in IRC", scene->trial.port,
             judge_irc);
    if (scene->attacks_by_tls) secure(scene, &scene->ends.all[EVIL]);
    end_say(&scene->ends.all[EVE], "\f", text_of(scene->tokens[EVE]));
    enter_irc(scene, EVIL);
    end_say_all(&scene->ends.all[EVE], fields_plain, text);
    end_say_all(&scene->ends.all[EVIL], fields_irc, text);
    end_finish(&scene->ends.all[EVE]);
    end_finish(&scene->ends.all[EVIL]);
    ends_be_patient(&scene->ends);
    while ((scene->ends.all[EVE].out >= 0 || scene->ends.all[EVIL].out >= 0) &&
           trial_now() < scene->ends.until)
        ends_turn(&scene->ends);
    if (scene->ends.all[EVE].out >= 0 || scene->ends.all[EVIL].out >= 0)
        ends_complain(&scene->ends, "eve", "the server does not let go",
                      text_of(""));
    end_release(&scene->ends.all[EVE]);
    end_release(&scene->ends.all[EVIL]);
}

static void everybody_comes(struct scene *scene) {
    char *tcp[] = {"/usr/bin/nc", "127.0.0.1", scene->trial.port, NULL};
    char *local[] = {"/usr/bin/nc", "-U", scene->trial.socket, NULL};
    end_dial(&scene->ends.all[MIA], "mia", scene->trial.port, judge_plain);
    end_say(&scene->ends.all[MIA], "\f", text_of(scene->tokens[MIA]));
    end_run(&scene->ends.all[BOB], "bob", tcp, judge_plain);
    end_say(&scene->ends.all[BOB], "\f", text_of(scene->tokens[BOB]));
    end_run(&scene->ends.all[NED], "ned", local, judge_plain);
    end_say(&scene->ends.all[NED], "/who", text_of(""));
    end_run(&scene->ends.all[IVAN], "ivan", tcp, judge_irc);
    enter_irc(scene, IVAN);
    end_dial(&scene->ends.all[SUE], "sue", scene->trial.port, judge_plain);
    secure(scene, &scene->ends.all[SUE]);
    end_say(&scene->ends.all[SUE], "\f", text_of(scene->tokens[SUE]));
    end_dial(&scene->ends.all[TIM], "tim in IRC", scene->trial.port, judge_irc);
    secure(scene, &scene->ends.all[TIM]);
    enter_irc(scene, TIM);
}

static void try_all(struct scene *scene) {
    uint64_t number = ENDS_MARKS;
    everybody_comes(scene);
    if (!ends_come_together(&scene->ends, &scene->ends.all[MIA])) return;
    for (size_t i = 0; i < scene->corpus.count; i++) {
        scene->ends.what = scene->corpus.attacks[i].name;
        attack(scene, scene->corpus.attacks[i].text);
        end_say_all(&scene->ends.all[BOB], questions_plain, text_of(""));
        end_say_all(&scene->ends.all[IVAN], questions_irc, text_of(""));
        if (!ends_meet(&scene->ends, &scene->ends.all[MIA], ++number) ||
            scene->ends.failures >= ENDS_FAILURES)
            break;
    }
}

static bool get_token(struct scene *scene, enum who who, char *account) {
    char *words[] = {"token", "issue", account, NULL};
    char *token = scene->tokens[who];
    bool issued = trial_ctl(&scene->trial, words, token, TOKEN_SIZE) == 0;
    token[strcspn(token, "\n")] = '\0';
    return issued;
}

static bool start_server(struct scene *scene) {
    FILE *config = fopen(scene->trial.config, "w");
    if (!config) abort();
    fprintf(config, "[limits]\nrate = 0\nline = 8191\nwrong-seconds = 0\n");
    if (fclose(config) != 0) abort();
    return trial_start(&scene->trial, NULL) && get_token(scene, BOB, "bob") &&
           get_token(scene, IVAN, "ivan") && get_token(scene, SUE, "sue") &&
           get_token(scene, TIM, "tim") && get_token(scene, MIA, "mia") &&
           get_token(scene, EVE, "eve") && get_token(scene, EVIL, "eve");
}

static unsigned play(struct scene *scene) {
    ends_init(&scene->ends, ENDS, EVE);
    scene->ends.what = "at the start";
    if (!start_server(scene))
        ends_complain(&scene->ends, "minichatd", "does not start", text_of(""));
    else
        try_all(scene);
    for (enum who who = BOB; who < ENDS; who++)
        end_release(&scene->ends.all[who]);
    scene->ends.what = "at the end";
    if (!trial_close(&scene->trial))
        ends_complain(&scene->ends, "minichatd", "does not stop cleanly",
                      text_of(""));
    return scene->ends.failures;
}

int main(int count, char **words) {
    char wrong[TLS_WORDS_SIZE];
    if (access("/usr/bin/nc", X_OK) != 0) return SKIPPED;
    struct scene *scene = memory_new(1, sizeof *scene);
    scene->attacks_by_tls = count > 1 && strcmp(words[1], "tls") == 0;
    scene->believing = tls_context_client(NULL, wrong);
    if (!scene->believing) abort();
    signal(SIGPIPE, SIG_IGN);
    corpus_open(&scene->corpus, "tests/injection/corpus.txt");
    trial_open(&scene->trial);
    unsigned failures = play(scene);
    unsigned judged = scene->ends.judged;
    tls_context_free(scene->believing);
    corpus_close(&scene->corpus);
    free(scene);
    printf("%s, %u lines judged\n", failures ? "failed" : "ok", judged);
    return failures ? 1 : 0;
}
