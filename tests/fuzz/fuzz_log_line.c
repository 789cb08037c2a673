/* Whatever stands in a log: what is read of a line is part of it, and, written
 * again, is read as the same. The first byte chooses what is read: a line, or
 * the name of a folder. */
#include "client/log_line.h"

#include <stdlib.h>
#include <string.h>

#include "client/file_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void read_line(struct text text) {
    struct log_line line, again;
    struct log_clock clock = {.set = false};
    struct bytes bytes = {0};
    if (text_find(text, '\n') < text.length) return;
    if (!log_line_read(&line, text)) return;
    must(line.nick.length + line.body.length <= text.length);
    log_line_write(&bytes, &clock, &line);
    must(bytes.at[bytes.length - 1] == '\n');
    must(log_line_read(&again, text_slice(bytes.at, bytes.length - 1)));
    must(again.kind == line.kind && text_equals(again.nick, line.nick));
    must(text_equals(again.body, line.body));
    bytes_finish(&bytes);
}

/* Down, and nowhere else. */
static void leads_down(struct text path) {
    must(path.length > 0 && path.at[path.length - 1] != '/');
    while (path.length > 0) {
        struct text part = text_piece(&path, '/');
        must(part.length > 0 && part.at[0] != '.');
        must(part.length <= FILE_NAME_PART);
        must(text_find(part, '\0') == part.length);
    }
}

static void read_name(struct text name) {
    char path[FILE_NAME_SIZE], back[FILE_NAME_SIZE];
    struct writer writer = writer_on(path, sizeof path);
    struct writer reader = writer_on(back, sizeof back);
    (void)file_name_read(&reader, name);
    if (name.length > 512) return;
    reader = writer_on(back, sizeof back);
    file_name_write(&writer, name);
    must(!writer.full);
    leads_down(writer_text(&writer));
    must(file_name_read(&reader, writer_text(&writer)));
    must(text_equals(writer_text(&reader), name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    struct text text = text_slice((const char *)data + 1, size - 1);
    if (data[0] % 2)
        read_line(text);
    else
        read_name(text);
    return 0;
}
