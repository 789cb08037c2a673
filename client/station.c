#include "client/station.h"

#include <stdlib.h>
#include <string.h>

#include "client/clerk.h"
#include "client/clock.h"
#include "client/deposit.h"
#include "client/secrecy.h"
#include "client/secret.h"
#include "client/settings.h"
#include "protocol/container.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

enum { TRACE_SIZE = 9 * 1024 }; /* holds any line that is taken */

/* Frees itself when its connection is closed. */
struct station {
    struct stations *stations; /* NULL: let go */
    struct network *network;
    struct connection connection;
    struct connection_owner owner;
    struct connection_plan plan;
    char certificate[ROUTE_PATH_SIZE]; /* ours; the plan points here */
    struct route route;    /* as it was when we set out; the plan points here */
    struct gather *secret; /* that is being sought, or NULL */
    struct gather_owner secret_owner;
    bool refused;
};

static struct station *station_of(struct connection_owner *owner) {
    return container_of(owner, struct station, owner);
}

static void on_news(struct connection_owner *owner, const struct news *news) {
    struct station *station = station_of(owner);
    if (!station->stations || news->kind == NEWS_PONG) return;
    struct model *model = station->stations->model;
    model->now = clock_now();
    station->network->session = connection_session(&station->connection);
    model_hear(model, station->network, news);
    if (news->kind == NEWS_ONLINE) model_join_wanted(model, station->network);
}

static void on_change(struct connection_owner *owner, struct text words) {
    struct station *station = station_of(owner);
    if (!station->stations) return;
    station->network->suspect = connection_doubted(&station->connection);
    station->stations->model->now = clock_now();
    model_set_state(station->stations->model, station->network, words);
}

/* And what to do, where nobody was at home. */
static void tell_loss(struct station *station, struct text reason) {
    char words[CONNECTION_REASON_SIZE + 64];
    struct writer writer = writer_on(words, sizeof words);
    write_text(&writer, reason);
    if (station->connection.deserted)
        write_string(&writer,
                     " · start minichatd, or /connect ircs://HOST/#ROOM");
    model_lost(station->stations->model, station->network,
               writer_text(&writer));
}

static void on_loss(struct connection_owner *owner, struct text reason,
                    enum loss loss) {
    struct station *station = station_of(owner);
    if (!station->stations) return;
    struct model *model = station->stations->model;
    station->refused = loss != LOSS_AGAIN;
    model->now = clock_now();
    /* That the login was refused, the session has told already. */
    if (loss == LOSS_AGAIN) tell_loss(station, reason);
    if (loss == LOSS_DISTRUST) model_given_up(model, station->network, reason);
    if (loss == LOSS_DISTRUST)
        model_hint(model, text_of("/reconnect tries again"));
    if (loss == LOSS_REFUSED)
        model_hint(model,
                   text_of("/login asks for a token · /reconnect tries again"));
}

static const char PROMPT[] = "a) accept once · s) save · r) reject";

static void on_doubt(struct connection_owner *owner) {
    struct station *station = station_of(owner);
    const struct tls_peer *peer = connection_peer(&station->connection);
    char server[LEDGER_NAME_SIZE], text[QUESTION_TEXT_SIZE];
    struct writer writer = writer_on(text, sizeof text);
    if (!station->stations) return;
    struct model *model = station->stations->model;
    model->now = clock_now();
    connection_server(&station->connection, server);
    write_format(&writer, "Is this %s? Nobody vouches for it: %s.\n\n", server,
                 peer->wrong);
    trust_describe(&writer, peer);
    write_string(&writer,
                 "\nCompare the SHA-256 of its key with what its owner "
                 "says. Nothing was sent to it yet.\n");
    model_ask(model, station->network, writer_text(&writer), text_of(PROMPT),
              "ras");
}

static void on_drained(struct connection_owner *owner) {
    (void)owner;
}

static void on_closed(struct connection_owner *owner) {
    struct station *station = station_of(owner);
    route_set_secret(&station->route, text_of(""));
    free(station);
}

static struct station *find(const struct stations *stations,
                            const struct network *network) {
    for (size_t i = 0; i < stations->count; i++)
        if (stations->list[i]->network == network) return stations->list[i];
    return NULL;
}

/* "/raw LINE" is what a person would type for it. */
static bool is_secret(struct text line) {
    char typed[SESSION_LINE_SIZE];
    struct writer writer = writer_on(typed, sizeof typed);
    if (secrecy_token(line) < line.length) return true;
    if (text_begins(line, "@")) (void)text_word(&line);
    if (text_begins(line, ":")) (void)text_word(&line);
    if (line.length > sizeof typed / 2) line.length = sizeof typed / 2;
    write_string(&writer, "/raw ");
    write_text(&writer, line);
    return secrecy_typed(writer_text(&writer));
}

static void on_trace(struct connection_owner *owner, bool sent,
                     struct text line) {
    struct station *station = station_of(owner);
    char words[TRACE_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    if (!station->stations) return;
    bool secret = is_secret(line);
    line.length = secrecy_token(line);
    if (secret) line.length = text_find(line, ' ');
    line.length = utf8_cut(line, sizeof words - 32);
    write_string(&writer, sent ? "→ " : "← ");
    write_text(&writer, line);
    if (secret) write_string(&writer, " (a secret)");
    model_tell(station->stations->model, station->network->server,
               MESSAGE_ANSWER, writer_text(&writer));
}

bool stations_trace(struct stations *stations, const struct network *network) {
    struct station *station = find(stations, network);
    if (!station) return false;
    station->owner.trace = station->owner.trace ? NULL : on_trace;
    return station->owner.trace != NULL;
}

void stations_init(struct stations *stations, uv_loop_t *loop,
                   struct model *model, struct disk *disk) {
    *stations = (struct stations){.loop = loop, .model = model, .disk = disk};
    trust_init(&stations->trust);
}

static void fail_to_find(struct station *station, const char *why) {
    const struct route *route = &station->route;
    struct model *model = station->stations->model;
    char words[CONNECTION_REASON_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    write_format(&writer, "not connected to %s: %s: %s", route->name,
                 route->token_file[0] ? route->token_file : "password-command",
                 why);
    write_string(&writer, " · /reconnect tries again");
    station->secret = NULL;
    model->now = clock_now();
    model_tell(model, station->network->server, MESSAGE_ERROR,
               writer_text(&writer));
    if (model->current->network == station->network &&
        model->current != station->network->server)
        model_tell(model, model->current, MESSAGE_ERROR, writer_text(&writer));
    model_set_state(model, station->network,
                    text_of("no secret to log in with"));
}

static void on_gathered(struct gather_owner *owner,
                        const struct gathered *gathered) {
    struct station *station = container_of(owner, struct station, secret_owner);
    char why[SECRET_WHY_SIZE];
    struct text secret = secret_found(gathered, why);
    if (secret.length == 0) {
        fail_to_find(station, why);
        return;
    }
    station->secret = NULL;
    route_set_secret(&station->route, secret);
    station->plan.secret = station->route.secret;
    connection_start(&station->connection);
}

static void make_plan(struct station *station) {
    const struct model *model = station->stations->model;
    struct route *route = &station->route;
    *route = *station->network->route;
    if (!route->nick[0])
        memcpy(route->nick, model->preferences.nick, sizeof route->nick);
    if (route->secret)
        route->secret = memory_string(route->secret, strlen(route->secret));
    setting_path(route->cert, station->certificate);
    station->secret_owner = (struct gather_owner){on_gathered};
    station->plan = (struct connection_plan){
        .addresses = route->addresses,
        .count = route->count,
        .nick = route->nick,
        .secret = route->secret,
        .plaintext = route->plaintext,
        .account = route->user,
        .speaks_for = route->speaks_for,
        .certificate = station->certificate,
        .sasl = route->sasl,
        .trust = &station->stations->trust,
        .disk = station->stations->disk,
    };
    /* It was checked when it was set. */
    (void)trust_wish_read(&station->plan.wish, text_of(route->trust));
}

static struct station *set_out(struct stations *stations,
                               struct network *network) {
    struct station *station = memory_new(1, sizeof *station);
    station->stations = stations;
    station->network = network;
    station->owner = (struct connection_owner){.hear = on_news,
                                               .change = on_change,
                                               .lose = on_loss,
                                               .doubt = on_doubt,
                                               .drain = on_drained,
                                               .close = on_closed};
    make_plan(station);
    connection_init(&station->connection, stations->loop, &station->owner,
                    &station->plan);
    stations->list[stations->count++] = station;
    return station;
}

/* What it says is not for the screen; that it is asked, is. */
static void seek(struct station *station) {
    bool file = station->route.token_file[0];
    model_set_state(
        station->stations->model, station->network,
        text_of(file ? "reading token-file" : "waiting for password-command"));
    const char *wrong;
    station->secret =
        secret_seek(station->stations->loop, &station->secret_owner,
                    &station->route, &wrong);
    if (!station->secret) fail_to_find(station, wrong);
}

/* What was found and is refused may be another by now. */
static void look_again(struct station *station) {
    if (!secret_is_hidden(&station->route)) return;
    route_set_secret(&station->route, text_of(""));
    station->plan.secret = NULL;
}

void stations_connect(struct stations *stations, struct network *network) {
    struct station *station = find(stations, network);
    if (!network->route || network->route->count == 0) return;
    if (station && connection_session(&station->connection))
        model_lost(stations->model, network, text_of("reconnecting"));
    if (!station) station = set_out(stations, network);
    model_unask(stations->model, network);
    if (station->secret) return; /* it is being asked for */
    if (station->refused) look_again(station);
    station->refused = false;
    if (station->route.secret || !secret_is_hidden(&station->route))
        connection_start(&station->connection);
    else
        seek(station);
}

static void let_go(struct stations *stations, size_t index,
                   struct text reason) {
    struct station *station = stations->list[index];
    stations->count--;
    memmove(&stations->list[index], &stations->list[index + 1],
            (stations->count - index) * sizeof stations->list[0]);
    model_unask(stations->model, station->network);
    gather_stop(station->secret);
    station->secret = NULL;
    station->stations = NULL;
    station->network->session = NULL;
    connection_leave(&station->connection, reason);
}

void stations_leave(struct stations *stations, const struct network *network,
                    struct text reason) {
    for (size_t i = 0; i < stations->count; i++) {
        if (stations->list[i]->network != network) continue;
        let_go(stations, i, reason);
        return;
    }
}

/* The connection takes what its route has when it sets out. */
void stations_log_in(struct stations *stations, struct network *network,
                     struct text secret) {
    if (!network->route) return;
    route_set_secret(network->route, secret);
    stations_leave(stations, network, text_of(""));
    if (network->online)
        model_lost(stations->model, network, text_of("logging in"));
    stations_connect(stations, network);
}

void stations_leave_all(struct stations *stations, struct text reason) {
    while (stations->count > 0)
        let_go(stations, stations->count - 1, reason);
}

void stations_finish(struct stations *stations) {
    trust_finish(&stations->trust);
}

static enum trust_answer meaning_of(char answer) {
    if (answer == 'a') return TRUST_ACCEPT_ONCE;
    return answer == 's' ? TRUST_SAVE : TRUST_REJECT;
}

static void tell_unwritten(struct stations *stations) {
    char words[FOLDER_PATH];
    struct writer writer = writer_on(words, sizeof words);
    struct ledger *ledger = &stations->trust.ledger;
    if (!ledger->error) return;
    write_format(&writer, "%s cannot be written: %s · you will be asked again",
                 ledger->path, strerror(ledger->error));
    ledger->error = 0;
    model_tell(stations->model, NULL, MESSAGE_ERROR, writer_text(&writer));
}

static void take_secret(struct stations *stations, struct network *network) {
    const struct question *login = network->login;
    if (login->answer == 'y')
        stations_log_in(stations, network, question_typed(login));
    model_unask_secret(stations->model, network);
}

static void take_trust(struct stations *stations, struct network *network) {
    struct station *station = find(stations, network);
    enum trust_answer answer = meaning_of(network->question->answer);
    model_unask(stations->model, network);
    if (station) connection_answer(&station->connection, answer);
}

/* It stays until it is in the file. */
static void save_token(struct model *model, struct network *network) {
    char name[DEPOSIT_NAME_SIZE], words[DEPOSIT_NAME_SIZE + 128];
    int error = deposit(text_of(network->question->token), clock_now(), name);
    struct writer writer = writer_on(words, sizeof words);
    if (error)
        write_format(&writer, "not saved in ~/%s: %s", name, strerror(error));
    else
        write_format(&writer, "saved in ~/%s: minichat --token-file", name);
    model_tell(model, NULL, error ? MESSAGE_ERROR : MESSAGE_ANSWER,
               writer_text(&writer));
    if (error)
        model_hint(model, writer_text(&writer));
    else
        model_unask(model, network);
}

/* Not every terminal takes what is copied, so it stays for another way. */
static void copy_token(struct model *model, struct question *question) {
    errands_copy(&model->errands, text_of(question->token));
    model_hint(model, text_of("copied, if this terminal has a clipboard"));
}

static void take_token(struct stations *stations, struct network *network) {
    struct model *model = stations->model;
    struct question *question = network->question;
    char answer = question->answer;
    question_stay(question);
    if (answer == 'c') copy_token(model, question);
    if (answer == 's') save_token(model, network);
    if (answer == 'd') model_unask(model, network);
}

void stations_round(struct stations *stations) {
    const struct model *model = stations->model;
    for (size_t i = 0; i < model->network_count; i++) {
        struct network *network = model->networks[i];
        if (network->login && network->login->answer)
            take_secret(stations, network);
        const struct question *question = network->question;
        if (!question || !question->answer) continue;
        if (question->token)
            take_token(stations, network);
        else
            take_trust(stations, network);
    }
    clerk_write(stations->disk, &stations->trust.ledger);
    clerk_write(stations->disk, &stations->trust.policies.ledger);
    tell_unwritten(stations);
}

const struct tls_peer *stations_peer(const struct stations *stations,
                                     const struct network *network,
                                     char server[LEDGER_NAME_SIZE]) {
    struct station *station = find(stations, network);
    if (!station) return NULL;
    connection_server(&station->connection, server);
    return connection_peer(&station->connection);
}

void stations_wake(struct stations *stations) {
    for (size_t i = 0; i < stations->count; i++)
        connection_wake(&stations->list[i]->connection);
}

struct session *stations_session(const struct stations *stations,
                                 const struct network *network) {
    struct station *station = find(stations, network);
    return station ? connection_session(&station->connection) : NULL;
}

bool stations_refused(const struct stations *stations) {
    for (size_t i = 0; i < stations->count; i++)
        if (!stations->list[i]->refused) return false;
    return stations->count > 0;
}
