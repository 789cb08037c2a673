#include "client/keys.h"

#include <string.h>

#include "client/complete.h"
#include "client/key_names.h"
#include "client/keys_parts.h"
#include "client/view.h"
#include "protocol/utf8.h"

void keys_init(struct keys *keys, struct model *model,
               struct commands *commands) {
    *keys = (struct keys){
        .model = model, .commands = commands, .width = 80, .height = 24};
}

void keys_finish(struct keys *keys) {
    menu_close(&keys->model->menu);
}

void keys_resize(struct keys *keys, int width, int height) {
    keys->width = width;
    keys->height = height;
    keys->model->stale = true;
}

static struct editor *editor_of(struct keys *keys) {
    return &keys->model->current->editor;
}

/* On a gap in sight, where nothing is to be sent: more of it. */
static void enter(struct keys *keys) {
    struct buffer *buffer = keys->model->current;
    uint64_t gap = view_lowest_gap(keys->model, keys->width, keys->height);
    if (editor_text(&buffer->editor).length == 0 && gap > 0)
        model_load_gap(keys->model, buffer, gap, GAP_UPPER_END, true);
    else
        commands_enter(keys->commands);
}

static int draft_columns(const struct keys *keys) {
    return view_draft_columns(keys->model->current, keys->width);
}

static void up(struct keys *keys) {
    struct editor *editor = editor_of(keys);
    if (!editor_row_up(editor, draft_columns(keys))) editor_older(editor);
}

static void down(struct keys *keys) {
    struct editor *editor = editor_of(keys);
    if (!editor_row_down(editor, draft_columns(keys))) editor_newer(editor);
}

static void recall(struct keys *keys) {
    model_recall(keys->model);
}

static void seek(struct keys *keys) {
    model_seek(keys->model, SEEK_HERE);
}

static void seek_buffer(struct keys *keys) {
    model_seek(keys->model, SEEK_NAMES);
}

static void complete(struct keys *keys) {
    complete_step(keys->model, 1);
}

static void complete_back(struct keys *keys) {
    complete_step(keys->model, -1);
}

static void next_buffer(struct keys *keys) {
    model_show_step(keys->model, 1);
}

static void previous_buffer(struct keys *keys) {
    model_show_step(keys->model, -1);
}

static void last_buffer(struct keys *keys) {
    model_show(keys->model, keys->model->previous);
}

static void active_buffer(struct keys *keys) {
    model_show_active(keys->model);
}

static void scroll(struct keys *keys, int rows) {
    view_scroll(keys->model, keys->width, keys->height, rows);
}

/* One row of the page before stays visible. */
static int page(const struct keys *keys) {
    int rows = view_page(keys->model, keys->width, keys->height);
    return rows > 1 ? rows - 1 : 1;
}

/* Near the top, what was said before is asked for, and at a gap, what it
 * stands for: so that who scrolls on need not wait. */
static void load_above(struct keys *keys) {
    struct buffer *buffer = keys->model->current;
    int page = view_page(keys->model, keys->width, keys->height);
    uint64_t gap = view_lowest_gap(keys->model, keys->width, keys->height);
    uint64_t top = view_highest(keys->model, keys->width, keys->height);
    if (gap > 0)
        model_load_gap(keys->model, buffer, gap, GAP_LOWER_END, false);
    else if (top < buffer->first + (unsigned)page)
        model_ask_older(keys->model, buffer, CATCHUP_LINES, false);
}

static void load_below(struct keys *keys) {
    struct buffer *buffer = keys->model->current;
    uint64_t gap = buffer->scroll.number + 1;
    if (buffer->scroll.number > 0 && buffer_is_gap(buffer, gap))
        model_load_gap(keys->model, buffer, gap, GAP_UPPER_END, false);
}

static uint64_t lowest(const struct buffer *buffer) {
    return buffer->scroll.number ? buffer->scroll.number : buffer->last;
}

/* Nobody slips past a gap: what it stands for is to come in above the line
 * below it when one reads upwards, and below the line above it downwards. Only
 * where it does not come, the next key goes on. */
static void stop_at(struct keys *keys, uint64_t number, uint64_t before) {
    struct buffer *buffer = keys->model->current;
    if (before == number && !model_is_asking(buffer)) return;
    buffer->scroll.number = number;
    buffer->scroll.rows = 0;
}

void keys_scroll_up(struct keys *keys, int rows) {
    struct buffer *buffer = keys->model->current;
    uint64_t before = lowest(buffer), gap = buffer_gap_above(buffer, before);
    scroll(keys, rows);
    if (gap > 0 && lowest(buffer) <= gap) stop_at(keys, gap + 1, before);
    load_above(keys);
}

void keys_scroll_down(struct keys *keys, int rows) {
    struct buffer *buffer = keys->model->current;
    uint64_t before = lowest(buffer), gap;
    scroll(keys, -rows);
    gap = buffer_gap_above(buffer, lowest(buffer));
    while (gap > before + 1 && buffer_gap_above(buffer, gap - 1) > before)
        gap = buffer_gap_above(buffer, gap - 1);
    if (gap > before) stop_at(keys, gap - 1, before);
    load_below(keys);
}

static void page_up(struct keys *keys) {
    keys_scroll_up(keys, page(keys));
}

static void page_down(struct keys *keys) {
    keys_scroll_down(keys, page(keys));
}

static void go_to(struct keys *keys, uint64_t number, int above) {
    view_go_to(keys->model, keys->width, keys->height, number, above);
}

static void to_oldest(struct keys *keys) {
    go_to(keys, keys->model->current->first, 0);
    load_above(keys);
}

static void to_newest(struct keys *keys) {
    keys->model->current->scroll = (struct scroll){0};
}

/* Back to the newest from further up, else to the end of the draft. */
static void to_end(struct keys *keys) {
    if (keys->model->current->scroll.number)
        to_newest(keys);
    else
        editor_to_end(editor_of(keys));
}

static void to_unread(struct keys *keys) {
    const struct buffer *buffer = keys->model->current;
    if (buffer->mark == 0 || buffer->mark >= buffer->last)
        model_hint(keys->model, text_of("nothing is marked as new here"));
    else
        go_to(keys, buffer->mark + 1, 1);
}

/* From where one looks: what was gone to, if that still holds, or the lowest
 * line above the newest. */
static uint64_t looked_at(const struct buffer *buffer) {
    const struct scroll *scroll = &buffer->scroll;
    bool holds = scroll->number > 0 || scroll->since == buffer->last;
    if (scroll->found > 0 && holds) return scroll->found;
    return scroll->number > 0 ? scroll->number : buffer->last + 1;
}

static void to_mention(struct keys *keys, int step) {
    const struct buffer *buffer = keys->model->current;
    uint64_t n = looked_at(buffer) + (uint64_t)(int64_t)step;
    const struct message *message;
    while ((message = buffer_message(buffer, n)) &&
           !message_is_mention(message))
        n += (uint64_t)(int64_t)step;
    if (message)
        go_to(keys, n, page(keys) / 2);
    else
        model_hint(keys->model, text_of("no further mention of you here"));
}

static void previous_mention(struct keys *keys) {
    to_mention(keys, -1);
}

static void next_mention(struct keys *keys) {
    to_mention(keys, 1);
}

static void toggle(struct keys *keys,
                   bool (*view)(struct model *model, int width, int height)) {
    if (!view(keys->model, keys->width, keys->height))
        model_hint(keys->model, text_of("there is no room for it here"));
}

static void toggle_buffers(struct keys *keys) {
    toggle(keys, view_toggle_buffers);
}

static void toggle_members(struct keys *keys) {
    toggle(keys, view_toggle_members);
}

static void toggle_bare(struct keys *keys) {
    keys->model->shown.bare = !keys->model->shown.bare;
}

static void edit_outside(struct keys *keys) {
    keys->model->errands.edit = true;
}

static void begin_chord(struct keys *keys) {
    keys->chord = true;
}

/* C-x C-e; other keys behind a C-x do nothing. */
static void end_chord(struct keys *keys, uint32_t key) {
    keys->chord = false;
    if (key == control('e')) edit_outside(keys);
}

static void repaint(struct keys *keys) {
    keys->repaint = true;
}

static void mute(struct keys *keys) {
    commands_carry_out(keys->commands, text_of("/mute"));
}

/* All, merged, of those who spoke lately, none; and all again. */
static void change_noise(struct keys *keys) {
    struct model *model = keys->model;
    enum noise noise = model_noise(model, model->current);
    static const char *const hints[] = {
        [NOISE_ALL] = "who comes and goes: each on a line",
        [NOISE_MERGE] = "who comes and goes: on one line",
        [NOISE_SMART] = "who comes and goes: those who spoke lately",
        [NOISE_NONE] = "who comes and goes: not shown",
    };
    noise = noise == NOISE_NONE ? NOISE_ALL : noise + 1;
    model_set_noise(model, model->current, noise);
    model_hint(model, text_of(hints[noise]));
}

static void suspend(struct keys *keys) {
    if (keys->model->preferences.confined) return; /* nobody waits for us */
    keys->suspend = true;
}

static void help(struct keys *keys) {
    commands_carry_out(keys->commands, text_of("/help"));
}

static void interrupt(struct keys *keys) {
    if (editor_text(editor_of(keys)).length > 0) {
        editor_clear(editor_of(keys));
        model_hint(keys->model, text_of("cleared · C-_ brings it back"));
        return;
    }
    if (keys->asked_to_quit) {
        commands_carry_out(keys->commands, text_of("/quit"));
        return;
    }
    model_hint(keys->model, text_of("C-c again to quit"));
}

/* A row edits the draft or acts on the rest; with `control` the key is a
 * letter held with Control. */
static const struct binding {
    const char *name; /* by which a person binds it; several keys share one */
    uint32_t key;
    bool control;
    void (*edit)(struct editor *editor);
    void (*act)(struct keys *keys);
} bindings[] = {
    {"line-start", 'a', true, .edit = editor_to_start},
    {"line-end", 'e', true, .edit = editor_to_end},
    {"left", 'b', true, .edit = editor_left},
    {"right", 'f', true, .edit = editor_right},
    {"delete-right", 'd', true, .edit = editor_rub_right},
    {"delete-left", 'h', true, .edit = editor_rub_left},
    {"kill-to-end", 'k', true, .edit = editor_kill_to_end},
    {"kill-to-start", 'u', true, .edit = editor_kill_to_start},
    {"kill-word-left", 'w', true, .edit = editor_kill_word_left},
    {"yank", 'y', true, .edit = editor_yank},
    {"transpose", 't', true, .edit = editor_transpose},
    {"undo", UNDERSCORE, .edit = editor_undo},
    {"redo", ALT + '_', .edit = editor_redo},
    {"yank-older", ALT + 'y', .edit = editor_yank_pop},
    {"kill-whole-line", ALT + 'k', .edit = editor_kill_line},
    {"delete-left", RUBOUT, .edit = editor_rub_left},
    {"delete-left", KEYS_BACKSPACE, .edit = editor_rub_left},
    {"delete-right", KEYS_DELETE, .edit = editor_rub_right},
    {"left", KEYS_LEFT, .edit = editor_left},
    {"right", KEYS_RIGHT, .edit = editor_right},
    {"line-start", KEYS_HOME, .edit = editor_to_start},
    {"end", KEYS_END, .act = to_end},
    {"up", KEYS_UP, .act = up},
    {"down", KEYS_DOWN, .act = down},
    {"recall", 'r', true, .act = recall},
    {"search", 's', true, .act = seek},
    {"go-to", ALT + 'g', .act = seek_buffer},
    {"chord", 'x', true, .act = begin_chord},
    {"external-editor", ALT + 'e', .act = edit_outside},
    {"word-left", ALT + 'b', .edit = editor_word_left},
    {"word-right", ALT + 'f', .edit = editor_word_right},
    {"word-left", CONTROL + KEYS_LEFT, .edit = editor_word_left},
    {"word-right", CONTROL + KEYS_RIGHT, .edit = editor_word_right},
    {"kill-word-right", ALT + 'd', .edit = editor_kill_word_right},
    {"kill-word-left", ALT + RUBOUT, .edit = editor_kill_word_left},
    {"kill-word-left", ALT + KEYS_BACKSPACE, .edit = editor_kill_word_left},
    {"send", RETURN, .act = enter},
    {"send", LINE_FEED, .act = enter},
    {"send", KEYS_ENTER, .act = enter},
    {"new-line", ALT + RETURN, .edit = editor_new_line},
    {"new-line", ALT + LINE_FEED, .edit = editor_new_line},
    {"new-line", ALT + KEYS_ENTER, .edit = editor_new_line},
    {"new-line", KEYS_SHIFT + RETURN, .edit = editor_new_line},
    {"complete", TAB, .act = complete},
    {"complete-back", KEYS_BACK_TAB, .act = complete_back},
    {"next-buffer", 'n', true, .act = next_buffer},
    {"previous-buffer", 'p', true, .act = previous_buffer},
    {"next-buffer", ALT + KEYS_RIGHT, .act = next_buffer},
    {"previous-buffer", ALT + KEYS_LEFT, .act = previous_buffer},
    {"select", ESCAPE, .act = keys_select},
    {"select", ALT + KEYS_UP, .act = keys_select},
    {"last-buffer", ALT + '/', .act = last_buffer},
    {"active-buffer", ALT + 'a', .act = active_buffer},
    {"page-up", KEYS_PAGE_UP, .act = page_up},
    {"page-down", KEYS_PAGE_DOWN, .act = page_down},
    {"oldest", ALT + '<', .act = to_oldest},
    {"newest", ALT + '>', .act = to_newest},
    {"first-unread", ALT + 'u', .act = to_unread},
    {"previous-mention", ALT + 'p', .act = previous_mention},
    {"next-mention", ALT + 'n', .act = next_mention},
    {"mute", ALT + 'm', .act = mute},
    {"noise", ALT + 'h', .act = change_noise},
    {"buffer-list", KEYS_F1 + 6, .act = toggle_buffers},
    {"nick-list", KEYS_F1 + 7, .act = toggle_members},
    {"bare-view", ALT + 'l', .act = toggle_bare},
    {"repaint", 'l', true, .act = repaint},
    {"suspend", 'z', true, .act = suspend},
    {"interrupt", 'c', true, .act = interrupt},
    {"help", KEYS_F1, .act = help},
};

enum { BINDINGS = sizeof bindings / sizeof bindings[0] };

static uint32_t bound_key(const struct binding *row) {
    return row->control ? control((char)row->key) : row->key;
}

static const struct binding *find_action(const char *name) {
    for (size_t i = 0; i < BINDINGS; i++)
        if (strcmp(bindings[i].name, name) == 0) return &bindings[i];
    return NULL;
}

static const struct rebinding *find_rebinding(const struct keys *keys,
                                              uint32_t key) {
    const struct preferences *preferences = &keys->model->preferences;
    for (size_t i = 0; i < preferences->rebound_count; i++)
        if (preferences->rebound[i].key == key_plain(key))
            return &preferences->rebound[i];
    return NULL;
}

static const struct binding *find(uint32_t key) {
    for (size_t i = 0; i < BINDINGS; i++)
        if (bound_key(&bindings[i]) == key) return &bindings[i];
    return NULL;
}

const char *keys_action(size_t index, uint32_t *key) {
    if (index >= BINDINGS) return NULL;
    *key = key_plain(bound_key(&bindings[index]));
    return bindings[index].name;
}

bool keys_know(struct text action) {
    for (size_t i = 0; i < BINDINGS; i++)
        if (text_is(action, bindings[i].name)) return true;
    return text_is(action, "none");
}

static void too_long(struct keys *keys, bool taken) {
    if (taken) return;
    model_hint(keys->model, text_of("too long: 64 KiB fit in one draft"));
}

/* A character on its own; joiners come one by one from the keyboard too and
 * are cleaned when the line is sent. */
static void type(struct keys *keys, uint32_t point) {
    char bytes[4];
    struct text text = text_slice(bytes, utf8_put(bytes, point));
    struct editor *editor = editor_of(keys);
    if (point == 0x200C || point == 0x200D)
        editor_replace(editor, editor->now.cursor, editor->now.cursor, text);
    else
        too_long(keys, editor_type(editor, text));
}

/* Alt-1 to Alt-9, and Alt-0 for the tenth. */
static bool is_number(uint32_t key) {
    return key >= ALT + '0' && key <= ALT + '9';
}

static void do_what_is_bound(struct keys *keys, uint32_t key) {
    const struct rebinding *rebinding = find_rebinding(keys, key);
    const struct binding *row =
        rebinding ? find_action(rebinding->action) : find(key);
    if (rebinding && !row) return; /* "none" */
    keys->asked = keys->commands->asked;
    if (!row || row->act != enter) keys->commands->asked = false;
    if (row && row->edit)
        row->edit(editor_of(keys));
    else if (row)
        row->act(keys);
    else if (is_number(key))
        model_show_number(keys->model, key == ALT + '0' ? 10 : key - ALT - '0');
    else if (is_text(key))
        type(keys, key);
}

/* Neither stopping nor drawing anew is an answer. */
static bool answers(struct keys *keys, uint32_t key) {
    struct model *model = keys->model;
    struct question *question = model_question(model);
    if (!question || key == control('z') || key == control('l')) return false;
    model->stale = true;
    if (key == KEYS_ENTER) key = RETURN;
    if (key == KEYS_BACKSPACE) key = RUBOUT;
    return question_press(question, key, model->now);
}

static bool take_key(struct keys *keys, uint32_t key) {
    bool chord = keys->chord;
    if (chord) end_chord(keys, key);
    return chord || keys_take_choice(keys, key) || keys_take_menu(keys, key) ||
           keys_take_recall(keys, key) || keys_take_seek(keys, key) ||
           keys_take_pick(keys, key);
}

void keys_press(struct keys *keys, uint32_t key) {
    if (!keys->model->current || answers(keys, key)) return;
    const struct buffer *buffer = keys->model->current;
    size_t length = editor_text(editor_of(keys)).length;
    bool quits = key == control('c') && length == 0 && !keys->chord;
    keys->model->hint[0] = '\0';
    keys->model->stale = true;
    if (take_key(keys, key))
        quits = false;
    else
        do_what_is_bound(keys, key);
    keys->asked_to_quit = quits;
    if (buffer == keys->model->current &&
        editor_text(editor_of(keys)).length != length)
        model_typed(keys->model);
}

void keys_paste(struct keys *keys, struct text text) {
    if (!keys->model->current) return;
    keys->model->stale = true;
    if (question_paste(model_question(keys->model), text)) return;
    if (keys->model->pick.reacts) {
        model_choose_type(keys->model, text);
        return;
    }
    menu_close(&keys->model->menu);
    model_pick(keys->model, 0);
    keys->model->hint[0] = '\0';
    keys->asked_to_quit = false;
    keys->commands->asked = false;
    if (keys->model->recall.open)
        model_recall_type(keys->model, text);
    else if (keys->model->seek.open)
        keys_seek_paste(keys, text);
    else
        too_long(keys, editor_paste(editor_of(keys), text));
    model_typed(keys->model);
}

void keys_focus(struct keys *keys, bool focused) {
    model_focus(keys->model, focused);
}
