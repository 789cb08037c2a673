/* What a script measures: how long something took, whether a program rests,
 * and how cells of a screen are drawn. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/talk/talk.h"

enum { LOOK_MS = 20, WAKES = 1 };

/* clock starts; clock at-least MS, at-most MS: since then. */
bool measure_clock(struct talk *talk, struct peer *peer, struct text rest) {
    struct text verb = text_word(&rest);
    int64_t passed = trial_now() - talk->clock;
    uint64_t bound;
    (void)peer;
    if (text_is(verb, "starts")) {
        talk->clock = trial_now();
        return true;
    }
    if (!text_number(rest, &bound))
        return talk_complain(talk, "expected milliseconds");
    bool least = text_is(verb, "at-least");
    if (!least && !text_is(verb, "at-most"))
        return talk_complain(talk, "the clock does what?");
    if (least ? passed >= (int64_t)bound : passed <= (int64_t)bound)
        return true;
    return talk_complain(talk, "%lld ms have passed", (long long)passed);
}

/* How often a process has gone to sleep by itself; -1: it is not there. Only
 * its first thread counts: the loop. */
static long count_wakes(pid_t process) {
    static const char field[] = "voluntary_ctxt_switches:";
    char path[64], line[128];
    long wakes = -1;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)process);
    FILE *status = fopen(path, "r");
    while (status && wakes < 0 && fgets(line, sizeof line, status))
        if (strncmp(line, field, sizeof field - 1) == 0)
            wakes = strtol(line + sizeof field - 1, NULL, 10);
    if (status) fclose(status);
    return wakes;
}

/* NAME idles SECONDS: there is a time so long, and it begins soon, in which it
 * writes nothing and wakes at most once. */
bool measure_idles(struct talk *talk, struct peer *peer, struct text rest) {
    uint64_t seconds;
    if (!peer->terminal || !text_number(rest, &seconds))
        return talk_complain(talk, "expected seconds, of a program");
    struct terminal *terminal = peer->terminal;
    int64_t now = trial_now(), since = now, last = talk->until;
    int64_t span = (int64_t)seconds * 1000;
    uint64_t written = terminal->written;
    long wakes = count_wakes(terminal->program), at_first = wakes;
    while (since <= last && now - since < span && wakes >= 0) {
        talk->until = now + LOOK_MS;
        peer_wait(talk, peer, POLLIN);
        now = trial_now();
        wakes = count_wakes(terminal->program);
        if (terminal->written == written && wakes - at_first <= WAKES) continue;
        since = now;
        written = terminal->written;
        at_first = wakes;
    }
    if (wakes < 0) return talk_complain(talk, "it is not there");
    return since <= last || talk_complain(talk, "it does not rest");
}

static bool is_plain(const VTermScreenCell *cell) {
    return !cell->attrs.bold && !cell->attrs.underline && !cell->attrs.italic &&
           !cell->attrs.blink && !cell->attrs.reverse &&
           VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) &&
           VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);
}

/* Columns in which these cells have no colour and no attribute. */
static int count_plain(const struct terminal *terminal, VTermRect cells) {
    int plain = 0;
    VTermScreenCell cell;
    for (VTermPos at = {cells.start_row, cells.start_col};
         at.col < cells.end_col; at.col++)
        if (vterm_screen_get_cell(terminal->screen, at, &cell))
            plain += is_plain(&cell);
    return plain;
}

/* Where ASCII text stands first. False: nowhere. */
static bool find_cells(const struct terminal *terminal, struct text text,
                       VTermRect *cells) {
    char bytes[ROW_SIZE];
    int width = (int)text.length;
    for (int row = 0; row < terminal->rows; row++)
        for (int column = 0; column + width <= terminal->columns; column++) {
            *cells = (VTermRect){row, row + 1, column, column + width};
            size_t length = vterm_screen_get_text(terminal->screen, bytes,
                                                  ROW_SIZE, *cells);
            if (text_equals(text_slice(bytes, length), text)) return true;
        }
    return false;
}

/* NAME plain TEXT, NAME coloured TEXT: it stands there in no colour and with no
 * attribute at all; or all of it has one. Now or soon. */
static bool wait_for_look(struct talk *talk, struct peer *peer,
                          struct text rest, bool plain) {
    VTermRect cells;
    if (!peer->terminal) return talk_complain(talk, "it runs no program");
    struct text text = talk_expand(talk, rest);
    bool found, as_said = false;
    do {
        found = find_cells(peer->terminal, text, &cells);
        if (found)
            as_said = count_plain(peer->terminal, cells) ==
                      (plain ? (int)text.length : 0);
    } while (!as_said && !peer->terminal->ended &&
             peer_wait(talk, peer, POLLIN));
    free((char *)text.at);
    if (as_said) return true;
    return talk_complain(talk, found ? "it looks otherwise"
                                     : "it is not on the screen");
}

bool measure_plain(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_for_look(talk, peer, rest, true);
}

bool measure_coloured(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_for_look(talk, peer, rest, false);
}

static bool cell_is(const struct terminal *terminal, int row, int column,
                    struct text text) {
    char bytes[ROW_SIZE];
    VTermRect cells = {row, row + 1, column, column + 1};
    size_t length =
        vterm_screen_get_text(terminal->screen, bytes, ROW_SIZE, cells);
    return text_equals(text_slice(bytes, length), text);
}

/* NAME border COLUMN FROM TO TEXT: it stands in that column of all these rows
 * (counted from 1), now or soon. */
bool measure_border(struct talk *talk, struct peer *peer, struct text rest) {
    uint64_t column, row, last;
    if (!peer->terminal || !text_number(text_word(&rest), &column) ||
        !text_number(text_word(&rest), &row) ||
        !text_number(text_word(&rest), &last))
        return talk_complain(talk, "expected COLUMN FROM TO TEXT");
    for (; row <= last; row++)
        while (!cell_is(peer->terminal, (int)row - 1, (int)column - 1, rest))
            if (peer->terminal->ended || !peer_wait(talk, peer, POLLIN))
                return talk_complain(talk, "not in row %u", (unsigned)row);
    return true;
}

/* NAME rang N: that many bells since the last such step, or since its start,
 * now or soon. */
bool measure_rang(struct talk *talk, struct peer *peer, struct text rest) {
    uint64_t times;
    if (!peer->terminal || !text_number(rest, &times))
        return talk_complain(talk, "expected a number of bells");
    while (peer->terminal->bells < times)
        if (peer->terminal->ended || !peer_wait(talk, peer, POLLIN)) break;
    unsigned bells = peer->terminal->bells;
    peer->terminal->bells = 0;
    return bells == times || talk_complain(talk, "it rang %u times", bells);
}
