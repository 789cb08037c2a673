/* What stands around the messages: where we are, what waits elsewhere, and
 * what the connections do. */
#include "client/view_parts.h"
#include "protocol/writer.h"

enum { BAR_NAME = 20 }; /* columns of a name in a bar */

/* A name that two networks have is told with its network. */
static bool is_ambiguous(const struct model *model,
                         const struct buffer *buffer) {
    if (model->network_count < 2 || buffer->kind == BUFFER_SERVER) return false;
    for (size_t i = 0; i < model->network_count; i++)
        if (model->networks[i] != buffer->network &&
            model_find(model, model->networks[i], text_of(buffer->name)))
            return true;
    return false;
}

static void write_fitting(struct writer *writer, struct text text,
                          int columns) {
    size_t fits = text_fit(text, columns);
    bool cut = fits < text.length;
    if (cut) fits = text_fit(text, columns - 1);
    write_text(writer, text_slice(text.at, fits));
    if (cut) write_string(writer, "…");
}

static void write_name(struct writer *writer, const struct model *model,
                       const struct buffer *buffer, int columns) {
    char whole[2 * MESSAGE_NAME_MAX];
    struct writer full = writer_on(whole, sizeof whole);
    write_string(&full, buffer->name);
    if (is_ambiguous(model, buffer)) {
        write_char(&full, '/');
        write_string(&full, buffer->network->name);
    }
    write_fitting(writer, writer_text(&full), columns);
}

static void write_waiting(struct writer *writer, unsigned unread,
                          unsigned mentions) {
    if (unread > 0) write_format(writer, " •%u", unread);
    if (mentions > 0) write_format(writer, " !%u", mentions);
}

/* Something is being written there, and is not seen. */
static bool has_draft(const struct model *model, const struct buffer *buffer) {
    return buffer != model->current && editor_text(&buffer->editor).length > 0;
}

/* " 2 @#ops•3 !1": number, a draft, name, how much is unread, how often we are
 * meant. */
static struct text describe(const struct model *model, size_t number,
                            char words[VIEW_WORDS]) {
    const struct buffer *buffer = model->buffers[number - 1];
    struct writer writer = writer_on(words, VIEW_WORDS);
    write_format(&writer, " %zu ", number);
    if (buffer->muted) write_char(&writer, '~');
    if (has_draft(model, buffer)) write_char(&writer, '@');
    write_name(&writer, model, buffer, BAR_NAME);
    write_waiting(&writer, buffer->unread, buffer->mentions);
    write_char(&writer, ' ');
    return writer_text(&writer);
}

static struct style style_of_waiting(unsigned unread, unsigned mentions) {
    if (mentions > 0) return style_of(COLOUR_MENTION, STYLE_BOLD);
    if (unread > 0) return style_of(COLOUR_ACTIVE, 0);
    return style_of(COLOUR_FAINT, 0);
}

/* What is muted waits quietly. */
static unsigned unread_in(const struct buffer *buffer) {
    return buffer->muted ? 0 : buffer->unread;
}

static struct style bar_style(const struct model *model,
                              const struct buffer *buffer) {
    if (buffer == model->current)
        return style_of(COLOUR_PLAIN, STYLE_BOLD | STYLE_REVERSE);
    return style_of_waiting(unread_in(buffer), buffer->mentions);
}

/* What waits in buffers [from, to), counted from 0. */
static struct style style_of_hidden(const struct model *model, size_t from,
                                    size_t to) {
    unsigned unread = 0, mentions = 0;
    for (size_t i = from; i < to; i++) {
        unread += unread_in(model->buffers[i]);
        mentions += model->buffers[i]->mentions;
    }
    return style_of_waiting(unread, mentions);
}

/* The first buffer to be shown so that the current one is visible too. */
static size_t first_in_bar(const struct model *model, int columns) {
    char words[VIEW_WORDS];
    size_t first = model_number(model, model->current);
    for (size_t number = first; number > 0; number--) {
        columns -= text_columns(describe(model, number, words));
        if (columns < 0) break;
        first = number;
    }
    return first;
}

void draw_bar(struct grid *grid, const struct layout *layout,
              const struct model *model) {
    char words[VIEW_WORDS];
    size_t first = first_in_bar(model, layout->width - 2), number = first;
    int y = layout->bar;
    int x = first > 1 ? grid_put(grid, 0, y, 1, text_of("‹"),
                                 style_of_hidden(model, 0, first - 1))
                      : 0;
    for (; number <= model->buffer_count && x < layout->width - 1; number++) {
        int used = grid_put(grid, x, y, layout->width - 1 - x,
                            describe(model, number, words),
                            bar_style(model, model->buffers[number - 1]));
        grid_zone(grid, x, y, used, ZONE_BUFFER, number);
        x += used;
    }
    if (number <= model->buffer_count)
        grid_put(grid, layout->width - 1, y, 1, text_of("›"),
                 style_of_hidden(model, number - 1, model->buffer_count));
    else if (x + 9 < layout->width)
        grid_put_right(grid, x, y, layout->width - x - 1, text_of("F1 help"),
                       style_of(COLOUR_FAINT, 0));
}

static void draw_buffer(struct grid *grid, const struct layout *layout,
                        const struct model *model, size_t number, int y) {
    const struct buffer *buffer = model->buffers[number - 1];
    char words[VIEW_WORDS], name[VIEW_WORDS];
    struct style style = bar_style(model, buffer);
    int columns = layout->left - 1;
    struct writer waiting = writer_on(words, VIEW_WORDS);
    write_waiting(&waiting, buffer->unread, buffer->mentions);
    struct text right = writer_text(&waiting);
    struct writer left = writer_on(name, VIEW_WORDS);
    write_format(&left, "%2zu %s", number, buffer->muted ? "~" : "");
    write_name(&left, model, buffer, columns - 4 - text_columns(right));
    grid_fill(grid, 0, y, columns, " ", style);
    grid_put(grid, 0, y, columns, writer_text(&left), style);
    grid_put_right(grid, 0, y, columns, right, style);
    grid_zone(grid, 0, y, columns, ZONE_BUFFER, number);
}

/* As a list, the current one in sight. */
void draw_buffers(struct grid *grid, const struct layout *layout,
                  const struct model *model) {
    size_t rows = (size_t)layout->status;
    size_t current = model_number(model, model->current);
    size_t first = current > rows ? current - rows + 1 : 1;
    for (size_t i = 0; i < rows && first + i <= model->buffer_count; i++)
        draw_buffer(grid, layout, model, first + i, (int)i);
}

static void write_below(struct writer *writer, const struct buffer *buffer) {
    uint64_t below = buffer->last - buffer->scroll.number;
    if (below > 0)
        write_format(writer, "%llu below", (unsigned long long)below);
    else
        write_string(writer, "reading");
}

static const char *state_glyph(const struct network *network) {
    if (!network->online) return "○";
    return network->suspect ? "◐" : "●";
}

static void write_network(struct writer *writer,
                          const struct network *network) {
    write_format(writer, "%s ", state_glyph(network));
    write_fitting(writer, text_of(network->name), BAR_NAME);
    if (!network->online && network->pending.count > 0)
        write_format(writer, " · %zu waiting ·", network->pending.count);
    if (network->state[0]) write_format(writer, " %s", network->state);
    if (network->away) write_string(writer, " · away");
}

static struct style network_style(const struct network *network) {
    return style_of(
        network->online && !network->suspect ? COLOUR_GOOD : COLOUR_ALERT, 0);
}

/* What can be done with what is pointed at. */
static void write_acts(struct writer *writer, const struct model *model) {
    static const struct {
        enum act act;
        const char *words;
    } acts[] = {
        {ACT_REPLY, "r reply  "},      {ACT_REACT, "+ react  "},
        {ACT_UNREACT, "- unreact  "},  {ACT_CORRECT, "e correct  "},
        {ACT_REDACT, "d take back  "},
    };
    const struct message *message = model_picked(model);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (!model_reason_not_to(model->current, message, acts[i].act))
            write_string(writer, acts[i].words);
    if (message_reply(message).length > 0) write_string(writer, "t thread  ");
    write_string(writer, "y copy  Esc");
}

static void write_answered(struct writer *writer, const struct buffer *buffer) {
    write_string(writer, "↩ ");
    write_quote(writer, buffer, text_of(buffer->reply));
}

/* What the hands are at; false where that is nothing. */
static bool write_doing(struct writer *writer, const struct model *model) {
    const struct buffer *buffer = model->current;
    if (model->hint[0])
        write_string(writer, model->hint);
    else if (model_picked(model))
        write_acts(writer, model);
    else if (buffer->reply)
        write_answered(writer, buffer);
    else
        return false;
    return true;
}

static void write_state(struct writer *writer, const struct buffer *buffer) {
    if (buffer->scroll.number)
        write_below(writer, buffer);
    else if (buffer->typers.count > 0 && buffer->network->online)
        typers_write(&buffer->typers, writer);
    else
        write_network(writer, buffer->network);
}

static void draw_place(struct grid *grid, const struct layout *layout,
                       const struct model *model, int x) {
    const struct buffer *current = model->current;
    char words[VIEW_WORDS];
    struct writer writer = writer_on(words, VIEW_WORDS);
    write_char(&writer, ' ');
    if (!write_doing(&writer, model)) write_state(&writer, current);
    int used = grid_put(grid, x, layout->bar, layout->width - x,
                        writer_text(&writer), network_style(current->network));
    if (current->scroll.number)
        grid_zone(grid, x, layout->bar, used, ZONE_BELOW, 0);
}

/* The one bar of a small screen. */
void draw_small_bar(struct grid *grid, const struct layout *layout,
                    const struct model *model) {
    char words[VIEW_WORDS];
    unsigned unread = 0, mentions = 0;
    for (size_t i = 0; i < model->buffer_count; i++) {
        unread += unread_in(model->buffers[i]);
        mentions += model->buffers[i]->mentions;
    }
    int x = grid_put(grid, 0, layout->bar, layout->width * 2 / 3,
                     text_of(model->current->name),
                     style_of(COLOUR_PLAIN, STYLE_BOLD | STYLE_REVERSE));
    struct writer writer = writer_on(words, VIEW_WORDS);
    write_waiting(&writer, unread, mentions);
    x += grid_put(grid, x, layout->bar, layout->width - x, writer_text(&writer),
                  style_of_waiting(unread, mentions));
    draw_place(grid, layout, model, x);
}

static void draw_topic_text(struct grid *grid, int x, int y, int columns,
                            struct text topic) {
    struct paint paint;
    struct style plain = style_of(COLOUR_PLAIN, 0);
    if (columns < 1) return;
    paint_begin(&paint, topic, plain);
    size_t fits = text_fit(topic, columns);
    bool cut = fits < topic.length;
    if (cut) fits = text_fit(topic, columns - 1);
    x += paint_row(grid, &paint, x, y, columns, text_slice(topic.at, fits));
    if (cut) grid_put(grid, x, y, 1, text_of("…"), plain);
}

void draw_topic(struct grid *grid, const struct layout *layout,
                const struct buffer *buffer) {
    struct style bold = style_of(COLOUR_PLAIN, STYLE_BOLD);
    int x = layout->left + 1, y = layout->topic, end = layout->width - 1;
    x += grid_put(grid, x, y, (end - x) / 3, text_of(buffer->name), bold);
    if (buffer->kind == BUFFER_ROOM && !buffer->in)
        x += grid_put(grid, x, y, end - x, text_of(" (not in)"),
                      style_of(COLOUR_ALERT, 0));
    if (buffer->topic[0] == '\0') return;
    x += grid_put(grid, x, y, end - x, text_of(" · "),
                  style_of(COLOUR_FAINT, 0));
    draw_topic_text(grid, x, y, end - x, text_of(buffer->topic));
}

/* False where there is nothing to be said. */
static bool write_right(struct writer *writer, const struct layout *layout,
                        const struct model *model) {
    const struct buffer *buffer = model->current;
    if (write_doing(writer, model)) return true;
    if (buffer->scroll.number && !has_tail(layout, buffer)) {
        write_below(writer, buffer);
        write_string(writer, " · End");
    } else {
        if (buffer->members.count == 0) return false;
        write_format(writer, "%zu here", buffer->members.count);
    }
    return true;
}

static void draw_status_right(struct grid *grid, const struct layout *layout,
                              const struct model *model, int x) {
    char words[VIEW_WORDS];
    struct writer writer = writer_on(words, VIEW_WORDS);
    write_char(&writer, ' ');
    if (!write_right(&writer, layout, model)) return;
    write_char(&writer, ' ');
    bool reads = model->current->scroll.number > 0;
    bool urgent = model->hint[0] || reads;
    int columns = layout->width - x - 2;
    if (reads) grid_zone(grid, x, layout->status, columns, ZONE_BELOW, 0);
    grid_put_right(grid, x, layout->status, columns, writer_text(&writer),
                   style_of(urgent ? COLOUR_ACTIVE : COLOUR_FAINT,
                            urgent ? STYLE_BOLD : 0));
}

static int draw_network(struct grid *grid, const struct layout *layout,
                        const struct network *network, int x, int room) {
    char words[VIEW_WORDS];
    struct writer writer = writer_on(words, VIEW_WORDS);
    write_char(&writer, ' ');
    write_network(&writer, network);
    write_char(&writer, ' ');
    return grid_put(grid, x, layout->status, room, writer_text(&writer),
                    network_style(network));
}

static int draw_typers(struct grid *grid, const struct layout *layout,
                       const struct buffer *buffer, int x, int room) {
    char words[VIEW_WORDS];
    struct writer writer = writer_on(words, VIEW_WORDS);
    if (buffer->typers.count == 0 || room < 8) return 0;
    write_char(&writer, ' ');
    typers_write(&buffer->typers, &writer);
    write_char(&writer, ' ');
    return grid_put(grid, x, layout->status, room, writer_text(&writer),
                    style_of(COLOUR_FAINT, STYLE_ITALIC));
}

/* The network that we look at, then those that are not well. */
void draw_status(struct grid *grid, const struct layout *layout,
                 const struct model *model) {
    const struct network *here = model->current->network;
    int end = layout->width - 30; /* what stands at the right fits too */
    if (end < layout->width / 2) end = layout->width / 2;
    int x = layout->left + 2;
    x += draw_network(grid, layout, here, x, end - x);
    int typers = draw_typers(grid, layout, model->current, x + 1, end - x - 1);
    if (typers > 0) x += typers + 1;
    for (size_t i = 0; i < model->network_count; i++) {
        const struct network *network = model->networks[i];
        if (network != here && !network->online && end - x > 8)
            x += draw_network(grid, layout, network, x, end - x);
    }
    draw_status_right(grid, layout, model, x);
}
