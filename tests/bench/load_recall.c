#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/container.h"
#include "tests/bench/load_clock.h"
#include "tests/bench/load_histogram.h"
#include "tests/bench/load_meter.h"
#include "tests/bench/load_scenes.h"
#include "tests/bench/load_words.h"

enum {
    QUESTION_SIZE = 400,
    SETTLING = NANOSECONDS,
    TURN = NANOSECONDS / 10,
    LIMIT = 100,
    DAYS = 3 * 365, /* between the first line and the last */
    SECONDS_OF_DAY = 24 * 3600,
    SMALL_ROOMS = 900, /* rooms from here on are the rarely used ones */
};

struct recall {
    struct ear ear;
    struct fleet *fleet;
    struct chance chance;
    struct client *asker;
    unsigned lines; /* of the answer under way */
    bool answered, refused;
    /* Of one kind of question. */
    uint64_t asked, told, fewest, refusals;
    uint64_t cpu; /* ns, of the server */
    struct histogram latency;
};

/* Questions --------------------------------------------------------------- */

struct question {
    struct chance *chance;
    unsigned asker;
    char *to; /* QUESTION_SIZE */
};

/* One of those that the asker is in. */
static unsigned choose_room(const struct question *question, unsigned least) {
    unsigned first = (least + WORDS_READERS - 1) / WORDS_READERS;
    unsigned last =
        (WORDS_ROOMS - 1 - question->asker) / (unsigned)WORDS_READERS;
    return chance_from(question->chance, first, last) * WORDS_READERS +
           question->asker;
}

static void choose_word(const struct question *question, unsigned least,
                        unsigned most, char word[WORDS_WORD_SIZE]) {
    word_write(chance_from(question->chance, least, most), word);
}

static void ask_latest(const struct question *question) {
    snprintf(question->to, QUESTION_SIZE, "CHATHISTORY LATEST #room%u * %d",
             choose_room(question, 0), LIMIT);
}

/* At least a year deep. */
static void ask_before(const struct question *question) {
    char moment[40];
    unsigned ago = chance_from(question->chance, DAYS / 3, DAYS * 9 / 10);
    time_t when = time(NULL) - (time_t)ago * SECONDS_OF_DAY;
    strftime(moment, sizeof moment, "%Y-%m-%dT%H:%M:%S.000Z", gmtime(&when));
    snprintf(question->to, QUESTION_SIZE,
             "CHATHISTORY BEFORE #room%u timestamp=%s %d",
             choose_room(question, 0), moment, LIMIT);
}

static void ask_word(const struct question *question, unsigned least,
                     unsigned most) {
    char word[WORDS_WORD_SIZE];
    choose_word(question, least, most, word);
    snprintf(question->to, QUESTION_SIZE, "SEARCH text=%s", word);
}

static void ask_rare(const struct question *question) {
    ask_word(question, WORDS / 2, WORDS - 1);
}

static void ask_usual(const struct question *question) {
    ask_word(question, 1000, 10000);
}

static void ask_common(const struct question *question) {
    ask_word(question, 0, 20);
}

static void ask_two(const struct question *question) {
    char one[WORDS_WORD_SIZE], other[WORDS_WORD_SIZE];
    choose_word(question, 20, 200, one);
    choose_word(question, 200, 2000, other);
    snprintf(question->to, QUESTION_SIZE, "SEARCH text=%s\\s%s", one, other);
}

static void ask_phrase(const struct question *question) {
    char one[WORDS_WORD_SIZE], other[WORDS_WORD_SIZE];
    choose_word(question, 5, 100, one);
    choose_word(question, 5, 100, other);
    snprintf(question->to, QUESTION_SIZE, "SEARCH text=\"%s\\s%s\"", one,
             other);
}

static void ask_from(const struct question *question) {
    char word[WORDS_WORD_SIZE];
    choose_word(question, 20, 200, word);
    snprintf(question->to, QUESTION_SIZE, "SEARCH from=author%u;text=%s",
             chance_rank(question->chance, WORDS_AUTHORS), word);
}

static void ask_in(const struct question *question) {
    char word[WORDS_WORD_SIZE];
    choose_word(question, 0, 20, word);
    snprintf(question->to, QUESTION_SIZE, "SEARCH in=#room%u;text=%s",
             choose_room(question, SMALL_ROOMS), word);
}

/* clang-format off */
static const struct kind {
    const char *mode;
    void (*ask)(const struct question *);
} KINDS[] = {
    {"latest", ask_latest},
    {"before", ask_before},
    {"rare",   ask_rare},   /* tens of lines have the word */
    {"usual",  ask_usual},  /* thousands */
    {"common", ask_common}, /* one line in fifty, or in two */
    {"two",    ask_two},
    {"phrase", ask_phrase},
    {"from",   ask_from},
    {"in",     ask_in},     /* in a room where little is said */
};
/* clang-format on */

/* Answers ----------------------------------------------------------------- */

static void hear(struct ear *ear, struct client *to,
                 const struct heard *heard) {
    struct recall *recall = container_of(ear, struct recall, ear);
    if (to != recall->asker) return;
    if (!strcmp(heard->verb, "PRIVMSG")) recall->lines++;
    if (!strcmp(heard->verb, "FAIL")) recall->refused = true;
    if (!strcmp(heard->verb, "BATCH") && heard->first[0] == '-')
        recall->answered = true;
}

static bool await(struct recall *recall) {
    struct wait wait = wait_begin(recall->fleet);
    while (!recall->answered && !recall->refused) {
        if (recall->fleet->lost || !wait_go_on(&wait, recall->fleet))
            return false;
        fleet_turn(recall->fleet, TURN);
    }
    return true;
}

static bool ask(struct recall *recall, const struct kind *kind) {
    char line[QUESTION_SIZE + 2];
    unsigned asker = chance_from(&recall->chance, 0, WORDS_READERS - 1);
    struct question question = {&recall->chance, asker, line};
    kind->ask(&question);
    memcpy(line + strlen(line), "\r\n", sizeof "\r\n");
    recall->asker = &recall->fleet->clients[asker];
    recall->lines = 0;
    recall->answered = recall->refused = false;
    uint64_t begin = clock_now();
    client_send(recall->fleet, recall->asker, line, strlen(line));
    if (!await(recall)) return false;
    histogram_add(&recall->latency, recall->fleet->now - begin);
    recall->refusals += recall->refused;
    recall->told += recall->lines;
    if (recall->lines < recall->fewest) recall->fewest = recall->lines;
    recall->asked++;
    return true;
}

static void tell(const struct recall *recall, const struct kind *kind,
                 struct report *report, bool complete) {
    const struct histogram *latency = &recall->latency;
    report_begin(report, "recall", kind->mode);
    report_number("asked", (double)recall->asked);
    report_number("lines", (double)recall->told / (double)recall->asked);
    report_number("fewest", (double)recall->fewest);
    report_number("p50_us", (double)histogram_percentile(latency, 50) / 1e3);
    report_number("p99_us", (double)histogram_percentile(latency, 99) / 1e3);
    report_number("cpu_us", (double)recall->cpu / 1e3 / (double)recall->asked);
    report_number("longest_us", (double)latency->longest / 1e3);
    report_number("refused", (double)recall->refusals);
    if (recall->fleet->complaint[0])
        report_string("complaint", recall->fleet->complaint);
    report_end(report, complete && !recall->refusals && recall->told);
}

static void measure(struct recall *recall, const struct kind *kind,
                    const struct options *options, struct report *report) {
    uint64_t end = clock_now() + options->seconds * NANOSECONDS;
    bool complete = true;
    recall->asked = recall->told = recall->refusals = 0;
    recall->fewest = LIMIT;
    recall->cpu = meter_cpu((pid_t)options->pid);
    histogram_clear(&recall->latency);
    while (complete && recall->asked < options->messages && clock_now() < end)
        complete = ask(recall, kind);
    recall->cpu = meter_cpu((pid_t)options->pid) - recall->cpu;
    tell(recall, kind, report, complete);
}

/* Memory ------------------------------------------------------------------ */

static void tell_memory(const struct options *options, struct report *report,
                        const char *mode) {
    struct memory memory = meter_memory((pid_t)options->pid);
    report_begin(report, "recall", mode);
    report_number("rss_kib", (double)memory.resident);
    report_number("anonymous_kib", (double)memory.anonymous);
    report_end(report, true);
}

/* Entering ---------------------------------------------------------------- */

static char (*read_tokens(const char *path))[FLEET_PASSWORD_SIZE] {
    static char tokens[WORDS_READERS][FLEET_PASSWORD_SIZE];
    FILE *file = path ? fopen(path, "r") : NULL;
    for (unsigned i = 0; i < WORDS_READERS; i++) {
        if (!file || !fgets(tokens[i], FLEET_PASSWORD_SIZE, file)) {
            fprintf(stderr, "load: --tokens: %d are needed\n", WORDS_READERS);
            exit(EXIT_FAILURE);
        }
        tokens[i][strcspn(tokens[i], "\n")] = '\0';
    }
    fclose(file);
    return tokens;
}

/* They are back in their rooms as soon as they are known. */
void scene_recall(struct fleet *fleet, const struct options *options,
                  struct report *report) {
    struct recall recall = {.ear.hear = hear, .fleet = fleet};
    tell_memory(options, report, "fresh");
    fleet->passwords = read_tokens(options->tokens);
    fleet->caps = "batch message-tags server-time draft/chathistory "
                  "soju.im/search";
    if (fleet->count != WORDS_READERS ||
        !fleet_register(fleet, options->connect_window)) {
        scene_tell_standstill(fleet, report, "recall", "enter");
        return;
    }
    fleet_linger(fleet, SETTLING);
    fleet->ear = &recall.ear;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        measure(&recall, &KINDS[i], options, report);
    fleet->ear = NULL;
    tell_memory(options, report, "used");
}
