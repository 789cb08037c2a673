#include "client/menu.h"

#include <stdlib.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"

static char *copy(struct text text) {
    return memory_string(text.at, utf8_cut(text, MENU_TEXT_MAX));
}

void menu_add(struct menu *menu, struct text text, struct text note) {
    if (menu->count == MENU_MAX) return;
    menu->list[menu->count++] = (struct candidate){copy(text), copy(note)};
}

static void put(struct menu *menu, struct editor *editor, struct text text) {
    editor_replace(editor, menu->from, menu->to, text);
    menu->to = editor->now.cursor;
}

void menu_put(struct menu *menu, struct editor *editor) {
    struct text draft = editor_text(editor);
    struct text word = text_after(text_slice(draft.at, menu->to), menu->from);
    if (!menu->word) menu->word = memory_string(word.at, word.length);
    put(menu, editor, text_of(menu->list[menu->index].text));
}

void menu_take_back(struct menu *menu, struct editor *editor) {
    if (menu->word) put(menu, editor, text_of(menu->word));
    menu_close(menu);
}

void menu_close(struct menu *menu) {
    for (size_t i = 0; i < menu->count; i++) {
        free(menu->list[i].text);
        free(menu->list[i].note);
    }
    free(menu->word);
    menu->word = NULL;
    menu->count = 0;
}
