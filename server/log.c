#include "server/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "protocol/writer.h"

static const char *const level_names[] = {
    [LOG_INFO] = "info",
    [LOG_WARN] = "warn",
    [LOG_ERROR] = "error",
};

struct entry { /* one line while it is written */
    struct writer writer;
    char bytes[LOG_LINE_SIZE];
};

static void begin(struct entry *entry, enum log_level level) {
    /* The last byte is kept for the line end. */
    entry->writer = writer_on(entry->bytes, sizeof entry->bytes - 1);
    write_string(&entry->writer, level_names[level]);
    write_char(&entry->writer, ' ');
}

static void end(struct entry *entry) {
    entry->bytes[entry->writer.length] = '\n';
    size_t length = entry->writer.length + 1;
    /* Where this fails there is nowhere to tell it. */
    if (write(STDERR_FILENO, entry->bytes, length) < 0) return;
}

static char clean(char byte) {
    unsigned char code = (unsigned char)byte;
    return code < ' ' || code >= 0x7f ? '?' : byte;
}

static bool is_bare(struct text value) {
    for (size_t i = 0; i < value.length; i++)
        if (strchr(" =\"", value.at[i])) return false;
    return value.length > 0;
}

static void write_value(struct writer *writer, struct text value) {
    char kept[LOG_VALUE_MAX];
    if (value.length > sizeof kept) value.length = sizeof kept;
    for (size_t i = 0; i < value.length; i++)
        kept[i] = clean(value.at[i]);
    value.at = kept;
    if (is_bare(value)) {
        write_text(writer, value);
        return;
    }
    for (size_t i = 0; i < value.length; i++)
        if (kept[i] == '"') kept[i] = '\'';
    write_format(writer, "\"%.*s\"", (int)value.length, value.at);
}

enum conversion {
    STRING,
    SLICE,
    INT,
    UNSIGNED,
    LONG,
    ULONG,
    SIZE,
    CONVERSIONS
};

static const char *const conversion_names[] = {
    [STRING] = "%s", [SLICE] = "%.*s", [INT] = "%d",   [UNSIGNED] = "%u",
    [LONG] = "%lld", [ULONG] = "%llu", [SIZE] = "%zu",
};

static void write_argument(struct writer *writer, enum conversion conversion,
                           va_list *arguments) {
    int length;
    const char *at;
    switch (conversion) {
    case STRING:
        write_value(writer, text_of(va_arg(*arguments, char *)));
        break;
    case SLICE:
        length = va_arg(*arguments, int);
        at = va_arg(*arguments, const char *);
        write_value(writer, text_slice(at, length > 0 ? (size_t)length : 0));
        break;
    case INT: write_format(writer, "%d", va_arg(*arguments, int)); break;
    case UNSIGNED:
        write_format(writer, "%u", va_arg(*arguments, unsigned));
        break;
    case LONG:
        write_format(writer, "%lld", va_arg(*arguments, long long));
        break;
    case ULONG:
        write_format(writer, "%llu", va_arg(*arguments, unsigned long long));
        break;
    case SIZE: write_format(writer, "%zu", va_arg(*arguments, size_t)); break;
    case CONVERSIONS: break;
    }
}

static enum conversion read_conversion(struct text *format) {
    enum conversion found = 0;
    while (found < CONVERSIONS &&
           !text_begins(*format, conversion_names[found]))
        found++;
    if (found < CONVERSIONS)
        *format = text_after(*format, strlen(conversion_names[found]));
    return found;
}

static void write_fields(struct writer *writer, struct text format,
                         va_list *arguments) {
    while (format.length > 0) {
        enum conversion conversion = read_conversion(&format);
        if (conversion < CONVERSIONS) {
            write_argument(writer, conversion, arguments);
            continue;
        }
        write_char(writer, format.at[0]);
        format = text_after(format, 1);
    }
}

void log_line(enum log_level level, const char *event, const char *format,
              ...) {
    struct entry entry;
    va_list arguments;
    begin(&entry, level);
    write_string(&entry.writer, event);
    if (*format) write_char(&entry.writer, ' ');
    va_start(arguments, format);
    write_fields(&entry.writer, text_of(format), &arguments);
    va_end(arguments);
    end(&entry);
}

void log_say(enum log_level level, const char *format, ...) {
    char sentence[LOG_LINE_SIZE / 2];
    struct entry entry;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (length < 0) return;
    begin(&entry, level);
    for (const char *at = sentence; *at; at++)
        write_char(&entry.writer, clean(*at));
    end(&entry);
}
