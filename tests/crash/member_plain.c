/* A person on a raw connection: a token as the first line, then lines. What
 * is said is heard without ids and without nonces. */
#include <stdio.h>
#include <string.h>

#include "tests/crash/member.h"

/* They are in one room, which is then the one they speak in. */
static unsigned own_room(const struct member *member) {
    unsigned place = 0;
    while (!(member->places >> place & 1) ||
           !member->ledger->places[place].room[0])
        place++;
    return place;
}

static void greet(struct member *member) {
    member_format(member, "%s", member->token);
    member_format(member, "/join %s",
                  member->ledger->places[own_room(member)].room);
}

static void speak(struct member *member, unsigned number) {
    char body[BODY_SIZE], target[PLACE_NAME];
    struct spoken *line = ledger_line(member->ledger, member->number, number);
    struct text text =
        ledger_body(member->ledger, member->number, number, body);
    member_target(member, line->place, target);
    if (member->ledger->places[line->place].room[0])
        member_format(member, "%.*s", (int)text.length, text.at);
    else
        member_format(member, "/msg %s %.*s", target, (int)text.length,
                      text.at);
    ledger_sent(member->ledger, member->number, number, member->connection);
}

static void hear(struct member *member, unsigned author, unsigned place,
                 struct text body) {
    struct heard heard = {.author = author,
                          .connection = member->connection,
                          .hearing = HEARD_PLAIN};
    if (author == MEMBERS || place == PLACES) return;
    if (!ledger_recognise(member->ledger, author, place, body, &heard.number))
        return;
    ledger_hear(member->ledger, member->number, place, &heard);
    if (author == member->number) member_confirm(member, heard.number);
}

/* ada: what she said in the room that they are in */
static void hear_room(struct member *member, struct text line) {
    struct text author = text_slice(line.at, text_find(line, ':'));
    hear(member, member_called(member->ledger, author), own_room(member),
         text_after(line, author.length + 2));
}

/* -ada- what she said to them alone */
static void hear_private(struct member *member, struct text line) {
    struct text rest = text_after(line, 1);
    unsigned author = member_called(member->ledger, text_piece(&rest, '-'));
    hear(member, author, ledger_pair(member->ledger, author, member->number),
         text_after(rest, 1));
}

/* -> ada- what they said to her alone */
static void hear_own(struct member *member, struct text line) {
    struct text rest = text_after(line, strlen("-> "));
    unsigned whom = member_called(member->ledger, text_piece(&rest, '-'));
    hear(member, member->number,
         ledger_pair(member->ledger, whom, member->number),
         text_after(rest, 1));
}

/* ! errors: that of the disk, and the last one, are expected ones. */
static void hear_error(struct member *member, struct text line) {
    if (text_begins(line, "! the disk is fine"))
        member->relieved++;
    else if (text_begins(line, "! the disk"))
        member->troubled++;
    else if (!text_begins(line, "! goodbye"))
        ledger_fault(member->ledger, "member %u was told %.*s", member->number,
                     (int)line.length, line.at);
}

static void take(struct member *member, struct text line) {
    char entered[PLACE_NAME + 32];
    snprintf(entered, sizeof entered, "= you are in %s",
             member->ledger->places[own_room(member)].room);
    if (text_begins(line, entered) && member->state == MEMBER_GREETING)
        member_begin(member);
    else if (text_begins(line, "-> "))
        hear_own(member, line);
    else if (text_begins(line, "-"))
        hear_private(member, line);
    else if (text_begins(line, "m"))
        hear_room(member, line);
    else if (text_begins(line, "!"))
        hear_error(member, line);
}

const struct manner manner_plain = {greet, take, speak, NULL, NULL};
