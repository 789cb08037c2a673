/* What is looked for, and what was found elsewhere: in place of the messages,
 * the newest next to the words. */
#include "client/view_parts.h"
#include "protocol/writer.h"

static void write_where(struct writer *writer, const struct model *model,
                        const struct finding *finding) {
    write_string(writer, finding->room);
    if (model->network_count < 2) return;
    write_char(writer, '/');
    write_string(writer, finding->network->name);
}

static void write_when(struct writer *writer, int64_t when) {
    char clock[64];
    struct tm tm = local_time(when);
    if (when > 0 && strftime(clock, sizeof clock, " %d %b %H:%M ", &tm))
        write_string(writer, clock);
}

/* The line of a text that has the words, or one of them; else the first. */
static struct text line_of_interest(struct text body, struct text words) {
    struct text word = words, rest = body, line;
    struct needle needle;
    needle_init(&needle, words);
    struct text found = needle_find(&needle, body);
    if (found.length == 0) needle_init(&needle, text_word(&word));
    if (found.length == 0) found = needle_find(&needle, body);
    do
        line = text_piece(&rest, '\n');
    while (found.length > 0 && rest.length > 0 &&
           found.at > line.at + line.length);
    return line;
}

/* "… the line that was looked for …" */
static void draw_piece(struct grid *grid, const struct seek *seek,
                       struct text body, int x, int y, int end,
                       struct style style) {
    struct text words = text_slice(seek->words, seek->length);
    struct text line = line_of_interest(body, words);
    bool more = line.at + line.length < body.at + body.length;
    if (line.at > body.at)
        x += grid_put(grid, x, y, end - x, text_of("… "), style);
    x += grid_put(grid, x, y, end - x, line, style);
    if (more) grid_put(grid, x, y, end - x, text_of(" …"), style);
}

static void draw_finding(struct grid *grid, const struct layout *layout,
                         const struct model *model,
                         const struct finding *finding, bool picked, int y) {
    char words[VIEW_WORDS];
    struct writer writer = writer_on(words, sizeof words);
    uint8_t bits = picked ? STYLE_REVERSE : 0;
    int x = layout->left + 1, end = layout->members - 1;
    write_where(&writer, model, finding);
    write_when(&writer, finding->when);
    if (picked)
        grid_fill(grid, layout->left, y, layout->members - layout->left, " ",
                  style_of(COLOUR_PLAIN, bits));
    x += grid_put(
        grid, x, y, end - x, writer_text(&writer),
        style_of(finding->when > 0 ? COLOUR_FAINT : COLOUR_PLAIN, bits));
    x += grid_put(grid, x, y, end - x, text_of(finding->nick),
                  style_of(COLOUR_PLAIN, bits | STYLE_BOLD));
    if (finding->nick[0]) x++;
    draw_piece(grid, &model->seek, text_of(finding->body), x, y, end,
               style_of(COLOUR_PLAIN, bits));
}

bool draw_findings(struct grid *grid, const struct layout *layout,
                   const struct model *model) {
    const struct seek *seek = &model->seek;
    size_t rows = layout->rows > 0 ? (size_t)layout->rows : 0;
    if (!seek->open || seek->scope == SEEK_HERE) return false;
    size_t first = seek->picked >= rows ? seek->picked - rows + 1 : 0;
    for (size_t i = 0; i < rows && first + i < seek->count; i++)
        draw_finding(grid, layout, model, &seek->list[first + i],
                     first + i == seek->picked,
                     layout->top + layout->rows - 1 - (int)i);
    return true;
}

static const char *const WHERE[] = {
    [SEEK_HERE] = "search",
    [SEEK_EVERYWHERE] = "search everywhere",
    [SEEK_SERVER] = "search the server",
    [SEEK_NAMES] = "go to",
};

static void write_state(struct writer *writer, const struct model *model) {
    const struct seek *seek = &model->seek;
    bool list = seek->scope != SEEK_HERE, server = seek->scope == SEEK_SERVER;
    if (server && seek->awaited > 0)
        write_string(writer, " · asking…");
    else if (server && !seek->asked)
        write_string(writer, " · Enter asks");
    else if ((list ? seek->count == 0 : seek->missed) && seek->length > 0)
        write_string(writer, " · nothing found");
    else if (list && seek->count > 0)
        write_format(writer, " · %zu of %zu · Enter goes there",
                     seek->picked + 1, seek->count);
    if (seek->scope == SEEK_HERE) write_string(writer, " · C-s: everywhere");
    if (seek->scope == SEEK_EVERYWHERE)
        write_string(writer, " · C-s: the server");
}

/* "search: disk · C-s: everywhere" */
void draw_seek(struct grid *grid, const struct layout *layout,
               const struct model *model) {
    const struct seek *seek = &model->seek;
    char words[VIEW_WORDS];
    struct writer writer = writer_on(words, sizeof words);
    int y = layout->input, width = layout->width;
    struct style faint = style_of(COLOUR_FAINT, 0);
    int x = grid_put(grid, 0, y, width, text_of(WHERE[seek->scope]), faint);
    x += grid_put(grid, x, y, width - x, text_of(": "), faint);
    x += grid_put(grid, x, y, width - x, text_slice(seek->words, seek->length),
                  style_of(COLOUR_PLAIN, 0));
    grid->cursor_x = x;
    grid->cursor_y = y;
    write_state(&writer, model);
    grid_put(grid, x, y, width - x, writer_text(&writer), faint);
}
