/* A person's line, parsed: whatever is typed, its arguments lie within the
 * line or are the current room, there are no more of them than the command's
 * row allows, and a token or a mistyped command never becomes speech. */
#include <stdlib.h>

#include "protocol/utf8.h"
#include "server/commands.h"
#include "server/dialect.h"

struct world {
    struct chat chat;
    struct config config;
    struct house house;
    struct carrier carrier;
    struct dialogue dialogue;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void forget(struct carrier *carrier, struct line *line, uint64_t batch) {
    (void)batch;
    (void)carrier;
    (void)line;
}

static void stay(struct carrier *carrier, struct text reason) {
    (void)carrier;
    (void)reason;
}

static void build(struct world *world) {
    struct admission ada = {.account = "ada", .powers = POWERS_ADMIN};
    config_defaults(&world->config);
    chat_init(&world->chat);
    world->house =
        (struct house){.chat = &world->chat, .config = &world->config};
    world->carrier = (struct carrier){.send = forget, .close = stay};
    dialogue_init(&world->dialogue, &world->house, &world->carrier,
                  text_of("unix"), true, &ada);
    dialogue_begin(&world->dialogue, SPEECH_PLAIN);
}

static bool lies_within(struct text part, struct text line) {
    return part.length == 0 || (part.at >= line.at &&
                                part.at + part.length <= line.at + line.length);
}

static void check(const struct request *request, struct text line) {
    bool is_speech = text_is(request->verb, "say");
    must(request->command != NULL && request->command->plain != NULL);
    must(request->count <= request->command->words);
    for (size_t i = 0; i < request->count; i++)
        must(lies_within(request->args[i], line) ||
             (i == 0 && text_is(request->args[i], "#lobby")));
    if (!is_speech) return;
    must(!text_begins(text_trim(line), "v4.public."));
    if (text_begins(line, "/") && !text_begins(line, "//"))
        must(text_begins_folded(line, "/say"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct world world;
    struct request request = {0};
    struct text line = text_slice((const char *)data, size);
    if (utf8_check(line, false) != UTF8_FINE) return 0;
    build(&world);
    if (world.dialogue.dialect->parse(&world.dialogue, line, &request))
        check(&request, line);
    dialogue_finish(&world.dialogue, text_of("end"));
    chat_finish(&world.chat);
    return 0;
}
