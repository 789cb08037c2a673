/* SEARCH, as codeberg.org/emersion/soju has it in doc/ext/search.md. Its
 * attributes become what a person would write (query.h). */
#include <string.h>

#include "protocol/timestamp.h"
#include "server/irc.h"
#include "server/reading.h"

enum { SEARCH_MOST = 100 };

struct search {
    const struct dialogue *dialogue;
    struct question question;
    struct writer words;
};

static void write_key(struct search *search, const char *key,
                      struct text value) {
    write_string(&search->words, key);
    write_text(&search->words, value);
    write_char(&search->words, ' ');
}

/* Attributes ------------------------------------------------------------- */

static bool read_in(struct search *search, struct text value) {
    struct readable readable;
    bool may = text_begins(value, "#")
                   ? reading_room(search->dialogue, value, &readable, NULL)
                   : name_valid(value);
    if (may) write_key(search, "in:", value);
    return may;
}

static bool read_from(struct search *search, struct text value) {
    if (name_valid(value)) write_key(search, "from:", value);
    return name_valid(value);
}

static bool read_after(struct search *search, struct text value) {
    int64_t when;
    if (!timestamp_read(value, &when)) return false;
    write_key(search, "after:", value);
    return true;
}

/* "At or before" the millisecond, where a person means before it. */
static bool read_before(struct search *search, struct text value) {
    char next[TIMESTAMP_SIZE];
    int64_t when;
    if (!timestamp_read(value, &when)) return false;
    timestamp_write(when + 1, next);
    write_key(search, "before:", text_of(next));
    return true;
}

static bool read_limit(struct search *search, struct text value) {
    uint64_t number;
    if (!text_number(value, &number) || !number) return false;
    if (number < SEARCH_MOST) search->question.limit = (unsigned)number;
    return true;
}

/* A word with a ':' would be a key, so it becomes a phrase. */
static void write_word(struct writer *words, struct text word) {
    bool is_key = text_find(word, ':') < word.length;
    if (is_key) write_char(words, '"');
    for (size_t i = 0; i < word.length; i++)
        if (!is_key || word.at[i] != '"') write_char(words, word.at[i]);
    if (is_key) write_char(words, '"');
    write_char(words, ' ');
}

static bool read_text(struct search *search, struct text value) {
    for (value = text_trim(value); value.length; value = text_trim(value)) {
        if (value.at[0] != '"') {
            write_word(&search->words, text_word(&value));
            continue;
        }
        value = text_after(value, 1);
        write_char(&search->words, '"');
        write_text(&search->words, text_piece(&value, '"'));
        write_string(&search->words, "\" ");
    }
    return true;
}

static const struct attribute {
    const char *name;
    bool (*read)(struct search *, struct text value);
} attributes[] = {
    {"in", read_in},         {"from", read_from},   {"after", read_after},
    {"before", read_before}, {"limit", read_limit}, {"text", read_text},
};

static bool read_attribute(struct search *search, struct text key,
                           struct text escaped) {
    char memory[IRCMSG_BODY];
    size_t length = ircmsg_unescape(escaped, memory, sizeof memory);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)memory[i] < ' ') memory[i] = ' ';
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
        if (text_is(key, attributes[i].name))
            return attributes[i].read(search, text_slice(memory, length));
    return false;
}

/* Asking ----------------------------------------------------------------- */

static enum refusal fail(struct dialogue *dialogue, const char *code,
                         struct text about, const char *words) {
    irc_fail_about(dialogue, "SEARCH", code, &about, about.length > 0, words);
    return REFUSED_NOTHING;
}

static void tell(struct dialogue *dialogue, const struct answer *answer,
                 struct text line) {
    (void)line;
    if (answer->outcome == ANSWER_WRONG)
        fail(dialogue, "INVALID_PARAMS", text_of("text"), "Invalid parameters");
    else if (answer->outcome == ANSWER_FAILED)
        fail(dialogue, "INTERNAL_ERROR", text_of(""),
             "The search could not be run");
    else
        irc_tell_past(dialogue, answer, "soju.im/search");
}

enum refusal irc_search(struct dialogue *dialogue,
                        const struct request *request) {
    const struct house *house = dialogue->house;
    struct text rest = request->args[0], key, value;
    if (!house->archive) return NO_HISTORY;
    if (!house->config->keep.search) return NO_SEARCH;
    if (!dialogue->session.user->account[0]) return NO_HISTORY_OF_GUESTS;
    struct search search = {.dialogue = dialogue};
    search.question =
        (struct question){.ask = ASK_SEARCH, .limit = SEARCH_MOST};
    search.words =
        writer_on(search.question.words, sizeof search.question.words - 1);
    while (ircmsg_next_tag(&rest, &key, &value))
        if (!read_attribute(&search, key, value))
            return fail(dialogue, "INVALID_PARAMS", key, "Invalid parameters");
    if (!search.words.length || search.words.full || request->count > 1)
        return fail(dialogue, "INVALID_PARAMS", text_of("text"),
                    search.words.length ? "That is too much to search for"
                                        : "Nothing to search for");
    reading_rooms(dialogue, &search.question);
    return dialogue_ask(dialogue, &search.question, tell, text_of(""));
}
