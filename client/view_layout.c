/* Where things stand: the whole policy of sizes is here. */
#include <time.h>

#include "client/view_parts.h"

enum {
    WIDE = 60,         /* columns from which there is a frame */
    NARROW = 30,       /* below which there is no nick column */
    TINY = 20,         /* below which there is no bar either */
    WITH_MEMBERS = 80, /* from which members are shown unasked */
    TALL = 10,         /* rows from which there is a frame */
    SHORT = 4,         /* below which there is no bar */
    LIST = 20,         /* columns of the list of buffers */
    LEAST = 48,        /* columns that panes leave to the messages */
    MARGIN = 14,       /* columns beside the text where it is narrow */
    TIME_MAX = 16,
    NICK_MIN = 3,
    NICK_MAX = 32,
    TAIL_FROM = 10, /* rows of messages from which the newest stay in sight */
};

static bool is_wanted(enum pane pane, enum panes preferred, bool unasked) {
    if (pane != PANE_AUTO) return pane == PANE_SHOWN;
    if (preferred == PANES_AUTO) return unasked;
    return preferred == PANES_ON;
}

/* The list first: who asks for it wants it; members give way. */
static void place_panes(struct layout *layout, const struct model *model) {
    const struct preferences *preferences = &model->preferences;
    int width = layout->width, border = width >= 100 ? 19 : 16;
    bool room = model->current && model->current->kind == BUFFER_ROOM;
    if (width - LIST >= LEAST &&
        is_wanted(model->shown.buffers, preferences->panes, false))
        layout->left = LIST;
    if (room && width - layout->left - border >= LEAST &&
        is_wanted(model->shown.members, preferences->panes,
                  width >= WITH_MEMBERS))
        layout->members = width - border;
}

static int within(int value, int least, int most) {
    if (value < least) return least;
    return value > most ? most : value;
}

/* Columns of the time, as it is preferred. */
static int time_columns(const char *format) {
    char clock[64];
    struct tm sample = {.tm_year = 126, .tm_mon = 10, .tm_mday = 22};
    size_t length = strftime(clock, sizeof clock, format, &sample);
    return within(text_columns(text_slice(clock, length)), 0, TIME_MAX);
}

static void place_wide_columns(struct layout *layout,
                               const struct preferences *preferences) {
    layout->mark = layout->left;
    layout->time_x = layout->left + 1;
    layout->time = time_columns(preferences->time);
    layout->nick_x = layout->time_x + layout->time + (layout->time > 0);
    layout->nick = within((int)preferences->nick_width, NICK_MIN, NICK_MAX);
    int most = (layout->members - layout->nick_x) / 3;
    if (layout->nick > most) layout->nick = most;
    layout->indent = layout->nick_x + layout->nick + 2;
    layout->columns = layout->members - layout->indent - 1;
}

/* A sign, the time and a name share what is not the text's. */
static void place_narrow_columns(struct layout *layout,
                                 const struct preferences *preferences) {
    int most = MARGIN - 2 - NICK_MIN;
    layout->time = time_columns(preferences->time);
    if (layout->time > most) layout->time = 0;
    layout->mark = layout->time;
    layout->nick_x = layout->time + 1;
    layout->nick = within((int)preferences->nick_width, NICK_MIN,
                          layout->time ? MARGIN - 2 - layout->time : 8);
    layout->indent = layout->nick_x + layout->nick + 1;
    layout->columns = layout->width - layout->indent;
}

static void place_no_columns(struct layout *layout, bool bare) {
    layout->hang = bare ? 0 : 1;
    layout->columns = layout->width - layout->hang;
    if (layout->columns < 1) layout->columns = 1;
}

static void place_columns(struct layout *layout, const struct model *model) {
    if (model->shown.bare || layout->width < NARROW)
        place_no_columns(layout, model->shown.bare);
    else if (layout->width < WIDE)
        place_narrow_columns(layout, &model->preferences);
    else
        place_wide_columns(layout, &model->preferences);
}

/* The whole frame; the list of buffers stands in for the bar. */
static void place_frame(struct layout *layout) {
    int y = 0;
    if (layout->left == 0) layout->bar = y++;
    layout->topic = y++;
    layout->rule = y++;
    layout->top = y;
    layout->status = layout->input - 1;
    layout->rows = layout->status - layout->top;
}

static void place_rows(struct layout *layout, bool framed, bool bare) {
    layout->input = layout->height - layout->inputs;
    if (framed) {
        place_frame(layout);
        return;
    }
    if (!bare && layout->height >= SHORT && layout->width >= TINY)
        layout->bar = 0;
    layout->top = layout->bar + 1;
    layout->rows = layout->input - layout->top;
}

struct layout layout_of(const struct model *model, int width, int height) {
    struct layout layout = {.width = width,
                            .height = height,
                            .inputs = 1,
                            .bar = -1,
                            .topic = -1,
                            .rule = -1,
                            .status = -1,
                            .members = width,
                            .clock = model->preferences.time,
                            .noise = NOISE_MERGE};
    bool bare = model->shown.bare;
    bool framed = width >= WIDE && height >= TALL && !bare;
    if (model->current) layout.inputs = draft_rows(model, width, height);
    if (model->seek.open) layout.needle = &model->seek.needle;
    if (model->current) layout.noise = model_noise(model, model->current);
    if (framed) place_panes(&layout, model);
    place_rows(&layout, framed, bare);
    place_columns(&layout, model);
    if (layout.rows >= TAIL_FROM) layout.tail = TAIL_ROWS;
    return layout;
}
