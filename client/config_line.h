/* The form of the configuration: lines of three kinds, and comments.
 *     # comment            ; comment
 *     [network box]
 *     name = value         # a comment too: # between blanks, or at the end
 * A line may be as long as it likes. Read and written here, so that what we
 * write back keeps every byte that we had no reason to change. */
#ifndef MINICHAT_CLIENT_CONFIG_LINE_H
#define MINICHAT_CLIENT_CONFIG_LINE_H

#include "protocol/text.h"

enum config_kind {
    CONFIG_NOTHING, /* a comment, or blank */
    CONFIG_SECTION, /* name is between the [] */
    CONFIG_PAIR,
    CONFIG_NONSENSE,
};

struct config_line {
    enum config_kind kind;
    struct text whole;       /* without its line end */
    struct text name, value; /* of `whole`; trimmed */
};

/* Takes the next line off. False at the end. */
bool config_next_line(struct text *rest, struct config_line *line);
/* Blanks and letter case make no other section. */
bool config_same_section(struct text a, struct text b);
/* Can it stand as a value, and be read as the same again? */
bool config_is_value(struct text value);

#endif
