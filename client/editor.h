/* The line being written: text, cursor, undo, and the lines sent before.
 * It works in grapheme clusters, knows no keys and no screen, and never holds
 * a control character but the line ends of a paste. */
#ifndef MINICHAT_CLIENT_EDITOR_H
#define MINICHAT_CLIENT_EDITOR_H

#include "client/kills.h"

enum {
    EDITOR_SIZE = 64 * 1024, /* bytes in one draft; more is not taken */
    EDITOR_UNDOS = 100,      /* and redos, together */
    EDITOR_HISTORY = 200,    /* sent lines that are remembered */
};

/* A draft as it was. */
struct draft {
    char *at; /* NULL where empty */
    size_t length, cursor;
    bool pasted_start; /* the first character came with a paste */
};

/* What the last change was: changes of one kind are undone together. */
enum edit {
    EDIT_NONE,
    EDIT_TYPED,
    EDIT_RUBBED,
    EDIT_KILLED, /* what is killed next is added to it */
    EDIT_YANKED, /* and may become what was killed before */
    EDIT_ROWS,   /* nothing: the cursor went up or down */
    EDIT_OTHER,
};

struct editor {
    struct draft now;
    size_t room; /* bytes that now.at can hold */
    /* Undos from the start on, the newest last; redos from the end back. */
    struct draft undos[EDITOR_UNDOS];
    size_t undo_count, redo_count;
    enum edit last;
    int column;         /* EDIT_ROWS: where it wants to stand */
    size_t yanked, age; /* EDIT_YANKED: where it begins, which one it is */
    char *sent[EDITOR_HISTORY]; /* oldest first */
    size_t sent_count;
    size_t recalled;    /* index into sent; sent_count: the draft itself */
    struct draft aside; /* the draft while another line is recalled */
    struct kills *kills;
};

/* kills must live as long as the editor. */
void editor_init(struct editor *editor, struct kills *kills);
void editor_finish(struct editor *editor);

/* Borrowed until the next change. */
struct text editor_text(const struct editor *editor);
/* Remembers `as` (NULL: the draft itself) as sent and empties the draft. */
void editor_sent(struct editor *editor, const char *as);
/* A line that was sent earlier, by a program before us. */
void editor_remember(struct editor *editor, struct text line);
/* Replaces bytes [from, to) and puts the cursor behind: completion. */
void editor_replace(struct editor *editor, size_t from, size_t to,
                    struct text with);
/* Typed text; what may not be shown is left out (utf8_plain). False where it
 * does not fit: then nothing is changed. */
bool editor_type(struct editor *editor, struct text text);
/* Pasted text: line ends (LF, CR, CR LF) stay as LF, one at the very end is
 * dropped. False where it does not fit. */
bool editor_paste(struct editor *editor, struct text text);
/* Text from elsewhere takes the place of the draft, cleaned as a paste is, but
 * as if it were typed: it can be undone. False where it does not fit. */
bool editor_set(struct editor *editor, struct text text);

/* The keys. A line ends at a line end of the draft. */
void editor_to_start(struct editor *editor); /* of the line */
/* To byte `at`, which is not inside a cluster. */
void editor_go_to(struct editor *editor, size_t at);
void editor_to_end(struct editor *editor);
void editor_left(struct editor *editor);
void editor_right(struct editor *editor);
void editor_word_left(struct editor *editor);
void editor_word_right(struct editor *editor);
void editor_rub_left(struct editor *editor);        /* Backspace */
void editor_rub_right(struct editor *editor);       /* Delete, C-d */
void editor_kill_word_left(struct editor *editor);  /* to the blank: C-w */
void editor_kill_word_right(struct editor *editor); /* M-d */
void editor_kill_to_start(struct editor *editor);   /* of the line */
void editor_kill_to_end(struct editor *editor); /* there: the line end itself */
void editor_kill_line(struct editor *editor);
void editor_yank(struct editor *editor);
void editor_yank_pop(struct editor *editor); /* only after a yank: M-y */
void editor_transpose(struct editor *editor);
void editor_undo(struct editor *editor);
void editor_redo(struct editor *editor);
void editor_clear(struct editor *editor); /* can be undone */
void editor_new_line(struct editor *editor);
/* To the row above or below where the draft is drawn in rows of that many
 * columns. False where there is none. */
bool editor_row_up(struct editor *editor, int columns);
bool editor_row_down(struct editor *editor, int columns);
/* To the last sent line before this one that begins as the draft did when it
 * was left; forth again, in the end to the draft. */
void editor_older(struct editor *editor);
void editor_newer(struct editor *editor);

#endif
