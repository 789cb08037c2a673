#include "client/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "client/emulator.h"
#include "client/escape.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

enum {
    SMALL = 128,      /* bytes that a terminal shows at once anyway */
    KEPT = 16 * 1024, /* of memory, from frame to frame */
};

/* What is drawn is UTF-8; a box without a locale has C.UTF-8 at least. The
 * words are English whatever the locale, so nothing else of it is read. */
static void need_utf8(void) {
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

/* Appended to, so that it begins at its start again once it was emptied. */
static int open_memory(void) {
    int fd = memfd_create("minichat-screen", MFD_CLOEXEC);
    if (fd < 0) return -1;
    if (fcntl(fd, F_SETFL, O_APPEND) == 0) return fd;
    close(fd);
    return -1;
}

/* Has it a description here? Asked for before newterm, which leaves memory
 * behind where there is none. */
static const char *known(const char *term) {
    int error;
    if (!term || setupterm(term, STDOUT_FILENO, &error) != OK) return NULL;
    del_curterm(cur_term);
    return term;
}

/* The size is ours to tell. use_tioctl asks no file for it, but without it a
 * terminal without a usual size (linux) cannot be had. newterm installs signal
 * handlers where there are none; those of ours that are to count come before
 * or after. */
static bool open_curses(struct screen *screen, const char *term) {
    screen->to = fdopen(screen->memory, "w");
    if (!screen->to) return false;
    use_env(FALSE);
    use_tioctl(TRUE);
    if (newterm(term, screen->to, stdin)) return true;
    fclose(screen->to);
    return false;
}

const char *screen_open(struct screen *screen) {
    *screen = (struct screen){.width = 80, .height = 24};
    need_utf8();
    screen->memory = open_memory();
    if (screen->memory < 0) return "there is no memory to draw in";
    const char *term = known(getenv("TERM"));
    if (!term) term = known(emulator_alike(getenv("TERM")));
    if (!term || !open_curses(screen, term))
        return "this terminal (TERM) is not known here · try TERM=xterm";
    nonl();
    typeahead(-1); /* a frame is never broken off because a key came */
    grid_init(&screen->grids[0]);
    grid_init(&screen->grids[1]);
    screen->press.theme = THEME_MONO;
    return NULL;
}

/* What curses writes when it ends nobody reads. */
void screen_close(struct screen *screen) {
    endwin();
    delscreen(set_term(NULL));
    fclose(screen->to);
    grid_finish(&screen->grids[0]);
    grid_finish(&screen->grids[1]);
    bytes_finish(&screen->frame);
}

void screen_resize(struct screen *screen, int width, int height) {
    resizeterm(height, width);
    getmaxyx(stdscr, screen->height, screen->width);
    screen_repaint(screen);
}

void screen_repaint(struct screen *screen) {
    clearok(curscr, TRUE);
    screen->known = false;
}

/* Only once they are wanted, so that without them (NO_COLOR) not even the
 * sequence that ends a colour is ever written. 16 million colours are given by
 * other numbers; there the first 8 are the usual ones. */
static void open_colours(struct screen *screen) {
    if (screen->coloured) return;
    screen->coloured = true;
    if (!has_colors() || start_color() == ERR) return;
    if (use_default_colors() == ERR) return;
    screen->press.colours = COLORS > 256 ? 8 : COLORS;
    if (COLOR_PAIRS <= screen->press.colours) screen->press.colours = 0;
}

/* What stands there is printed in other colours, and only that. */
void screen_set_theme(struct screen *screen, enum theme theme) {
    if (theme == screen->press.theme) return;
    if (theme != THEME_MONO) open_colours(screen);
    screen->press.theme = theme;
    screen->known = false;
}

void screen_set_tints(struct screen *screen,
                      const struct tint tints[PREFERENCE_TINTS]) {
    struct press *press = &screen->press;
    bool same = true;
    for (size_t i = 0; i < PREFERENCE_TINTS; i++)
        same = same && tints[i].set == press->tints[i].set &&
               tints[i].colour == press->tints[i].colour &&
               tints[i].bits == press->tints[i].bits;
    if (same) return;
    memcpy(press->tints, tints, sizeof press->tints);
    screen->known = false;
}

void screen_set_links(struct screen *screen, bool links) {
    screen->links = links;
}

void screen_capability(struct writer *writer, const char *name) {
    const char *string = tigetstr(name);
    if (!string || string == (const char *)-1) return;
    while (*string) {
        const char *end =
            strncmp(string, "$<", 2) == 0 ? strchr(string, '>') : NULL;
        if (!end) write_char(writer, *string);
        string = (end ? end : string) + 1;
    }
}

/* Cells ------------------------------------------------------------------- */

/* Where curses would count other columns than the grid did, what follows would
 * slip: such a glyph is shown as unknown. */
static void spell(const struct glyph *glyph, wchar_t wide[GLYPH_POINTS + 1]) {
    struct text rest = text_slice(glyph->bytes, glyph->length);
    int count = 0, wide_by = 0;
    while (rest.length > 0 && count < GLYPH_POINTS) {
        wide[count] = (wchar_t)utf8_next(&rest);
        int width = wcwidth(wide[count++]);
        wide_by += width;
        if (width < 0 || (count > 1 && width > 0)) wide_by = -GLYPH_SIZE;
    }
    wide[count] = L'\0';
    if (wide_by == glyph->width) return;
    wide[0] = glyph->width == 2 ? L'\uFF1F' : L'?';
    wide[1] = L'\0';
}

static attr_t attributes_of(struct ink ink) {
    attr_t attributes = A_NORMAL;
    if (ink.bits & STYLE_BOLD) attributes |= A_BOLD;
    if (ink.bits & STYLE_REVERSE) attributes |= A_REVERSE;
    if (ink.bits & STYLE_ITALIC) attributes |= A_ITALIC;
    if (ink.bits & STYLE_UNDERLINE) attributes |= A_UNDERLINE;
    if (ink.dim) attributes |= A_DIM;
    return attributes;
}

/* The pair of a colour has its number; pair 0 is the terminal's own. */
static short pair_of(struct screen *screen, struct ink ink) {
    if (ink.colour != INK_DEFAULT && !screen->inked[ink.colour]) {
        screen->inked[ink.colour] = true;
        init_pair(ink.colour, ink.colour, -1);
    }
    return ink.colour;
}

static void draw_row(struct screen *screen, const struct grid *grid, int y) {
    cchar_t row[GRID_MAX];
    wchar_t wide[GLYPH_POINTS + 1];
    int count = 0;
    for (int x = 0; x < grid->width; x++) {
        const struct cell *cell = grid_cell(grid, x, y);
        struct ink ink = press_ink(&screen->press, cell->style);
        if (cell->glyph.width == 0) continue;
        spell(&cell->glyph, wide);
        setcchar(&row[count++], wide, attributes_of(ink), pair_of(screen, ink),
                 NULL);
    }
    mvadd_wchnstr(y, 0, row, count);
}

/* Bytes that do not matter may differ in what is equal: then it is drawn once
 * too often, and curses finds that nothing has changed. */
static bool row_changed(const struct screen *screen, const struct grid *now,
                        const struct grid *before, int y) {
    size_t size = (size_t)now->width * sizeof(struct cell);
    return !screen->known ||
           memcmp(grid_cell(now, 0, y), grid_cell(before, 0, y), size) != 0;
}

/* Frames ------------------------------------------------------------------ */

static void print(struct screen *screen, const struct grid *now,
                  const struct grid *before) {
    if (!screen->known) erase();
    for (int y = 0; y < now->height; y++)
        if (row_changed(screen, now, before, y)) draw_row(screen, now, y);
    move(now->cursor_y, now->cursor_x);
    refresh();
}

static void link_up(struct screen *screen, const struct grid *now,
                    const struct grid *before) {
    bool anew = !screen->known || !screen->linked;
    if (!screen->links || now->link_count + before->link_count == 0) return;
    for (int y = 0; y < now->height; y++)
        overlay_row(&screen->frame, &screen->press, now, anew ? NULL : before,
                    y, row_changed(screen, now, before, y));
}

/* What curses wrote is taken out of the memory, which is empty then. */
static void collect(struct screen *screen) {
    char bytes[4096];
    off_t at = 0;
    ssize_t count;
    while ((count = pread(screen->memory, bytes, sizeof bytes, at)) > 0) {
        bytes_add(&screen->frame, text_slice(bytes, (size_t)count));
        at += count;
    }
    if (at > 0 && ftruncate(screen->memory, 0) != 0)
        abort(); /* it would be printed again and again */
}

/* The frame's begin was put before it; where it is small that is left out. */
static struct text whole(struct screen *screen) {
    size_t begin = strlen(ESCAPE_FRAME_BEGIN);
    size_t length = bytes_text(&screen->frame).length - begin;
    if (length <= SMALL) return text_after(bytes_text(&screen->frame), begin);
    bytes_add_string(&screen->frame, ESCAPE_FRAME_END);
    return bytes_text(&screen->frame);
}

struct text screen_frame(struct screen *screen, const struct model *model) {
    struct grid *before = &screen->grids[screen->shown];
    struct grid *now = &screen->grids[1 - screen->shown];
    view_draw(now, model, screen->width, screen->height);
    if (before->width != now->width || before->height != now->height)
        screen->known = false;
    screen->frame.length = 0;
    if (screen->frame.room > KEPT) bytes_finish(&screen->frame);
    bytes_add_string(&screen->frame, ESCAPE_FRAME_BEGIN);
    print(screen, now, before);
    collect(screen);
    link_up(screen, now, before);
    screen->linked = screen->links;
    screen->known = true;
    screen->shown = 1 - screen->shown;
    return whole(screen);
}
