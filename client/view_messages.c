/* Messages under one another, from the lowest visible row upwards. */
#include <string.h>
#include <time.h>

#include "client/plain.h"
#include "client/view_parts.h"
#include "client/wrap.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"

enum { SPEAKER_COLUMNS = 16 }; /* most that a name takes within a text */

/* A message as it is drawn: what stands in its nick column, and its text. */
struct look {
    struct text nick, body;
    struct style nick_style, body_style;
    const struct message *message; /* NULL: it is none yet */
    size_t shift; /* bytes of the body that stand before the message's */
    char bytes[2 * MESSAGE_BODY_MAX]; /* of both, where they are put together */
    char merged[COMINGS_SIZE];        /* of several that are one line */
};

/* How each kind is drawn. {} stands for the speaker. */
static const struct {
    const char *nick;   /* in the nick column */
    const char *before; /* before the text */
    const char *joined; /* before the text where there is no nick column */
    enum colour colour;
} kinds[] = {
    [MESSAGE_SAID] = {"{}", "", "{}: ", COLOUR_PLAIN},
    [MESSAGE_ACTED] = {"*", "{} ", "* {} ", COLOUR_PLAIN},
    [MESSAGE_NOTICED] = {"-{}-", "", "-{}- ", COLOUR_PLAIN},
    [MESSAGE_EVENT] = {"·", "", "· ", COLOUR_FAINT},
    [MESSAGE_ANSWER] = {"=", "", "= ", COLOUR_PLAIN},
    [MESSAGE_ERROR] = {"!", "", "! ", COLOUR_ALERT},
    [MESSAGE_GAP] = {"", "", "", COLOUR_ACTIVE},
};

static struct style nick_style(const struct message *message) {
    if (message_is_mention(message))
        return style_of(COLOUR_MENTION, STYLE_BOLD);
    if (message->own) return style_of(COLOUR_PLAIN, STYLE_BOLD);
    if (message->nick.length > 0) return style_for_name(message->nick);
    return style_of(kinds[message->kind].colour, STYLE_BOLD);
}

/* In the text no name takes more than its share. */
static void write_speaker(struct writer *writer, struct text name) {
    bool long_one = text_columns(name) > SPEAKER_COLUMNS;
    size_t length =
        long_one ? text_fit(name, SPEAKER_COLUMNS - 1) : name.length;
    write_text(writer, text_slice(name.at, length));
    if (long_one) write_string(writer, "…");
}

/* Borrowed where there is nothing around it. */
static struct text put_together(struct writer *writer, const char *pattern,
                                struct text speaker, struct text after) {
    size_t start = writer->length;
    if (pattern[0] == '\0') return after;
    if (strcmp(pattern, "{}") == 0 && after.length == 0) return speaker;
    for (; *pattern; pattern++) {
        if (pattern[0] == '{')
            write_speaker(writer, speaker);
        else if (pattern[0] != '}')
            write_char(writer, *pattern);
    }
    write_text(writer, after);
    return text_after(writer_text(writer), start);
}

/* `sign` is for where there is no column for it. */
static void fill(struct look *look, const struct layout *layout,
                 enum message_kind kind, const char *sign, struct text nick,
                 struct text body) {
    struct writer writer = writer_on(look->bytes, sizeof look->bytes);
    look->message = NULL;
    if (layout->nick > 0) {
        look->nick = put_together(&writer, kinds[kind].nick, nick, text_of(""));
        look->body = put_together(&writer, kinds[kind].before, nick, body);
    } else {
        look->nick = text_of("");
        write_string(&writer, sign);
        put_together(&writer, kinds[kind].joined, nick, body);
        look->body = writer_text(&writer);
    }
    look->shift = look->body.length - body.length;
}

static void look_at(struct look *look, const struct layout *layout,
                    const struct buffer *buffer, uint64_t number) {
    const struct message *message = buffer_message(buffer, number);
    fill(look, layout, message->kind, message_is_mention(message) ? "! " : "",
         message->nick, message_words(layout, buffer, number, look->merged));
    look->message = message;
    look->nick_style = nick_style(message);
    look->body_style = style_of(kinds[message->kind].colour, 0);
    if (message->redacted)
        look->body_style = style_of(COLOUR_FAINT, STYLE_ITALIC);
    if (message_is_mention(message) && layout->nick == 0)
        look->body_style = look->nick_style;
}

/* How a line of ours is drawn that is not confirmed: the sign stands behind
 * our name, the words behind the text. */
static const struct unconfirmed {
    const char *sign, *words;
    enum colour colour;
} unconfirmed[] = {
    [PENDING_WAITING] = {"⋯", "", COLOUR_FAINT},
    [PENDING_SENT] = {"→", "", COLOUR_FAINT},
    [PENDING_LOST] = {"?", "", COLOUR_FAINT},
    [PENDING_DOUBTED] = {"?", " · perhaps not sent · /resend or /edit",
                         COLOUR_ALERT},
    [PENDING_REFUSED] = {"!", " · not sent · /resend or /edit", COLOUR_ALERT},
    [PENDING_STALE] = {"⋯", " · not sent · /queue retry, /queue drop or /edit",
                       COLOUR_ALERT},
};

static const struct unconfirmed late = {"?", "", COLOUR_FAINT};

static const struct unconfirmed *sign_of(const struct pending_line *line) {
    return line->late ? &late : &unconfirmed[line->state];
}

static struct text name_with_sign(const struct layout *layout,
                                  const struct buffer *buffer, const char *sign,
                                  char to[MESSAGE_NAME_MAX]) {
    struct text nick = text_of(buffer->network->nick);
    struct writer writer = writer_on(to, MESSAGE_NAME_MAX);
    size_t fits =
        layout->nick > 0 ? text_fit(nick, layout->nick - 1) : nick.length;
    write_text(&writer, text_slice(nick.at, fits));
    write_string(&writer, sign);
    return writer_text(&writer);
}

static void write_age(struct writer *writer, int64_t when) {
    char clock[64];
    struct tm tm = local_time(when);
    if (strftime(clock, sizeof clock, " · typed %d %b %H:%M", &tm))
        write_string(writer, clock);
}

static struct text body_with_words(const struct pending_line *line,
                                   char to[MESSAGE_BODY_MAX]) {
    struct writer writer = writer_on(to, MESSAGE_BODY_MAX);
    char reason[512];
    size_t most = MESSAGE_BODY_MAX - 1024;
    writer.length = shown_write(line->body, to, most);
    if (line->state == PENDING_STALE) write_age(&writer, line->when);
    write_string(&writer, sign_of(line)->words);
    if (line->state != PENDING_REFUSED || !line->reason)
        return writer_text(&writer);
    size_t length = utf8_shown(text_of(line->reason), reason, sizeof reason);
    write_string(&writer, " · ");
    write_text(&writer, text_slice(reason, length));
    return writer_text(&writer);
}

static void look_at_pending(struct look *look, const struct layout *layout,
                            const struct buffer *buffer,
                            const struct pending_line *line) {
    char name[MESSAGE_NAME_MAX], body[MESSAGE_BODY_MAX];
    enum message_kind kind =
        line->kind == NEWS_ACTED ? MESSAGE_ACTED : MESSAGE_SAID;
    fill(look, layout, kind, "",
         name_with_sign(layout, buffer, sign_of(line)->sign, name),
         body_with_words(line, body));
    look->nick_style = style_of(sign_of(line)->colour, 0);
    look->body_style = look->nick_style;
}

static int rows_above(const struct layout *layout, const struct buffer *buffer,
                      uint64_t number) {
    return begins_day(layout, buffer, number) + begins_new(buffer, number) +
           has_quote(buffer_message(buffer, number));
}

/* Rows of its text and what stands below it. */
static int rows_of_text(const struct layout *layout, const struct look *look) {
    struct text rest = look->body, line = rest;
    int rows = wrap_rows(look->body, layout->columns);
    if (!look->message || !look->message->reactions) return rows;
    while (rest.length > 0)
        line = wrap_next(&rest, layout->columns);
    return rows + reaction_rows(layout, look->message, text_columns(line));
}

int message_rows(const struct layout *layout, const struct buffer *buffer,
                 uint64_t number) {
    struct look look;
    if (!message_is_shown(layout, buffer, number)) return 0;
    if (buffer_is_gap(buffer, number))
        return rows_above(layout, buffer, number) + 1;
    look_at(&look, layout, buffer, number);
    return rows_above(layout, buffer, number) + rows_of_text(layout, &look);
}

int message_row_of(const struct layout *layout, const struct buffer *buffer,
                   uint64_t number, const struct needle *needle) {
    struct look look;
    int row = rows_above(layout, buffer, number);
    if (buffer_is_gap(buffer, number)) return 0;
    look_at(&look, layout, buffer, number);
    struct text rest = look.body, found = needle_find(needle, rest);
    while (found.length > 0 && rest.length > 0) {
        struct text line = wrap_next(&rest, layout->columns);
        if (found.at < line.at + line.length) return row;
        row++;
    }
    return 0;
}

static void draw_rule(struct grid *grid, const struct layout *layout, int y,
                      const char *dash, const char *words, struct style style) {
    char label[160];
    struct writer writer = writer_on(label, sizeof label);
    write_format(&writer, " %s ", words);
    int start = layout->left + (layout->nick > 0 ? 3 : 0);
    int columns = layout->members - layout->left;
    grid_fill(grid, layout->left, y, columns, dash, style);
    grid_put(grid, start, y, layout->members - start, writer_text(&writer),
             style);
}

static void draw_day(struct grid *grid, const struct layout *layout, int y,
                     int64_t when) {
    char day[64];
    struct tm tm = local_time(when);
    if (strftime(day, sizeof day, "%a %d %b %Y", &tm) == 0) return;
    draw_rule(grid, layout, y, "─", day, style_of(COLOUR_FAINT, 0));
}

static void draw_time(struct grid *grid, const struct layout *layout, int y,
                      int64_t when) {
    char clock[64];
    struct tm tm = local_time(when);
    size_t length = strftime(clock, sizeof clock, layout->clock, &tm);
    grid_put(grid, layout->time_x, y, layout->time, text_slice(clock, length),
             style_of(COLOUR_FAINT, 0));
}

/* Beside the first row of a message. */
static void draw_margin(struct grid *grid, const struct layout *layout, int y,
                        const struct look *look, const struct buffer *buffer,
                        uint64_t number) {
    const struct message *message = buffer_message(buffer, number);
    if (begins_day(layout, buffer, number) ||
        begins_minute(layout, buffer, number))
        draw_time(grid, layout, y, message->when);
    if (message_is_mention(message) && layout->nick > 0)
        grid_put(grid, layout->mark, y, 1, text_of("!"),
                 style_of(COLOUR_MENTION, STYLE_BOLD));
    grid_put_right(grid, layout->nick_x, y, layout->nick, look->nick,
                   look->nick_style);
    if (message->nick.length > 0)
        grid_zone(grid, layout->nick_x, y, layout->nick, ZONE_SPEAKER, number);
}

/* Rows [row, row + count) of a text, counted from 0, from row y on. */
static void draw_body(struct grid *grid, const struct layout *layout,
                      const struct look *look, int row, int count, int y) {
    struct text rest = look->body;
    struct paint paint;
    paint_begin(&paint, look->body, look->body_style);
    paint.message = look->message;
    paint.shift = look->shift;
    if (layout->needle) paint_mark(&paint, layout->needle);
    for (int i = 0; i < row + count && rest.length > 0; i++) {
        struct text line = wrap_next(&rest, layout->columns);
        int indent = layout->indent + (i > 0 ? layout->hang : 0);
        if (i >= row)
            paint_row(grid, &paint, indent, y + i - row, layout->columns, line);
    }
}

/* In few words where there is no room for all of them. */
static void draw_gap(struct grid *grid, const struct layout *layout, int y,
                     const struct message *gap, uint64_t number) {
    char words[160];
    struct writer writer = writer_on(words, sizeof words);
    int columns = layout->members - layout->left;
    if (text_columns(gap->body) + 8 <= columns)
        write_text(&writer, gap->body);
    else if (gap->missing > 0)
        write_format(&writer, "%u missing · Enter", gap->missing);
    else
        write_string(&writer, "more · Enter");
    write_char(&writer, '\0');
    draw_rule(grid, layout, y, "┄", words, style_of(COLOUR_ACTIVE, 0));
    grid_zone(grid, layout->left, y, columns, ZONE_GAP, number);
}

static void draw_above(struct grid *grid, const struct layout *layout,
                       const struct buffer *buffer, uint64_t number, int row,
                       int y) {
    const struct message *message = buffer_message(buffer, number);
    bool last = row + 1 == rows_above(layout, buffer, number);
    if (row == 0 && begins_day(layout, buffer, number))
        draw_day(grid, layout, y, message->when);
    else if (last && has_quote(message))
        draw_quote(grid, layout, buffer, number, y);
    else
        draw_rule(grid, layout, y, "─", "new", style_of(COLOUR_ACTIVE, 0));
}

static void zone_row(struct grid *grid, const struct layout *layout, int y,
                     uint64_t number) {
    grid_zone(grid, layout->left, y, layout->members - layout->left,
              ZONE_MESSAGE, number);
    grid_zone(grid, layout->left, y, layout->nick_x - layout->left, ZONE_MARGIN,
              number);
}

/* Rows [row, row + count) of all that belongs to a message, from row y on. */
static void draw_message(struct grid *grid, const struct layout *layout,
                         const struct buffer *buffer, uint64_t number, int row,
                         int count, int y) {
    struct look look;
    int above = rows_above(layout, buffer, number), end = row + count;
    for (; row < above && row < end; row++, y++)
        draw_above(grid, layout, buffer, number, row, y);
    if (row == end) return;
    const struct message *message = buffer_message(buffer, number);
    if (message->kind == MESSAGE_GAP) {
        draw_gap(grid, layout, y, message, number);
        if (number == buffer->picked) draw_picked(grid, layout, y, 1);
        return;
    }
    for (int i = row; i < end; i++)
        zone_row(grid, layout, y + i - row, number);
    look_at(&look, layout, buffer, number);
    if (row == above) draw_margin(grid, layout, y, &look, buffer, number);
    draw_body(grid, layout, &look, row - above, end - row, y);
    if (message->reactions && end == above + rows_of_text(layout, &look))
        draw_reactions(grid, layout, message, y + end - row - 1);
    if (number == buffer->picked) draw_picked(grid, layout, y, end - row);
}

static bool is_here(const struct pending_line *line,
                    const struct buffer *buffer) {
    return name_equals(line->target, text_of(buffer->name));
}

int pending_rows(const struct layout *layout, const struct buffer *buffer,
                 int enough) {
    const struct pending *pending = &buffer->network->pending;
    struct look look;
    int rows = 0;
    for (size_t i = pending->count; i > 0 && rows < enough; i--) {
        if (!is_here(pending->lines[i - 1], buffer)) continue;
        look_at_pending(&look, layout, buffer, pending->lines[i - 1]);
        rows += wrap_rows(look.body, layout->columns);
    }
    return rows < enough ? rows : enough;
}

/* Up from row y; returns the row above. */
static int draw_pending_line(struct grid *grid, const struct layout *layout,
                             const struct buffer *buffer,
                             const struct pending_line *line, int y) {
    struct look look;
    look_at_pending(&look, layout, buffer, line);
    int rows = wrap_rows(look.body, layout->columns), first = y - rows + 1;
    int hidden = first < layout->top ? layout->top - first : 0;
    draw_body(grid, layout, &look, hidden, rows - hidden, first + hidden);
    if (hidden == 0)
        grid_put_right(grid, layout->nick_x, first, layout->nick, look.nick,
                       look.nick_style);
    return first - 1;
}

/* What is not confirmed stands below all that is. */
static int draw_pending(struct grid *grid, const struct layout *layout,
                        const struct buffer *buffer, int y) {
    const struct pending *pending = &buffer->network->pending;
    for (size_t i = pending->count; i > 0 && y >= layout->top; i--)
        if (is_here(pending->lines[i - 1], buffer))
            y = draw_pending_line(grid, layout, buffer, pending->lines[i - 1],
                                  y);
    return y;
}

/* Up from row y, the lowest being `skip` rows above the end of a message. */
static void draw_up(struct grid *grid, const struct layout *layout,
                    const struct buffer *buffer, uint64_t number, int skip,
                    int y) {
    for (; number >= buffer->first && y >= layout->top; number--) {
        int rows = message_rows(layout, buffer, number) - skip;
        int first = y - rows + 1;
        int hidden = first < layout->top ? layout->top - first : 0;
        if (rows > hidden)
            draw_message(grid, layout, buffer, number, hidden, rows - hidden,
                         first + hidden);
        skip = rows > 0 ? 0 : -rows;
        if (rows > 0) y = first - 1;
    }
}

static void draw_newest(struct grid *grid, const struct layout *layout,
                        const struct buffer *buffer) {
    int y = layout->top + layout->rows - 1;
    y = draw_pending(grid, layout, buffer, y);
    draw_up(grid, layout, buffer, buffer->last, 0, y);
}

/* "····· 34 below, 2 new · End ·····" */
static void draw_dots(struct grid *grid, const struct layout *layout,
                      const struct buffer *buffer, int y) {
    char words[80];
    const struct scroll *scroll = &buffer->scroll;
    struct writer writer = writer_on(words, sizeof words);
    bool new = buffer->last > scroll->since;
    struct style style =
        style_of(new ? COLOUR_ACTIVE : COLOUR_FAINT, new ? STYLE_BOLD : 0);
    int columns = layout->members - layout->left;
    write_format(&writer, " %llu below",
                 (unsigned long long)(buffer->last - scroll->number));
    if (new)
        write_format(&writer, ", %llu new",
                     (unsigned long long)(buffer->last - scroll->since));
    write_string(&writer, " · End ");
    grid_fill(grid, layout->left, y, columns, "·", style);
    grid_put(grid, layout->left + (columns > 40 ? 20 : 3), y, columns - 3,
             writer_text(&writer), style);
    grid_zone(grid, layout->left, y, columns, ZONE_BELOW, 0);
}

/* The newest lines, and above them those that are read. */
static void draw_split(struct grid *grid, const struct layout *layout,
                       const struct buffer *buffer) {
    struct layout part = *layout;
    part.top = layout->top + layout->rows - TAIL_LINES;
    part.rows = TAIL_LINES;
    draw_newest(grid, &part, buffer);
    draw_dots(grid, layout, buffer, part.top - 1);
    draw_up(grid, layout, buffer, buffer->scroll.number, buffer->scroll.rows,
            part.top - 2);
}

void draw_messages(struct grid *grid, const struct layout *layout,
                   const struct buffer *buffer) {
    if (buffer->scroll.number == 0)
        draw_newest(grid, layout, buffer);
    else if (has_tail(layout, buffer))
        draw_split(grid, layout, buffer);
    else
        draw_up(grid, layout, buffer, buffer->scroll.number,
                buffer->scroll.rows, layout->top + layout->rows - 1);
}
