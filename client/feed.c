#include "client/feed.h"

#include <stdlib.h>

#include "client/json.h"
#include "client/plain.h"
#include "protocol/timestamp.h"

static const char *const TYPES[NEWS_KINDS] = {
    [NEWS_SAID] = "said",           [NEWS_ACTED] = "acted",
    [NEWS_NOTICED] = "noticed",     [NEWS_JOINED] = "joined",
    [NEWS_LEFT] = "left",           [NEWS_KICKED] = "kicked",
    [NEWS_QUIT] = "quit",           [NEWS_RENAMED] = "renamed",
    [NEWS_TOPIC] = "topic",         [NEWS_MODE] = "mode",
    [NEWS_INVITED] = "invited",     [NEWS_REACTED] = "reacted",
    [NEWS_UNREACTED] = "unreacted", [NEWS_REDACTED] = "redacted",
};

/* Line by line, so that line ends stay. */
static void add_text(struct bytes *to, const char *key, struct text text) {
    struct bytes plain = {0};
    if (text.length == 0) return;
    while (text.length > 0) {
        struct text line = text_piece(&text, '\n');
        char *copy = plain_copy(line, 4 * line.length);
        bytes_add_string(&plain, copy);
        if (text.length > 0) bytes_add_char(&plain, '\n');
        free(copy);
    }
    json_add(to, key, bytes_text(&plain));
    bytes_finish(&plain);
}

void feed_write(struct bytes *to, const struct feed *feed) {
    char time[TIMESTAMP_SIZE];
    timestamp_write(feed->when, time);
    json_open(to);
    json_add(to, "time", text_of(time));
    add_text(to, "network", feed->network);
    add_text(to, "room", feed->room);
    add_text(to, "to", feed->to);
    json_add(to, "type", text_of(feed->type));
    add_text(to, "nick", feed->nick);
    add_text(to, "account", feed->account);
    add_text(to, "whom", feed->whom);
    add_text(to, "text", feed->text);
    add_text(to, "id", feed->id);
    add_text(to, "reply", feed->reply);
    if (feed->own) json_add_true(to, "own");
    if (feed->mention) json_add_true(to, "mention");
    json_close(to);
}

static bool is_line(const struct news *news) {
    return news->kind == NEWS_SAID || news->kind == NEWS_ACTED ||
           news->kind == NEWS_NOTICED;
}

bool feed_is_mention(const struct news *news, const struct taste *taste) {
    bool notice = news->kind == NEWS_NOTICED;
    struct occasion occasion = {
        .kind = notice ? OCCASION_NOTICED : OCCASION_SAID,
        .own = news->own,
        .to_us = news->to_us,
        .nick = news->who,
        .host = news->host,
        .room = news->room,
        .body = news->body,
    };
    return is_line(news) &&
           importance_of(&occasion, taste) == IMPORTANCE_MENTION;
}

/* Who did it is `by` where another is the one it was done to. */
static void choose_names(struct feed *feed, const struct news *news) {
    bool done_to = news->kind == NEWS_KICKED || news->kind == NEWS_INVITED;
    bool by = done_to || news->kind == NEWS_TOPIC || news->kind == NEWS_MODE ||
              news->kind == NEWS_REDACTED;
    feed->nick = by ? news->by : news->who;
    if (done_to) feed->whom = news->who;
}

/* "*" is nobody's. */
static struct text account_of(const struct news *news) {
    return text_is(news->account, "*") ? text_of("") : news->account;
}

/* The topic that a room has when we come is not an event. */
static bool is_silent(const struct news *news) {
    return !TYPES[news->kind] ||
           (news->kind == NEWS_TOPIC && news->by.length == 0);
}

bool feed_of_news(struct feed *feed, const struct news *news,
                  const struct taste *taste) {
    if (is_silent(news)) return false;
    *feed = (struct feed){
        .type = TYPES[news->kind],
        .when = news->when,
        .account = account_of(news),
        .text = news->body,
        .id = news->msgid,
        .reply = news->reply,
        .own = news->own,
        .mention = feed_is_mention(news, taste),
    };
    choose_names(feed, news);
    if (news->to_us)
        feed->to = news->own ? news->room : taste->nick;
    else
        feed->room = news->room;
    return true;
}
