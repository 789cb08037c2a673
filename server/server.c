#include "server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "protocol/memory.h"
#include "server/audit.h"
#include "server/connection.h"
#include "server/delivery.h"
#include "server/descriptors.h"
#include "server/door.h"
#include "server/gateway.h"
#include "server/identity.h"
#include "server/keeping.h"
#include "server/log.h"
#include "server/lookout.h"
#include "server/motd.h"
#include "server/notify.h"
#include "server/ports.h"
#include "server/rehearsal.h"
#include "server/state.h"
#include "server/store.h"
#include "server/surrender.h"
#include "server/workers.h"

enum {
    ERROR_SIZE = CONFIG_ERROR_SIZE,
};

struct server {
    const struct options *options;
    uv_loop_t loop;
    uv_signal_t stop_signals[2], reload_signal;
    struct config config;
    char usual_socket[ADDRESS_SIZE];
    struct state state;
    struct door *door;
    struct registry registry;
    struct audit audit;
    struct delivery delivery;
    struct chat chat;
    struct house house;
    struct company company;
    struct keeping keeping;
    struct lookout lookout;
    struct workers workers;
    struct identity identity;
    int lock; /* on the state directory */
    struct notify notify;
    int handed; /* sockets that systemd hands over, instead of addresses */
    struct ports ports;
};

/* Tells minichatctl, which answers sshd. */
static bool tell_gateway(const struct server *server,
                         const struct config *config, char *error,
                         size_t size) {
    struct gateway gateway = {0};
    memcpy(gateway.user, config->gateway, sizeof gateway.user);
    memcpy(gateway.contact, config->contact, sizeof gateway.contact);
    gateway.is_silent = !config->strangers;
    return gateway_write(&gateway, &server->state, error, size);
}

/* Takes over a configuration as a whole; false leaves all as it was. */
static bool adopt(struct server *server, const struct config *config,
                  char *error, size_t size) {
    char *motd = NULL;
    if (*config->motd && !(motd = motd_read(config->motd, error, size)))
        return false;
    server->config = *config;
    free(server->house.motd);
    server->house.motd = motd;
    text_copy(text_of(config->lobby), server->chat.home,
              sizeof server->chat.home);
    server->company.most = descriptors_sessions(config->sessions);
    return true;
}

/* What is bound, and the name that tokens are bound to, stay until a restart.
 */
static void keep_fixed(const struct server *server, struct config *fresh) {
    bool same = strcmp(server->config.name, fresh->name) == 0 &&
                server->config.listeners == fresh->listeners &&
                memcmp(server->config.listen, fresh->listen,
                       sizeof fresh->listen) == 0 &&
                strcmp(server->config.user, fresh->user) == 0 &&
                server->config.sandbox == fresh->sandbox &&
                server->config.durability == fresh->durability;
    if (!same)
        log_say(LOG_WARN, "name, listen, user, sandbox and durability change "
                          "with the next start");
    fresh->durability = server->config.durability;
    memcpy(fresh->name, server->config.name, sizeof fresh->name);
    memcpy(fresh->listen, server->config.listen, sizeof fresh->listen);
    fresh->listeners = server->config.listeners;
}

static bool configure(const struct server *server, struct config *config,
                      char *error, size_t size) {
    if (!options_configure(server->options, config, error, size)) return false;
    if (server->handed > 0) config->listeners = 0;
    return !*server->usual_socket ||
           options_add_usual(config, server->usual_socket, error, size);
}

static bool take_over(struct server *server, char *error, size_t size) {
    struct config fresh;
    if (!configure(server, &fresh, error, size)) return false;
    keep_fixed(server, &fresh);
    if (!tell_gateway(server, &fresh, error, size) ||
        !adopt(server, &fresh, error, size))
        return false;
    dialogue_judge_powers(&server->house);
    if (identity_reload(&server->identity, error, size))
        *error = '\0';
    else
        log_say(LOG_ERROR, "the certificate stays as it was: %s", error);
    keeping_reload(&server->keeping);
    return true;
}

static bool reload(struct server *server, char *error, size_t size) {
    notify_reloading(&server->notify);
    bool fine = take_over(server, error, size);
    notify_ready(&server->notify);
    return fine;
}

static bool reload_house(struct house *house, char *error, size_t size) {
    return reload(container_of(house, struct server, house), error, size);
}

/* Signals -------------------------------------------------------------- */

static void on_reload(uv_signal_t *signal, int number) {
    struct server *server = container_of(signal, struct server, reload_signal);
    char error[ERROR_SIZE];
    (void)number;
    round_begin(&server->company.round);
    if (reload(server, error, sizeof error))
        log_say(LOG_INFO, "reloaded");
    else
        log_say(LOG_ERROR, "not reloaded, all stays as it was: %s", error);
}

/* The loop ends when the last connection is closed. */
static void stop(struct server *server) {
    log_say(LOG_INFO, "stopping");
    notify_stopping(&server->notify);
    ports_close(&server->ports);
    company_dismiss(&server->company, "server stopping");
    keeping_dismiss(&server->keeping);
}

static void on_interrupt(uv_signal_t *signal, int number) {
    (void)number;
    stop(container_of(signal, struct server, stop_signals[0]));
}

static void on_terminate(uv_signal_t *signal, int number) {
    (void)number;
    stop(container_of(signal, struct server, stop_signals[1]));
}

static void watch(uv_loop_t *loop, uv_signal_t *signal, uv_signal_cb callback,
                  int number) {
    uv_signal_init(loop, signal);
    if (uv_signal_start(signal, callback, number) != 0)
        log_say(LOG_WARN, "signal %d cannot be watched", number);
    uv_unref((uv_handle_t *)signal);
}

/* The house ------------------------------------------------------------ */

static bool reserves(struct registry *registry, struct text name) {
    struct server *server = container_of(registry, struct server, registry);
    char account[NAME_SIZE];
    bool is_admin = text_copy(name, account, sizeof account) &&
                    config_is_admin(&server->config, account);
    return is_admin || door_reserves(server->door, name);
}

/* minichatctl finds us by it. */
static bool tell_socket(const struct server *server, char *error, size_t size) {
    char path[ADDRESS_SIZE];
    ports_path(&server->ports, path);
    return state_set_socket(&server->state, path, error, size);
}

static bool open_door(struct server *server, char *error, size_t size) {
    if (!state_set_network(&server->state, server->config.name, error, size) ||
        !tell_socket(server, error, size))
        return false;
    server->door = door_open(&server->state, server->config.name, error, size);
    if (!server->door) return false;
    if (door_made_key(server->door))
        log_say(LOG_INFO, "made the key that signs tokens here");
    if (*door_fault(server->door))
        log_say(LOG_WARN, "%s", door_fault(server->door));
    return true;
}

static void furnish(struct server *server) {
    chat_init(&server->chat);
    server->registry.reserves = reserves;
    server->house = (struct house){.chat = &server->chat,
                                   .door = server->door,
                                   .config = &server->config,
                                   .secure_port = ports_secure(&server->ports),
                                   .reload = reload_house};
}

/* Where there is TCP there is TLS; more sessions than now, after a reload, do
 * not rest. */
static bool open_identity(struct server *server, char *error, size_t size) {
    if (ports_secure(&server->ports) == 0) return true;
    (void)tls_prepare_rest(server->company.most);
    return identity_open(&server->identity, &server->state, &server->config,
                         &server->company.identity, error, size);
}

static bool open_house(struct server *server, char *error, size_t size) {
    if (!open_door(server, error, size)) return false;
    furnish(server);
    struct config config = server->config;
    return adopt(server, &config, error, size) &&
           tell_gateway(server, &server->config, error, size) &&
           keeping_open(&server->keeping, &server->house, &server->company,
                        &server->state, &server->loop, &server->registry, error,
                        size) &&
           (config.certificates > 0 || open_identity(server, error, size));
}

/* Who brings the news to people comes last: after who writes it down. */
static void attend(struct server *server) {
    audit_init(&server->audit, &server->house);
    delivery_init(&server->delivery, &server->house);
    chat_attend(&server->chat, &server->delivery.witness);
}

static void close_house(struct server *server) {
    if (!server->house.chat) return;
    chat_finish(&server->chat);
    keeping_free(&server->keeping);
    free(server->house.motd);
}

static void commit(struct company *company) {
    keeping_round(&container_of(company, struct server, company)->keeping);
}

static void say_status(struct notify *notify, char words[NOTIFY_WORDS_SIZE]) {
    const struct server *server = container_of(notify, struct server, notify);
    snprintf(words, NOTIFY_WORDS_SIZE, "connections: %u",
             server->company.count);
}

static void begin_loop(struct server *server) {
    uv_loop_t *loop = &server->loop;
    attend(server);
    server->company.commit = commit;
    company_init(&server->company, loop, &server->house);
    identity_begin(&server->identity, loop);
    server->house.started = server->chat.now;
    watch(loop, &server->stop_signals[0], on_interrupt, SIGINT);
    watch(loop, &server->stop_signals[1], on_terminate, SIGTERM);
    watch(loop, &server->reload_signal, on_reload, SIGHUP);
    server->notify.status = say_status;
    notify_begin(&server->notify, loop);
    workers_begin(&server->workers, loop, &server->company);
    lookout_begin(&server->lookout, loop, &server->company, &server->state);
}

/* Nobody is connected any more: closes what is left, and waits for that. */
static void end_loop(struct server *server) {
    ports_close(&server->ports);
    keeping_close(&server->keeping);
    uv_close((uv_handle_t *)&server->stop_signals[0], NULL);
    uv_close((uv_handle_t *)&server->stop_signals[1], NULL);
    uv_close((uv_handle_t *)&server->reload_signal, NULL);
    notify_end(&server->notify);
    lookout_end(&server->lookout);
    identity_end(&server->identity);
    company_close(&server->company);
    uv_run(&server->loop, UV_RUN_DEFAULT);
    company_finish(&server->company);
}

/* What only root may be able to: before anything that others wrote is read. */
static bool open_ports(struct server *server, char *error, size_t size) {
    if (server->handed > 0) {
        log_say(LOG_INFO, "systemd hands over its sockets: addresses that are "
                          "set are not opened");
        return ports_take(&server->ports, &server->loop, &server->company,
                          server->handed, error, size);
    }
    return ports_open(&server->ports, &server->loop, &server->company,
                      &server->config, error, size);
}

/* Known from the start on: who we are then decides it. */
static bool add_usual(struct server *server, char *error, size_t size) {
    struct config *config = &server->config;
    if (config->listeners > 0 || server->handed > 0) return true;
    return options_usual_socket(server->state.path, server->usual_socket, error,
                                size) &&
           options_add_usual(config, server->usual_socket, error, size);
}

static void doubt(const char *words) {
    log_say(LOG_WARN, "%s", words);
}

/* As root, if that is who we are, who may read a key that nobody else may;
 * from the end of it on as the service's user. */
static bool settle(struct server *server, char *error, size_t size) {
    const struct options *options = server->options;
    const struct state *state = &server->state;
    struct config *config = &server->config;
    struct service_user user;
    if (server->handed < 0) {
        snprintf(error, size,
                 "LISTEN_FDS: expected a number of sockets, at most %d",
                 NOTIFY_SOCKETS);
        return false;
    }
    if (!configure(server, config, error, size)) return false;
    rehearsal_doubt(config, doubt);
    return state_open(&server->state, options->directory, error, size) &&
           add_usual(server, error, size) &&
           surrender_folders(&user, config, state, error, size) &&
           (server->lock = store_lock(state, error, size)) >= 0 &&
           open_ports(server, error, size) &&
           (config->certificates == 0 || open_identity(server, error, size)) &&
           surrender_rest(&user, options, config, state, error, size);
}

static bool serve(struct server *server) {
    begin_loop(server);
    bool open = ports_begin(&server->ports);
    if (open) notify_ready(&server->notify);
    if (open) uv_run(&server->loop, UV_RUN_DEFAULT);
    end_loop(server);
    return open;
}

/* What was opened is closed by the loop. */
static bool fail_to_begin(struct server *server, const char *error) {
    log_say(LOG_ERROR, "%s", error);
    ports_close(&server->ports);
    uv_run(&server->loop, UV_RUN_DEFAULT);
    return false;
}

static bool run(struct server *server) {
    char error[ERROR_SIZE] = "";
    server->handed = notify_open(&server->notify);
    if (uv_loop_init(&server->loop) != 0) {
        log_say(LOG_ERROR, "there is no event loop to be had");
        return false;
    }
    bool ready = settle(server, error, sizeof error) &&
                 open_house(server, error, sizeof error);
    bool fine = ready ? serve(server) : fail_to_begin(server, error);
    if (fine) log_say(LOG_INFO, "stopped");
    close_house(server);
    identity_close(&server->identity);
    door_close(server->door);
    notify_close(&server->notify);
    uv_loop_close(&server->loop);
    return fine;
}

bool server_run(const struct options *options) {
    struct server *server = memory_new(1, sizeof *server);
    server->options = options;
    server->lock = -1;
    descriptors_raise();
    bool fine = run(server);
    store_unlock(server->lock);
    free(server);
    return fine;
}
