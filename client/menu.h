/* What the word before the cursor may become: the candidates, and which of
 * them stands in the draft now. complete.h finds them, the view shows them. */
#ifndef MINICHAT_CLIENT_MENU_H
#define MINICHAT_CLIENT_MENU_H

#include "client/editor.h"

enum {
    MENU_MAX = 100, /* candidates; more are left out */
    MENU_TEXT_MAX = 520,
};

struct candidate {
    char *text; /* takes the word's place */
    char *note; /* what it is, or how it is used; may be "" */
};

struct menu {
    struct candidate list[MENU_MAX];
    size_t count; /* 0: there is no menu */
    size_t index;
    size_t from, to; /* bytes of the draft that hold the candidate */
    char *word;      /* what stood there */
};

/* text and note are copied, cut at MENU_TEXT_MAX. */
void menu_add(struct menu *menu, struct text text, struct text note);
/* The candidate at index, from its start on, comes into the draft. */
void menu_put(struct menu *menu, struct editor *editor);
/* The word is as it was. */
void menu_take_back(struct menu *menu, struct editor *editor);
/* The draft stays as it is. */
void menu_close(struct menu *menu);

#endif
