#include "client/pending_file.h"

#include <stdlib.h>
#include <string.h>

#include "client/record.h"
#include "client/secrecy.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"

/* What the disk says of a line; its first letter is kept in the line. */
static const char *const STATES[] = {"waiting", "sent", "doubted", "refused"};
enum {
    SAY = 7,
    SAY_ANSWER, /* fields of a line */
    COUNT = sizeof STATES / sizeof STATES[0],
    LOADED_MAX = 4 * PENDING_MAX, /* of several programs that came to an end */
};

static const char *state_word(const struct pending_line *line, bool online) {
    switch (line->state) {
    case PENDING_WAITING: return online ? "sent" : "waiting";
    case PENDING_STALE: return "waiting";
    case PENDING_DOUBTED: return "doubted";
    case PENDING_REFUSED: return "refused";
    default: return "sent";
    }
}

static void write_line(const struct pending_line *line, const char *state,
                       struct bytes *to) {
    char when[24];
    struct writer writer = writer_on(when, sizeof when);
    write_number(&writer, (uint64_t)line->when);
    struct text fields[] = {
        text_of("say"),
        text_of(line->nonce),
        writer_text(&writer),
        text_of(line->kind == NEWS_ACTED ? "acted" : "said"),
        text_of(state),
        line->target,
        line->body,
        text_of(line->reply ? line->reply : ""),
    };
    record_write(to, fields, line->reply ? SAY_ANSWER : SAY);
}

static void write_words(const char *verb, const char *nonce, const char *state,
                        struct bytes *to) {
    struct text fields[] = {text_of(verb), text_of(nonce), text_of(state)};
    record_write(to, fields, *state ? 3 : 2);
}

/* False where the disk knows already. */
static bool write_change(struct pending_line *line, bool online,
                         struct bytes *to) {
    const char *state = state_word(line, online);
    if (line->kept == state[0] || secrecy_said(line->target, line->body))
        return false;
    if (line->kept)
        write_words("now", line->nonce, state, to);
    else
        write_line(line, state, to);
    line->kept = state[0];
    return true;
}

static void write_gone(struct pending *pending, struct bytes *to) {
    for (size_t at = 0; at < pending->gone.length; at += NONCE_SIZE) {
        const char *nonce = pending->gone.at + at;
        if (!pending_find(pending, text_of(nonce)))
            write_words("end", nonce, "", to);
    }
    bytes_finish(&pending->gone);
}

bool pending_file_write(struct pending *pending, bool online,
                        struct bytes *to) {
    bool lines = false;
    if (pending->gone.length > 0) write_gone(pending, to);
    for (size_t i = 0; i < pending->count; i++)
        if (write_change(pending->lines[i], online, to)) lines = true;
    return lines;
}

void pending_file_write_all(struct pending *pending, bool online,
                            struct bytes *to) {
    bytes_finish(&pending->gone);
    for (size_t i = 0; i < pending->count; i++)
        pending->lines[i]->kept = '\0';
    pending_file_write(pending, online, to);
}

/* Reading ------------------------------------------------------------------ */

static const char *find_state(struct text word) {
    for (size_t i = 0; i < COUNT; i++)
        if (text_is(word, STATES[i])) return STATES[i];
    return NULL;
}

static void set_state(struct pending_line *line, const char *state) {
    line->kept = state[0];
    line->state = state[0] == 'w'   ? PENDING_WAITING
                  : state[0] == 's' ? PENDING_LOST
                  : state[0] == 'd' ? PENDING_DOUBTED
                                    : PENDING_REFUSED;
}

static bool read_when(struct text word, int64_t *when) {
    uint64_t number;
    if (!text_number(word, &number) || number > INT64_MAX / 2) return false;
    *when = (int64_t)number;
    return true;
}

static bool is_target(struct text target) {
    return target.length > 0 && target.length <= SESSION_TARGET_SIZE &&
           text_find(target, ' ') == target.length &&
           utf8_check(target, false) == UTF8_FINE;
}

/* Said as it stands there, or not at all. */
static bool is_clean(struct text line) {
    size_t size = 3 * line.length + 1;
    char *clean = memory_new(size, 1);
    bool same =
        text_equals(line, text_slice(clean, utf8_clean(line, clean, size)));
    free(clean);
    return same;
}

static bool is_body(struct text body) {
    bool fine = body.length > 0;
    while (fine && body.length > 0)
        fine = is_clean(text_piece(&body, '\n'));
    return fine;
}

static bool is_msgid(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~') return false;
    return text.length > 0 && text.length < SESSION_MSGID_SIZE;
}

static bool read_say(struct pending *loaded, const struct record *record) {
    const struct text *fields = record->fields;
    const char *state = find_state(fields[4]);
    bool acted = text_is(fields[3], "acted");
    int64_t when;
    bool answer = record->count == SAY_ANSWER;
    if (record->count != SAY && !answer) return false;
    if (!nonce_valid(fields[1]) || !state) return false;
    if (!acted && !text_is(fields[3], "said")) return false;
    if (!read_when(fields[2], &when)) return false;
    if (!is_target(fields[5]) || !is_body(fields[6])) return false;
    if (answer && !is_msgid(fields[7])) return false;
    struct pending_line *known = pending_find(loaded, fields[1]);
    if (known) pending_drop(loaded, known);
    if (loaded->count >= LOADED_MAX) return false;
    struct pending_line *line =
        pending_put(loaded, acted ? NEWS_ACTED : NEWS_SAID, fields[5],
                    fields[6], when, fields[1]);
    set_state(line, state);
    if (answer) pending_set_reply(line, fields[7]);
    return true;
}

/* About a line whose own record is damaged: then it says nothing. */
static bool read_now(struct pending *loaded, const struct record *record) {
    const char *state = find_state(record->fields[2]);
    struct pending_line *line = pending_find(loaded, record->fields[1]);
    if (record->count != 3 || !state) return false;
    if (line) set_state(line, state);
    return true;
}

static bool read_end(struct pending *loaded, const struct record *record) {
    struct pending_line *line = pending_find(loaded, record->fields[1]);
    if (record->count != 2) return false;
    if (line) pending_drop(loaded, line);
    return true;
}

static bool read_record(struct pending *loaded, const struct record *record) {
    if (text_is(record->fields[0], "say")) return read_say(loaded, record);
    if (text_is(record->fields[0], "now")) return read_now(loaded, record);
    if (text_is(record->fields[0], "end")) return read_end(loaded, record);
    return false;
}

static void load(struct pending *loaded, struct text file,
                 struct bytes *damaged) {
    while (file.length > 0) {
        struct text line = text_piece(&file, '\n');
        struct record record;
        if (line.length == 0) continue;
        char *memory = memory_new(line.length, 1);
        bool read =
            record_read(&record, line, memory) && read_record(loaded, &record);
        free(memory);
        if (read) continue;
        bytes_add(damaged, line);
        bytes_add_char(damaged, '\n');
    }
}

static bool has_room(const struct pending *pending,
                     const struct pending_line *line) {
    return pending->count < PENDING_MAX &&
           pending->bytes + line->body.length <= PENDING_BYTES;
}

static void take_over(struct pending *pending,
                      const struct pending_line *line) {
    struct pending_line *here =
        pending_put(pending, line->kind, line->target, line->body, line->when,
                    text_of(line->nonce));
    if (line->reply) pending_set_reply(here, text_of(line->reply));
    here->state = line->state;
    here->kept = line->kept;
}

size_t pending_file_read(struct pending *pending, struct text file,
                         struct bytes *damaged, struct bytes *full) {
    struct pending loaded = {0};
    size_t count = 0;
    load(&loaded, file, damaged);
    for (size_t i = 0; i < loaded.count; i++) {
        const struct pending_line *line = loaded.lines[i];
        if (pending_find(pending, text_of(line->nonce))) continue;
        if (!has_room(pending, line)) {
            write_line(line, state_word(line, false), full);
            continue;
        }
        take_over(pending, line);
        count++;
    }
    pending_finish(&loaded);
    return count;
}
