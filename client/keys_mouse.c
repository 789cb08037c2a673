/* What a click means: it is looked up in what is drawn there, so what one sees
 * is what one gets. */
#include "client/keys_parts.h"
#include "client/view.h"
#include "protocol/writer.h"

enum { WHEEL = 3 }; /* rows a notch */

/* "ben: " begins a line; elsewhere it is a word of it. */
static void insert_name(struct keys *keys, struct text name) {
    char words[MESSAGE_NAME_MAX + 4];
    struct editor *editor = &keys->model->current->editor;
    size_t at = editor->now.cursor;
    struct text draft = editor_text(editor);
    struct writer writer = writer_on(words, sizeof words);
    if (at > 0 && draft.at[at - 1] != ' ') write_char(&writer, ' ');
    write_text(&writer, name);
    write_string(&writer, at == 0 ? ": " : " ");
    editor_replace(editor, at, at, writer_text(&writer));
}

static void insert_member(struct keys *keys, uint64_t index) {
    const struct members *members = &keys->model->current->members;
    if (index < members->count)
        insert_name(keys, text_of(members->list[index].name));
}

static void insert_speaker(struct keys *keys, uint64_t number) {
    const struct message *message =
        buffer_message(keys->model->current, number);
    if (message) insert_name(keys, message->nick);
}

static void show_buffer(struct keys *keys, uint64_t number) {
    model_show_number(keys->model, (size_t)number);
}

static void to_newest(struct keys *keys, uint64_t which) {
    (void)which;
    keys->model->current->scroll = (struct scroll){0};
}

static void load_missing(struct keys *keys, uint64_t which) {
    model_load_gap(keys->model, keys->model->current, which, GAP_UPPER_END,
                   true);
}

static void point_at(struct keys *keys, uint64_t number) {
    model_pick(keys->model, number);
}

static void (*const clicks[])(struct keys *keys, uint64_t which) = {
    [ZONE_BUFFER] = show_buffer,     [ZONE_MEMBER] = insert_member,
    [ZONE_SPEAKER] = insert_speaker, [ZONE_GAP] = load_missing,
    [ZONE_BELOW] = to_newest,        [ZONE_MARGIN] = point_at,
};

/* The row begins at a byte; the column tells how much further. */
static void place_cursor(struct keys *keys, const struct zone *zone, int x) {
    struct editor *editor = &keys->model->current->editor;
    struct text draft = editor_text(editor);
    if (zone->which > draft.length) return;
    struct text row = text_after(draft, (size_t)zone->which);
    row.length = text_find(row, '\n');
    editor_go_to(editor, (size_t)zone->which + text_fit(row, x - zone->x));
}

void keys_open_link(struct keys *keys, struct text link) {
    char words[MODEL_STATE_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    errands_open(&keys->model->errands, link);
    write_string(&writer, "opening ");
    write_text(&writer, text_slice(link.at, text_fit(link, 60)));
    model_hint(keys->model, writer_text(&writer));
}

static void click(struct keys *keys, const struct grid *grid,
                  const struct zone *zone, const struct mouse *mouse) {
    struct text link = grid_link_at(grid, mouse->x, mouse->y);
    size_t kinds = sizeof clicks / sizeof *clicks;
    if (link.length > 0)
        keys_open_link(keys, link);
    else if (zone && zone->kind == ZONE_INPUT)
        place_cursor(keys, zone, mouse->x);
    else if (zone && (size_t)zone->kind < kinds && clicks[zone->kind])
        clicks[zone->kind](keys, zone->which);
}

static void scroll_members(struct keys *keys, int step) {
    struct buffer *buffer = keys->model->current;
    size_t count = buffer->members.count;
    if (step > 0)
        buffer->members_from += WHEEL;
    else
        buffer->members_from -=
            buffer->members_from < WHEEL ? buffer->members_from : WHEEL;
    if (buffer->members_from > count) buffer->members_from = count;
}

/* step: 1 is down. */
static void turn_wheel(struct keys *keys, const struct zone *zone, int step) {
    int kind = zone ? zone->kind : ZONE_NOTHING;
    if (kind == ZONE_BUFFER)
        model_show_step(keys->model, step);
    else if (kind == ZONE_MEMBER || kind == ZONE_MEMBERS)
        scroll_members(keys, step);
    else if (step < 0)
        keys_scroll_up(keys, WHEEL);
    else
        keys_scroll_down(keys, WHEEL);
}

void keys_mouse(struct keys *keys, const struct mouse *mouse) {
    struct model *model = keys->model;
    struct grid grid;
    bool presses = mouse->kind == MOUSE_PRESS && mouse->button == 1;
    bool turns =
        mouse->kind == MOUSE_WHEEL_UP || mouse->kind == MOUSE_WHEEL_DOWN;
    if (!model->current || !(presses || turns)) return;
    if (model_question(model)) return;
    grid_init(&grid);
    const struct zone *zone =
        view_at(&grid, model, keys->width, keys->height, mouse->x, mouse->y);
    if (presses) model->hint[0] = '\0';
    if (presses)
        click(keys, &grid, zone, mouse);
    else
        turn_wheel(keys, zone, mouse->kind == MOUSE_WHEEL_UP ? -1 : 1);
    grid_finish(&grid);
    model->stale = true;
}
