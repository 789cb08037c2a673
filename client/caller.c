#include "client/caller.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/writer.h"

static const char USUAL_ADDRESS[] = "unix:/run/minichat/minichat.sock";
static const char WHAT_ONE_CAN[] =
    "without a word, or with ROOM…, you sit down and chat; besides there is "
    "send TARGET TEXT, tail [ROOM…] and wait [ROOM…]";

/* On the command line ------------------------------------------------------ */

static bool is_fingerprint(const char *word) {
    return strncmp(word, "SHA256:", strlen("SHA256:")) == 0 &&
           strcspn(word, " \t\r\n") == strlen(word);
}

static bool take_names(struct caller *caller, char ***words) {
    struct writer speaks =
        writer_on(caller->speaks_for, sizeof caller->speaks_for - 1);
    if (!**words || !name_valid(text_of(**words))) return false;
    text_copy(text_of(**words), caller->account, sizeof caller->account);
    write_string(&speaks, *(*words)++);
    if (!**words || strcmp(**words, "--key") != 0) return true;
    const char *key = *++*words;
    if (!key || !is_fingerprint(key)) return false;
    write_char(&speaks, ' ');
    write_string(&speaks, *(*words)++);
    return !speaks.full;
}

/* What was typed ----------------------------------------------------------- */

/* A word that begins with a quote goes to the next one that a blank, or the
 * end, follows. */
static bool take_quoted(struct text *rest, struct text *word) {
    char quote = *rest->at;
    for (size_t i = 1; i < rest->length; i++) {
        bool ends = i + 1 == rest->length || rest->at[i + 1] == ' ' ||
                    rest->at[i + 1] == '\t';
        if (rest->at[i] != quote || !ends) continue;
        *word = text_slice(rest->at + 1, i - 1);
        *rest = text_trim(text_after(*rest, i + 1));
        return true;
    }
    return false;
}

static struct text take_word(struct text *rest) {
    struct text word;
    bool quoted = rest->length && (*rest->at == '\'' || *rest->at == '"');
    if (quoted && take_quoted(rest, &word)) return word;
    return text_word(rest);
}

struct cut {
    struct writer memory;
    char **words;
    size_t count;
};

static void add(struct cut *cut, struct text word) {
    if (cut->count == CALLER_WORDS) cut->memory.full = true;
    if (cut->memory.full) return;
    cut->words[cut->count++] = cut->memory.at + cut->memory.length;
    write_text(&cut->memory, word);
    write_char(&cut->memory, '\0');
}

static bool is_option(struct text word) {
    return text_begins(word, "--");
}

/* Its options, its target, and the rest as one word. */
static void cut_message(struct cut *cut, struct text rest) {
    while (is_option(rest))
        add(cut, take_word(&rest));
    if (rest.length) add(cut, take_word(&rest));
    if (!rest.length) return;
    struct text all = rest, word = take_word(&rest);
    add(cut, rest.length ? all : word);
}

static bool cut_line(struct caller *caller, struct text line) {
    size_t size = line.length + CALLER_WORDS + 1;
    struct text rest = text_trim(line);
    caller->memory = memory_new(size, 1);
    struct cut cut = {writer_on(caller->memory, size), caller->words, 0};
    while (rest.length && !cut.memory.full) {
        struct text word = take_word(&rest);
        add(&cut, word);
        if (!text_is(word, "send")) continue;
        cut_message(&cut, rest);
        break;
    }
    if (!cut.memory.full) caller->words[cut.count] = NULL;
    return !cut.memory.full;
}

static bool copy_words(struct caller *caller, char **words) {
    size_t count = 0;
    for (; *words && count < CALLER_WORDS; words++)
        caller->words[count++] = *words;
    return !*words;
}

/* What may be asked for ---------------------------------------------------- */

static void drop_first(struct caller *caller) {
    memmove(caller->words, caller->words + 1,
            CALLER_WORDS * sizeof caller->words[0]);
}

static bool takes_first(struct caller *caller, const char *word) {
    if (!caller->words[0] || strcmp(caller->words[0], word) != 0) return false;
    drop_first(caller);
    return true;
}

static bool is_room(const char *word) {
    return *word && strchr("#&+!", *word);
}

static bool may_be_asked(char *const *words) {
    static const char *const verbs[] = {"send", "tail", "wait"};
    for (size_t i = 0; *words && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(*words, verbs[i]) == 0) return true;
    while (*words && is_room(*words))
        words++;
    return !*words;
}

const char *caller_read(struct caller *caller, char **words,
                        const char *asked) {
    *caller = (struct caller){.address = USUAL_ADDRESS};
    if (!take_names(caller, &words))
        return "expected --as ACCOUNT [--key FINGERPRINT]";
    if (*words && text_begins(text_of(*words), "unix:/"))
        caller->address = *words++;
    if (asked && strlen(asked) > CALLER_LINE_MAX)
        return "that is too long for one command";
    bool fits =
        asked ? cut_line(caller, text_of(asked)) : copy_words(caller, words);
    if (!fits) return "these are too many words";
    (void)takes_first(caller, "minichat");
    caller->accessible = takes_first(caller, "--accessible");
    return may_be_asked(caller->words) ? NULL : WHAT_ONE_CAN;
}

void caller_finish(struct caller *caller) {
    free(caller->memory);
    *caller = (struct caller){0};
}
