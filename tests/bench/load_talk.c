#include "tests/bench/load_talk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/container.h"
#include "tests/bench/load_clock.h"
#include "tests/bench/load_meter.h"

/* A message begins with a stamp: '~' and in hexadecimal the run, the sender,
 * its number and the time; the rest of it is padding, the same for all. */
enum {
    RUN_AT = 1,
    SENDER_AT = 3,
    NUMBER_AT = 8,
    TIME_AT = 16,
    STAMP_LENGTH = 32,
    TURN = NANOSECONDS / 10,
    /* Time given to what should not come any more. */
    AFTERMATH = NANOSECONDS / 50,
};

static uint64_t hexadecimal(const char *digits, size_t count) {
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned byte = (unsigned char)digits[i];
        value = value << 4 | ((byte & 15) + (byte >> 6) * 9);
    }
    return value;
}

static bool is_right_target(const struct talk *talk, const struct client *to,
                            const struct heard *heard) {
    if (talk->room) return !strcmp(heard->first, talk->room);
    const char *nick = heard->first;
    if (talk->receipts && *nick++ != '#') return false;
    return fleet_number(talk->fleet, nick) == (long)to->number;
}

static bool is_right_sender(const struct talk *talk, const struct client *to,
                            long sender) {
    if (talk->room)
        return (size_t)sender < talk->senders &&
               (talk->receipts || sender != (long)to->number);
    return sender == (long)(talk->receipts ? to->number : to->number ^ 1);
}

/* Who said it; -1 where it is not what that sender said in this run. */
static long find_sender(const struct talk *talk, const struct client *to,
                        const struct heard *heard) {
    long sender = fleet_number(talk->fleet, heard->source);
    const char *body = heard->rest;
    if (sender < 0 || strnlen(body, STAMP_LENGTH) < STAMP_LENGTH) return -1;
    if (hexadecimal(body + RUN_AT, 2) != (talk->run & 0xff)) return -1;
    if (hexadecimal(body + SENDER_AT, 5) != (uint64_t)sender) return -1;
    if (strcmp(body + STAMP_LENGTH, talk->padding) != 0) return -1;
    if (!is_right_target(talk, to, heard)) return -1;
    return is_right_sender(talk, to, sender) ? sender : -1;
}

static void hear_message(struct talk *talk, const struct client *to,
                         const struct heard *heard) {
    long sender = find_sender(talk, to, heard);
    if (sender < 0) {
        talk->tally.foreign++;
        return;
    }
    size_t number = hexadecimal(heard->rest + NUMBER_AT, 8);
    uint64_t said = hexadecimal(heard->rest + TIME_AT, 16);
    size_t slot = talk->room ? (size_t)sender : 0;
    if (!tally_hear(&talk->tally, to->number, slot, number)) return;
    talk->reached[sender]++;
    talk->last = talk->fleet->now;
    histogram_add(&talk->latency, talk->last > said ? talk->last - said : 0);
}

static void hear_quit(struct talk *talk, const struct heard *heard) {
    long number = fleet_number(talk->fleet, heard->source);
    if (number + 1 != (long)talk->fleet->count) return;
    talk->departures++;
    if (talk->departed) return;
    talk->departed = talk->fleet->now;
    snprintf(talk->reason, sizeof talk->reason, "%s", heard->first);
}

static void hear(struct ear *ear, struct client *to,
                 const struct heard *heard) {
    struct talk *talk = container_of(ear, struct talk, ear);
    if (!strcmp(heard->verb, "PRIVMSG"))
        hear_message(talk, to, heard);
    else if (talk->deaf && !strcmp(heard->verb, "QUIT"))
        hear_quit(talk, heard);
}

static void *allot(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory) return memory;
    perror("load");
    exit(EXIT_FAILURE);
}

static void fill_padding(struct talk *talk, size_t length) {
    static const char WORDS[] = " the quick brown fox jumps over it";
    size_t around = strlen("PRIVMSG  :\r\n") + STAMP_LENGTH +
                    (talk->room ? strlen(talk->room) : FLEET_NICK_SIZE - 1);
    size_t count = length > around ? length - around : 0;
    if (count >= sizeof talk->padding) count = sizeof talk->padding - 1;
    for (size_t i = 0; i < count; i++)
        talk->padding[i] = WORDS[i % (sizeof WORDS - 1)];
    if (count) talk->padding[count - 1] = '.'; /* no blank at the end */
    talk->padding[count] = '\0';
}

void talk_init(struct talk *talk, size_t length) {
    talk->ear.hear = hear;
    talk->fleet->ear = &talk->ear;
    talk->said = allot(talk->senders, sizeof *talk->said);
    talk->reached = allot(talk->senders, sizeof *talk->reached);
    tally_init(&talk->tally, talk->fleet->count, talk->room ? talk->senders : 1,
               talk->messages);
    histogram_clear(&talk->latency);
    fill_padding(talk, length);
}

void talk_finish(struct talk *talk) {
    talk->fleet->ear = NULL;
    tally_finish(&talk->tally);
    free(talk->said);
    free(talk->reached);
}

/* Speaking. */

static void find_target(const struct talk *talk, size_t sender,
                        char target[FLEET_ROOM_SIZE]) {
    if (talk->receipts)
        client_room(talk->fleet, (unsigned)sender, target);
    else
        client_nick(talk->fleet, (unsigned)sender ^ 1, target);
}

/* As our client makes them: 48 bits of time in milliseconds, 80 of chance. */
static size_t compose_nonce(char *line) {
    uint64_t now = clock_read(CLOCK_REALTIME) / 1000000;
    uint64_t chance[2];
    for (size_t i = 0; i < 2; i++)
        chance[i] = (uint64_t)random() << 31 ^ (uint64_t)random();
    int length =
        snprintf(line, TALK_LINE_SIZE,
                 "@+minichat/nonce=%012" PRIx64 "%010" PRIx64 "%010" PRIx64 " ",
                 now & 0xffffffffffff, chance[0] & 0xffffffffff,
                 chance[1] & 0xffffffffff);
    return (size_t)length;
}

static size_t compose(struct talk *talk, size_t sender, uint64_t when,
                      char *line) {
    char target[FLEET_ROOM_SIZE];
    size_t tags = talk->nonces ? compose_nonce(line) : 0;
    if (!talk->room) find_target(talk, sender, target);
    int length =
        snprintf(line + tags, TALK_LINE_SIZE - tags,
                 "PRIVMSG %s :~%02x%05x%08x%016" PRIx64 "%s\r\n",
                 talk->room ? talk->room : target, talk->run & 0xff,
                 (unsigned)sender, talk->said[sender], when, talk->padding);
    talk->said[sender]++;
    talk->spoken++;
    return tags + (size_t)length;
}

/* As many as the window allows, in one write. */
static void fill_window(struct talk *talk, size_t sender) {
    char lines[TALK_WINDOW_MAX * TALK_LINE_SIZE];
    size_t length = 0;
    size_t heard = talk->reached[sender] / talk->hearers;
    uint64_t now = clock_now();
    while (talk->said[sender] < talk->messages &&
           talk->said[sender] < heard + talk->window)
        length += compose(talk, sender, now, lines + length);
    if (length)
        client_send(talk->fleet, &talk->fleet->clients[sender], lines, length);
}

static uint64_t due(const struct talk *talk) {
    return talk->begin + talk->spoken * NANOSECONDS / talk->rate;
}

static bool is_over(const struct talk *talk) {
    return talk->duration && clock_now() - talk->begin >= talk->duration;
}

static bool has_more(const struct talk *talk) {
    return !talk->departed && !is_over(talk) &&
           talk->spoken < talk->senders * talk->messages;
}

static void say_what_is_due(struct talk *talk, uint64_t now) {
    char line[TALK_LINE_SIZE];
    while (has_more(talk) && due(talk) <= now) {
        size_t sender = talk->spoken % talk->senders;
        size_t length = compose(talk, sender, due(talk), line);
        client_send(talk->fleet, &talk->fleet->clients[sender], line, length);
    }
}

/* Returns how long there is nothing to say. */
static uint64_t speak(struct talk *talk) {
    uint64_t now = clock_now();
    if (talk->rate) {
        say_what_is_due(talk, now);
        return has_more(talk) && due(talk) - now < TURN ? due(talk) - now
                                                        : TURN;
    }
    for (size_t sender = 0; sender < talk->senders && has_more(talk); sender++)
        fill_window(talk, sender);
    return TURN;
}

uint64_t talk_lost(const struct talk *talk) {
    uint64_t expected = talk->spoken * talk->hearers;
    return expected - talk->tally.delivered;
}

static bool converse(struct talk *talk) {
    struct wait wait = wait_begin(talk->fleet);
    while (has_more(talk) || talk_lost(talk)) {
        if (talk->fleet->lost || !wait_go_on(&wait, talk->fleet)) return false;
        fleet_turn(talk->fleet, speak(talk));
    }
    return true;
}

bool talk_run(struct talk *talk) {
    talk->cpu = meter_cpu(talk->server);
    talk->own_cpu = clock_read(CLOCK_PROCESS_CPUTIME_ID);
    talk->reads = talk->fleet->reads;
    talk->begin = clock_now();
    bool complete = converse(talk);
    talk->end = clock_now();
    talk->reads = talk->fleet->reads - talk->reads;
    talk->own_cpu = clock_read(CLOCK_PROCESS_CPUTIME_ID) - talk->own_cpu;
    talk->cpu = meter_cpu(talk->server) - talk->cpu;
    fleet_linger(talk->fleet, AFTERMATH);
    return complete;
}

/* Of a room with several senders all who only listen heard one order; with
 * receipts all of the room did. */
static size_t disagreeing(const struct talk *talk) {
    if (!talk->room) return 0;
    if (talk->receipts)
        return tally_disagreeing(&talk->tally, 0, talk->hearers);
    return tally_disagreeing(&talk->tally, talk->senders,
                             talk->fleet->count - (talk->deaf ? 1 : 0));
}

bool talk_intact(const struct talk *talk) {
    const struct tally *tally = &talk->tally;
    return !talk_lost(talk) && !tally->repeated && !tally->disordered &&
           !tally->foreign && !disagreeing(talk);
}

static void tell_latency(const struct talk *talk) {
    const struct histogram *latency = &talk->latency;
    report_number("p50_us", (double)histogram_percentile(latency, 50) / 1e3);
    report_number("p99_us", (double)histogram_percentile(latency, 99) / 1e3);
    report_number("p999_us", (double)histogram_percentile(latency, 99.9) / 1e3);
    report_number("longest_us", (double)latency->longest / 1e3);
    if (talk->sync)
        report_number(
            "over_sync_us",
            ((double)histogram_percentile(latency, 50) - (double)talk->sync) /
                1e3);
}

static void tell_faults(const struct talk *talk) {
    report_number("lost", (double)talk_lost(talk));
    report_number("repeated", (double)talk->tally.repeated);
    report_number("disordered", (double)talk->tally.disordered);
    report_number("disagreeing", (double)disagreeing(talk));
    report_number("foreign", (double)talk->tally.foreign);
}

void talk_tell(const struct talk *talk, struct report *report,
               const char *scenario, const char *mode) {
    double wall = (double)(talk->end - talk->begin);
    double delivered = (double)talk->tally.delivered;
    report_begin(report, scenario, mode);
    report_number("clients", (double)talk->fleet->count);
    report_number("senders", (double)talk->senders);
    if (talk->receipts) report_number("nonces", talk->nonces);
    report_number("delivered", delivered);
    report_number("cpu_ns", delivered > 0 ? (double)talk->cpu / delivered : 0);
    report_number("per_second", delivered / wall * 1e9);
    report_number("lines_per_read",
                  talk->reads ? delivered / (double)talk->reads : 0);
    report_number("server_busy", (double)talk->cpu / wall);
    report_number("load_busy", (double)talk->own_cpu / wall);
    tell_latency(talk);
    tell_faults(talk);
    if (talk->fleet->complaint[0])
        report_string("complaint", talk->fleet->complaint);
    report_end(report, talk_intact(talk));
}
