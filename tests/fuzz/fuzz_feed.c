/* Whatever was said by whoever: what programs are told of it is one line of
 * valid JSON in valid UTF-8, without a control character. The first byte
 * chooses the kind of the news; the fields follow, each up to a byte 255. */
#include "client/feed.h"

#include <stdlib.h>

#include <jansson.h>

#include "protocol/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void judge(struct text line) {
    must(line.length > 0 && line.at[line.length - 1] == '\n');
    line.length--;
    must(utf8_valid(line));
    must(utf8_check(line, false) == UTF8_FINE);
    must(text_find(line, '\n') == line.length);
    json_t *object = json_loadb(line.at, line.length, JSON_ALLOW_NUL, NULL);
    must(json_is_object(object));
    json_decref(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text rest = text_slice((const char *)data, size);
    struct bytes line = {0};
    struct feed feed;
    if (size < 2) return 0;
    struct news news = {.kind = data[0] % NEWS_KINDS,
                        .own = data[1] & 1,
                        .to_us = data[1] & 2,
                        .when = (int64_t)data[1] << (data[1] / 5)};
    rest = text_after(rest, 2);
    struct text *const fields[] = {&news.body, &news.who,   &news.room,
                                   &news.by,   &news.msgid, &news.account};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        *fields[i] = text_piece(&rest, '\xff');
    news.reply = rest;
    if (!feed_of_news(&feed, &news, &(struct taste){.nick = news.who}))
        return 0;
    feed.network = rest;
    feed_write(&line, &feed);
    judge(bytes_text(&line));
    bytes_finish(&line);
    return 0;
}
