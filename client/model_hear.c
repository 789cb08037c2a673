/* What the model makes of the news: one function for each kind, one table. */
#include "client/model_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "client/plain.h"
#include "protocol/names.h"
#include "protocol/writer.h"

__attribute__((format(printf, 4, 5))) static struct message *
tell(const struct scene *scene, struct buffer *buffer, enum message_kind kind,
     const char *format, ...) {
    char body[MESSAGE_BODY_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(body, sizeof body, format, arguments);
    va_end(arguments);
    struct message *message =
        buffer_add(buffer, kind, scene->news->when, text_of(""), text_of(body));
    model_count(scene->model, buffer, message);
    scene->model->stale = true;
    return message;
}

/* " (reason)", or nothing. Valid until the next call with the same memory. */
static const char *in_brackets(struct text reason, char to[MESSAGE_BODY_MAX]) {
    if (reason.length == 0) return "";
    snprintf(to, MESSAGE_BODY_MAX, " (%s)", reason.at);
    return to;
}

static struct buffer *room_of(const struct scene *scene) {
    return model_find(scene->model, scene->network, scene->news->room);
}

/* The room it is about where that is open, else where we asked. */
static struct buffer *answer_place(const struct scene *scene) {
    struct buffer *buffer = room_of(scene);
    return buffer ? buffer : scene->network->asked;
}

static bool under_way(const struct scene *scene, struct text room) {
    const char *open = scene->network->names_room;
    return open && name_equals(text_of(open), room);
}

static void said(const struct scene *scene) {
    model_take_line(scene, MESSAGE_SAID);
}

static void acted(const struct scene *scene) {
    model_take_line(scene, MESSAGE_ACTED);
}

static void noticed(const struct scene *scene) {
    model_take_line(scene, MESSAGE_NOTICED);
}

static void replace(char **string, const char *with) {
    free(*string);
    *string = with ? shown_copy(text_of(with), MESSAGE_NAME_MAX) : NULL;
}

/* One that was taken; not that of the account, which nobody has to want. */
static void tell_other_name(const struct scene *scene) {
    const struct route *route = scene->network->route;
    const char *is = scene->network->nick;
    if (!route || name_equals(scene->news->account, text_of(is))) return;
    const char *wanted =
        route->nick[0] ? route->nick : scene->model->preferences.nick;
    if (!*wanted || name_equals(text_of(wanted), text_of(is))) return;
    tell(scene, scene->network->server, MESSAGE_ERROR,
         "you wanted to be %s, here you are %s · /nick NAME takes another",
         wanted, is);
}

static void online(const struct scene *scene) {
    struct network *network = scene->network;
    const struct news *news = scene->news;
    network->online = true;
    network->away = false;
    network->state[0] = '\0';
    network->asked = network->server;
    if (news->who.length > 0) replace(&network->nick, news->who.at);
    bool named = network->route && network->route->named;
    if (news->body.length > 0 && !named) {
        replace(&network->name, news->body.at);
        buffer_set_name(network->server, news->body);
    }
    tell(scene, network->server, MESSAGE_EVENT, "connected to %s as %s",
         network->name, network->nick);
    tell_other_name(scene);
    model_begin_catchup(scene->model, network);
}

static void logged_in(const struct scene *scene) {
    tell(scene, scene->network->server, MESSAGE_EVENT, "logged in as %s",
         scene->news->account.at);
}

static void refused_login(const struct scene *scene) {
    struct buffer *current = scene->model->current;
    struct buffer *server = scene->network->server;
    tell(scene, server, MESSAGE_ERROR, "login refused: %s",
         scene->news->body.at);
    if (current == server || current->network != scene->network) return;
    tell(scene, current, MESSAGE_ERROR, "login refused: %s",
         scene->news->body.at);
}

static bool was_asked_for(const struct scene *scene) {
    struct network *network = scene->network;
    struct buffer *current = scene->model->current;
    if (network->follow &&
        name_equals(text_of(network->follow), scene->news->room)) {
        buffer_set_key(room_of(scene), text_of(network->follow_key));
        replace(&network->follow, NULL);
        replace(&network->follow_key, NULL);
        return true;
    }
    return current == network->server &&
           editor_text(&current->editor).length == 0 && !scene->model->previous;
}

static void joined_ourselves(const struct scene *scene) {
    struct buffer *buffer =
        model_open(scene->model, scene->network, scene->news->room);
    if (!buffer) {
        tell(scene, scene->network->server, MESSAGE_ERROR,
             "%s cannot be shown: too many buffers are open · /close one",
             scene->news->room.at);
        return;
    }
    buffer->in = true;
    buffer->wanted = true;
    buffer->awaited = false;
    model_catch_up(scene->model, buffer);
    members_clear(&buffer->members);
    members_put(&buffer->members, scene->news->who);
    tell(scene, buffer, MESSAGE_EVENT, "you joined %s", buffer->name);
    if (was_asked_for(scene)) model_show(scene->model, buffer);
    model_speak(scene->model, scene->network, text_of(buffer->name));
}

static void joined(const struct scene *scene) {
    const struct news *news = scene->news;
    if (!name_is_room(news->room)) return;
    if (under_way(scene, news->room))
        members_put(&scene->network->names, news->who);
    if (news->own) {
        joined_ourselves(scene);
        return;
    }
    struct buffer *buffer = room_of(scene);
    if (!buffer) return;
    members_put(&buffer->members, news->who);
    bool other = news->account.length > 0 && !text_is(news->account, "*") &&
                 !name_equals(news->account, news->who);
    model_mark_coming(scene, buffer,
                      tell(scene, buffer, MESSAGE_EVENT, "%s joined%s%s%s",
                           news->who.at, other ? " (" : "",
                           other ? news->account.at : "", other ? ")" : ""),
                      COMING_JOINED);
}

static void gone_ourselves(struct buffer *buffer) {
    buffer->in = false;
    buffer->wanted = false;
    buffer->awaited = false;
    members_clear(&buffer->members);
}

static struct buffer *take_out(const struct scene *scene) {
    struct buffer *buffer = room_of(scene);
    if (under_way(scene, scene->news->room))
        members_remove(&scene->network->names, scene->news->who);
    if (!buffer) return NULL;
    members_remove(&buffer->members, scene->news->who);
    typers_put(&buffer->typers, scene->news->who, TYPING_DONE, 0);
    if (scene->news->own) gone_ourselves(buffer);
    return buffer;
}

static void left(const struct scene *scene) {
    char reason[MESSAGE_BODY_MAX];
    struct buffer *buffer = take_out(scene);
    if (!buffer) return;
    struct message *message =
        tell(scene, buffer, MESSAGE_EVENT, "%s left%s",
             scene->news->own ? "you" : scene->news->who.at,
             in_brackets(scene->news->body, reason));
    model_mark_coming(scene, buffer, message, COMING_LEFT);
}

static void kicked(const struct scene *scene) {
    char reason[MESSAGE_BODY_MAX];
    struct buffer *buffer = take_out(scene);
    if (!buffer) return;
    const struct news *news = scene->news;
    tell(scene, buffer, news->own ? MESSAGE_ERROR : MESSAGE_EVENT,
         "%s %s kicked by %s%s", news->own ? "you" : news->who.at,
         news->own ? "were" : "was", news->by.at,
         in_brackets(news->body, reason));
}

static bool is_with(const struct buffer *buffer, struct text who) {
    return buffer->kind == BUFFER_PRIVATE &&
           name_equals(text_of(buffer->name), who);
}

static void quit(const struct scene *scene) {
    char reason[MESSAGE_BODY_MAX];
    const struct news *news = scene->news;
    struct model *model = scene->model;
    members_remove(&scene->network->names, news->who);
    for (size_t i = 0; i < model->buffer_count; i++) {
        struct buffer *buffer = model->buffers[i];
        if (buffer->network != scene->network) continue;
        typers_put(&buffer->typers, news->who, TYPING_DONE, 0);
        if (!members_remove(&buffer->members, news->who) &&
            !is_with(buffer, news->who))
            continue;
        struct message *message =
            tell(scene, buffer, MESSAGE_EVENT, "%s left%s", news->who.at,
                 in_brackets(news->body, reason));
        model_mark_coming(scene, buffer, message, COMING_LEFT);
    }
}

static void rename_in(const struct scene *scene, struct buffer *buffer) {
    const struct news *news = scene->news;
    bool was = members_rename(&buffer->members, news->who, news->body);
    if (is_with(buffer, news->who)) {
        bool taken = model_find(scene->model, scene->network, news->body) &&
                     !name_equals(news->who, news->body);
        if (!taken) buffer_set_name(buffer, news->body);
        if (!taken)
            pending_rename(&scene->network->pending, news->who, news->body);
        was = true;
    }
    if (news->own)
        tell(scene, buffer, MESSAGE_EVENT, "you are now %s", news->body.at);
    else if (was)
        model_mark_coming(scene, buffer,
                          tell(scene, buffer, MESSAGE_EVENT, "%s is now %s",
                               news->who.at, news->body.at),
                          COMING_RENAMED);
}

static void renamed(const struct scene *scene) {
    struct model *model = scene->model;
    if (scene->news->body.length == 0) return;
    if (scene->news->own) replace(&scene->network->nick, scene->news->body.at);
    members_rename(&scene->network->names, scene->news->who, scene->news->body);
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network == scene->network)
            rename_in(scene, model->buffers[i]);
}

static void named(const struct scene *scene) {
    struct network *network = scene->network;
    const struct news *news = scene->news;
    if (!under_way(scene, news->room)) {
        members_clear(&network->names);
        replace(&network->names_room, news->room.at);
    }
    struct member *member = members_put(&network->names, news->who);
    if (member) member_set_prefix(member, news->prefix);
}

static void tell_names(const struct scene *scene, struct buffer *buffer) {
    const struct members *names = &scene->network->names;
    char list[MESSAGE_BODY_MAX];
    struct writer writer = writer_on(list, sizeof list - 1);
    for (size_t i = 0; i < names->count && !writer.full; i++)
        write_format(&writer, "%s%s%s", i ? " " : "", names->list[i].prefix,
                     names->list[i].name);
    list[writer.length] = '\0';
    tell(scene, buffer, MESSAGE_ANSWER, "%zu in %s: %s%s", names->count,
         scene->news->room.at, list, writer.full ? " …" : "");
}

/* What we knew of each stays; who is not in the list is gone. */
static void keep_known(struct members *names, const struct members *known) {
    for (size_t i = 0; i < names->count; i++) {
        struct member *was = members_find(known, text_of(names->list[i].name));
        if (!was) continue;
        names->list[i].heard = was->heard;
        names->list[i].away = was->away;
    }
}

static void names_end(const struct scene *scene) {
    struct network *network = scene->network;
    struct buffer *buffer = room_of(scene);
    bool complete = under_way(scene, scene->news->room);
    if (!complete) members_clear(&network->names);
    if (network->names_wanted) tell_names(scene, answer_place(scene));
    network->names_wanted = false;
    replace(&network->names_room, NULL);
    if (complete && buffer && buffer->in) {
        struct members old = buffer->members;
        keep_known(&network->names, &old);
        buffer->members = network->names;
        network->names = old;
    }
    members_clear(&network->names);
    scene->model->stale = true;
}

static void topic(const struct scene *scene) {
    const struct news *news = scene->news;
    struct buffer *buffer = room_of(scene);
    if (!buffer) {
        tell(scene, scene->network->asked, MESSAGE_ANSWER, "%s: %s",
             news->room.at, news->body.at);
        return;
    }
    buffer_set_topic(buffer, news->body);
    scene->model->stale = true;
    if (news->by.length == 0 && news->body.length == 0) return;
    if (news->by.length == 0)
        tell(scene, buffer, MESSAGE_EVENT, "topic: %s", news->body.at);
    else if (news->body.length == 0)
        tell(scene, buffer, MESSAGE_EVENT, "%s removed the topic", news->by.at);
    else
        tell(scene, buffer, MESSAGE_EVENT, "%s set the topic: %s", news->by.at,
             news->body.at);
}

static void mode(const struct scene *scene) {
    struct buffer *buffer = room_of(scene);
    tell(scene, buffer ? buffer : scene->network->server, MESSAGE_EVENT,
         "mode %s by %s", scene->news->body.at, scene->news->by.at);
}

static void prefix(const struct scene *scene) {
    struct buffer *buffer = room_of(scene);
    if (!buffer) return;
    struct member *member = members_find(&buffer->members, scene->news->who);
    if (member) member_set_prefix(member, scene->news->prefix);
    scene->model->stale = true;
}

/* Told again too: it answers what was asked. */
static void away_ourselves(const struct scene *scene) {
    scene->network->away = scene->news->body.length > 0;
    tell(scene, scene->network->asked, MESSAGE_ANSWER, "%s",
         scene->network->away ? "you are away · /back ends it"
                              : "you are back");
}

static void away_in(const struct scene *scene, struct buffer *buffer) {
    const struct news *news = scene->news;
    struct member *member = members_find(&buffer->members, news->who);
    if (member) member->away = news->body.length > 0;
    if (!is_with(buffer, news->who)) return;
    if (news->body.length > 0)
        tell(scene, buffer, MESSAGE_EVENT, "%s is away: %s", news->who.at,
             news->body.at);
    else
        tell(scene, buffer, MESSAGE_EVENT, "%s is back", news->who.at);
}

static void away(const struct scene *scene) {
    struct model *model = scene->model;
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network == scene->network)
            away_in(scene, model->buffers[i]);
    if (scene->news->own) away_ourselves(scene);
    model->stale = true;
}

static void invited(const struct scene *scene) {
    const struct news *news = scene->news;
    struct buffer *current = scene->model->current;
    bool near = current->network == scene->network;
    if (model_ignores(scene, news->by)) return;
    tell(scene, near ? current : scene->network->server, MESSAGE_ANSWER,
         "%s invites you to %s · /join %s", news->by.at, news->room.at,
         news->room.at);
}

static void answer(const struct scene *scene) {
    if (model_show_token(scene->model, scene->network, scene->news->body))
        return;
    tell(scene, answer_place(scene), MESSAGE_ANSWER, "%s",
         scene->news->body.at);
}

/* Of a room that we are to be in, and are not let into. */
static void keep_unsaid(const struct scene *scene) {
    struct buffer *buffer = room_of(scene);
    if (!buffer || !buffer->awaited || !scene->network->online) return;
    buffer->awaited = false;
    pending_refuse_all(&scene->network->pending, text_of(buffer->name),
                       scene->news->body);
}

static void error(const struct scene *scene) {
    struct network *network = scene->network;
    struct buffer *place = answer_place(scene);
    struct pending_line *line = pending_refuse(&network->pending, scene->raw);
    struct buffer *said =
        line ? model_find(scene->model, network, line->target) : NULL;
    keep_unsaid(scene);
    scene->model->stale = true;
    /* The line itself says why. */
    if (said && said == place) {
        if (said != scene->model->current) said->unread++;
        return;
    }
    tell(scene, place, MESSAGE_ERROR, "%s", scene->news->body.at);
}

static void found(const struct scene *scene) {
    if (!model_seek_take(scene)) model_tell_found(scene);
}

static void found_end(const struct scene *scene) {
    unsigned count = scene->news->count;
    struct text why = scene->news->body;
    if (model_seek_answered(scene)) {
        if (why.length > 0) model_hint(scene->model, why);
        return;
    }
    if (why.length > 0)
        tell(scene, scene->network->asked, MESSAGE_ERROR, "%s", why.at);
    else if (count == 0)
        tell(scene, scene->network->asked, MESSAGE_ANSWER, "nothing found");
    else
        tell(scene, scene->network->asked, MESSAGE_ANSWER, "%u found", count);
}

static void ended(const struct scene *scene) {
    tell(scene, scene->network->server, MESSAGE_ERROR,
         "the server ends the connection: %s", scene->news->body.at);
}

static void (*const hear[NEWS_KINDS])(const struct scene *scene) = {
    [NEWS_ONLINE] = online,
    [NEWS_LOGGED_IN] = logged_in,
    [NEWS_REFUSED_LOGIN] = refused_login,
    [NEWS_SAID] = said,
    [NEWS_ACTED] = acted,
    [NEWS_NOTICED] = noticed,
    [NEWS_JOINED] = joined,
    [NEWS_LEFT] = left,
    [NEWS_KICKED] = kicked,
    [NEWS_QUIT] = quit,
    [NEWS_RENAMED] = renamed,
    [NEWS_NAMED] = named,
    [NEWS_NAMES_END] = names_end,
    [NEWS_TOPIC] = topic,
    [NEWS_MODE] = mode,
    [NEWS_PREFIX] = prefix,
    [NEWS_AWAY] = away,
    [NEWS_INVITED] = invited,
    [NEWS_ANSWER] = answer,
    [NEWS_ERROR] = error,
    [NEWS_ENDED] = ended,
    [NEWS_HISTORY_END] = model_end_history,
    [NEWS_TARGET] = model_take_target,
    [NEWS_TARGETS_END] = model_end_targets,
    [NEWS_FOUND] = found,
    [NEWS_FOUND_END] = found_end,
    [NEWS_READ] = model_take_marker,
    [NEWS_TYPING] = model_take_typing,
    [NEWS_REACTED] = model_take_reaction,
    [NEWS_UNREACTED] = model_take_reaction,
    [NEWS_REDACTED] = model_take_redaction,
};

/* What a name or a text is cut to. */
enum { CUT_NAME = MESSAGE_NAME_MAX, CUT_BODY = MESSAGE_BODY_MAX / 2 };

static struct text clean(struct text text, size_t max) {
    return text_of(shown_copy(text, max));
}

/* Only what clean() gave. */
static void give_back(struct text text) {
    free((char *)(uintptr_t)text.at);
}

static bool is_about_lines(enum news_kind kind) {
    return kind == NEWS_SAID || kind == NEWS_ACTED || kind == NEWS_NOTICED ||
           kind == NEWS_REACTED || kind == NEWS_UNREACTED ||
           kind == NEWS_REDACTED;
}

/* Comings and goings of the past change nothing now. */
static bool is_past(const struct news *news) {
    return news->history && !is_about_lines(news->kind);
}

void model_hear(struct model *model, struct network *network,
                const struct news *news) {
    struct news heard = *news;
    heard.who = clean(news->who, CUT_NAME);
    heard.by = clean(news->by, CUT_NAME);
    heard.account = clean(news->account, CUT_NAME);
    heard.room = clean(news->room, CUT_NAME);
    heard.prefix = clean(news->prefix, MEMBER_PREFIX_SIZE);
    heard.reply = clean(news->reply, SESSION_MSGID_SIZE);
    heard.body = text_of(shown_lines(news->body, CUT_BODY));
    struct text formatted = text_slice(NULL, 0);
    if (format_is_in(news->body))
        formatted = text_of(formatted_lines(news->body, CUT_BODY));
    if (news->when == 0 && news->kind != NEWS_READ) heard.when = model->now;
    if (hear[news->kind] && !is_past(news))
        hear[news->kind](
            &(struct scene){model, network, &heard, formatted, news});
    give_back(formatted);
    give_back(heard.who);
    give_back(heard.by);
    give_back(heard.account);
    give_back(heard.room);
    give_back(heard.prefix);
    give_back(heard.reply);
    give_back(heard.body);
}
