/* ircv3.net/specs/extensions/client-batch and /multiline: what comes between
 * BATCH +reference draft/multiline WHERE and BATCH -reference is one text. Its
 * tags, label and nonce are those of the opening. */
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "server/commands.h"
#include "server/commands_deeds.h"
#include "server/commands_inside.h"
#include "server/irc.h"

enum {
    BYTES_MOST = BODY_SIZE - 1,
    FIRST_SIZE = 512, /* of the memory for it */
    NUMBER_SIZE = 16,
};

static const char TYPE[] = "draft/multiline",
                  CONCAT[] = "draft/multiline-concat";

/* Failing ---------------------------------------------------------------- */

/* With the label of the opening, once; what still comes of it is left out. */
static void fail(struct dialogue *dialogue, const char *code,
                 const struct text *about, size_t count, const char *words) {
    struct multiline *multiline = dialogue->multiline;
    struct label *label = dialogue->label;
    dialogue->label = multiline->label;
    multiline->label = NULL;
    irc_fail_about(dialogue, "BATCH", code, about, count, words);
    irc_label_end(dialogue);
    dialogue->label = label;
    multiline->failed = true;
}

static void fail_limit(struct dialogue *dialogue, const char *code, int limit,
                       const char *words) {
    char memory[NUMBER_SIZE];
    struct writer writer = writer_on(memory, sizeof memory);
    write_number(&writer, (uint64_t)limit);
    const struct text about = writer_text(&writer);
    fail(dialogue, code, &about, 1, words);
}

static void fail_invalid(struct dialogue *dialogue, const char *words) {
    fail(dialogue, "MULTILINE_INVALID", NULL, 0, words);
}

/* Lines ------------------------------------------------------------------ */

static void append(struct multiline *multiline, struct text text) {
    size_t needed = multiline->length + text.length;
    if (needed > multiline->size) {
        size_t size = multiline->size ? 2 * multiline->size : FIRST_SIZE;
        multiline->size = size > needed ? size : needed;
        multiline->body = memory_grow(multiline->body, multiline->size, 1);
    }
    if (text.length)
        memcpy(multiline->body + multiline->length, text.at, text.length);
    multiline->length = needed;
}

/* With the line end in front of it. */
static size_t cost_of(const struct multiline *multiline, struct text text,
                      bool is_joined) {
    return text.length + (multiline->lines > 0 && !is_joined);
}

static void append_line(struct multiline *multiline, struct text text,
                        bool is_joined) {
    char clean[3 * IRCMSG_BODY];
    bool is_first = multiline->lines == 0;
    multiline->bytes += cost_of(multiline, text, is_joined);
    if (!is_first && !is_joined) append(multiline, text_of("\n"));
    if (!is_first && is_joined)
        multiline->seams[multiline->seams_count++] =
            (uint16_t)multiline->length;
    append(multiline, text_slice(clean, utf8_clean(text, clean, sizeof clean)));
    multiline->lines++;
}

static bool is_of_text(const struct command *command) {
    return command &&
           (command->carry_out == do_say || command->carry_out == do_notice);
}

static void take_line(struct dialogue *dialogue,
                      const struct request *request) {
    struct multiline *multiline = dialogue->multiline;
    struct text where = commands_arg(request, 0);
    struct text text = commands_arg(request, 1);
    const struct text targets[] = {multiline->target, where};
    char value[2];
    bool is_joined = ircmsg_tag(request->tags, CONCAT, value, sizeof value);
    bool is_other =
        multiline->command && request->command != multiline->command;
    if (!is_of_text(request->command) || is_other)
        fail_invalid(dialogue, "Only PRIVMSG or only NOTICE belong in it");
    else if (!name_equals(where, multiline->target))
        fail(dialogue, "MULTILINE_INVALID_TARGET", targets, 2,
             "Invalid multiline target");
    else if (is_joined && !text.length)
        fail_invalid(dialogue, "An empty line cannot be joined to another");
    else if (multiline->lines == KEPT_LINES)
        fail_limit(dialogue, "MULTILINE_MAX_LINES", KEPT_LINES,
                   "Multiline batch max-lines exceeded");
    else if (multiline->bytes + cost_of(multiline, text, is_joined) >
             BYTES_MOST)
        fail_limit(dialogue, "MULTILINE_MAX_BYTES", BYTES_MOST,
                   "Multiline batch max-bytes exceeded");
    else
        append_line(multiline, text, is_joined);
    if (!multiline->failed) multiline->command = request->command;
}

/* A line of a batch that is not open, or was not closed in time, is left out:
 * that was told. */
bool multiline_takes(struct dialogue *dialogue, const struct request *request) {
    struct multiline *multiline = dialogue->multiline;
    char reference[REFERENCE_SIZE];
    if (dialogue->dialect != &dialect_irc) return false;
    if (!ircmsg_tag(request->tags, "batch", reference, sizeof reference))
        return false;
    if (multiline && !multiline->failed &&
        strcmp(reference, multiline->reference) == 0)
        take_line(dialogue, request);
    return true;
}

/* Opening and closing ------------------------------------------------------ */

static struct text copy_of(struct text text) {
    return text_slice(memory_string(text.at, text.length), text.length);
}

/* What may stand behind a sign and in a tag. */
static bool is_reference(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~' || strchr(";\\", text.at[i]))
            return false;
    return text.length > 0 && text.length < REFERENCE_SIZE;
}

static void begin(struct dialogue *dialogue, const struct request *request,
                  struct text reference) {
    struct multiline *multiline = memory_new(1, sizeof *multiline);
    dialogue->multiline = multiline;
    multiline->since = dialogue->house->tick;
    text_copy(reference, multiline->reference, sizeof multiline->reference);
    multiline->target = copy_of(commands_arg(request, 2));
    multiline->tags = copy_of(request->tags);
    multiline->label = dialogue->label;
    dialogue->label = NULL;
}

static void open_batch(struct dialogue *dialogue, const struct request *request,
                       struct text reference) {
    const struct text about[] = {reference, commands_arg(request, 1)};
    if (dialogue->multiline && !dialogue->multiline->failed)
        fail_invalid(dialogue, "Another batch was opened within");
    dialogue_drop_multiline(dialogue);
    begin(dialogue, request, reference);
    if (!is_reference(reference))
        fail(dialogue, "INVALID_REFTAG", about, 1, "Invalid reference tag");
    else if (!text_is(about[1], TYPE))
        fail(dialogue, "UNKNOWN_TYPE", about, 2, "Unknown batch type");
    else if (!dialogue->multiline->target.length)
        fail_invalid(dialogue, "Say to whom");
}

/* Empty lines at the end are no text. */
static struct text body_of(const struct multiline *multiline) {
    struct text body = text_slice(multiline->body, multiline->length);
    while (body.length && body.at[body.length - 1] == '\n')
        body.length--;
    return body;
}

static bool is_blank(struct text body) {
    for (size_t i = 0; i < body.length; i++)
        if (body.at[i] != '\n') return false;
    return true;
}

/* Where the disk has to be asked whether it was said before, this comes again
 * with the answer. */
static enum refusal say_it(struct dialogue *dialogue) {
    struct multiline *multiline = dialogue->multiline;
    const struct saying saying = {.body = body_of(multiline),
                                  .seams = multiline->seams,
                                  .seams_count = multiline->seams_count};
    const struct command *command = multiline->command;
    const struct request request = {
        .command = command,
        .verb = text_of(command->irc),
        .tags = multiline->tags,
        .args = {multiline->target, saying.body},
        .count = 2,
    };
    enum happening happening = command->carry_out == do_notice ? NOTICED : SAID;
    enum refusal refusal = commands_say(dialogue, &request, happening, &saying);
    commands_refuse(dialogue, &request, refusal, multiline->target);
    return REFUSED_NOTHING;
}

static void close_batch(struct dialogue *dialogue) {
    struct multiline *multiline = dialogue->multiline;
    if (!multiline->failed && multiline->is_spoilt)
        fail_invalid(dialogue, "A line of it was left out");
    if (!multiline->failed && is_blank(body_of(multiline)))
        fail_invalid(dialogue, "It has no text");
    if (!multiline->failed) {
        if (multiline->label) {
            dialogue_drop_label(dialogue);
            dialogue->label = multiline->label;
            multiline->label = NULL;
        }
        say_it(dialogue);
    }
    if (!dialogue_waits(dialogue)) dialogue_drop_multiline(dialogue);
}

enum refusal multiline_batch(struct dialogue *dialogue,
                             const struct request *request) {
    struct text word = request->args[0], reference = text_after(word, 1);
    const struct multiline *multiline = dialogue->multiline;
    if (text_begins(word, "+"))
        open_batch(dialogue, request, reference);
    else if (!text_begins(word, "-"))
        return ARGUMENTS_WRONG;
    else if (multiline && text_is(reference, multiline->reference))
        close_batch(dialogue);
    return REFUSED_NOTHING;
}

/* Time ------------------------------------------------------------------- */

/* One that waits for the disk is closed already. */
int64_t multiline_deadline(const struct dialogue *dialogue) {
    const struct multiline *multiline = dialogue->multiline;
    if (!multiline || dialogue_waits(dialogue)) return INT64_MAX;
    return multiline->since + MULTILINE_SECONDS * 1000;
}

void multiline_expire(struct dialogue *dialogue) {
    const struct multiline *multiline = dialogue->multiline;
    const struct text about = text_of(multiline->reference);
    if (!multiline->failed)
        fail(dialogue, "TIMEOUT", &about, 1, "The batch was open for too long");
    dialogue_drop_multiline(dialogue);
}
