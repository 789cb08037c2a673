/* The whole client without its terminal: what two servers say, what a person
 * types, pastes, clicks and resizes, and lines that are lost in the middle of
 * it, in whatever order. What is kept and drawn is clean and in its place, what
 * is sent are single lines, and nothing is used that is gone.
 *
 * The input is lines; the first byte says what the rest is:
 *
 *     <  from the server          >  typed, then Enter      "  typed
 *     k  keys by name: C-r M-a    p  pasted; | is a line end
 *     s  width, height, bytes     m  a click: kind, button, x, y
 *     2  the other server         x  the link is lost       c  it is there
 *     t  so much time passes      f  looks away, or back
 *     d  what is on disk is written, and read by another client
 *     q  so many lines more are sent before nothing is taken any more
 *
 * A byte of 128 and more stands for one of the words below, unless a backslash
 * is before it. */
#include <stdlib.h>
#include <string.h>

#include "client/key_names.h"
#include "client/keys.h"
#include "client/pending_file.h"
#include "client/view.h"
#include "protocol/container.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 400, LINE_SIZE = 70000, WORDS = 128 };

static const char *const words[WORDS] = {
    ":irc.box ",
    ":ada!a@h ",
    ":bob!b@h ",
    "@time=2026-11-22T15:00:00.000Z",
    ";msgid=m",
    ";msgid=n",
    ";batch=B",
    ";batch=C",
    ";label=",
    "@batch=B",
    "PRIVMSG ",
    "NOTICE ",
    "TAGMSG ",
    "JOIN ",
    "PART ",
    "QUIT ",
    "NICK ",
    "KICK ",
    "MODE ",
    "TOPIC ",
    "INVITE ",
    "AWAY ",
    "BATCH +B ",
    "BATCH -B",
    "BATCH +C ",
    "BATCH -C",
    "chathistory ",
    "draft/multiline ",
    "labeled-response ",
    "netsplit a b",
    "draft/chathistory-targets ",
    "search ",
    "CAP * LS :",
    "CAP * LS * :",
    "CAP ada ACK :",
    "CAP ada NAK :",
    "CAP ada NEW :",
    "CAP ada DEL :",
    "sasl=PLAIN ",
    "batch ",
    "echo-message ",
    "message-tags ",

    "draft/chathistory ",
    "server-time ",
    "draft/multiline=max-bytes=40,max-lines=3 ",
    "draft/read-marker ",
    "draft/message-redaction ",
    "sts=port=0,duration=1 ",
    "001 ada :hi",
    "005 ada ",
    "CHATHISTORY=50 ",
    "MSGREFTYPES=msgid,timestamp ",
    "PREFIX=(ov)@+ ",
    "CHANTYPES=# ",
    "CLIENTTAGDENY=* ",
    "353 ada = #r :",
    "366 ada #r :",
    "332 ada #r :",
    "433 * ada :",
    "403 ada #r :",
    "FAIL ",
    "CHATHISTORY ",
    "MARKREAD ",
    "timestamp=2026-11-22T15:00:01.000Z",
    "REDACT ",
    "ACCOUNT ",
    "CHGHOST ",
    "SETNAME ",
    "PING ",
    "PONG ",
    "ERROR :",
    "AUTHENTICATE +",
    "904 ada :",
    "+draft/typing=active",
    "+draft/reply=m",
    "+draft/react=x",
    "+typing=done",
    "@+minichat/nonce=",

    "NOTE ",
    "#r",
    "#r ",
    "#other",
    "ada",
    "ada ",
    "bob",
    "bob ",
    " :",
    "* ",
    "m1",
    "\001ACTION ",
    "\001",
    "\002",
    "\00304,12",
    "\033[31m",
    "\033]52;c;",
    "\u202e",
    "\u200d",
    "👍🏽",
    "日本",
    "e\u0301",
    "\xc2\x9b",
    "\xff",
    "\t",
    "https://example.org/a_(b) ",
    "http://-o ",
    "/",
    "/join ",
    "/close",
    "/network ",
    "del ",
    "add ",
    "/connect ",
    "/disconnect ",
    "/clear",
    "/nick ",
    "/edit",
    "/queue ",
    "/resend",
    "/set ",
    "/msg ",
    "/query ",
    "/history ",
    "box ",
    "far ",
    "ircs://h/#r ",
    "C-r ",
    "Tab ",
    "M-Enter ",
};

/* A network's connection, as far as the client sees it. */
struct line {
    struct session_owner owner;
    struct desk *desk;
    struct network *network; /* NULL: nobody's */
    struct session session;
    struct login login;
    bool up, doomed;
};

struct desk {
    struct model model;
    struct commands commands;
    struct commands_owner owner;
    struct keys keys;
    struct trust trust;
    struct grid grid;
    struct line lines[MODEL_NETWORKS];
    size_t spoken_to;
    int patience; /* lines that are still taken; 0: as many as there are */
    int width, height;
};

static void must(bool holds) {
    if (!holds) abort();
}

static bool drives(uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x61C ||
           (point >= 0x200B && point <= 0x200B) ||
           (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

static void is_clean(struct text text) {
    while (text.length > 0) {
        int32_t point = utf8_next(&text);
        must(point != UTF8_INVALID_BYTE && !drives((uint32_t)point));
    }
}

/* What is said may have several lines. */
static void are_clean(struct text lines) {
    while (lines.length > 0)
        is_clean(text_piece(&lines, '\n'));
}

/* Connections -------------------------------------------------------------- */

static struct line *line_of(struct desk *desk, const struct network *network) {
    for (size_t i = 0; i < MODEL_NETWORKS; i++)
        if (desk->lines[i].network == network) return &desk->lines[i];
    return NULL;
}

static void hang_up(struct line *line) {
    if (line->up) session_finish(&line->session);
    line->up = false;
    line->network->session = NULL;
}

static void on_news(struct session_owner *owner, const struct news *told) {
    struct line *line = container_of(owner, struct line, owner);
    struct model *model = &line->desk->model;
    struct network *network = line->network;
    struct news news = *told;
    must(line->up);
    if (news.when == 0 && news.kind != NEWS_READ) news.when = model->now;
    if (network->online || news.kind == NEWS_ONLINE)
        network->session = &line->session;
    model_hear(model, network, &news);
    if (news.kind == NEWS_ONLINE) model_join_wanted(model, network);
    if (news.kind == NEWS_REFUSED_LOGIN) hang_up(line);
}

/* Who does not read is lost, while somebody speaks. */
static void on_send(struct session_owner *owner, struct text sent) {
    struct line *line = container_of(owner, struct line, owner);
    struct desk *desk = line->desk;
    must(text_find(sent, '\n') == sent.length);
    must(text_find(sent, '\r') == sent.length);
    must(text_find(sent, '\0') == sent.length);
    if (desk->patience > 0 && --desk->patience == 0) line->doomed = true;
}

static void dial(struct line *line) {
    line->up = true;
    line->doomed = false;
    session_init(&line->session, &line->owner, &line->login);
    session_begin(&line->session);
}

static struct session *find_session(struct commands_owner *owner,
                                    struct network *network) {
    struct desk *desk = container_of(owner, struct desk, owner);
    struct line *line = line_of(desk, network);
    return line && line->up && network->online ? &line->session : NULL;
}

static void go(struct commands_owner *owner, struct network *network) {
    struct desk *desk = container_of(owner, struct desk, owner);
    struct line *line = line_of(desk, network);
    if (!line) line = line_of(desk, NULL);
    line->network = network;
    if (find_session(owner, network))
        model_lost(&desk->model, network, text_of("reconnecting"));
    hang_up(line);
    dial(line);
}

static void leave(struct commands_owner *owner, struct network *network,
                  struct text reason) {
    struct desk *desk = container_of(owner, struct desk, owner);
    struct line *line = line_of(desk, network);
    if (!line) return;
    if (line->up) session_quit(&line->session, reason);
    hang_up(line);
    line->network = NULL;
}

static void log_in(struct commands_owner *owner, struct network *network,
                   struct text secret) {
    (void)secret;
    go(owner, network);
}

static const char *execute(struct commands_owner *owner, struct text command,
                           bool say) {
    struct desk *desk = container_of(owner, struct desk, owner);
    if (say)
        keys_paste(&desk->keys, command);
    else
        model_tell(&desk->model, NULL, MESSAGE_ANSWER, command);
    return NULL;
}

static bool trace(struct commands_owner *owner, struct network *network) {
    (void)owner;
    (void)network;
    return true;
}

static void quit(struct commands_owner *owner, struct text reason) {
    (void)owner;
    (void)reason;
}

static struct trust *find_trust(struct commands_owner *owner) {
    return &container_of(owner, struct desk, owner)->trust;
}

static const struct tls_peer *find_peer(struct commands_owner *owner,
                                        const struct network *network,
                                        char server[LEDGER_NAME_SIZE]) {
    (void)owner;
    (void)network;
    server[0] = '\0';
    return NULL;
}

static void lose(struct desk *desk, struct line *line, struct text why) {
    if (!line->up) return;
    hang_up(line);
    model_lost(&desk->model, line->network, why);
}

static void drop_doomed(struct desk *desk) {
    for (size_t i = 0; i < MODEL_NETWORKS; i++)
        if (desk->lines[i].doomed)
            lose(desk, &desk->lines[i], text_of("it does not read"));
}

/* What must hold after each deed --------------------------------------------
 */

static void is_sound(const struct model *model, const struct buffer *buffer) {
    is_clean(text_of(buffer->name));
    is_clean(text_of(buffer->topic));
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        must(message);
        is_clean(message->nick);
        are_clean(message->body);
        is_clean(message->msgid);
    }
    for (size_t i = 0; i < model->network_count; i++)
        if (model->networks[i] == buffer->network) return;
    abort();
}

static void all_is_sound(const struct model *model) {
    must(model_number(model, model->current) > 0);
    must(!model->previous || model_number(model, model->previous) > 0);
    is_clean(text_of(model->hint));
    for (size_t i = 0; i < model->buffer_count; i++)
        is_sound(model, model->buffers[i]);
    for (size_t i = 0; i < model->network_count; i++) {
        const struct network *network = model->networks[i];
        must(model_number(model, network->server) > 0);
        must(model_number(model, network->asked) > 0);
        is_clean(text_of(network->state));
        is_clean(text_of(network->nick));
    }
}

static void is_drawn(const struct grid *grid) {
    must(grid->cursor_x >= 0 && grid->cursor_x < grid->width);
    must(grid->cursor_y >= 0 && grid->cursor_y < grid->height);
    for (int y = 0; y < grid->height; y++)
        for (int x = 0; x < grid->width; x++) {
            const struct glyph *glyph = &grid_cell(grid, x, y)->glyph;
            must(glyph->width <= 2 && x + glyph->width <= grid->width);
            is_clean(text_of(glyph->bytes));
        }
    for (size_t i = 0; i < grid->link_count; i++)
        is_clean(text_of(grid->links[i]));
}

static void take_errands(struct errands *errands) {
    is_clean(text_of(errands->open));
    is_clean(text_of(errands->notice.room));
    is_clean(text_of(errands->notice.nick));
    is_clean(text_of(errands->notice.text));
    errands_finish(errands);
    *errands = (struct errands){0};
}

static void take_log(struct log_batch *batch) {
    struct log_entry entry;
    size_t at = 0;
    while (log_batch_next(batch, &at, &entry)) {
        is_clean(entry.line.nick);
        are_clean(entry.line.body);
    }
    log_batch_finish(batch);
}

static void end_round(struct desk *desk) {
    drop_doomed(desk);
    (void)model_tick(&desk->model);
    take_errands(&desk->model.errands);
    take_log(&desk->model.log);
    if (!desk->model.stale) return;
    desk->model.stale = false;
    all_is_sound(&desk->model);
    view_draw(&desk->grid, &desk->model, desk->width, desk->height);
    is_drawn(&desk->grid);
}

/* Deeds --------------------------------------------------------------------
 */

static void type(struct desk *desk, struct text text) {
    while (text.length > 0) {
        int32_t point = utf8_next(&text);
        if (point >= 0x20) keys_press(&desk->keys, (uint32_t)point);
    }
}

static void press(struct desk *desk, struct text names) {
    while (names.length > 0)
        keys_press(&desk->keys, key_read(text_word(&names)));
}

static void paste(struct desk *desk, struct text text) {
    char *bytes = memory_string(text.at, text.length);
    for (size_t i = 0; i < text.length; i++)
        if (bytes[i] == '|') bytes[i] = '\n';
    keys_paste(&desk->keys, text_slice(bytes, text.length));
    free(bytes);
}

static int byte_at(struct text text, size_t i) {
    return i < text.length ? (unsigned char)text.at[i] : 0;
}

static void resize(struct desk *desk, struct text text) {
    desk->width = 1 + byte_at(text, 0);
    desk->height = 1 + byte_at(text, 1) % 100;
    keys_resize(&desk->keys, desk->width, desk->height);
}

static void click(struct desk *desk, struct text text) {
    struct mouse mouse = {
        .kind = (enum mouse_kind)(byte_at(text, 0) % 5),
        .button = (unsigned)byte_at(text, 1) % 4,
        .x = byte_at(text, 2) % desk->width,
        .y = byte_at(text, 3) % desk->height,
    };
    keys_mouse(&desk->keys, &mouse);
}

/* What was written is read by one who comes later. */
static void keep(struct desk *desk, struct network *network) {
    struct bytes file = {0}, damaged = {0}, full = {0};
    struct pending pending = {0};
    struct table table = {0};
    pending_file_write_all(&network->pending, network->online, &file);
    (void)pending_file_read(&pending, bytes_text(&file), &damaged, &full);
    must(damaged.length == 0 && pending.count <= network->pending.count);
    bytes_finish(&file);
    model_take_table(&desk->model, network, &file);
    table_read(&table, bytes_text(&file), &damaged);
    must(damaged.length == 0);
    model_lay_table(&desk->model, network, &table);
    table_finish(&table);
    pending_finish(&pending);
    bytes_finish(&file);
    bytes_finish(&damaged);
    bytes_finish(&full);
}

static void keep_all(struct desk *desk) {
    for (size_t i = 0; i < desk->model.network_count; i++)
        keep(desk, desk->model.networks[i]);
}

static void reach(struct desk *desk, struct line *line) {
    if (!line->network) return;
    go(&desk->owner, line->network);
}

static void next_line(struct desk *desk) {
    desk->spoken_to = (desk->spoken_to + 1) % MODEL_NETWORKS;
    if (!desk->lines[desk->spoken_to].network) desk->spoken_to = 0;
}

static void pass(struct desk *desk, struct text text) {
    int64_t ms = 1;
    for (int i = byte_at(text, 0) % 16; i > 0; i--)
        ms *= 3;
    desk->model.now += ms;
}

static void act(struct desk *desk, char deed, struct text text) {
    struct line *line = &desk->lines[desk->spoken_to];
    switch (deed) {
    case '<':
        if (line->up) session_take(&line->session, text, desk->model.now);
        break;
    case '>':
        type(desk, text);
        keys_press(&desk->keys, KEYS_ENTER);
        break;
    case '"': type(desk, text); break;
    case 'k': press(desk, text); break;
    case 'p': paste(desk, text); break;
    case 's': resize(desk, text); break;
    case 'm': click(desk, text); break;
    case '2': next_line(desk); break;
    case 'x': lose(desk, line, text); break;
    case 'c': reach(desk, line); break;
    case 't': pass(desk, text); break;
    case 'f': keys_focus(&desk->keys, !desk->model.focused); break;
    case 'd': keep_all(desk); break;
    case 'q': desk->patience = byte_at(text, 0) % 32; break;
    default: break;
    }
}

/* The words in it are written out; what is not a line of the protocol any more
 * is cut. */
static struct text write_out(struct text line, char bytes[LINE_SIZE]) {
    struct writer writer = writer_on(bytes, LINE_SIZE);
    for (size_t i = 0; i < line.length; i++) {
        unsigned char byte = (unsigned char)line.at[i];
        bool raw = byte == '\\' && i + 1 < line.length;
        if (byte >= WORDS)
            write_string(&writer, words[byte - WORDS]);
        else
            write_char(&writer, line.at[raw ? ++i : i]);
    }
    return writer_text(&writer);
}

static void add_network(struct desk *desk, const char *name) {
    const char *wrong;
    struct route *route =
        routes_add_address(&desk->model.routes, text_of(name), &wrong);
    must(route);
    go(&desk->owner, model_add_route(&desk->model, route));
}

static void open_desk(struct desk *desk) {
    desk->patience = desk->spoken_to = 0;
    model_init(&desk->model);
    desk->model.now = 1795359600000;
    desk->model.preferences.history_lines = 100;
    desk->owner = (struct commands_owner){find_session, go,         leave,
                                          log_in,       execute,    trace,
                                          quit,         find_trust, find_peer};
    trust_init(&desk->trust);
    grid_init(&desk->grid);
    commands_init(&desk->commands, &desk->model, &desk->owner);
    keys_init(&desk->keys, &desk->model, &desk->commands);
    for (size_t i = 0; i < MODEL_NETWORKS; i++)
        desk->lines[i] = (struct line){.owner = {on_news, on_send},
                                       .desk = desk,
                                       .login = {.nick = "ada"}};
    add_network(desk, "irc://box/#r");
    add_network(desk, "irc://far/");
    resize(desk, text_of("O\x17"));
}

static void close_desk(struct desk *desk) {
    for (size_t i = 0; i < MODEL_NETWORKS; i++)
        if (desk->lines[i].network) hang_up(&desk->lines[i]);
    keys_finish(&desk->keys);
    commands_finish(&desk->commands);
    model_finish(&desk->model);
    trust_finish(&desk->trust);
    grid_finish(&desk->grid);
}

__attribute__((constructor)) static void prepare(void) {
    setenv("TZ", "UTC", 1);
    setenv("XDG_STATE_HOME", "/dev/null", 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct desk desk;
    static char bytes[LINE_SIZE];
    struct text rest = text_slice((const char *)data, size);
    open_desk(&desk);
    for (int i = 0; i < LINES_MAX && rest.length > 0; i++) {
        struct text line = text_piece(&rest, '\n');
        if (line.length == 0) continue;
        act(&desk, line.at[0], write_out(text_after(line, 1), bytes));
        end_round(&desk);
    }
    close_desk(&desk);
    return 0;
}
