#include "server/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "protocol/memory.h"
#include "server/connection.h"
#include "server/delivery.h"
#include "server/door.h"
#include "server/keeping.h"
#include "server/listener.h"
#include "server/log.h"
#include "server/state.h"

enum {
    SERVER_LISTENERS = CONFIG_LISTENERS + LISTENER_NAMES,
    SPARE_FILES = 32, /* listeners, loop, log, database: not for peers */
    MOTD_MAX = 16384,
    ERROR_SIZE = CONFIG_ERROR_SIZE,
};

struct server {
    const struct server_options *options;
    uv_loop_t loop;
    uv_signal_t stop_signals[2], reload_signal;
    struct config config;
    struct state state;
    struct door *door;
    struct registry registry;
    struct delivery delivery;
    struct chat chat;
    struct house house;
    struct company company;
    struct keeping keeping;
    struct listener listeners[SERVER_LISTENERS];
    unsigned listeners_count;
};

/* Configuration -------------------------------------------------------- */

/* The command line has the last word, now and at each reload. */
static bool apply_options(const struct server_options *options,
                          struct config *config, char *error, size_t size) {
    if (options->name &&
        !config_set(config, "server", "name", options->name, error, size))
        return false;
    if (options->listeners > 0) config->listeners = 0;
    for (unsigned i = 0; i < options->listeners; i++)
        if (!config_set(config, "server", "listen", options->listen[i], error,
                        size))
            return false;
    return true;
}

static bool add_usual(struct config *config, const char *address, char *error,
                      size_t size) {
    return config_set(config, "server", "listen", address, error, size);
}

/* Where people look for this machine's server without being told. */
static bool usual_socket(const char *state_path, char *path, size_t size) {
    const char *runtime = getenv("RUNTIME_DIRECTORY"); /* systemd.exec(5) */
    const char *user_runtime = getenv("XDG_RUNTIME_DIR");
    if (!runtime && geteuid() == 0) {
        runtime = "/run/minichat";
        if (mkdir(runtime, 0755) != 0 && errno != EEXIST) return false;
    }
    const char *folder = runtime        ? runtime
                         : user_runtime ? user_runtime
                                        : state_path;
    int length = snprintf(path, size, "unix:%s/minichat.sock", folder);
    return length > 0 && (size_t)length < size;
}

static bool add_usual_listeners(struct config *config, const char *state_path,
                                char *error, size_t size) {
    char path[STATE_PATH_SIZE + 32];
    if (config->listeners > 0) return true;
    if (!usual_socket(state_path, path, sizeof path)) {
        snprintf(error, size,
                 "cannot make /run/minichat: %s; "
                 "choose addresses with -l",
                 strerror(errno));
        return false;
    }
    return add_usual(config, path, error, size) &&
           add_usual(config, "tcp://127.0.0.1:6667", error, size);
}

bool server_configure(const struct server_options *options,
                      struct config *config, char *error, size_t size) {
    config_defaults(config);
    if (options->config && !config_read(config, options->config, error, size))
        return false;
    return apply_options(options, config, error, size);
}

/* NULL, with a sentence, where it cannot be read. */
static char *read_motd(const char *path, char *error, size_t size) {
    char *text = memory_new(MOTD_MAX + 1, 1);
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(text, 1, MOTD_MAX, file) : 0;
    bool failed = !file || ferror(file);
    if (failed) snprintf(error, size, "%s: %s", path, strerror(errno));
    if (file) fclose(file);
    text[length] = '\0';
    if (!failed) return text;
    free(text);
    return NULL;
}

/* As many as there are file descriptors for. Who is above that is told so,
 * which would not be possible once they have run out. */
static unsigned most_sessions(const struct config *config) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return config->sessions;
    rlim_t most =
        files.rlim_cur > SPARE_FILES ? files.rlim_cur - SPARE_FILES : 1;
    if (config->sessions <= most) return config->sessions;
    log_line(LOG_WARN, "limited", "sessions=%u reason=%s", (unsigned)most,
             "limit of open files");
    return (unsigned)most;
}

static void raise_files(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        log_say(LOG_WARN, "cannot raise the limit of open files");
}

/* Takes over a configuration as a whole; false leaves all as it was. */
static bool adopt(struct server *server, const struct config *config,
                  char *error, size_t size) {
    char *motd = NULL;
    if (*config->motd && !(motd = read_motd(config->motd, error, size)))
        return false;
    server->config = *config;
    free(server->house.motd);
    server->house.motd = motd;
    text_copy(text_of(config->lobby), server->chat.home,
              sizeof server->chat.home);
    server->company.most = most_sessions(config);
    return true;
}

/* What is bound, and the name that tokens are bound to, stay until a restart.
 */
static void keep_fixed(const struct server *server, struct config *fresh) {
    bool same = strcmp(server->config.name, fresh->name) == 0 &&
                server->config.listeners == fresh->listeners &&
                memcmp(server->config.listen, fresh->listen,
                       sizeof fresh->listen) == 0 &&
                server->config.durability == fresh->durability;
    if (!same)
        log_say(LOG_WARN,
                "name, listen and durability change with the next start");
    fresh->durability = server->config.durability;
    memcpy(fresh->name, server->config.name, sizeof fresh->name);
    memcpy(fresh->listen, server->config.listen, sizeof fresh->listen);
    fresh->listeners = server->config.listeners;
}

static bool reload(struct server *server, char *error, size_t size) {
    struct config fresh;
    if (!server_configure(server->options, &fresh, error, size)) return false;
    if (!add_usual_listeners(&fresh, server->state.path, error, size))
        return false;
    keep_fixed(server, &fresh);
    if (!adopt(server, &fresh, error, size)) return false;
    keeping_reload(&server->keeping);
    return true;
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

static void close_listeners(struct server *server) {
    for (unsigned i = 0; i < server->listeners_count; i++)
        listener_close(&server->listeners[i]);
    server->listeners_count = 0;
}

/* The loop ends when the last connection is closed. */
static void stop(struct server *server) {
    log_say(LOG_INFO, "stopping");
    close_listeners(server);
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
    return door_reserves(server->door, name);
}

static bool open_state(struct server *server, char *error, size_t size) {
    if (!server_configure(server->options, &server->config, error, size) ||
        !state_open(&server->state, server->options->directory, error, size) ||
        !state_set_network(&server->state, server->config.name, error, size))
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
    server->house = (struct house){
        .chat = &server->chat, .door = server->door, .config = &server->config};
}

static bool open_listeners(struct server *server, char *error, size_t size) {
    const struct config *config = &server->config;
    char why[LISTENER_ERROR_SIZE];
    for (unsigned i = 0; i < config->listeners; i++) {
        unsigned opened = listener_open(
            server->listeners + server->listeners_count,
            SERVER_LISTENERS - server->listeners_count, &server->loop,
            &server->company, &config->listen[i], config->plaintext, why);
        server->listeners_count += opened;
        if (opened > 0) continue;
        snprintf(error, size, "%s", why);
        return false;
    }
    for (unsigned i = 0; i < server->listeners_count; i++)
        log_say(LOG_INFO, "listening on %s", server->listeners[i].name);
    return true;
}

static bool open_house(struct server *server, char *error, size_t size) {
    if (!open_state(server, error, size)) return false;
    furnish(server);
    struct config config = server->config;
    return adopt(server, &config, error, size) &&
           add_usual_listeners(&server->config, server->state.path, error,
                               size) &&
           keeping_open(&server->keeping, &server->house, &server->company,
                        &server->state, &server->loop, &server->registry, error,
                        size);
}

/* Who brings the news to people comes last: after who writes it down. */
static void attend(struct server *server) {
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

static void begin_loop(struct server *server) {
    uv_loop_t *loop = &server->loop;
    attend(server);
    server->company.commit = commit;
    company_init(&server->company, loop, &server->house);
    server->house.started = server->chat.now;
    watch(loop, &server->stop_signals[0], on_interrupt, SIGINT);
    watch(loop, &server->stop_signals[1], on_terminate, SIGTERM);
    watch(loop, &server->reload_signal, on_reload, SIGHUP);
}

/* Nobody is connected any more: closes what is left, and waits for that. */
static void end_loop(struct server *server) {
    close_listeners(server);
    keeping_close(&server->keeping);
    uv_close((uv_handle_t *)&server->stop_signals[0], NULL);
    uv_close((uv_handle_t *)&server->stop_signals[1], NULL);
    uv_close((uv_handle_t *)&server->reload_signal, NULL);
    company_close(&server->company);
    uv_run(&server->loop, UV_RUN_DEFAULT);
    company_finish(&server->company);
}

static bool serve(struct server *server, char *error, size_t size) {
    begin_loop(server);
    bool open = open_listeners(server, error, size);
    if (open) uv_run(&server->loop, UV_RUN_DEFAULT);
    end_loop(server);
    return open;
}

bool server_run(const struct server_options *options) {
    char error[ERROR_SIZE] = "";
    struct server *server = memory_new(1, sizeof *server);
    server->options = options;
    raise_files();
    bool fine = uv_loop_init(&server->loop) == 0 &&
                open_house(server, error, sizeof error) &&
                serve(server, error, sizeof error);
    if (!fine) log_say(LOG_ERROR, "%s", error);
    if (fine) log_say(LOG_INFO, "stopped");
    close_house(server);
    door_close(server->door);
    uv_loop_close(&server->loop);
    free(server);
    return fine;
}
