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

void inquiry_look_beside(struct inquiry *inquiry) {
    struct recall found = {.kept = NULL};
    struct inquiry beside = *inquiry;
    if (inquiry->failed || !inquiry->span.place) return;
    if (!inquiry->question->redactions) return;
    beside.recall = &found;
    beside.limit = ARCHIVE_BESIDE;
    beside.kept_size = beside.bytes_used = beside.bytes_size = 0;
    add_redactions(&beside);
    inquiry_settle(&beside);
    inquiry->failed = beside.failed;
    inquiry->recall->beside = found.kept;
    inquiry->recall->beside_bytes = found.bytes;
    inquiry->recall->answer.beside = found.answer.kept;
    inquiry->recall->answer.beside_count = found.answer.count;
}
