#include "client/editor.h"

#include <stdlib.h>
#include <string.h>

#include "client/cluster.h"
#include "client/plain.h"
#include "client/sheet.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

void editor_init(struct editor *editor, struct kills *kills) {
    *editor = (struct editor){.kills = kills};
}

static void drop(struct draft *draft) {
    free(draft->at);
    *draft = (struct draft){0};
}

static struct draft copy_of(const struct draft *draft) {
    struct draft copy = *draft;
    copy.at = draft->length ? memory_string(draft->at, draft->length) : NULL;
    return copy;
}

static void forget_redos(struct editor *editor) {
    while (editor->redo_count > 0)
        drop(&editor->undos[EDITOR_UNDOS - editor->redo_count--]);
}

static void forget_undos(struct editor *editor) {
    forget_redos(editor);
    while (editor->undo_count > 0)
        drop(&editor->undos[--editor->undo_count]);
    editor->last = EDIT_NONE;
}

void editor_finish(struct editor *editor) {
    drop(&editor->now);
    drop(&editor->aside);
    forget_undos(editor);
    for (size_t i = 0; i < editor->sent_count; i++)
        free(editor->sent[i]);
    editor_init(editor, editor->kills);
}

struct text editor_text(const struct editor *editor) {
    return text_slice(editor->now.at, editor->now.length);
}

/* The draft becomes this one, whose bytes it takes. */
static void take(struct editor *editor, struct draft draft) {
    free(editor->now.at);
    editor->now = draft;
    editor->room = draft.length;
}

static void remember_for_undo(struct editor *editor) {
    if (editor->undo_count == EDITOR_UNDOS) {
        drop(&editor->undos[0]);
        memmove(editor->undos, editor->undos + 1,
                (EDITOR_UNDOS - 1) * sizeof editor->undos[0]);
        editor->undo_count--;
    }
    editor->undos[editor->undo_count++] = copy_of(&editor->now);
}

static bool goes_in_runs(enum edit edit) {
    return edit == EDIT_TYPED || edit == EDIT_RUBBED;
}

/* To be called before each change. Typing and rubbing are undone in runs, all
 * else step by step. */
static void begin(struct editor *editor, enum edit edit) {
    forget_redos(editor);
    if (!goes_in_runs(edit) || edit != editor->last) remember_for_undo(editor);
    editor->last = edit;
}

static void make_room(struct editor *editor, size_t length) {
    if (length <= editor->room) return;
    editor->room = length + 64;
    editor->now.at = memory_grow(editor->now.at, editor->room, 1);
}

/* Puts `with` in the place of bytes [from, to); the cursor comes behind it. */
static void change(struct editor *editor, size_t from, size_t to,
                   struct text with) {
    struct draft *now = &editor->now;
    size_t length = now->length - (to - from) + with.length;
    make_room(editor, length);
    if (now->length > to)
        memmove(now->at + from + with.length, now->at + to, now->length - to);
    if (with.length > 0) memcpy(now->at + from, with.at, with.length);
    if (from == 0) now->pasted_start = false;
    now->length = length;
    now->cursor = from + with.length;
}

static bool fits(const struct editor *editor, struct text more) {
    return more.length <= EDITOR_SIZE - editor->now.length;
}

void editor_replace(struct editor *editor, size_t from, size_t to,
                    struct text with) {
    if (from > to || to > editor->now.length || !fits(editor, with)) return;
    begin(editor, EDIT_OTHER);
    change(editor, from, to, with);
}

bool editor_type(struct editor *editor, struct text text) {
    char *plain = plain_copy(text, EDITOR_SIZE);
    struct text clean = text_of(plain);
    bool room = fits(editor, clean);
    if (room && clean.length > 0) {
        begin(editor, text_is(clean, " ") ? EDIT_OTHER : EDIT_TYPED);
        change(editor, editor->now.cursor, editor->now.cursor, clean);
    }
    free(plain);
    return room;
}

/* Takes the next line of a paste off, whatever its line end. */
static struct text paste_line(struct text *rest) {
    size_t length = 0;
    while (length < rest->length && rest->at[length] != '\n' &&
           rest->at[length] != '\r')
        length++;
    struct text line = text_slice(rest->at, length);
    bool two = length + 1 < rest->length && rest->at[length] == '\r' &&
               rest->at[length + 1] == '\n';
    *rest = text_after(*rest, length + (two ? 2 : 1));
    return line;
}

/* The paste as it will stand in the draft: up to four bytes for one (TAB). */
static char *clean_paste(struct text text) {
    size_t size = 4 * text.length + 1;
    struct writer writer = writer_on(memory_new(size + 1, 1), size);
    while (text.length > 0) {
        struct text line = paste_line(&text);
        char *plain = plain_copy(line, 4 * line.length);
        write_string(&writer, plain);
        if (text.length > 0) write_char(&writer, '\n');
        free(plain);
    }
    return writer.at;
}

bool editor_paste(struct editor *editor, struct text text) {
    if (!fits(editor, text)) return false;
    char *pasted = clean_paste(text);
    struct text clean = text_of(pasted);
    bool room = fits(editor, clean);
    if (room && clean.length > 0) {
        bool at_start = editor->now.cursor == 0;
        begin(editor, EDIT_OTHER);
        change(editor, editor->now.cursor, editor->now.cursor, clean);
        if (at_start) editor->now.pasted_start = true;
    }
    free(pasted);
    return room;
}

bool editor_set(struct editor *editor, struct text text) {
    if (text.length > EDITOR_SIZE) return false;
    char *all = clean_paste(text);
    struct text clean = text_of(all);
    bool room = clean.length <= EDITOR_SIZE;
    if (room && !text_equals(clean, editor_text(editor))) {
        begin(editor, EDIT_OTHER);
        change(editor, 0, editor->now.length, clean);
    }
    free(all);
    return room;
}

static void remember_sent(struct editor *editor, struct text line) {
    if (line.length == 0) return;
    size_t count = editor->sent_count;
    if (count > 0 && text_is(line, editor->sent[count - 1])) return;
    if (count == EDITOR_HISTORY) {
        free(editor->sent[0]);
        memmove(editor->sent, editor->sent + 1,
                (EDITOR_HISTORY - 1) * sizeof editor->sent[0]);
        editor->sent_count--;
    }
    editor->sent[editor->sent_count++] = memory_string(line.at, line.length);
}

void editor_remember(struct editor *editor, struct text line) {
    bool here = editor->recalled == editor->sent_count;
    char *clean = clean_paste(line);
    if (here) remember_sent(editor, text_of(clean));
    if (here) editor->recalled = editor->sent_count;
    free(clean);
}

void editor_sent(struct editor *editor, const char *as) {
    remember_sent(editor, as ? text_of(as) : editor_text(editor));
    if (editor->now.length > 0)
        explicit_bzero(editor->now.at, editor->now.length);
    editor->now.length = 0;
    editor->now.cursor = 0;
    editor->now.pasted_start = false;
    editor->recalled = editor->sent_count;
    drop(&editor->aside);
    forget_undos(editor);
}

static void move_to(struct editor *editor, size_t cursor) {
    editor->now.cursor = cursor;
    editor->last = EDIT_NONE;
}

static size_t line_start(const struct editor *editor) {
    size_t at = editor->now.cursor;
    while (at > 0 && editor->now.at[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const struct editor *editor) {
    size_t at = editor->now.cursor;
    return at + text_find(text_after(editor_text(editor), at), '\n');
}

void editor_to_start(struct editor *editor) {
    move_to(editor, line_start(editor));
}

void editor_go_to(struct editor *editor, size_t at) {
    move_to(editor, at < editor->now.length ? at : editor->now.length);
}

void editor_to_end(struct editor *editor) {
    move_to(editor, line_end(editor));
}

static size_t left_of(const struct editor *editor, size_t at) {
    return cluster_before(editor_text(editor), at);
}

static size_t right_of(const struct editor *editor, size_t at) {
    return cluster_after(editor_text(editor), at);
}

void editor_left(struct editor *editor) {
    move_to(editor, left_of(editor, editor->now.cursor));
}

void editor_right(struct editor *editor) {
    move_to(editor, right_of(editor, editor->now.cursor));
}

/* Every byte above ASCII belongs to a word: a language without blanks is
 * crossed in one step, and no cluster is cut. */
static bool in_word(char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || (unsigned char)byte >= 0x80;
}

static size_t word_left_of(const struct editor *editor) {
    size_t at = editor->now.cursor;
    const char *bytes = editor->now.at;
    while (at > 0 && !in_word(bytes[at - 1]))
        at--;
    while (at > 0 && in_word(bytes[at - 1]))
        at--;
    return at;
}

static size_t word_right_of(const struct editor *editor) {
    size_t at = editor->now.cursor, length = editor->now.length;
    const char *bytes = editor->now.at;
    while (at < length && !in_word(bytes[at]))
        at++;
    while (at < length && in_word(bytes[at]))
        at++;
    return at;
}

void editor_word_left(struct editor *editor) {
    move_to(editor, word_left_of(editor));
}

void editor_word_right(struct editor *editor) {
    move_to(editor, word_right_of(editor));
}

static void rub(struct editor *editor, size_t from, size_t to) {
    if (from == to) return;
    begin(editor, EDIT_RUBBED);
    change(editor, from, to, text_of(""));
}

void editor_rub_left(struct editor *editor) {
    size_t cursor = editor->now.cursor;
    rub(editor, left_of(editor, cursor), cursor);
}

void editor_rub_right(struct editor *editor) {
    size_t cursor = editor->now.cursor;
    rub(editor, cursor, right_of(editor, cursor));
}

/* Cuts out what is between the cursor and `to`. */
static void kill_to(struct editor *editor, size_t to) {
    size_t cursor = editor->now.cursor;
    bool back = to < cursor;
    size_t from = back ? to : cursor, length = back ? cursor - to : to - cursor;
    if (length == 0) return; /* there may be no draft at all */
    struct text text = text_slice(editor->now.at + from, length);
    if (editor->last != EDIT_KILLED)
        kills_add(editor->kills, text);
    else if (back)
        kills_prepend(editor->kills, text);
    else
        kills_append(editor->kills, text);
    begin(editor, EDIT_KILLED);
    change(editor, from, from + length, text_of(""));
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\n';
}

void editor_kill_word_left(struct editor *editor) {
    size_t at = editor->now.cursor;
    while (at > 0 && is_blank(editor->now.at[at - 1]))
        at--;
    while (at > 0 && !is_blank(editor->now.at[at - 1]))
        at--;
    kill_to(editor, at);
}

void editor_kill_word_right(struct editor *editor) {
    kill_to(editor, word_right_of(editor));
}

void editor_kill_to_start(struct editor *editor) {
    kill_to(editor, line_start(editor));
}

void editor_kill_to_end(struct editor *editor) {
    size_t end = line_end(editor);
    bool there = end == editor->now.cursor && end < editor->now.length;
    kill_to(editor, there ? end + 1 : end);
}

/* With the line end behind it. */
void editor_kill_line(struct editor *editor) {
    size_t end = line_end(editor);
    editor->now.cursor = line_start(editor);
    kill_to(editor, end < editor->now.length ? end + 1 : end);
}

/* Puts a killed text in the place of bytes [from, to). */
static void yank(struct editor *editor, size_t from, size_t to, size_t age) {
    struct text text = kills_get(editor->kills, age);
    if (text.length == 0 || !fits(editor, text)) return;
    begin(editor, EDIT_YANKED);
    change(editor, from, to, text);
    editor->yanked = from;
    editor->age = age;
}

void editor_yank(struct editor *editor) {
    yank(editor, editor->now.cursor, editor->now.cursor, 0);
}

void editor_yank_pop(struct editor *editor) {
    if (editor->last != EDIT_YANKED) return;
    yank(editor, editor->yanked, editor->now.cursor, editor->age + 1);
}

/* The cluster before the cursor changes places with the one at it, or, at the
 * end of the line, with the one before. */
void editor_transpose(struct editor *editor) {
    size_t middle = editor->now.cursor;
    if (middle == editor->now.length) middle = left_of(editor, middle);
    size_t from = left_of(editor, middle), to = right_of(editor, middle);
    if (from == middle || middle == to) return;
    begin(editor, EDIT_OTHER);
    char *first = memory_string(editor->now.at + from, middle - from);
    memmove(editor->now.at + from, editor->now.at + middle, to - middle);
    memcpy(editor->now.at + from + (to - middle), first, middle - from);
    free(first);
    editor->now.cursor = to;
}

void editor_undo(struct editor *editor) {
    if (editor->undo_count == 0) return;
    struct draft back = editor->undos[--editor->undo_count];
    editor->undos[EDITOR_UNDOS - ++editor->redo_count] = copy_of(&editor->now);
    take(editor, back);
    editor->last = EDIT_NONE;
}

void editor_redo(struct editor *editor) {
    if (editor->redo_count == 0) return;
    struct draft forth = editor->undos[EDITOR_UNDOS - editor->redo_count--];
    editor->undos[editor->undo_count++] = copy_of(&editor->now);
    take(editor, forth);
    editor->last = EDIT_NONE;
}

static bool move_row(struct editor *editor, int columns, int step) {
    struct text text = editor_text(editor);
    struct spot spot = sheet_spot(text, columns, editor->now.cursor);
    spot.row += step;
    if (spot.row < 0 || spot.row >= sheet_rows(text, columns)) return false;
    if (editor->last != EDIT_ROWS) editor->column = spot.column;
    spot.column = editor->column;
    editor->now.cursor = sheet_byte(text, columns, spot);
    editor->last = EDIT_ROWS;
    return true;
}

bool editor_row_up(struct editor *editor, int columns) {
    return move_row(editor, columns, -1);
}

bool editor_row_down(struct editor *editor, int columns) {
    return move_row(editor, columns, 1);
}

static void recall(struct editor *editor, size_t index) {
    if (editor->recalled == editor->sent_count) {
        drop(&editor->aside);
        editor->aside = copy_of(&editor->now);
    }
    editor->recalled = index;
    forget_undos(editor);
    if (index == editor->sent_count) {
        take(editor, editor->aside);
        editor->aside = (struct draft){0};
        return;
    }
    size_t length = strlen(editor->sent[index]);
    take(editor, (struct draft){memory_string(editor->sent[index], length),
                                length, length, false});
}

/* Does that sent line go on from what was typed? */
static bool goes_on(const struct editor *editor, size_t index) {
    bool here = editor->recalled == editor->sent_count;
    const struct draft *draft = here ? &editor->now : &editor->aside;
    struct text line = text_of(editor->sent[index]);
    return draft->length <= line.length &&
           (draft->length == 0 ||
            memcmp(draft->at, line.at, draft->length) == 0);
}

void editor_older(struct editor *editor) {
    size_t index = editor->recalled;
    while (index > 0 && !goes_on(editor, index - 1))
        index--;
    if (index > 0) recall(editor, index - 1);
}

void editor_newer(struct editor *editor) {
    size_t index = editor->recalled;
    if (index == editor->sent_count) return;
    do
        index++;
    while (index < editor->sent_count && !goes_on(editor, index));
    recall(editor, index);
}

void editor_clear(struct editor *editor) {
    if (editor->now.length == 0) return;
    begin(editor, EDIT_OTHER);
    change(editor, 0, editor->now.length, text_of(""));
}

void editor_new_line(struct editor *editor) {
    editor_replace(editor, editor->now.cursor, editor->now.cursor,
                   text_of("\n"));
}
