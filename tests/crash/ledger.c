#include "tests/crash/ledger.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "tests/crash/dice.h"

void ledger_init(struct ledger *ledger, uint64_t seed) {
    *ledger = (struct ledger){.seed = seed};
}

void ledger_finish(struct ledger *ledger) {
    for (unsigned i = 0; i < MEMBERS; i++) {
        free(ledger->speakers[i].lines);
        for (unsigned place = 0; place < PLACES; place++)
            free(ledger->transcripts[i][place].lines);
    }
    for (unsigned place = 0; place < PLACES; place++)
        free(ledger->places[place].history.lines);
}

void ledger_fault(struct ledger *ledger, const char *format, ...) {
    va_list arguments;
    if (ledger->faults++ >= SHOWN_FAULTS) return;
    fputs("fault: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

unsigned ledger_add_room(struct ledger *ledger, const char *name) {
    struct venue *place = &ledger->places[ledger->place_count];
    text_copy(text_of(name), place->room, sizeof place->room);
    return ledger->place_count++;
}

unsigned ledger_add_pair(struct ledger *ledger, unsigned one, unsigned other) {
    struct venue *place = &ledger->places[ledger->place_count];
    place->low = one < other ? one : other;
    place->high = one < other ? other : one;
    return ledger->place_count++;
}

unsigned ledger_room(const struct ledger *ledger, struct text name) {
    for (unsigned i = 0; i < ledger->place_count; i++)
        if (text_is(name, ledger->places[i].room)) return i;
    return PLACES;
}

unsigned ledger_pair(const struct ledger *ledger, unsigned one,
                     unsigned other) {
    unsigned low = one < other ? one : other;
    unsigned high = one < other ? other : one;
    for (unsigned i = 0; i < ledger->place_count; i++) {
        const struct venue *place = &ledger->places[i];
        if (!place->room[0] && place->low == low && place->high == high)
            return i;
    }
    return PLACES;
}

unsigned ledger_speak(struct ledger *ledger, unsigned author, unsigned place) {
    struct speaker *speaker = &ledger->speakers[author];
    if (speaker->count == speaker->room) {
        speaker->room = 2 * speaker->room + 64;
        speaker->lines =
            memory_grow(speaker->lines, speaker->room, sizeof *speaker->lines);
    }
    speaker->lines[speaker->count] =
        (struct spoken){.place = place, .floor = ledger->highest};
    ledger->said++;
    return (unsigned)speaker->count++;
}

void ledger_sent(struct ledger *ledger, unsigned author, unsigned number,
                 unsigned connection) {
    struct spoken *line = ledger_line(ledger, author, number);
    if (line->sendings == 0) line->connection = connection;
    if (line->sendings++ > 0) ledger->sent_again++;
}

struct spoken *ledger_line(struct ledger *ledger, unsigned author,
                           unsigned number) {
    return &ledger->speakers[author].lines[number];
}

static struct dice dice_of(const struct ledger *ledger, unsigned author,
                           unsigned number) {
    struct dice dice = {ledger->seed ^ ((uint64_t)author << 32 | number)};
    dice.state = dice_roll(&dice);
    return dice;
}

/* Mostly short; some fill a page of the database together with a few others. */
struct text ledger_body(const struct ledger *ledger, unsigned author,
                        unsigned number, char body[BODY_SIZE]) {
    struct dice dice = dice_of(ledger, author, number);
    unsigned place = ledger->speakers[author].lines[number].place;
    unsigned words = dice_below(&dice, dice_once_in(&dice, 4) ? 30 : 4);
    int length = snprintf(body, BODY_SIZE, "%u.%u.%u", author, number, place);
    for (unsigned i = 0; i < words; i++)
        length += snprintf(body + length, BODY_SIZE - (size_t)length,
                           " %06" PRIx64, dice_roll(&dice) & 0xffffff);
    return text_slice(body, (size_t)length);
}

void ledger_nonce(const struct ledger *ledger, unsigned author, unsigned number,
                  char nonce[NONCE_HEX]) {
    struct dice dice = dice_of(ledger, author, number);
    uint64_t high = dice_roll(&dice) ^ 0x5555555555555555;
    snprintf(nonce, NONCE_HEX, "%016" PRIx64 "%016" PRIx64, high,
             dice_roll(&dice));
}

bool ledger_recognise(struct ledger *ledger, unsigned author, unsigned place,
                      struct text body, unsigned *number) {
    char meant[BODY_SIZE];
    struct text rest = body;
    uint64_t who, which;
    bool read = text_number(text_piece(&rest, '.'), &who) &&
                text_number(text_piece(&rest, '.'), &which) && who == author &&
                which < ledger->speakers[author].count;
    *number = read ? (unsigned)which : 0;
    if (read && ledger_line(ledger, author, *number)->place == place &&
        text_equals(ledger_body(ledger, author, *number, meant), body))
        return true;
    ledger_fault(ledger, "member %u in place %u is said to have said: %.*s",
                 author, place, (int)body.length, body.at);
    return false;
}

void ledger_add(struct transcript *transcript, const struct heard *heard) {
    if (transcript->count == transcript->room) {
        transcript->room = 2 * transcript->room + 64;
        transcript->lines = memory_grow(transcript->lines, transcript->room,
                                        sizeof *transcript->lines);
    }
    transcript->lines[transcript->count++] = *heard;
}

/* The line's id is not above this one, which was heard before. */
static void complain_of_id(struct ledger *ledger, const struct heard *heard,
                           uint64_t before) {
    ledger->reused++;
    if (!ledger->forgiving)
        ledger_fault(ledger,
                     "line %u of %u has the id %" PRIx64 ", not above %" PRIx64
                     " that was heard before",
                     heard->number, heard->author, heard->id, before);
}

/* One that was lost with the power, and said again, has another id. */
static void complain_of_ids(struct ledger *ledger, const struct heard *heard,
                            uint64_t before) {
    ledger->reused++;
    if (!ledger->forgiving)
        ledger_fault(ledger,
                     "line %u of %u has the ids %" PRIx64 " and %" PRIx64,
                     heard->number, heard->author, before, heard->id);
}

static void check_id(struct ledger *ledger, const struct heard *heard) {
    struct spoken *line = ledger_line(ledger, heard->author, heard->number);
    if (heard->id == 0) return;
    if (line->id != 0 && line->id != heard->id)
        complain_of_ids(ledger, heard, line->id);
    line->id = heard->id;
    if (heard->id <= line->floor) complain_of_id(ledger, heard, line->floor);
    if (heard->id > ledger->highest) ledger->highest = heard->id;
}

void ledger_hear(struct ledger *ledger, unsigned hearer, unsigned place,
                 const struct heard *heard) {
    struct transcript *transcript = &ledger->transcripts[hearer][place];
    ledger_line(ledger, heard->author, heard->number)->heard = true;
    check_id(ledger, heard);
    ledger_add(transcript, heard);
    if (heard->hearing != HEARD_LIVE) return;
    if (heard->id <= transcript->last_live)
        complain_of_id(ledger, heard, transcript->last_live);
    transcript->last_live = heard->id;
}

void ledger_forget_history(struct ledger *ledger, unsigned place) {
    ledger->places[place].history.count = 0;
}
