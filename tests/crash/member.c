#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/reading.h"

void member_init(struct member *member, unsigned number, struct ledger *ledger,
                 struct dice *dice, const struct manner *manner) {
    *member = (struct member){
        .ledger = ledger,
        .dice = dice,
        .manner = manner,
        .number = number,
        .wire = {.fd = -1},
    };
    snprintf(member->nick, sizeof member->nick, "m%02u", number % 100);
    ledger->speakers[number].careful = manner != &manner_plain;
    ledger->members = number + 1;
}

void member_finish(struct member *member) {
    wire_close(&member->wire);
    pending_finish(&member->pending);
    free(member->token);
}

void member_format(struct member *member, const char *format, ...) {
    char memory[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(memory, sizeof memory, format, arguments);
    va_end(arguments);
    wire_send(&member->wire, text_slice(memory, (size_t)length));
}

void member_target(const struct member *member, unsigned place,
                   char target[PLACE_NAME]) {
    const struct venue *where = &member->ledger->places[place];
    unsigned other = where->low == member->number ? where->high : where->low;
    if (where->room[0])
        snprintf(target, PLACE_NAME, "%s", where->room);
    else
        snprintf(target, PLACE_NAME, "m%02u", other % 100);
}

unsigned member_called(const struct ledger *ledger, struct text nick) {
    uint64_t number = MEMBERS;
    bool good = nick.length == 3 && nick.at[0] == 'm' &&
                text_number(text_after(nick, 1), &number) &&
                number < ledger->members;
    return good ? (unsigned)number : MEMBERS;
}

void member_enter(struct member *member, int fd) {
    wire_open(&member->wire, fd);
    member->state = MEMBER_GREETING;
    member->connection++;
    member->reading = (struct reading){.active = false};
    member->manner->greet(member);
}

void member_lose(struct member *member, int64_t now) {
    wire_close(&member->wire);
    member->state = MEMBER_AWAY;
    member->reading.active = false;
    member->not_before = now + CONNECT_AGAIN_MS + dice_below(member->dice, 20);
    /* A person can't know whether it arrived, and does not say it twice. */
    if (!member->manner->say_again) member->waiting = 0;
}

void member_begin(struct member *member) {
    member->state = MEMBER_READY;
    if (member->reads) member->behind = member->places;
    if (member->manner->say_again) member->manner->say_again(member);
}

static unsigned choose_place(struct member *member) {
    unsigned place;
    do
        place = dice_below(member->dice, member->ledger->place_count);
    while (!(member->places >> place & 1));
    return place;
}

void member_talk(struct member *member) {
    if (member->state != MEMBER_READY || !member->speaks) return;
    if (member->waiting == WINDOW) return;
    unsigned place = choose_place(member);
    unsigned number = ledger_speak(member->ledger, member->number, place);
    member->unconfirmed[member->waiting++] = number;
    member->manner->speak(member, number);
}

void member_confirm(struct member *member, unsigned number) {
    ledger_line(member->ledger, member->number, number)->receipted = true;
    for (unsigned i = 0; i < member->waiting; i++) {
        if (member->unconfirmed[i] != number) continue;
        member->waiting--;
        memmove(&member->unconfirmed[i], &member->unconfirmed[i + 1],
                (member->waiting - i) * sizeof *member->unconfirmed);
        return;
    }
}

void member_act(struct member *member, int64_t now) {
    if (member->reads) reading_go_on(member, now);
}

void member_confirm_read(struct member *member, struct text body) {
    uint64_t number;
    text_piece(&body, '.');
    if (text_number(text_piece(&body, '.'), &number))
        member_confirm(member, (unsigned)number);
}

bool member_settled(const struct member *member) {
    return member->state == MEMBER_READY && member->waiting == 0 &&
           member->behind == 0 && member->auditing == 0 &&
           !member->reading.active;
}
