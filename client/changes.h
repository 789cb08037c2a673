/* What a person has changed while the program runs and not saved yet: /set,
 * /bind and their like put it here, /save writes it into the file's text and
 * leaves all other bytes of that as they are. */
#ifndef MINICHAT_CLIENT_CHANGES_H
#define MINICHAT_CLIENT_CHANGES_H

#include "protocol/text.h"

enum { CHANGES_MAX = 256 };

struct change {
    char *section; /* "" is what stands before the first section */
    char *name;    /* NULL: the whole section goes */
    char *value;
};

struct changes {
    struct change list[CHANGES_MAX];
    size_t count;
};

/* Takes the place of what was changed there before. False where there are
 * CHANGES_MAX. */
bool changes_put(struct changes *changes, struct text section, struct text name,
                 struct text value);
bool changes_remove_section(struct changes *changes, struct text section);
void changes_clear(struct changes *changes);
/* The file's text, which holds no NUL, with all changes in it. free() gives it
 * back. */
char *changes_apply(const struct changes *changes, struct text file);

#endif
