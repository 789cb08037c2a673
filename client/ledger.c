#include "client/ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

void ledger_init(struct ledger *ledger, const char *file) {
    char folder[FOLDER_PATH];
    *ledger = (struct ledger){0};
    if (folder_state(folder)) (void)folder_path(ledger->path, folder, file);
}

void ledger_change_free(struct ledger_change *change) {
    if (!change) return;
    free(change->path);
    free(change->name);
    free(change->rest);
    free(change);
}

void ledger_finish(struct ledger *ledger) {
    struct ledger_change *change;
    while ((change = ledger_take(ledger)))
        ledger_change_free(change);
    bytes_finish(&ledger->content);
}

static void read_anew(struct ledger *ledger) {
    if (ledger->unwritten > 0 || !ledger->path[0]) return;
    bytes_finish(&ledger->content);
    if (file_read(ledger->path, LEDGER_MAX, &ledger->content) != 0)
        bytes_finish(&ledger->content);
}

struct text ledger_content(struct ledger *ledger) {
    read_anew(ledger);
    return bytes_text(&ledger->content);
}

bool ledger_find(struct ledger *ledger, struct text name, struct text *rest) {
    struct text content = ledger_content(ledger);
    while (content.length > 0) {
        struct text line = text_piece(&content, '\n');
        if (!text_equals_folded(text_word(&line), name)) continue;
        *rest = text_trim(line);
        return true;
    }
    return false;
}

void ledger_apply(struct bytes *to, struct text content, const char *name,
                  const char *rest) {
    while (content.length > 0) {
        struct text line = text_piece(&content, '\n'), after = line;
        bool same = text_equals_folded(text_word(&after), text_of(name));
        if (same || line.length == 0) continue;
        bytes_add(to, line);
        bytes_add_char(to, '\n');
    }
    if (!rest) return;
    bytes_add_string(to, name);
    bytes_add_char(to, ' ');
    bytes_add_string(to, rest);
    bytes_add_char(to, '\n');
}

static void change_memory(struct ledger *ledger, const char *name,
                          const char *rest) {
    struct bytes content = {0};
    ledger_apply(&content, bytes_text(&ledger->content), name, rest);
    bytes_finish(&ledger->content);
    ledger->content = content;
}

static void change(struct ledger *ledger, struct text name,
                   const struct text *rest) {
    struct ledger_change *change = memory_new(1, sizeof *change);
    struct ledger_change **end = &ledger->changes;
    read_anew(ledger);
    change->ledger = ledger;
    change->path = memory_string(ledger->path, strlen(ledger->path));
    change->name = memory_string(name.at, name.length);
    if (rest) change->rest = memory_string(rest->at, rest->length);
    change_memory(ledger, change->name, change->rest);
    if (!ledger->path[0]) {
        ledger_change_free(change);
        return;
    }
    while (*end)
        end = &(*end)->next;
    *end = change;
    ledger->unwritten++;
}

void ledger_set(struct ledger *ledger, struct text name, struct text rest) {
    change(ledger, name, &rest);
}

void ledger_forget(struct ledger *ledger, struct text name) {
    change(ledger, name, NULL);
}

struct ledger_change *ledger_take(struct ledger *ledger) {
    struct ledger_change *change = ledger->changes;
    if (change) ledger->changes = change->next;
    return change;
}

static int make_folder_of(const char *path) {
    char folder[FOLDER_PATH];
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path) return 0;
    memcpy(folder, path, (size_t)(slash - path));
    folder[slash - path] = '\0';
    return folder_make(folder);
}

int ledger_write(const struct ledger_change *change) {
    struct bytes before = {0}, after = {0};
    int error = make_folder_of(change->path);
    if (!error) error = file_read(change->path, LEDGER_MAX, &before);
    if (error == ENOENT) error = 0;
    ledger_apply(&after, bytes_text(&before), change->name, change->rest);
    if (!error) error = file_replace(change->path, bytes_text(&after));
    bytes_finish(&before);
    bytes_finish(&after);
    return error;
}
