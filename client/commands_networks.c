/* Where we are: networks and the ways to them. */
#include <string.h>

#include "client/commands_parts.h"
#include "protocol/writer.h"

static bool is_address(struct text word) {
    return text_find(word, '/') < word.length ||
           text_begins_folded(word, "unix:");
}

static struct network *add_network(struct task *task, struct route *route) {
    struct network *network = model_add_route(task->model, route);
    if (network) return network;
    command_tell(task, MESSAGE_ERROR,
                 "%s cannot be shown: too many networks or buffers are open "
                 "· /network del NAME, or /close some",
                 route->name);
    return NULL;
}

static struct buffer *first_room(const struct model *model,
                                 const struct network *network) {
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network == network &&
            model->buffers[i]->kind == BUFFER_ROOM)
            return model->buffers[i];
    return network->server;
}

/* Shows where we are going, or trying to go again. */
static bool go(struct task *task, struct route *route) {
    struct network *network = model_find_network(task->model, route);
    if (!network) network = add_network(task, route);
    if (!network) return false;
    model_show(task->model, first_room(task->model, network));
    task->owner->connect(task->owner, network);
    return true;
}

static struct route *find_route(struct task *task, struct text name) {
    struct route *route = routes_find(&task->model->routes, name);
    if (route) return route;
    command_tell(task, MESSAGE_ERROR,
                 "there is no network %.*s · /network lists them · /connect "
                 "ircs://HOST/#ROOM goes to a new one",
                 (int)name.length, name.at);
    return NULL;
}

static struct route *add_route(struct task *task, struct text address) {
    const char *wrong;
    struct route *route =
        routes_add_address(&task->model->routes, address, &wrong);
    if (!route)
        command_tell(task, MESSAGE_ERROR, "%.*s: %s", (int)address.length,
                     address.at, wrong);
    return route;
}

bool command_connect(struct task *task) {
    struct text word = text_word(&task->rest);
    if (word.length == 0) return command_reconnect(task);
    struct route *route =
        is_address(word) ? add_route(task, word) : find_route(task, word);
    return route && go(task, route);
}

bool command_reconnect(struct task *task) {
    task->owner->connect(task->owner, task->network);
    return true;
}

static void ask_for_secret(struct task *task) {
    char words[COMMAND_TELL_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    write_format(&writer, "A token or password for %s. It is kept nowhere.\n",
                 task->network->name);
    model_ask_secret(task->model, task->network, writer_text(&writer));
}

bool command_login(struct task *task) {
    struct text secret = text_trim(task->rest);
    if (!task->network->route) return false;
    if (secret.length == 0)
        ask_for_secret(task);
    else
        task->owner->log_in(task->owner, task->network, secret);
    return true;
}

static void disconnect(struct task *task, struct network *network) {
    struct text reason = task->rest;
    task->owner->disconnect(task->owner, network, reason);
    if (network->online) model_lost(task->model, network, text_of("you left"));
    model_set_state(task->model, network,
                    text_of("disconnected · /connect goes there again"));
}

/* [NETWORK] [REASON]: a first word that is no network is of the reason. */
bool command_disconnect(struct task *task) {
    struct text rest = task->rest;
    struct text word = text_word(&rest);
    struct route *route =
        word.length ? routes_find(&task->model->routes, word) : NULL;
    struct network *network =
        route ? model_find_network(task->model, route) : task->network;
    if (route) task->rest = rest;
    if (!network) {
        command_tell(task, MESSAGE_ERROR, "%s is not connected", route->name);
        return false;
    }
    disconnect(task, network);
    return true;
}

static void describe(struct task *task, const struct route *route) {
    const struct network *network = model_find_network(task->model, route);
    char where[ADDRESS_SIZE];
    address_write(&route->addresses[0], where);
    command_tell(task, MESSAGE_ANSWER, "%s · %s · %s", route->name, where,
                 !network          ? "not connected"
                 : network->online ? "connected"
                                   : network->state);
}

static bool list_networks(struct task *task) {
    const struct routes *routes = &task->model->routes;
    for (size_t i = 0; i < routes->count; i++)
        if (routes->list[i]->count > 0) describe(task, routes->list[i]);
    command_tell(task, MESSAGE_ANSWER,
                 "/connect NAME goes there · /network add NAME ADDRESS · "
                 "/network del NAME");
    return true;
}

static bool add_named(struct task *task) {
    struct text name = text_word(&task->rest);
    struct text address = text_word(&task->rest);
    struct route *route = routes_find(&task->model->routes, name);
    if (route && text_equals_folded(text_of(route->name), name)) {
        command_tell(task, MESSAGE_ERROR, "there is a network %s already",
                     route->name);
        return false;
    }
    route = add_route(task, address);
    if (!route) return false;
    if (!text_copy(name, route->name, sizeof route->name) || name.length == 0) {
        routes_remove(&task->model->routes, route);
        command_tell(task, MESSAGE_ERROR, "a network's name is 1 to %d bytes",
                     ROUTE_NAME_SIZE - 1);
        return false;
    }
    route->named = true;
    if (!command_remember_route(task, route)) return false;
    command_tell(task, MESSAGE_ANSWER, "/connect %s goes there", route->name);
    return true;
}

/* In the configuration too, when that is saved. */
static bool forget_section(struct task *task, const struct route *route) {
    char section[ROUTE_NAME_SIZE + 16];
    struct writer writer = writer_on(section, sizeof section);
    write_format(&writer, "network %s", route->name);
    if (!route->named ||
        changes_remove_section(&task->commands->changes, writer_text(&writer)))
        return true;
    command_tell(task, MESSAGE_ERROR,
                 "these are too many changes · /save them first");
    return false;
}

static bool forget(struct task *task) {
    struct route *route = find_route(task, text_word(&task->rest));
    if (!route) return false;
    struct network *network = model_find_network(task->model, route);
    if (network && task->model->network_count == 1) {
        command_tell(task, MESSAGE_ERROR,
                     "this is the only network · /quit ends");
        return false;
    }
    /* What is told is told before the buffer that we are in may go. */
    if (!forget_section(task, route)) return false;
    if (network) {
        task->owner->disconnect(task->owner, network, text_of(""));
        model_remove_network(task->model, network);
    }
    routes_remove(&task->model->routes, route);
    return true;
}

bool command_network(struct task *task) {
    struct text word = text_word(&task->rest);
    if (word.length == 0 || text_is(word, "list")) return list_networks(task);
    if (text_is(word, "add")) return add_named(task);
    if (text_is(word, "del")) return forget(task);
    command_tell(task, MESSAGE_ERROR,
                 "/network list, /network add NAME ADDRESS or /network del "
                 "NAME");
    return false;
}

/* What would be lost: the rest is kept on disk. */
static size_t count_unsent(const struct model *model) {
    size_t count = 0;
    for (size_t i = 0; i < model->network_count; i++)
        if (!model->networks[i]->kept)
            count += model->networks[i]->pending.count;
    return count;
}

bool command_quit(struct task *task) {
    size_t waiting = count_unsent(task->model);
    if (waiting > 0 && waiting != task->commands->warned) {
        task->commands->warned = waiting;
        command_tell(task, MESSAGE_ERROR,
                     "lines of yours that are not sent: %zu · /quit again "
                     "leaves without",
                     waiting);
        return true;
    }
    task->owner->quit(task->owner, task->rest);
    return true;
}

bool command_debug(struct task *task) {
    bool on = task->owner->trace(task->owner, task->network);
    command_tell(task, MESSAGE_ANSWER,
                 on ? "what is sent and received is shown in the buffer %s, "
                      "secrets left out · /debug ends it"
                    : "it is not shown any more",
                 task->network->server->name);
    return true;
}

bool command_raw(struct task *task) {
    task->network->asked = task->buffer;
    task->network->token_awaited = true;
    task->session->owner->send(task->session->owner, task->rest);
    return true;
}

/* What minichatd has for itself: the words go as they are, and what they mean
 * is for the server to say. */
static bool pass_on(struct task *task, const char *verb) {
    char line[SESSION_LINE_SIZE];
    size_t most = sizeof line - strlen("\r\n");
    struct writer writer = writer_on(line, most);
    write_string(&writer, verb);
    if (task->rest.length) write_char(&writer, ' ');
    write_text(&writer, task->rest);
    if (writer.full) {
        command_tell(task, MESSAGE_ERROR,
                     "that is too long for a line: %zu bytes, at most %zu",
                     task->rest.length, most - strlen(verb) - 1);
        return false;
    }
    task->rest = writer_text(&writer);
    return command_raw(task);
}

bool command_admin(struct task *task) {
    return pass_on(task, "ADMIN");
}

bool command_token(struct task *task) {
    return pass_on(task, "TOKEN");
}
