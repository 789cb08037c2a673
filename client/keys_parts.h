/* What the files of the keys share. Nobody else includes this. */
#ifndef MINICHAT_CLIENT_KEYS_PARTS_H
#define MINICHAT_CLIENT_KEYS_PARTS_H

#include "client/keys.h"

enum {
    ALT = KEYS_ALT,
    CONTROL = KEYS_CONTROL,
    TAB = 9,
    LINE_FEED = 10,
    RETURN = 13,
    ESCAPE = 27,
    UNDERSCORE = 31, /* C-_ */
    RUBOUT = 127,
};

static inline uint32_t control(char letter) {
    return (uint32_t)letter & 0x1F;
}

static inline bool is_text(uint32_t key) {
    return key >= 0x20 && key < KEYS_UP && key != RUBOUT;
}

static inline bool is_enter(uint32_t key) {
    return key == RETURN || key == LINE_FEED || key == KEYS_ENTER;
}

/* keys_menu.c: while there is a menu. False: the key does what it does. */
bool keys_take_menu(struct keys *keys, uint32_t key);

/* keys_pick.c: while a message is pointed at, and a reaction to it chosen.
 * False: the key does what it does. */
bool keys_take_pick(struct keys *keys, uint32_t key);
bool keys_take_choice(struct keys *keys, uint32_t key);
/* Points at the newest one in sight, unless something is to be given up. */
void keys_select(struct keys *keys);

/* keys_seek.c: while one looks for something. */
bool keys_take_seek(struct keys *keys, uint32_t key);
void keys_seek_paste(struct keys *keys, struct text text);

/* keys_mouse.c: told too. */
void keys_open_link(struct keys *keys, struct text link);

/* keys.c: at the top, what was said before is asked for. */
void keys_scroll_up(struct keys *keys, int rows);
void keys_scroll_down(struct keys *keys, int rows);

/* keys_recall.c: while sent lines are searched, keys go there first. False:
 * the search has ended, and the key does what it does. */
bool keys_take_recall(struct keys *keys, uint32_t key);

#endif
