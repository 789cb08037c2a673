#include "client/log_reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/feed.h"
#include "client/file_name.h"
#include "client/log_line.h"
#include "client/plain.h"
#include "client/since.h"
#include "protocol/memory.h"

/* Folders in one another; bytes of a line and of a message in JSON. */
enum { DEPTH = 20, LINE_MAX_SIZE = 256 * 1024, MESSAGE_MAX = 1 << 20 };

static const char *const TYPES[] = {
    [LOG_SAID] = "said",       [LOG_MORE] = "said", [LOG_ACTED] = "acted",
    [LOG_NOTICED] = "noticed", [LOG_NOTE] = "note",
};

/* One reading. */
struct reader {
    const struct log_query *query;
    FILE *to;
    long count;
    char since[LOG_DAY_SIZE]; /* the first day that may have something */
    char *network, *room;     /* where we are */
    /* A message whose other lines may follow: JSON. */
    struct log_line message;
    char *nick;
    struct bytes body;
};

/* Words -------------------------------------------------------------------- */

/* "--name VALUE" or "--name=VALUE"; NULL: it is another word. */
static const char *option(const char *name, char ***words) {
    size_t length = strlen(name);
    const char *word = **words;
    if (strncmp(word, name, length) != 0) return NULL;
    if (word[length] == '=') return word + length + 1;
    if (word[length] != '\0') return NULL;
    if (!(*words)[1]) return "";
    return *++*words;
}

const char *log_query_read(struct log_query *query, char **words, int64_t now) {
    char **rooms = words;
    *query = (struct log_query){.rooms = words, .since = INT64_MIN};
    for (; *words; words++) {
        const char *since = option("--since", &words);
        const char *network = since ? NULL : option("--network", &words);
        if (since && !since_read(text_of(since), now, &query->since))
            return "--since wants 30m, 2h, 2d, 1w, or a day as 2026-11-22";
        if (network && !*network) return "--network wants the name of one";
        if (network) query->network = network;
        if (since || network) continue;
        if (strcmp(*words, "--json") == 0)
            query->json = true;
        else if (strncmp(*words, "--", 2) == 0)
            return "log knows --since, --network and --json";
        else
            *rooms++ = *words;
    }
    *rooms = NULL;
    return NULL;
}

/* Printing ----------------------------------------------------------------- */

static void write_out(struct reader *reader, struct text text) {
    fwrite(text.at, 1, text.length, reader->to);
}

static void write_plain(struct reader *reader, struct text text) {
    char *plain = plain_copy(text, 4 * text.length + 1);
    fputs(plain, reader->to);
    free(plain);
}

/* Of one room lines stand as they are; else behind what tells the room. */
static void print_line(struct reader *reader, struct text text) {
    bool one = reader->query->rooms[0] && !reader->query->rooms[1];
    if (!one) {
        write_plain(reader, text_of(reader->network));
        fputc(' ', reader->to);
        write_plain(reader, text_of(reader->room));
        fputc(' ', reader->to);
    }
    write_plain(reader, text);
    fputc('\n', reader->to);
}

/* Who a person talks with is the room of that log. */
static void print_json(struct reader *reader) {
    struct bytes line = {0};
    if (!reader->nick) return;
    const struct feed feed = {
        .type = TYPES[reader->message.kind],
        .when = reader->message.when,
        .network = text_of(reader->network),
        .room = text_of(reader->room),
        .nick = text_of(reader->nick),
        .text = bytes_text(&reader->body),
    };
    feed_write(&line, &feed);
    write_out(reader, bytes_text(&line));
    bytes_finish(&line);
    free(reader->nick);
    reader->nick = NULL;
    bytes_finish(&reader->body);
}

static void add_body(struct reader *reader, struct text body) {
    char *plain = plain_copy(body, 4 * body.length + 1);
    if (reader->body.length + body.length < MESSAGE_MAX)
        bytes_add_string(&reader->body, plain);
    free(plain);
}

static void take_json(struct reader *reader, const struct log_line *line) {
    if (line->kind == LOG_MORE && reader->nick) {
        bytes_add_char(&reader->body, '\n');
        add_body(reader, line->body);
        return;
    }
    print_json(reader);
    reader->message = *line;
    reader->nick = plain_copy(line->nick, 4 * line->nick.length + 1);
    add_body(reader, line->body);
}

static void take_line(struct reader *reader, struct text text) {
    struct log_line line;
    if (!log_line_read(&line, text)) return;
    if (line.when < reader->query->since) return;
    if (line.kind != LOG_MORE) reader->count++;
    if (reader->query->json)
        take_json(reader, &line);
    else
        print_line(reader, text);
}

/* What is longer than any of ours is left out. */
static void read_lines(struct reader *reader, FILE *file) {
    char *line = memory_new(LINE_MAX_SIZE, 1);
    bool whole = true;
    while (!ferror(reader->to) && fgets(line, LINE_MAX_SIZE, file)) {
        size_t length = strcspn(line, "\n");
        bool ends = line[length] == '\n';
        if (whole && ends) take_line(reader, text_slice(line, length));
        whole = ends;
    }
    free(line);
}

static void read_day(struct reader *reader, const char *folder,
                     const char *name) {
    char path[FOLDER_PATH];
    if (folder_path(path, folder, name) != 0) return;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (file) read_lines(reader, file);
    if (file)
        fclose(file);
    else if (fd >= 0)
        close(fd);
}

/* Folders ------------------------------------------------------------------ */

static bool names_room(const char *room, const char *asked) {
    if (text_equals_folded(text_of(room), text_of(asked))) return true;
    return room[0] == '#' &&
           text_equals_folded(text_of(room + 1), text_of(asked));
}

static bool is_asked_for(const struct reader *reader) {
    char *const *room = reader->query->rooms;
    for (; *room; room++)
        if (names_room(reader->room, *room)) return true;
    return room == reader->query->rooms;
}

static char *name_of(struct text path) {
    char name[FILE_NAME_SIZE];
    struct writer writer = writer_on(name, sizeof name);
    if (!file_name_read(&writer, path)) return NULL;
    return memory_string(name, writer.length);
}

static int skip_dots(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static void read_room(struct reader *reader, const char *folder,
                      struct dirent **entries, int count) {
    char day[LOG_DAY_SIZE];
    for (int i = 0; i < count; i++)
        if (log_day_read(text_of(entries[i]->d_name), day) &&
            strcmp(day, reader->since) >= 0)
            read_day(reader, folder, entries[i]->d_name);
    print_json(reader);
}

/* Does a name end here, or go on in the next folder? */
static bool goes_on(const char *path) {
    size_t length = strlen(path);
    return length > 0 && path[length - 1] == '%';
}

static void look_into(struct reader *reader, const char *base, const char *path,
                      bool in_network, int depth);

/* A room's folder, or a part of its name, or of its network's. */
static void look_at(struct reader *reader, const char *base, const char *path,
                    bool in_network, int depth) {
    if (depth == 0) return;
    if (goes_on(path)) {
        look_into(reader, base, path, in_network, depth - 1);
        return;
    }
    char *name = name_of(text_of(path)), below[FOLDER_PATH];
    if (!name || folder_path(below, base, path) != 0) {
        free(name);
        return;
    }
    if (in_network) {
        struct dirent **entries;
        int count = scandir(below, &entries, skip_dots, alphasort);
        reader->room = name;
        if (is_asked_for(reader) && count > 0)
            read_room(reader, below, entries, count);
        for (int i = 0; i < count; i++)
            free(entries[i]);
        if (count >= 0) free(entries);
    } else {
        reader->network = name;
        const char *asked = reader->query->network;
        if (!asked || text_equals_folded(text_of(name), text_of(asked)))
            look_into(reader, below, "", true, DEPTH);
    }
    free(name);
}

/* Each entry of base/path. */
static void look_into(struct reader *reader, const char *base, const char *path,
                      bool in_network, int depth) {
    char folder[FOLDER_PATH], name[FOLDER_PATH];
    struct dirent **entries;
    if (folder_path(folder, base, path) != 0) return;
    int count = scandir(folder, &entries, skip_dots, alphasort);
    for (int i = 0; i < count; i++) {
        const char *part = entries[i]->d_name;
        int error = *path ? folder_path(name, path, part) : 0;
        if (!error)
            look_at(reader, base, *path ? name : part, in_network, depth);
        free(entries[i]);
    }
    if (count >= 0) free(entries);
}

long log_print(const struct log_query *query, const char *data, FILE *to) {
    char folder[FOLDER_PATH];
    struct reader reader = {.query = query, .to = to};
    if (query->since > INT64_MIN) log_day(query->since, reader.since);
    if (folder_path(folder, data, "log") == 0)
        look_into(&reader, folder, "", false, DEPTH);
    return fflush(to) != 0 || ferror(to) ? -1 : reader.count;
}
