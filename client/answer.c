#include "client/answer.h"

#include "protocol/duration.h"

struct answer {
    const char *number;
    const char *words; /* $1 … $9: the parameter after our own name; $t2: such
                          a number of seconds; $f6: such flags of WHO; "" is
                          not worth a line */
};

/* clang-format off */
static const struct answer ANSWERS[] = {
    {"221", "your modes: $1"},
    {"301", "$1 is away: $2"},
    {"307", "$1 is known to the server"},
    {"311", "$1 is $2@$3 ($5)"},
    {"312", "$1 is on $2 ($3)"},
    {"313", "$1 is an operator of the server"},
    {"314", "$1 was $2@$3 ($5)"},
    {"315", ""},
    {"317", "$1 was last heard $t2 ago"},
    {"318", ""},
    {"319", "$1 is in $2"},
    {"321", ""},
    {"322", "$1 · $2 here · $3"},
    {"323", ""},
    {"324", "$1 has the modes $2 $3"},
    {"329", ""},
    {"330", "$1 is logged in as $2"},
    {"333", ""},
    {"335", "$1 is a bot"},
    {"341", "$1 is invited to $2"},
    {"346", "$1 invites $2"},
    {"347", ""},
    {"348", "$1 excepts $2"},
    {"349", ""},
    {"352", "$5 · $2@$3 · $1 · $f6"},
    {"365", ""},
    {"366", ""},
    {"367", "$1 bans $2"},
    {"368", ""},
    {"369", ""},
    {"372", "$1"},
    {"374", ""},
    {"375", "$1"},
    {"376", ""},
    {"378", "$1 $2"},
    {"379", "$1 $2"},
    {"401", "there is no $1 here"},
    {"402", "there is no server $1"},
    {"403", "$1: there is no such room"},
    {"404", "$1: not said: $2"},
    {"405", "$1: you are in too many rooms · /part one"},
    {"406", "there was no $1"},
    {"407", "too many: $1"},
    {"411", "nobody to say it to"},
    {"412", "nothing to say"},
    {"417", "that line is too long for the server"},
    {"421", "the server does not know $1"},
    {"422", ""},
    {"431", "a name is missing"},
    {"432", "$1 is not a name here: $2"},
    {"433", "the name $1 is taken · /nick NAME takes another"},
    {"436", "the name $1 is taken"},
    {"437", "$1 cannot be used now: $2"},
    {"441", "$1 is not in $2"},
    {"442", "$1: you are not in it · /join $1"},
    {"443", "$1 is already in $2"},
    {"461", "$1: the server wants more than that"},
    {"462", "you are already logged in"},
    {"464", "wrong password"},
    {"465", "you are banned from this server"},
    {"467", "$1 has a key already"},
    {"471", "$1: it is full (+l)"},
    {"472", "there is no mode $1"},
    {"473", "$1: only who is invited may enter (+i)"},
    {"474", "$1: you are banned (+b)"},
    {"475", "$1: it has a key (+k) · /join $1 KEY"},
    {"476", "$1 is not a room's name"},
    {"477", "$1: $2"},
    {"478", "the list of $1 is full"},
    {"481", "only administrators may do that"},
    {"482", "$1: only operators may do that (+o)"},
    {"501", "there is no such mode"},
    {"502", "that is for others to change"},
    {"524", "there is no help on $1"},
    {"671", "$1 is connected securely"},
};
/* clang-format on */

static const struct answer *find(struct text number) {
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++)
        if (text_is(number, ANSWERS[i].number)) return &ANSWERS[i];
    return NULL;
}

/* "2h5m"; one that is no number as it stands there. */
static void write_seconds(struct writer *writer, struct text seconds) {
    char words[DURATION_SIZE];
    uint64_t number;
    if (!text_number(seconds, &number) || number > DURATION_MOST_MS / 1000) {
        write_text(writer, seconds);
        write_string(writer, " s");
        return;
    }
    duration_write((int64_t)number * 1000, words);
    write_string(writer, words);
}

/* Here or gone, and what ranks they have; there may be letters that nobody
 * knows (modern.ircdocs.horse/#rplwhoreply-352). */
static void write_flags(struct writer *writer, struct text flags) {
    static const struct {
        char flag;
        const char *words;
    } all[] = {
        {'H', "here"},
        {'G', "away"},
        {'*', ", administrator"},
        {'~', ", owner"},
        {'&', ", protected"},
        {'@', ", operator"},
        {'%', ", half-operator"},
        {'+', ", may speak"},
        {'B', ", bot"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (text_find(flags, all[i].flag) < flags.length)
            write_string(writer, all[i].words);
}

static void fill(struct writer *writer, const char *words,
                 const struct ircmsg *message) {
    for (const char *at = words; *at; at++) {
        if (*at != '$') {
            write_char(writer, *at);
            continue;
        }
        char form = at[1] == 't' || at[1] == 'f' ? *++at : '\0';
        struct text param = ircmsg_param(message, (size_t)(*++at - '0'));
        if (form == 't')
            write_seconds(writer, param);
        else if (form == 'f')
            write_flags(writer, param);
        else
            write_text(writer, param);
    }
}

static void join(struct writer *writer, const struct ircmsg *message) {
    for (size_t i = 1; i < message->count; i++) {
        if (i > 1) write_char(writer, ' ');
        write_text(writer, message->params[i]);
    }
}

enum answer_kind answer_write(struct writer *writer,
                              const struct ircmsg *message) {
    const struct answer *answer = find(message->verb);
    if (answer && !*answer->words) return ANSWER_NOTHING;
    if (answer)
        fill(writer, answer->words, message);
    else
        join(writer, message);
    char hundreds = message->verb.at[0];
    return hundreds == '4' || hundreds == '5' ? ANSWER_WRONG : ANSWER_TOLD;
}
