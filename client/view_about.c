/* What stands around the text of a message: the line that it answers above it,
 * and behind it what people made of it. */
#include "client/view_parts.h"
#include "protocol/utf8.h"

enum {
    QUOTE_SIZE = 512,
    QUOTE_NAME = 64,  /* bytes of a name in it */
    QUOTE_BODY = 400, /* and of a line */
    APART = 2,        /* columns before reactions */
};

bool has_quote(const struct message *message) {
    return message_reply(message).length > 0;
}

static void write_cut(struct writer *writer, struct text text, size_t most) {
    size_t length = utf8_cut(text, most);
    write_text(writer, text_slice(text.at, length));
    if (length < text.length) write_string(writer, "…");
}

void write_quote(struct writer *writer, const struct buffer *buffer,
                 struct text msgid) {
    const struct message *message = buffer_find(buffer, msgid);
    if (!message) {
        write_string(writer, "an earlier message");
        return;
    }
    struct text rest = message->body;
    write_cut(writer, message->nick, QUOTE_NAME);
    write_string(writer, ": ");
    write_cut(writer, text_piece(&rest, '\n'), QUOTE_BODY);
    if (rest.length > 0) write_string(writer, " …");
}

void draw_quote(struct grid *grid, const struct layout *layout,
                const struct buffer *buffer, uint64_t number, int y) {
    char words[QUOTE_SIZE];
    const struct message *message = buffer_message(buffer, number);
    struct writer writer = writer_on(words, sizeof words);
    write_string(&writer, "╭ ");
    write_quote(&writer, buffer, message_reply(message));
    grid_put(grid, layout->indent, y, layout->columns, writer_text(&writer),
             style_of(COLOUR_FAINT, 0));
    grid_zone(grid, layout->left, y, layout->members - layout->left,
              ZONE_MESSAGE, number);
}

static struct text describe(const struct layout *layout,
                            const struct message *message,
                            char words[QUOTE_SIZE]) {
    struct writer writer = writer_on(words, QUOTE_SIZE);
    if (message->reactions)
        reactions_write(message->reactions, &writer, layout->columns);
    return writer_text(&writer);
}

/* Behind the text where there is room in its last row. */
static bool fits_behind(const struct layout *layout, struct text reactions,
                        int used) {
    return used + APART + text_columns(reactions) <= layout->columns;
}

int reaction_rows(const struct layout *layout, const struct message *message,
                  int used) {
    char words[QUOTE_SIZE];
    struct text reactions = describe(layout, message, words);
    if (reactions.length == 0) return 0;
    return fits_behind(layout, reactions, used) ? 0 : 1;
}

void draw_reactions(struct grid *grid, const struct layout *layout,
                    const struct message *message, int y) {
    char words[QUOTE_SIZE];
    struct text reactions = describe(layout, message, words);
    bool ours = reactions_own(message->reactions) != NULL;
    grid_put_right(grid, layout->indent, y, layout->columns, reactions,
                   style_of(COLOUR_ACTIVE, ours ? STYLE_BOLD : 0));
}

/* Whatever it is drawn in, it is another than its neighbours are. */
void draw_picked(struct grid *grid, const struct layout *layout, int y,
                 int rows) {
    int end = layout->indent > 0 ? layout->indent - 1 : layout->members;
    for (int i = 0; i < rows; i++)
        for (int x = layout->left; x < end; x++)
            grid_cell(grid, x, y + i)->style.bits ^= STYLE_REVERSE;
}
