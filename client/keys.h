/* What each key does: one table from key to action. The screen decodes what
 * the terminal sends and presses here. */
#ifndef MINICHAT_CLIENT_KEYS_H
#define MINICHAT_CLIENT_KEYS_H

#include "client/commands.h"
#include "client/model.h"

/* A key is a code point (control keys: 1 to 31 and 127) or one of these, plus
 * what was held with it. Control with a letter is its control key; Shift with
 * a character is another character; ESC before a key is Alt. */
enum {
    KEYS_UP = 0x110000,
    KEYS_DOWN,
    KEYS_LEFT,
    KEYS_RIGHT,
    KEYS_HOME,
    KEYS_END,
    KEYS_PAGE_UP,
    KEYS_PAGE_DOWN,
    KEYS_INSERT,
    KEYS_DELETE,
    KEYS_BACKSPACE,
    KEYS_ENTER,
    KEYS_BACK_TAB,
    KEYS_F1, /* to KEYS_F12, one after the other */
    KEYS_F12 = KEYS_F1 + 11,
    KEYS_UNKNOWN,
    KEYS_ALT = 0x1000000,
    KEYS_CONTROL = 0x2000000,
    KEYS_SHIFT = 0x4000000,
};

enum mouse_kind {
    MOUSE_PRESS,
    MOUSE_RELEASE,
    MOUSE_DRAG,
    MOUSE_WHEEL_UP,
    MOUSE_WHEEL_DOWN,
};

struct mouse {
    enum mouse_kind kind;
    unsigned button;    /* 1: left, 2: middle, 3: right; 0: not told */
    unsigned modifiers; /* KEYS_ALT, KEYS_CONTROL, KEYS_SHIFT */
    int x, y;           /* of the cell, from 0 */
};

struct keys {
    struct model *model;
    struct commands *commands;
    int width, height;  /* of the screen: how far a page is */
    bool repaint;       /* C-l: draw everything anew, then set it to false */
    bool suspend;       /* C-z: to be done by the screen */
    bool chord;         /* C-x came; what follows belongs to it */
    bool sure;          /* the key before asked for the same */
    bool asked;         /* before this key, a person was asked something */
    bool asked_to_quit; /* C-c on an empty line; once more quits */
};

void keys_init(struct keys *keys, struct model *model,
               struct commands *commands);
void keys_finish(struct keys *keys);
void keys_resize(struct keys *keys, int width, int height);
void keys_press(struct keys *keys, uint32_t key);
/* The actions and the keys that they are bound to by themselves, for /bind and
 * completion: NULL after the last. Several keys may have the same action. */
const char *keys_action(size_t index, uint32_t *key);
/* Is it one of them, or "none"? */
bool keys_know(struct text action);
/* Text between the brackets of a paste. It is never carried out or sent by
 * itself. */
void keys_paste(struct keys *keys, struct text text);
/* Does the person look at this terminal? */
void keys_focus(struct keys *keys, bool focused);
/* The left button: a buffer is shown, a name put into the draft, a link opened,
 * a message pointed at by its time; the dotted line goes back to the newest,
 * and the draft gets the cursor there. The wheel moves what it is over. */
void keys_mouse(struct keys *keys, const struct mouse *mouse);

#endif
