#include "protocol/ircmsg.h"
#include "server/history_inside.h"

/* What a page has beside its lines is gathered as if it were an answer of its
 * own, in the same transaction. */

static void add_redactions(struct inquiry *inquiry) {
    const struct range *span = &inquiry->span;
    sqlite3_stmt *rows = inquiry_ask(inquiry, TAKEN_BACK);
    sqlite3_bind_int64(rows, 1, span->place);
    sqlite3_bind_int64(rows, 2, span->after);
    sqlite3_bind_int64(rows, 3, span->before);
    sqlite3_bind_int64(rows, 4, ARCHIVE_BESIDE);
    while (inquiry_step(inquiry, rows))
        inquiry_add_row(inquiry, rows);
}

/* As its author's client wrote them. */
static struct text reaction_tags(uint64_t line, struct text reaction, char *to,
                                 size_t size) {
    struct writer writer = writer_on(to, size);
    write_format(&writer,
                 "+reply=%llx;+draft/react=", (unsigned long long)line);
    ircmsg_write_escaped(&writer, reaction);
    return writer_text(&writer);
}

enum reaction_column { ID, LINE, ACCOUNT, EMOJI };

static void add_reaction(struct inquiry *inquiry, sqlite3_stmt *row) {
    char tags[2 * REACTION_SIZE + 64];
    struct kept kept = {
        .id = (uint64_t)sqlite3_column_int64(row, ID),
        .happening = TAGGED,
        .place = inquiry->span.place,
        .account = inquiry_column(row, ACCOUNT),
        .line = (uint64_t)sqlite3_column_int64(row, LINE),
    };
    struct text emoji = inquiry_column(row, EMOJI);
    if (!kept_reaction_valid(emoji)) return;
    kept.when = kept_time_of(kept.id);
    kept.name = kept.account;
    kept.tags = reaction_tags(kept.line, emoji, tags, sizeof tags);
    inquiry_fill_in(inquiry, &kept);
    inquiry_add(inquiry, &kept);
}

static void add_reactions(struct inquiry *inquiry,
                          const struct answer *answer) {
    if (!answer->count) return;
    sqlite3_stmt *rows = inquiry_ask(inquiry, REACTIONS);
    sqlite3_bind_int64(rows, 1, inquiry->span.place);
    sqlite3_bind_int64(rows, 2, (int64_t)answer->kept[0].id);
    sqlite3_bind_int64(rows, 3, (int64_t)answer->kept[answer->count - 1].id);
    sqlite3_bind_int64(rows, 4, ARCHIVE_BESIDE);
    while (inquiry_step(inquiry, rows))
        add_reaction(inquiry, rows);
}

void inquiry_look_beside(struct inquiry *inquiry) {
    const struct question *question = inquiry->question;
    struct recall found = {.kept = NULL};
    struct inquiry beside = *inquiry;
    if (inquiry->failed || !inquiry->span.place) return;
    beside.recall = &found;
    beside.limit = ARCHIVE_BESIDE;
    beside.newest = true;
    beside.kept_size = beside.bytes_used = beside.bytes_size = 0;
    if (question->redactions) add_redactions(&beside);
    if (question->reactions) add_reactions(&beside, &inquiry->recall->answer);
    inquiry_settle(&beside);
    inquiry->failed = beside.failed;
    inquiry->recall->beside = found.kept;
    inquiry->recall->beside_bytes = found.bytes;
    inquiry->recall->answer.beside = found.answer.kept;
    inquiry->recall->answer.beside_count = found.answer.count;
}
