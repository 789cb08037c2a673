/* The keys while candidates are gone through. */
#include "client/keys_parts.h"

/* Any other key takes the candidate, and goes on. */
bool keys_take_menu(struct keys *keys, uint32_t key) {
    struct menu *menu = &keys->model->menu;
    if (menu->count == 0 || key == TAB || key == KEYS_BACK_TAB) return false;
    if (key == ESCAPE || key == control('g'))
        menu_take_back(menu, &keys->model->current->editor);
    else
        menu_close(menu);
    return is_enter(key) || key == ESCAPE || key == control('g');
}
