#include "client/errands.h"

#include <stdlib.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"

static void replace(char **string, struct text with, size_t max) {
    free(*string);
    *string = memory_string(with.at, utf8_cut(with, max));
}

void errands_copy(struct errands *errands, struct text text) {
    replace(&errands->copy, text, ERRANDS_COPY_MAX);
}

void errands_open(struct errands *errands, struct text link) {
    replace(&errands->open, link, ERRANDS_COPY_MAX);
}

void errands_notify(struct errands *errands, struct text room, struct text nick,
                    struct text text) {
    replace(&errands->notice.room, room, ERRANDS_TEXT_MAX);
    replace(&errands->notice.nick, nick, ERRANDS_TEXT_MAX);
    replace(&errands->notice.text, text, ERRANDS_TEXT_MAX);
}

void notice_finish(struct notice *notice) {
    free(notice->room);
    free(notice->nick);
    free(notice->text);
    *notice = (struct notice){0};
}

void errands_finish(struct errands *errands) {
    free(errands->copy);
    free(errands->open);
    notice_finish(&errands->notice);
    *errands = (struct errands){0};
}
