#include "client/display.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/clock.h"
#include "client/escape.h"
#include "protocol/container.h"

enum { MODE_FOCUS = 1004 };

static void on_frame(uv_timer_t *frame);
static void on_lapse(uv_timer_t *lapse);

static void tell(struct display *display, struct bytes *beside) {
    terminal_write(&display->terminal, bytes_text(beside));
    bytes_finish(beside);
}

/* Taking the terminal, and giving it back ---------------------------------- */

static struct emulator guess(void) {
    struct surroundings around = {
        .term = getenv("TERM"),
        .term_program = getenv("TERM_PROGRAM"),
        .lc_terminal = getenv("LC_TERMINAL"),
        .kitty_window_id = getenv("KITTY_WINDOW_ID"),
        .tmux = getenv("TMUX"),
    };
    if (around.tmux && !*around.tmux) around.tmux = NULL;
    return emulator_guess(&around);
}

static void compose_restore(struct display *display) {
    struct writer writer = writer_on(display->restore, RESCUE_BYTES_MAX);
    struct bytes modes = {0};
    escape_modes_off(&modes, display->emulator.able);
    write_text(&writer, bytes_text(&modes));
    bytes_finish(&modes);
    screen_capability(&writer, "sgr0");
    screen_capability(&writer, "cnorm");
    screen_capability(&writer, "rmkx");
    screen_capability(&writer, "rmcup");
    write_string(&writer, "\r");
    display->restore_length = writer.length;
}

static bool hold(struct display *display) {
    return terminal_hold(&display->terminal,
                         text_slice(display->restore, display->restore_length));
}

static void add_modes(struct display *display, struct bytes *beside) {
    escape_modes(beside, display->emulator.able);
    display->mouse = false;
    display->title[0] = '\0';
}

const char *display_open(struct display *display) {
    *display = (struct display){.emulator = guess()};
    const char *no = getenv("NO_COLOR");
    const char *wrong = terminal_open(&display->terminal);
    if (wrong) return wrong;
    wrong = screen_open(&display->screen);
    if (wrong) {
        terminal_close(&display->terminal);
        return wrong;
    }
    display->no_colour = no && *no;
    compose_restore(display);
    decode_init(&display->decode);
    return NULL;
}

/* Drawing ------------------------------------------------------------------ */

static int64_t cells(const struct display *display) {
    return (int64_t)display->screen.width * display->screen.height;
}

/* What may be written without a key grows as time goes by. */
static void count_time(struct display *display) {
    int64_t most = DISPLAY_BURST * cells(display) * 1000;
    uint64_t now = uv_now(display->loop);
    int64_t ms = (int64_t)(now - display->counted);
    if (ms > 1000 * DISPLAY_BURST) ms = 1000 * DISPLAY_BURST;
    display->allowance += ms * cells(display) * DISPLAY_RATE / 10;
    if (display->allowance > most) display->allowance = most;
    display->counted = now;
}

static void count_bytes(struct display *display, size_t length) {
    int64_t least = -DISPLAY_BURST * cells(display) * 1000;
    display->allowance -= (int64_t)length * 1000;
    if (display->allowance < least) display->allowance = least;
}

static bool is_slow(const struct display *display) {
    enum low_bandwidth low = display->model->preferences.low_bandwidth;
    if (low == LOW_BANDWIDTH_AUTO)
        return uv_now(display->loop) < display->sluggish;
    return low == LOW_BANDWIDTH_ON;
}

/* Until when no frame is drawn that no key asked for. Two may follow each other
 * at once, and no third: what comes of one thing often comes in two parts. */
static uint64_t next_frame(struct display *display) {
    enum low_bandwidth low = display->model->preferences.low_bandwidth;
    unsigned least = is_slow(display) ? DISPLAY_SLOW_MS : DISPLAY_FRAME_MS;
    uint64_t next = display->drawn_before + 2 * least;
    count_time(display);
    if (display->allowance >= 0 || low == LOW_BANDWIDTH_OFF) return next;
    int64_t ms = -display->allowance * 10 / (cells(display) * DISPLAY_RATE) + 1;
    uint64_t calm = uv_now(display->loop) + (uint64_t)ms;
    uint64_t most = display->drawn + DISPLAY_FLOOD_MS;
    if (calm > most) calm = most;
    return calm > next ? calm : next;
}

/* Something of the loop's is ready already; the loop knows by one descriptor.
 */
static bool more_to_read(const struct display *display) {
    struct pollfd ready = {.fd = uv_backend_fd(display->loop),
                           .events = POLLIN};
    return poll(&ready, 1, 0) > 0;
}

static void take_size(struct display *display) {
    int width = display->screen.width, height = display->screen.height;
    display->resize = false;
    (void)terminal_size(&display->terminal, &width, &height);
    screen_resize(&display->screen, width, height);
    keys_resize(display->keys, display->screen.width, display->screen.height);
}

static void take_theme(struct display *display) {
    enum theme theme = display->model->preferences.theme;
    if (theme == THEME_AUTO) theme = display->ground;
    if (display->no_colour) theme = THEME_MONO;
    screen_set_theme(&display->screen, theme);
    screen_set_tints(&display->screen, display->model->preferences.tints);
}

static void add_mouse(struct display *display, struct bytes *beside) {
    bool wanted = display->model->preferences.mouse;
    if (display->mouse == wanted || !display->emulator.able) return;
    escape_mouse(beside, wanted);
    display->mouse = wanted;
}

/* "(2) #room": how often we were meant elsewhere, and where we are. */
static void write_title(const struct model *model,
                        char words[DISPLAY_TITLE_SIZE]) {
    struct writer writer = writer_on(words, DISPLAY_TITLE_SIZE - 1);
    unsigned mentions = 0;
    for (size_t i = 0; i < model->buffer_count; i++)
        mentions += model->buffers[i]->mentions;
    if (mentions > 0) write_format(&writer, "(%u) ", mentions);
    if (model->current) write_string(&writer, model->current->name);
    write_string(&writer, " · minichat");
    words[writer.length] = '\0';
}

static void add_title(struct display *display, struct bytes *beside) {
    char words[DISPLAY_TITLE_SIZE];
    if (!display->emulator.able) return;
    write_title(display->model, words);
    if (strcmp(words, display->title) == 0) return;
    memcpy(display->title, words, sizeof words);
    escape_title(beside, text_of(words));
}

static void print(struct display *display) {
    struct text bytes = screen_frame(&display->screen, display->model);
    display->drawn_before = display->drawn;
    display->drawn = uv_now(display->loop);
    count_time(display);
    count_bytes(display, bytes.length);
    terminal_write(&display->terminal, bytes);
}

static void draw(struct display *display) {
    bool may = display->open && display->terminal.held;
    struct bytes beside = {0};
    if (!may || terminal_waiting(&display->terminal) > 0) return;
    uv_timer_stop(&display->frame);
    if (display->resize) take_size(display);
    if (display->keys->repaint) screen_repaint(&display->screen);
    if (!display->model->stale && !display->keys->repaint) return;
    display->keys->repaint = false;
    display->model->stale = false;
    take_theme(display);
    print(display);
    add_mouse(display, &beside);
    add_title(display, &beside);
    tell(display, &beside);
}

static bool has_news(const struct display *display) {
    return display->model->stale || display->keys->repaint || display->resize;
}

static void on_frame(uv_timer_t *frame) {
    draw(container_of(frame, struct display, frame));
}

/* Stopping and going on ---------------------------------------------------- */

/* It was somebody else's meanwhile: everything is set and printed anew. False
 * in the background, where it still is. */
static bool go_on(struct display *display) {
    char bytes[RESCUE_BYTES_MAX];
    struct writer writer = writer_on(bytes, sizeof bytes);
    struct bytes beside = {0};
    if (!hold(display)) return false;
    screen_capability(&writer, "smcup");
    bytes_add(&beside, writer_text(&writer));
    add_modes(display, &beside);
    tell(display, &beside);
    display->resize = true;
    display->keys->repaint = true;
    return true;
}

/* As every program is stopped: by the default action of SIGTSTP; the whole job
 * where a key asked for it. In the background again afterwards: the loop looks
 * whether we are to end, and then we stop once more. */
static void stop(struct display *display, pid_t whom) {
    struct sigaction by_default = {.sa_handler = SIG_DFL}, before;
    display->keys->suspend = false;
    terminal_release(&display->terminal);
    sigaction(SIGTSTP, &by_default, &before);
    kill(whom, SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
    uv_update_time(display->loop);
    display->drawn = display->woken = uv_now(display->loop);
    if (!go_on(display)) display->keys->suspend = true;
}

/* The program that has the terminal now stops itself, and we are one job. */
static void stop_beside(void) {
    struct sigaction by_default = {.sa_handler = SIG_DFL}, before;
    sigaction(SIGTSTP, &by_default, &before);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
}

static void on_stopped(uv_signal_t *handle, int number) {
    struct display *display =
        container_of(handle, struct display_signal, handle)->display;
    (void)number;
    if (display->terminal.lent)
        stop_beside();
    else
        stop(display, getpid());
}

/* After SIGSTOP, which nobody can see coming. */
static void on_continued(uv_signal_t *handle, int number) {
    struct display *display =
        container_of(handle, struct display_signal, handle)->display;
    (void)number;
    if (display->terminal.lent) return;
    if (uv_now(display->loop) - display->woken < DISPLAY_SLOW_MS) return;
    if (go_on(display)) return;
    terminal_disown(&display->terminal);
    display->keys->suspend = true;
}

static void on_resized(uv_signal_t *handle, int number) {
    struct display *display =
        container_of(handle, struct display_signal, handle)->display;
    (void)number;
    display->resize = true;
}

/* What the terminal sends ---------------------------------------------------
 */

/* The answer may come at any time; what is on the screen then only changes its
 * colours. */
static void take_ground(struct display *display, const struct decoded *event) {
    display->ground = palette_theme(event->ground.red, event->ground.green,
                                    event->ground.blue);
    display->model->stale = true;
}

static void take_attributes(struct display *display) {
    if (display->answered) return;
    display->answered = true;
    screen_set_links(&display->screen, display->emulator.able);
    display->model->stale = true;
}

static void take_event(struct display *display, const struct decoded *event) {
    switch (event->kind) {
    case DECODED_KEY: keys_press(display->keys, event->key); return;
    case DECODED_PASTE: keys_paste(display->keys, event->paste); return;
    case DECODED_MOUSE: keys_mouse(display->keys, &event->mouse); return;
    case DECODED_FOCUS:
        display->tells_focus = true;
        keys_focus(display->keys, event->focused);
        return;
    case DECODED_GROUND: take_ground(display, event); return;
    case DECODED_ATTRIBUTES: take_attributes(display); return;
    case DECODED_MODE:
        if (event->mode == MODE_FOCUS)
            display->tells_focus = event->recognised || display->tells_focus;
        return;
    }
}

static void wait_for_more(struct display *display) {
    unsigned ms = decode_patience(&display->decode);
    if (!display->open) return;
    if (ms > 0)
        uv_timer_start(&display->lapse, on_lapse, ms, 0);
    else
        uv_timer_stop(&display->lapse);
}

static void on_take(struct terminal_owner *owner, struct text bytes) {
    struct display *display =
        container_of(owner, struct display, terminal_owner);
    struct decoded event;
    display->model->now = clock_now();
    while (display->open && decode_next(&display->decode, &bytes, &event))
        take_event(display, &event);
    wait_for_more(display);
    draw(display);
}

static void on_lapse(uv_timer_t *lapse) {
    struct display *display = container_of(lapse, struct display, lapse);
    struct decoded event;
    display->model->now = clock_now();
    if (decode_lapse(&display->decode, &event)) take_event(display, &event);
    wait_for_more(display);
    draw(display);
}

static void on_drain(struct terminal_owner *owner) {
    struct display *display =
        container_of(owner, struct display, terminal_owner);
    uint64_t now = uv_now(display->loop);
    if (now - display->drawn > DISPLAY_PATIENCE_MS)
        display->sluggish = now + DISPLAY_SLUGGISH_MS;
}

static void on_lose(struct terminal_owner *owner) {
    struct display *display =
        container_of(owner, struct display, terminal_owner);
    display->owner->lose(display->owner);
}

/* Errands -------------------------------------------------------------------
 */

static void copy(struct display *display, struct errands *errands) {
    struct bytes beside = {0};
    if (!errands->copy) return;
    if (display->emulator.able)
        escape_copy(&beside, text_of(errands->copy), display->emulator.tmux);
    tell(display, &beside);
    free(errands->copy);
    errands->copy = NULL;
}

bool display_is_seen(const struct display *display) {
    return display->model->focused && display->tells_focus;
}

/* Nobody is told of what they are looking at. Of a terminal that does not tell
 * whether it is looked at we cannot know. */
static void notify(struct display *display, struct errands *errands) {
    enum notify form = display->model->preferences.notify;
    bool seen = display_is_seen(display);
    struct bytes beside = {0};
    if (!errands->notice.text || form == NOTIFY_COMMAND) return;
    if (form == NOTIFY_AUTO) form = display->emulator.notice;
    if (!seen && form != NOTIFY_OFF)
        escape_notice(&beside, form, &errands->notice, display->emulator.tmux);
    tell(display, &beside);
    notice_finish(&errands->notice);
}

/* ---------------------------------------------------------------------------
 */

static void watch(struct display *display, struct display_signal *one,
                  int number, uv_signal_cb callback) {
    one->display = display;
    uv_signal_init(display->loop, &one->handle);
    uv_signal_start(&one->handle, callback, number);
}

static void begin(struct display *display) {
    struct bytes beside = {0};
    add_modes(display, &beside);
    add_mouse(display, &beside);
    add_title(display, &beside);
    if (display->emulator.able) escape_questions(&beside);
    tell(display, &beside);
}

/* The first frame has what takes the alternate screen: modes and questions
 * follow it. */
void display_start(struct display *display, uv_loop_t *loop,
                   struct display_owner *owner, struct model *model,
                   struct keys *keys) {
    display->owner = owner;
    display->loop = loop;
    display->model = model;
    display->keys = keys;
    display->open = true;
    display->counted = uv_now(loop);
    display->terminal_owner =
        (struct terminal_owner){on_take, on_drain, on_lose};
    uv_timer_init(loop, &display->frame);
    uv_timer_init(loop, &display->lapse);
    watch(display, &display->resized, SIGWINCH, on_resized);
    watch(display, &display->continued, SIGCONT, on_continued);
    watch(display, &display->stopped, SIGTSTP, on_stopped);
    take_size(display);
    display->allowance = DISPLAY_BURST * cells(display) * 1000;
    terminal_start(&display->terminal, loop, &display->terminal_owner);
    if (!hold(display)) {
        keys->suspend = true;
        return;
    }
    model->stale = false;
    take_theme(display);
    print(display);
    begin(display);
}

/* In how many milliseconds something is to be done; 0: now. */
static uint64_t wait(struct display *display) {
    uint64_t now = uv_now(display->loop);
    uint64_t next = display->keys->suspend ? display->drawn + DISPLAY_FRAME_MS
                                           : next_frame(display);
    if (now < next) return next - now;
    if (display->keys->suspend || now - display->drawn >= DISPLAY_READ_MS)
        return 0;
    return more_to_read(display) ? DISPLAY_FRAME_MS : 0;
}

/* While the terminal has not taken what it was given, nothing is drawn; when it
 * has, there is a round. */
void display_round(struct display *display) {
    if (!display->open || display->terminal.lent) return;
    copy(display, &display->model->errands);
    notify(display, &display->model->errands);
    if (!display->keys->suspend && !has_news(display)) return;
    if (terminal_waiting(&display->terminal) > 0 && !display->keys->suspend)
        return;
    uint64_t ms = wait(display);
    if (ms > 0)
        uv_timer_start(&display->frame, on_frame, ms, 0);
    else if (display->keys->suspend)
        stop(display, 0);
    else
        draw(display);
}

void display_lend(struct display *display) {
    uv_timer_stop(&display->frame);
    terminal_lend(&display->terminal);
}

void display_take_back(struct display *display) {
    if (!display->open) return;
    terminal_take_back(&display->terminal);
    if (!go_on(display)) display->keys->suspend = true;
}

static void close_signal(struct display_signal *one) {
    uv_close((uv_handle_t *)&one->handle, NULL);
}

/* Answers that are still on their way would be typed at the shell. */
void display_close(struct display *display) {
    if (!display->open) return;
    display->open = false;
    uv_close((uv_handle_t *)&display->frame, NULL);
    uv_close((uv_handle_t *)&display->lapse, NULL);
    close_signal(&display->resized);
    close_signal(&display->continued);
    close_signal(&display->stopped);
    if (!display->answered) terminal_forget_typed(&display->terminal);
    terminal_close(&display->terminal);
    screen_close(&display->screen);
    decode_finish(&display->decode);
}
