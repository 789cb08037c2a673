/* A whole session in process: a stranger's bytes go through framer, dialogue
 * and chat, while a person in plain text and a program in IRC listen. Whatever
 * the stranger sends, what the others receive is well-formed, nothing of it
 * can drive a terminal, and when the stranger is gone nobody but the two is
 * there. What was said last is kept, and is what every question is answered
 * with. The first byte chooses who the stranger is and how its stream is
 * chopped. */
#include "protocol/framer.h"
#include "protocol/ircmsg.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "server/commands.h"
#include "server/delivery.h"
#include "server/dialect.h"
#include "server/plain.h"
#include "server/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    IS_KNOWN = 1,     /* the kernel says who it is */
    IS_ADMIN = 2,     /* and that is an admin */
    IS_CHOPPED = 4,   /* bytes come in small pieces */
    IS_LIMITED = 8,   /* requests have a rate */
    MAKES_AN_OP = 16, /* the program has made the person an operator */
};

struct peer {
    struct carrier carrier;
    struct dialogue dialogue;
    struct framer framer;
    bool closed;
};

struct world {
    struct chat chat;
    struct roster roster;
    struct archive archive;
    struct witness witness;
    struct kept kept; /* id 0: nothing yet */
    char name[NAME_SIZE], account[NAME_SIZE], whom[NAME_SIZE], room[ROOM_SIZE];
    char body[BODY_SIZE], tags[IRCMSG_CLIENT_TAGS + 1];
    struct delivery delivery;
    struct config config;
    struct house house;
    struct peer person, program, stranger;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static bool is_control(int32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

static bool turns_around(int32_t point) {
    return point == 0x61c || point == 0x200e || point == 0x200f ||
           (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

/* Colours and bells are ours, and only for those who asked for them. */
static bool may_have(const struct dialogue *dialogue, int32_t point) {
    if (point == 0x1b) return dialogue->settings & PLAIN_COLOR;
    return point == 0x07 && dialogue->settings & PLAIN_BELL;
}

static void check_plain_line(const struct dialogue *dialogue,
                             struct text line) {
    while (line.length > 0) {
        int32_t point = utf8_next(&line);
        must(point != UTF8_INVALID_BYTE && !turns_around(point));
        must(!is_control(point) || may_have(dialogue, point));
    }
}

/* A text of several lines comes as several at once. */
static void check_plain(const struct dialogue *dialogue, struct text lines) {
    must(lines.length > 0 && lines.at[lines.length - 1] == '\n');
    while (lines.length > 0)
        check_plain_line(dialogue, text_piece(&lines, '\n'));
}

static void check_irc_line(struct text line) {
    struct ircmsg message;
    must(line.length > 1 && line.at[line.length - 1] == '\r');
    line.length--;
    for (const char *byte = "\r\n"; *byte; byte++)
        must(text_find(line, *byte) == line.length);
    must(text_find(line, '\0') == line.length);
    must(utf8_valid(line) && ircmsg_parse(&message, line));
    must(message.tags.length <= IRCMSG_SERVER_TAGS);
    size_t rest = line.length;
    if (message.tags.length > 0) rest -= message.tags.length + 2;
    must(rest <= IRCMSG_BODY);
}

/* A long text comes as several lines at once. */
static void check_irc(struct text lines) {
    must(lines.length > 0 && lines.at[lines.length - 1] == '\n');
    while (lines.length > 0)
        check_irc_line(text_piece(&lines, '\n'));
}

static void receive(struct carrier *carrier, struct line *line,
                    uint64_t batch) {
    (void)batch;
    struct peer *peer = container_of(carrier, struct peer, carrier);
    if (peer->dialogue.dialect == &dialect_plain)
        check_plain(&peer->dialogue, line->text);
    else
        check_irc(line->text);
}

static void close_it(struct carrier *carrier, struct text reason) {
    (void)reason;
    container_of(carrier, struct peer, carrier)->closed = true;
}

/* The past --------------------------------------------------------------- */

static struct text copy(struct text text, char *to, size_t size) {
    text_copy(text, to, size);
    return text_of(to);
}

static void keep(struct witness *witness, const struct event *event,
                 struct session *const *to, size_t count) {
    struct world *world = container_of(witness, struct world, witness);
    (void)to;
    (void)count;
    if (!kept_code(event->happening) || !event->user) return;
    struct text account = text_of(event->user->account);
    struct text room = text_of(event->room ? event->room->name : "");
    world->kept = (struct kept){
        .id = event->id,
        .when = event->when,
        .happening = event->happening,
        .place = event->room ? (int64_t)event->room->id : 0,
        .room = copy(room, world->room, sizeof world->room),
        .account = copy(account, world->account, sizeof world->account),
        .name = copy(event->who, world->name, sizeof world->name),
        .whom = copy(event->whom, world->whom, sizeof world->whom),
        .body = copy(event->body, world->body, sizeof world->body),
        .tags = copy(event->tags, world->tags, sizeof world->tags),
        .line = event->line,
    };
}

static void ask(struct archive *archive, const struct question *question) {
    struct world *world = container_of(archive, struct world, archive);
    must(question->places_count <= ARCHIVE_PLACES);
    must(question->limit <= ARCHIVE_LIMIT);
    const struct answer answer = {.question = question,
                                  .kept = &world->kept,
                                  .count = world->kept.id ? 1 : 0,
                                  .beside = &world->kept,
                                  .beside_count = world->kept.id ? 1 : 0,
                                  .total = world->kept.id ? 1 : 0};
    dialogue_answered(&world->house, &answer);
}

/* Talking ---------------------------------------------------------------- */

static void take(struct peer *peer, struct text line) {
    struct house *house = peer->dialogue.house;
    house->tick += (int64_t)dialogue_wait(&peer->dialogue);
    must(dialogue_wait(&peer->dialogue) == 0);
    chat_tick(house->chat, house->started + house->tick);
    commands_take(&peer->dialogue, line);
}

static void meet(struct world *world, struct peer *peer,
                 const struct admission *proof) {
    peer->carrier = (struct carrier){.send = receive, .close = close_it};
    dialogue_init(&peer->dialogue, &world->house, &peer->carrier,
                  text_of("192.0.2.1"), false, proof);
    framer_init(&peer->framer, world->config.line);
}

static struct admission known_as(const char *account, enum powers powers) {
    struct admission admission = {.powers = powers};
    text_copy(text_of(account), admission.account, sizeof admission.account);
    return admission;
}

static void says(struct peer *peer, const char *line) {
    take(peer, text_of(line));
}

static void invite_the_two(struct world *world) {
    struct admission ada = known_as("ada", POWERS_USER);
    struct admission ira = known_as("ira", POWERS_USER);
    meet(world, &world->person, &ada);
    dialogue_begin(&world->person.dialogue, SPEECH_PLAIN);
    meet(world, &world->program, &ira);
    dialogue_begin(&world->program.dialogue, SPEECH_IRC);
    says(&world->program,
         "CAP REQ :message-tags server-time echo-message batch account-tag "
         "extended-join away-notify setname account-notify draft/chathistory "
         "draft/event-playback draft/read-marker soju.im/search "
         "draft/message-redaction minichat/reactions draft/multiline");
    says(&world->program, "NICK ira");
    says(&world->program, "USER ira 0 * :Ira");
    says(&world->program, "CAP END");
    says(&world->program, "JOIN #lobby,#den");
    says(&world->person, "/join #den");
    must(dialogue_entered(&world->person.dialogue));
    must(dialogue_entered(&world->program.dialogue));
}

static void begin(struct world *world, uint8_t mode) {
    config_defaults(&world->config);
    world->config.guests = true;
    if (!(mode & IS_LIMITED))
        world->config.rate.rate = world->config.guest_rate.rate = 0;
    chat_init(&world->chat);
    text_copy(text_of(world->config.lobby), world->chat.home,
              sizeof world->chat.home);
    roster_init(&world->roster, &world->chat, NULL);
    delivery_init(&world->delivery, &world->house);
    chat_attend(&world->chat, &world->delivery.witness);
    world->witness.hear = keep;
    chat_attend(&world->chat, &world->witness);
    world->archive.ask = ask;
    world->house = (struct house){.chat = &world->chat,
                                  .config = &world->config,
                                  .archive = &world->archive,
                                  .roster = &world->roster,
                                  .started = 1700000000000};
    chat_tick(&world->chat, world->house.started);
    invite_the_two(world);
    struct admission eve =
        known_as("eve", mode & IS_ADMIN ? POWERS_ADMIN : POWERS_USER);
    meet(world, &world->stranger, mode & IS_KNOWN ? &eve : NULL);
}

/* As the connection does it: false until it is known who speaks. */
static bool recognise(struct peer *peer) {
    size_t skip;
    if (peer->dialogue.dialect) return true;
    framer_keep(&peer->framer);
    struct text first = peer->framer.input;
    enum speech speech = speech_recognise(first, &skip);
    must(skip <= first.length);
    if (speech == SPEECH_UNKNOWN) return false;
    peer->framer.input = text_after(first, skip);
    peer->closed = speech != SPEECH_IRC && speech != SPEECH_PLAIN;
    if (!peer->closed) dialogue_begin(&peer->dialogue, speech);
    return !peer->closed;
}

static void carry_out(struct peer *peer) {
    struct text line;
    while (!peer->closed) {
        peer->framer.limit = dialogue_line_limit(&peer->dialogue);
        enum framed framed = framer_next(&peer->framer, &line);
        if (framed == FRAMED_NOTHING) return;
        if (framed == FRAMED_LINE)
            take(peer, line);
        else
            dialogue_refuse_long(&peer->dialogue);
    }
}

static void hear(struct peer *peer, struct text bytes, size_t piece) {
    while (bytes.length > 0 && !peer->closed) {
        size_t length = piece < bytes.length ? piece : bytes.length;
        char *copy = memory_string(bytes.at, length);
        framer_feed(&peer->framer, text_slice(copy, length));
        if (recognise(peer)) carry_out(peer);
        framer_keep(&peer->framer);
        free(copy);
        bytes = text_after(bytes, length);
    }
}

static void hear_the_end(struct peer *peer) {
    if (!peer->closed && !peer->dialogue.dialect)
        dialogue_begin(&peer->dialogue, SPEECH_PLAIN);
    if (!peer->closed) carry_out(peer);
    struct text last = framer_unfinished(&peer->framer);
    if (!peer->closed && last.length > 0) take(peer, last);
}

static void leave(struct peer *peer) {
    dialogue_finish(&peer->dialogue, text_of("connection closed"));
    framer_finish(&peer->framer);
}

/* What others do with what the stranger left behind. */
static void look_around(struct world *world) {
    says(&world->person, "/who");
    says(&world->person, "/rooms");
    says(&world->person, "/whois eve");
    says(&world->program, "LIST");
    says(&world->program, "WHO #lobby");
    says(&world->program, "NAMES #den");
    says(&world->program, "TOPIC #lobby");
    says(&world->person, "/history #lobby all");
    says(&world->person, "/history eve");
    says(&world->program, "CHATHISTORY LATEST #lobby * 5");
    says(&world->program, "CHATHISTORY LATEST eve * 5");
    says(&world->program,
         "CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z "
         "timestamp=2100-01-01T00:00:00.000Z 5");
}

static size_t count_users(const struct chat *chat) {
    size_t count = 0;
    for (const struct user *u = NULL; (u = chat_next_user(chat, u));)
        count++;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    uint8_t mode = data[0];
    struct world *world = memory_new(1, sizeof *world);
    begin(world, mode);
    if (mode & MAKES_AN_OP) says(&world->program, "MODE #den +o ada");
    size_t piece = mode & IS_CHOPPED ? 1 + (mode >> 5) : size;
    hear(&world->stranger, text_slice((const char *)data + 1, size - 1), piece);
    hear_the_end(&world->stranger);
    if (!world->person.closed && !world->program.closed) look_around(world);
    leave(&world->stranger);
    must(count_users(&world->chat) == 2);
    leave(&world->person);
    leave(&world->program);
    must(count_users(&world->chat) == 0);
    roster_finish(&world->roster);
    chat_finish(&world->chat);
    free(world);
    return 0;
}
