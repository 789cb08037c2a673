#include "server/kept.h"

#include "protocol/utf8.h"

/* On disk for ever: new ones get new numbers. */
static const unsigned char codes[HAPPENINGS] = {
    [SAID] = 1,      [NOTICED] = 2,   [ACTED] = 3, [JOINED] = 4,
    [LEFT] = 5,      [KICKED] = 6,    [QUIT] = 7,  [RENAMED] = 8,
    [TOPIC_SET] = 9, [REDACTED] = 10,
};

bool kept_is_line(enum happening happening) {
    return happening <= ACTED;
}

unsigned kept_code(enum happening happening) {
    return codes[happening];
}

enum happening kept_happening(unsigned code) {
    enum happening happening = 0;
    while (happening < HAPPENINGS && (codes[happening] != code || !code))
        happening++;
    return happening;
}

uint64_t kept_anchor(const struct kept *kept) {
    return kept->happening == TAGGED ? kept->line : kept->id;
}

bool kept_reaction_valid(struct text reaction) {
    char clean[REACTION_SIZE];
    if (!reaction.length || reaction.length >= REACTION_SIZE) return false;
    for (size_t i = 0; i < reaction.length; i++)
        if ((unsigned char)reaction.at[i] < ' ') return false;
    size_t length = utf8_clean(reaction, clean, sizeof clean);
    return text_equals(text_slice(clean, length), reaction);
}

bool kept_body_valid(struct text body) {
    for (size_t lines = 1; body.length; lines++)
        if (lines > KEPT_LINES ||
            utf8_check(text_piece(&body, '\n'), true) != UTF8_FINE)
            return false;
    return true;
}

bool kept_body_is_long(struct text body) {
    return body.length > KEPT_SHORT || text_find(body, '\n') < body.length;
}

uint64_t kept_id_at(int64_t when) {
    if (when >= INT64_MAX >> ID_COUNTER_BITS) return INT64_MAX;
    return when > 0 ? (uint64_t)when << ID_COUNTER_BITS : 0;
}

int64_t kept_time_of(uint64_t id) {
    return (int64_t)(id >> ID_COUNTER_BITS);
}
