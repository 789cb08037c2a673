#include "client/helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/container.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

enum { WORDS = 512, SETTING_SIZE = 2048, OPENER_WORDS = 16 };

static void complain(struct helpers *helpers, const char *what,
                     const char *why) {
    char words[WORDS];
    struct writer writer = writer_on(words, sizeof words);
    write_string(&writer, what);
    write_string(&writer, why);
    model_tell(helpers->model, NULL, MESSAGE_ERROR, writer_text(&writer));
}

/* The draft in $EDITOR ----------------------------------------------------- */

/* As a text file: its last line has an end too. */
static bool write_lines(int fd, struct text draft) {
    struct bytes lines = {0};
    bytes_add(&lines, draft);
    if (draft.length > 0) bytes_add_char(&lines, '\n');
    struct text all = bytes_text(&lines);
    ssize_t written = all.length > 0 ? write(fd, all.at, all.length) : 0;
    bytes_finish(&lines);
    return written == (ssize_t)all.length;
}

/* 0600, where only we look. False: no file is left. */
static bool write_draft(struct helpers *helpers, struct text draft) {
    const char *folder = getenv("XDG_RUNTIME_DIR");
    if (!folder || !*folder) folder = getenv("TMPDIR");
    if (!folder || !*folder) folder = "/tmp";
    int length = snprintf(helpers->path, sizeof helpers->path,
                          "%s/minichat-XXXXXX.txt", folder);
    bool fits = length > 0 && (size_t)length < sizeof helpers->path;
    int fd = fits ? mkostemps(helpers->path, 4, O_CLOEXEC) : -1;
    if (fd < 0) {
        helpers->path[0] = '\0';
        return false;
    }
    bool written = write_lines(fd, draft);
    if (close(fd) == 0 && written) return true;
    unlink(helpers->path);
    helpers->path[0] = '\0';
    return false;
}

/* NULL, and errno, where it cannot be read. */
static char *read_draft(const char *path, size_t *length) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return NULL;
    char *bytes = memory_new(EDITOR_SIZE + 2, 1);
    ssize_t count;
    *length = 0;
    while (*length <= EDITOR_SIZE &&
           (count = read(fd, bytes + *length, EDITOR_SIZE + 1 - *length)) > 0)
        *length += (size_t)count;
    close(fd);
    return bytes;
}

static void take_draft(struct helpers *helpers, struct buffer *buffer) {
    size_t length = 0;
    char *bytes = read_draft(helpers->path, &length);
    if (!bytes)
        complain(helpers, "the draft cannot be read back: ", strerror(errno));
    else if (!editor_set(&buffer->editor, text_slice(bytes, length)))
        complain(helpers, "too long: 64 KiB fit in one draft", "");
    free(bytes);
}

static void on_edited(struct child_watcher *watcher, int status) {
    struct helpers *helpers = container_of(watcher, struct helpers, editor);
    struct buffer *buffer = helpers->edited;
    bool there = model_number(helpers->model, buffer) > 0;
    char words[64];
    snprintf(words, sizeof words, "%d · the draft is as it was", status);
    if (status != 0)
        complain(helpers, "the editor ended with status ", words);
    else if (there)
        take_draft(helpers, buffer);
    unlink(helpers->path);
    helpers->path[0] = '\0';
    helpers->model->stale = true;
    display_take_back(helpers->display);
}

/* As every program asks for an editor: $VISUAL and $EDITOR may have words of
 * their own, so a shell reads them. */
static void edit(struct helpers *helpers) {
    static const char script[] = "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"";
    struct buffer *buffer = helpers->model->current;
    helpers->model->errands.edit = false;
    if (!buffer || helpers->path[0]) return;
    if (!write_draft(helpers, editor_text(&buffer->editor))) {
        complain(helpers, "no file for the editor: ", strerror(errno));
        return;
    }
    const char *const words[] = {"/bin/sh",  "-c",          script,
                                 "minichat", helpers->path, NULL};
    struct child_plan plan = {.words = words, .on_terminal = true};
    helpers->edited = buffer;
    helpers->editor.end = on_edited;
    display_lend(helpers->display);
    const char *wrong =
        children_start(&helpers->children, &plan, &helpers->editor);
    if (!wrong) return;
    complain(helpers, "no editor can be started: ", wrong);
    unlink(helpers->path);
    helpers->path[0] = '\0';
    display_take_back(helpers->display);
}

/* Links -------------------------------------------------------------------- */

/* What a browser or a mail program takes; nothing that starts something here.
 */
static bool may_open(struct text link) {
    static const char *const schemes[] = {
        "https://", "http://", "gemini://", "gopher://", "mailto:", "xmpp:",
        "ircs://",  "irc://",  "matrix:",   "sip:",      "tel:"};
    for (size_t i = 0; i < link.length; i++)
        if (link.at[i] <= ' ' || link.at[i] == 0x7F) return false;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (text_begins_folded(link, schemes[i])) return true;
    return false;
}

static void on_opened(struct child_watcher *watcher, int status) {
    struct helpers *helpers = container_of(watcher, struct helpers, opener);
    char words[64];
    snprintf(words, sizeof words, "%d · /copy takes the link along", status);
    if (status != 0)
        complain(helpers, "what opens links ended with status ", words);
}

/* The preference is cut into words at blanks; the link is one more word, never
 * read by a shell. */
static void open_link(struct helpers *helpers) {
    struct errands *errands = &helpers->model->errands;
    char *link = errands->open, *command, *save = NULL;
    const char *words[OPENER_WORDS + 2] = {NULL};
    size_t count = 0;
    errands->open = NULL;
    command = memory_string(helpers->model->preferences.open_command,
                            strlen(helpers->model->preferences.open_command));
    for (char *word = strtok_r(command, " ", &save);
         word && count < OPENER_WORDS; word = strtok_r(NULL, " ", &save))
        words[count++] = word;
    words[count] = link;
    helpers->opener.end = on_opened;
    struct child_plan plan = {.words = words};
    const char *wrong = "links like this are not opened";
    if (may_open(text_of(link)))
        wrong = count > 0 ? children_start(&helpers->children, &plan,
                                           &helpers->opener)
                          : "no program is set for links";
    if (wrong) complain(helpers, "the link is not opened: ", wrong);
    free(command);
    free(link);
}

/* Notices ------------------------------------------------------------------ */

static void on_timer(uv_timer_t *timer) {
    (void)timer; /* the round that ends now looks again */
}

static void setting(char to[SETTING_SIZE], const char *name,
                    const char *value) {
    snprintf(to, SETTING_SIZE, "%s=%s", name, value ? value : "");
}

static void run_notice(struct helpers *helpers, const struct notice *notice) {
    char room[SETTING_SIZE], nick[SETTING_SIZE], text[SETTING_SIZE];
    const char *settings[] = {room, nick, text, NULL};
    const char *const words[] = {
        "/bin/sh", "-c", helpers->model->preferences.notify_command, NULL};
    struct child_plan plan = {.words = words, .settings = settings};
    setting(room, "ROOM", notice->room);
    setting(nick, "NICK", notice->nick);
    setting(text, "TEXT", notice->text);
    const char *wrong = children_start(&helpers->children, &plan, NULL);
    if (wrong) complain(helpers, "notify-command cannot be started: ", wrong);
}

/* In lines nobody knows. */
static bool is_seen(const struct helpers *helpers) {
    return helpers->display && display_is_seen(helpers->display);
}

/* Not of what they look at; and not a program for each line of a flood. */
static void notify(struct helpers *helpers) {
    const struct preferences *preferences = &helpers->model->preferences;
    struct notice *notice = &helpers->model->errands.notice;
    uint64_t now = uv_now(helpers->children.loop);
    uint64_t since = now - helpers->noticed;
    if (!notice->text || preferences->notify != NOTIFY_COMMAND) return;
    if (preferences->confined) notice_finish(notice);
    if (preferences->confined) return;
    bool told = is_seen(helpers) || preferences->notify_command[0] == '\0';
    if (!told && helpers->noticed && since < HELPERS_NOTICE_MS) {
        uv_timer_start(&helpers->timer, on_timer, HELPERS_NOTICE_MS - since, 0);
        return;
    }
    if (!told) run_notice(helpers, notice);
    if (!told) helpers->noticed = now;
    notice_finish(notice);
}

void helpers_init(struct helpers *helpers, uv_loop_t *loop,
                  struct display *display, struct model *model) {
    *helpers = (struct helpers){.display = display, .model = model};
    children_init(&helpers->children, loop);
    uv_timer_init(loop, &helpers->timer);
}

/* Nothing of this machine is theirs. */
static void leave_undone(struct helpers *helpers) {
    struct errands *errands = &helpers->model->errands;
    if (errands->edit || errands->open)
        complain(helpers, "no program is run here", "");
    free(errands->open);
    errands->open = NULL;
    errands->edit = false;
}

void helpers_round(struct helpers *helpers) {
    if (helpers->model->preferences.confined) leave_undone(helpers);
    if (helpers->model->errands.edit) edit(helpers);
    if (helpers->model->errands.open) open_link(helpers);
    notify(helpers);
}

void helpers_close(struct helpers *helpers) {
    children_close(&helpers->children);
    uv_close((uv_handle_t *)&helpers->timer, NULL);
    if (helpers->path[0]) unlink(helpers->path);
    helpers->path[0] = '\0';
}
