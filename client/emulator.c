#include "client/emulator.h"

#include <stddef.h>

#include "protocol/text.h"

/* Those without OSC, or with something else in its place; by the start of
 * TERM. A screen that is tmux is able. */
static const char *const unable[] = {"linux", "dumb", "vt",     "ansi",
                                     "cons",  "sun",  "screen", "unknown"};

/* Who shows notices, and how (kitty.conf, foot-ctlseqs(7), WezTerm's and
 * iTerm2's pages on escape sequences). */
static const struct {
    const char *term, *term_program;
    enum notify notice;
} notices[] = {
    {.term = "xterm-kitty", .notice = NOTIFY_OSC99},
    {.term = "foot", .notice = NOTIFY_OSC777},
    {.term = "xterm-ghostty", .notice = NOTIFY_OSC777},
    {.term = "rxvt-unicode", .notice = NOTIFY_OSC777},
    {.term_program = "ghostty", .notice = NOTIFY_OSC777},
    {.term_program = "WezTerm", .notice = NOTIFY_OSC777},
    {.term_program = "iTerm.app", .notice = NOTIFY_OSC9},
};

static bool begins(const char *value, const char *prefix) {
    return value && prefix && text_begins(text_of(value), prefix);
}

static bool is_able(const struct surroundings *around) {
    if (around->tmux) return true;
    if (!around->term || !*around->term) return false;
    for (size_t i = 0; i < sizeof unable / sizeof *unable; i++)
        if (begins(around->term, unable[i])) return false;
    return true;
}

/* In tmux the outer terminal is not known, and tmux lets nothing through
 * unless it was told to; the bell it always passes on. */
static enum notify best_notice(const struct surroundings *around) {
    if (around->tmux) return NOTIFY_BELL;
    if (around->kitty_window_id) return NOTIFY_OSC99;
    if (begins(around->lc_terminal, "iTerm2")) return NOTIFY_OSC9;
    for (size_t i = 0; i < sizeof notices / sizeof *notices; i++)
        if (begins(around->term, notices[i].term) ||
            begins(around->term_program, notices[i].term_program))
            return notices[i].notice;
    return NOTIFY_BELL;
}

struct emulator emulator_guess(const struct surroundings *around) {
    struct emulator emulator = {.tmux = around->tmux, .notice = NOTIFY_BELL};
    emulator.able = is_able(around);
    if (emulator.able) emulator.notice = best_notice(around);
    return emulator;
}

const char *emulator_alike(const char *term) {
    static const char *const like_xterm[] = {"xterm", "kitty",   "ghostty",
                                             "foot",  "wezterm", "alacritty",
                                             "rio",   "contour", "konsole"};
    for (size_t i = 0; i < sizeof like_xterm / sizeof *like_xterm; i++)
        if (begins(term, like_xterm[i])) return "xterm-256color";
    return NULL;
}
