#include "server/chores.h"

#include "protocol/writer.h"

/* A token of letters and digits only, so that the index keeps it whole. */
static void write_token(struct writer *meta, char kind, int64_t number) {
    if (meta->length > 0) write_char(meta, ' ');
    write_char(meta, kind);
    write_number(meta, (uint64_t)number);
}

size_t chores_place(int64_t place, char to[CHORES_PLACE_SIZE]) {
    struct writer token = writer_on(to, CHORES_PLACE_SIZE);
    write_token(&token, place < 0 ? 'q' : 'p', place < 0 ? -place : place);
    return token.length;
}

size_t chores_name(struct text name, char to[CHORES_NAME_SIZE]) {
    struct writer token = writer_on(to, CHORES_NAME_SIZE);
    static const char digits[] = "0123456789abcdef";
    write_char(&token, 'n');
    for (size_t i = 0; i < name.length && i < NAME_SIZE; i++) {
        unsigned char byte = (unsigned char)name_fold(name.at[i]);
        write_char(&token, digits[byte >> 4]);
        write_char(&token, digits[byte & 15]);
    }
    return token.length;
}

size_t chores_meta(int64_t place, int64_t author, struct text author_name,
                   int64_t a, int64_t b, char to[CHORES_META_SIZE]) {
    char token[CHORES_NAME_SIZE > CHORES_PLACE_SIZE ? CHORES_NAME_SIZE
                                                    : CHORES_PLACE_SIZE];
    struct writer meta = writer_on(to, CHORES_META_SIZE);
    write_text(&meta, text_slice(token, chores_place(place, token)));
    write_token(&meta, 'a', author);
    write_char(&meta, ' ');
    write_text(&meta, text_slice(token, chores_name(author_name, token)));
    if (a) write_token(&meta, 'm', a);
    if (b && b != a) write_token(&meta, 'm', b);
    return meta.length;
}

/* What is said in a room has no pair: its number is never the opposite of
 * one's. */
static const char lines_sql[] =
    "SELECT m.id, m.body, m.place, m.account, coalesce(m.name, a.name),"
    " l.id, h.id FROM messages m"
    " LEFT JOIN accounts a ON a.id = m.account"
    " LEFT JOIN pairs p ON p.id = -m.place"
    " LEFT JOIN accounts l ON l.name = p.low"
    " LEFT JOIN accounts h ON h.name = p.high"
    " WHERE m.id > ?1 ORDER BY m.id LIMIT ?2";

int chores_lines(sqlite3 *db, sqlite3_stmt **lines) {
    return sqlite3_prepare_v3(db, lines_sql, -1, SQLITE_PREPARE_PERSISTENT,
                              lines, NULL);
}

static size_t meta_of(sqlite3_stmt *row, char to[CHORES_META_SIZE]) {
    const unsigned char *name = sqlite3_column_text(row, 4);
    return chores_meta(
        sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3),
        text_of((const char *)name), sqlite3_column_int64(row, 5),
        sqlite3_column_int64(row, 6), to);
}

int chores_line(sqlite3_stmt *lines, sqlite3_stmt *statement) {
    char meta[CHORES_META_SIZE];
    sqlite3_bind_int64(statement, 1, sqlite3_column_int64(lines, 0));
    sqlite3_bind_value(statement, 2, sqlite3_column_value(lines, 1));
    sqlite3_bind_text(statement, 3, meta, (int)meta_of(lines, meta),
                      SQLITE_STATIC);
    sqlite3_step(statement);
    int result = sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result;
}

int chores_unindex_line(sqlite3_stmt *lines, sqlite3_stmt *unindex,
                        int64_t id) {
    int result = SQLITE_OK;
    sqlite3_reset(lines);
    sqlite3_bind_int64(lines, 1, id - 1);
    sqlite3_bind_int64(lines, 2, 1);
    if (sqlite3_step(lines) == SQLITE_ROW &&
        sqlite3_column_int64(lines, 0) == id)
        result = chores_line(lines, unindex);
    int end = sqlite3_reset(lines);
    return result ? result : end;
}
