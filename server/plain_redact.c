/* /redact: people have no ids of lines, so theirs are counted from the last. */
#include <stdio.h>
#include <stdlib.h>

#include "protocol/writer.h"
#include "server/plain.h"
#include "server/redaction.h"

static void refuse(struct dialogue *dialogue, enum refusal refusal,
                   struct text where) {
    if (refusal) plain_refuse(dialogue, NULL, refusal, where);
}

static void on_line(struct dialogue *dialogue, const struct answer *answer,
                    struct text where) {
    refuse(dialogue, redaction_end(dialogue, answer, where, text_of("")),
           where);
}

/* The nth of their own from the end; NULL: so many are not in what was read. */
static const struct kept *find_own(const struct dialogue *dialogue,
                                   const struct answer *answer, uint64_t nth) {
    for (size_t i = answer->count; i > 0; i--)
        if (redaction_is_own(dialogue, &answer->kept[i - 1]) && --nth == 0)
            return &answer->kept[i - 1];
    return NULL;
}

/* line: the number, and where. */
static void on_last(struct dialogue *dialogue, const struct answer *answer,
                    struct text line) {
    uint64_t nth = 1;
    struct text where = line;
    text_number(text_piece(&where, ' '), &nth);
    if (answer->outcome != ANSWERED) {
        refuse(dialogue, HISTORY_FAILED, where);
        return;
    }
    const struct kept *own = find_own(dialogue, answer, nth);
    refuse(dialogue,
           own ? redaction_begin(dialogue, where, own->id, on_line, where)
               : LINE_UNKNOWN,
           where);
}

/* No name begins with a digit. */
static bool read_arguments(const struct request *request, struct text *where,
                           uint64_t *nth) {
    size_t i = 0;
    bool is_number = request->count && text_number(request->args[0], nth);
    if (request->count && !is_number) *where = request->args[i++];
    if (i < request->count && !text_number(request->args[i++], nth))
        return false;
    return *nth > 0 && i == request->count;
}

enum refusal plain_redact(struct dialogue *dialogue,
                          const struct request *request) {
    const struct room *here = plain_here(dialogue);
    struct question question = {.ask = ASK_LATEST, .limit = ARCHIVE_LIMIT};
    struct text where = text_of(here ? here->name : "");
    char memory[ROOM_SIZE + 32];
    struct writer line = writer_on(memory, sizeof memory);
    uint64_t nth = 1;
    if (!dialogue->house->archive) return NO_HISTORY;
    if (!read_arguments(request, &where, &nth)) return ARGUMENTS_WRONG;
    if (!where.length) return IN_NO_ROOM;
    enum refusal refusal = plain_find_place(dialogue, &question, &where);
    if (refusal) return refusal;
    write_format(&line, "%llu %.*s", (unsigned long long)nth, (int)where.length,
                 where.at);
    return dialogue_ask(dialogue, &question, on_last, writer_text(&line));
}
