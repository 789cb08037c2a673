#include "client/screen.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "client/view.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"

static const char PASTE_ON[] = "\033[?2004h";
static const char PASTE_OFF[] = "\033[?2004l";

/* Our own codes for sequences that terminfo does not always name; above those
 * that curses gives out itself. */
enum { OWN_CODES = 2000 };
enum { ESCAPE = 27, PASTE_START = KEYS_ALT - 2, PASTE_END = KEYS_ALT - 1 };

static const struct {
    const char *bytes;
    uint32_t key;
} sequences[] = {
    {"\033[200~", PASTE_START},
    {"\033[201~", PASTE_END},
    {"\033[1;3A", KEYS_ALT + KEYS_UP},
    {"\033[1;3B", KEYS_ALT + KEYS_DOWN},
    {"\033[1;3C", KEYS_ALT + KEYS_RIGHT},
    {"\033[1;3D", KEYS_ALT + KEYS_LEFT},
    {"\033\033[A", KEYS_ALT + KEYS_UP},
    {"\033\033[B", KEYS_ALT + KEYS_DOWN},
    {"\033\033[C", KEYS_ALT + KEYS_RIGHT},
    {"\033\033[D", KEYS_ALT + KEYS_LEFT},
    {"\033\033OA", KEYS_ALT + KEYS_UP},
    {"\033\033OB", KEYS_ALT + KEYS_DOWN},
    {"\033\033OC", KEYS_ALT + KEYS_RIGHT},
    {"\033\033OD", KEYS_ALT + KEYS_LEFT},
    {"\033[1;5C", KEYS_ALT + 'f'},
    {"\033[1;5D", KEYS_ALT + 'b'},
    {"\033[H", KEYS_HOME},
    {"\033[F", KEYS_END},
    {"\033[1~", KEYS_HOME},
    {"\033[4~", KEYS_END},
    {"\033[7~", KEYS_HOME},
    {"\033[8~", KEYS_END},
    {"\033OH", KEYS_HOME},
    {"\033OF", KEYS_END},
};

enum { SEQUENCES = sizeof sequences / sizeof sequences[0] };

static const struct {
    int code;
    uint32_t key;
} curses_keys[] = {
    {KEY_UP, KEYS_UP},         {KEY_DOWN, KEYS_DOWN},
    {KEY_LEFT, KEYS_LEFT},     {KEY_RIGHT, KEYS_RIGHT},
    {KEY_HOME, KEYS_HOME},     {KEY_END, KEYS_END},
    {KEY_PPAGE, KEYS_PAGE_UP}, {KEY_NPAGE, KEYS_PAGE_DOWN},
    {KEY_DC, KEYS_DELETE},     {KEY_BACKSPACE, KEYS_BACKSPACE},
    {KEY_ENTER, KEYS_ENTER},   {KEY_BTAB, KEYS_BACK_TAB},
    {KEY_F(1), KEYS_F1},       {KEY_F(7), KEYS_F1 + 6},
    {KEY_F(8), KEYS_F1 + 7},
};

static const int rescue_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL,
                                     SIGTERM, SIGHUP,  SIGINT, SIGQUIT};

enum { RESCUE_SIGNALS = sizeof rescue_signals / sizeof rescue_signals[0] };

/* What a signal handler needs to give the terminal back. A handler has no
 * argument of ours, so this alone is not in a struct that is passed. It is
 * complete before `armed` is set and not changed while it is. */
static struct {
    volatile sig_atomic_t armed;
    struct termios saved;
    char reset[256];
    size_t length;
    struct sigaction before[RESCUE_SIGNALS];
} rescue;

/* Async-signal-safe: write, tcsetattr, sigaction and raise only. */
static void give_terminal_back(void) {
    if (!rescue.armed) return;
    rescue.armed = 0;
    ssize_t written = write(STDOUT_FILENO, rescue.reset, rescue.length);
    (void)written; /* nothing is left to be done about it */
    tcsetattr(STDIN_FILENO, TCSANOW, &rescue.saved);
}

static void on_signal(int number) {
    give_terminal_back();
    for (int i = 0; i < RESCUE_SIGNALS; i++)
        if (rescue_signals[i] == number)
            sigaction(number, &rescue.before[i], NULL);
    raise(number);
}

static void install_rescue(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < RESCUE_SIGNALS; i++)
        sigaction(rescue_signals[i], &action, &rescue.before[i]);
}

static void remove_rescue(void) {
    rescue.armed = 0;
    for (int i = 0; i < RESCUE_SIGNALS; i++)
        sigaction(rescue_signals[i], &rescue.before[i], NULL);
}

/* A terminfo string without its padding ($<5>), which needs no handler to
 * wait for. */
static void write_capability(struct writer *writer, const char *name) {
    const char *string = tigetstr(name);
    if (!string || string == (const char *)-1) return;
    while (*string) {
        const char *end =
            strncmp(string, "$<", 2) == 0 ? strchr(string, '>') : NULL;
        if (!end) write_char(writer, *string);
        string = (end ? end : string) + 1;
    }
}

static void arm_rescue(void) {
    struct writer writer = writer_on(rescue.reset, sizeof rescue.reset);
    write_string(&writer, PASTE_OFF);
    write_capability(&writer, "sgr0");
    write_capability(&writer, "cnorm");
    write_capability(&writer, "rmkx");
    write_capability(&writer, "rmcup");
    write_string(&writer, "\r");
    rescue.length = writer.length;
    rescue.armed = 1;
}

static void say_to_terminal(const char *bytes) {
    fputs(bytes, stdout);
    fflush(stdout);
}

/* Colours that can be read on dark and on light ground. */
static const short hues_of_256[] = {
    32,  34,  37,  66,  68,  70,  71,  97,  98,  99,  103, 106, 108, 130,
    132, 133, 136, 139, 142, 166, 167, 168, 169, 172, 173, 175, 205, 209,
};
static const short hues_of_8[] = {COLOR_GREEN, COLOR_YELLOW, COLOR_BLUE,
                                  COLOR_MAGENTA, COLOR_CYAN};
static const struct {
    short few, many; /* of 8, of 256; -1: the terminal's own */
} roles[COLOURS] = {
    [COLOUR_PLAIN] = {-1, -1},
    [COLOUR_FAINT] = {-1, 244},
    [COLOUR_GOOD] = {COLOR_GREEN, 34},
    [COLOUR_ALERT] = {COLOR_RED, 160},
    [COLOUR_MENTION] = {COLOR_MAGENTA, 170},
    [COLOUR_ACTIVE] = {COLOR_CYAN, 37},
    [COLOUR_RED] = {COLOR_RED, 167},
    [COLOUR_ORANGE] = {COLOR_YELLOW, 172},
    [COLOUR_YELLOW] = {COLOR_YELLOW, 142},
    [COLOUR_GREEN] = {COLOR_GREEN, 71},
    [COLOUR_CYAN] = {COLOR_CYAN, 37},
    [COLOUR_BLUE] = {COLOR_BLUE, 68},
    [COLOUR_PURPLE] = {COLOR_MAGENTA, 133},
};

/* The pair of a role has its number + 1; hues follow. */
static void open_colours(struct screen *screen) {
    const char *no = getenv("NO_COLOR");
    if ((no && *no) || !has_colors() || start_color() == ERR) return;
    if (use_default_colors() == ERR || COLORS < 8 || COLOR_PAIRS < 64) return;
    bool many = COLORS >= 256;
    const short *hues = many ? hues_of_256 : hues_of_8;
    size_t count = many ? sizeof hues_of_256 / sizeof *hues
                        : sizeof hues_of_8 / sizeof *hues;
    for (int i = 0; i < COLOURS; i++)
        init_pair((short)(i + 1), many ? roles[i].many : roles[i].few, -1);
    for (size_t i = 0; i < count; i++)
        init_pair((short)(COLOURS + 1 + i), hues[i], -1);
    screen->hues = (int)count;
}

static void define_sequences(void) {
    for (int i = 0; i < SEQUENCES; i++)
        define_key(sequences[i].bytes, OWN_CODES + i);
}

/* What is drawn is UTF-8; a box without a locale has C.UTF-8 at least. */
static void need_utf8(void) {
    setlocale(LC_ALL, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

const char *screen_open(struct screen *screen) {
    *screen = (struct screen){.width = 80, .height = 24};
    grid_init(&screen->grid);
    if (tcgetattr(STDIN_FILENO, &rescue.saved) != 0)
        return "standard input is not a terminal";
    need_utf8();
    install_rescue();
    set_escdelay(25);
    if (!newterm(NULL, stdout, stdin)) {
        remove_rescue();
        return "this terminal (TERM) is not known here · try TERM=xterm";
    }
    arm_rescue();
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    open_colours(screen);
    define_sequences();
    say_to_terminal(PASTE_ON);
    return NULL;
}

void screen_close(struct screen *screen) {
    say_to_terminal(PASTE_OFF);
    endwin();
    remove_rescue();
    grid_finish(&screen->grid);
    free(screen->paste);
    screen->paste = NULL;
}

void screen_resize(struct screen *screen, struct keys *keys) {
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
        size.ws_row > 0)
        resizeterm(size.ws_row, size.ws_col);
    getmaxyx(stdscr, screen->height, screen->width);
    clearok(curscr, TRUE);
    keys_resize(keys, screen->width, screen->height);
}

/* Where curses would count other columns than the grid did, what follows would
 * slip: such a glyph is shown as unknown. */
static void decode(const struct glyph *glyph, wchar_t wide[GLYPH_POINTS + 1]) {
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

static attr_t attributes_of(const struct screen *screen, struct style style) {
    attr_t attributes = A_NORMAL;
    if (style.bits & STYLE_BOLD) attributes |= A_BOLD;
    if (style.bits & STYLE_REVERSE) attributes |= A_REVERSE;
    if (style.bits & STYLE_ITALIC) attributes |= A_ITALIC;
    if (style.bits & STYLE_UNDERLINE) attributes |= A_UNDERLINE;
    bool dim = screen->hues == 0 || COLORS < 256;
    if (style.colour == COLOUR_FAINT && dim) attributes |= A_DIM;
    return attributes;
}

static short pair_of(const struct screen *screen, struct style style) {
    if (screen->hues == 0) return 0;
    if (style.colour < COLOURS) return (short)(style.colour + 1);
    int hue = (style.colour - COLOURS) % screen->hues;
    return (short)(COLOURS + 1 + hue);
}

static void draw_cell(const struct screen *screen, int x, int y) {
    const struct cell *cell = grid_cell(&screen->grid, x, y);
    wchar_t wide[GLYPH_POINTS + 1];
    cchar_t drawn;
    if (cell->glyph.width == 0) return;
    decode(&cell->glyph, wide);
    setcchar(&drawn, wide, attributes_of(screen, cell->style),
             pair_of(screen, cell->style), NULL);
    mvadd_wch(y, x, &drawn); /* an error in the last corner is expected */
}

static void draw_grid(const struct screen *screen) {
    erase();
    for (int y = 0; y < screen->grid.height; y++)
        for (int x = 0; x < screen->grid.width; x++)
            draw_cell(screen, x, y);
    move(screen->grid.cursor_y, screen->grid.cursor_x);
    refresh();
}

/* Stops the whole job, as the shell's C-z does, and is back when it goes on. */
static void suspend(struct screen *screen, struct keys *keys) {
    struct sigaction stop = {.sa_handler = SIG_DFL}, before;
    keys->suspend = false;
    say_to_terminal(PASTE_OFF);
    endwin();
    sigaction(SIGTSTP, &stop, &before);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
    say_to_terminal(PASTE_ON);
    refresh();
    screen_resize(screen, keys);
}

void screen_draw(struct screen *screen, struct model *model,
                 struct keys *keys) {
    if (keys->suspend) suspend(screen, keys);
    if (keys->repaint) clearok(curscr, TRUE);
    if (!model->stale && !keys->repaint) return;
    keys->repaint = false;
    model->stale = false;
    view_draw(&screen->grid, model, screen->width, screen->height);
    draw_grid(screen);
}

static void begin_paste(struct screen *screen) {
    if (!screen->paste) screen->paste = memory_new(SCREEN_PASTE_MAX, 1);
    screen->pasted = 0;
    screen->input = INPUT_PASTE;
}

static void end_paste(struct screen *screen, struct keys *keys) {
    screen->input = INPUT_KEYS;
    keys_paste(keys, text_slice(screen->paste, screen->pasted));
    free(screen->paste);
    screen->paste = NULL;
}

/* More than fits makes it longer than any draft: it is refused as a whole. */
static void add_to_paste(struct screen *screen, wint_t character) {
    if (screen->pasted + 4 > SCREEN_PASTE_MAX) return;
    screen->pasted +=
        utf8_put(screen->paste + screen->pasted, (uint32_t)character);
}

/* A sequence that nobody knows: ESC [ or ESC O, then anything up to a letter
 * or ~ (ECMA-48 5.4). Skipped, so that it is not typed into the draft. */
static void take_escaped(struct screen *screen, struct keys *keys,
                         wint_t character) {
    bool sequence = character == '[' || character == 'O';
    screen->input = sequence ? INPUT_SEQUENCE : INPUT_KEYS;
    if (character == ESCAPE)
        screen->input = INPUT_ESCAPED;
    else if (!sequence && character < KEYS_UP)
        keys_press(keys, KEYS_ALT + (uint32_t)character);
}

static void take_character(struct screen *screen, struct keys *keys,
                           wint_t character) {
    switch (screen->input) {
    case INPUT_PASTE: add_to_paste(screen, character); return;
    case INPUT_ESCAPED: take_escaped(screen, keys, character); return;
    case INPUT_SEQUENCE:
        if (character >= 0x40 && character <= 0x7E) screen->input = INPUT_KEYS;
        return;
    case INPUT_KEYS:
        if (character == ESCAPE)
            screen->input = INPUT_ESCAPED;
        else
            keys_press(keys, (uint32_t)character);
    }
}

static uint32_t key_of(int code) {
    if (code >= OWN_CODES && code < OWN_CODES + SEQUENCES)
        return sequences[code - OWN_CODES].key;
    for (size_t i = 0; i < sizeof curses_keys / sizeof curses_keys[0]; i++)
        if (curses_keys[i].code == code) return curses_keys[i].key;
    return KEYS_UNKNOWN;
}

static void take_code(struct screen *screen, struct keys *keys, int code) {
    uint32_t key = key_of(code);
    bool alt = screen->input == INPUT_ESCAPED;
    if (screen->input == INPUT_PASTE) {
        if (key == PASTE_END) end_paste(screen, keys);
        return;
    }
    if (code == KEY_RESIZE) return; /* curses' own; no hand pressed it */
    screen->input = INPUT_KEYS;
    if (key == PASTE_START) {
        begin_paste(screen);
        return;
    }
    keys_press(keys, alt && key < KEYS_ALT ? key + KEYS_ALT : key);
}

/* Readable, and yet nothing is there: the other end is gone. */
static bool has_ended(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int waiting = 0;
    if (poll(&input, 1, 0) <= 0) return false;
    if (input.revents & (POLLHUP | POLLERR | POLLNVAL)) return true;
    return ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0;
}

bool screen_keys(struct screen *screen, struct keys *keys) {
    wint_t character;
    int taken = 0, result;
    while ((result = get_wch(&character)) != ERR) {
        taken++;
        if (result == KEY_CODE_YES)
            take_code(screen, keys, (int)character);
        else
            take_character(screen, keys, character);
    }
    /* What ESC began is complete by now: curses has waited for it. */
    if (screen->input != INPUT_PASTE) screen->input = INPUT_KEYS;
    return taken > 0 || !has_ended();
}
