#include "server/delivery.h"

#include "protocol/container.h"
#include "server/dialect.h"
#include "server/irc.h"

enum {
    VARIANTS = 16,      /* kept at once; more are rendered again */
    USUAL_LENGTH = 512, /* of a line; a longer one counts as several */
};

struct rendered {
    const struct dialect *dialect;
    unsigned variant;
    struct line *line;
};

static struct line *render(struct delivery *delivery,
                           const struct dialect *dialect, unsigned variant,
                           const struct event *event) {
    static char bytes[RENDER_SIZE];
    struct writer writer = writer_on(bytes, sizeof bytes);
    dialect->render(&writer, event, variant);
    delivery->lines++;
    return line_new(writer_text(&writer));
}

/* The line for this variant, rendered at its first hearer. */
static struct line *find(struct delivery *delivery, struct rendered *known,
                         size_t *count, const struct dialect *dialect,
                         unsigned variant, const struct event *event) {
    for (size_t i = 0; i < *count; i++)
        if (known[i].variant == variant && known[i].dialect == dialect)
            return known[i].line;
    size_t place = *count < VARIANTS ? (*count)++ : VARIANTS - 1;
    line_drop(known[place].line);
    known[place] = (struct rendered){dialect, variant,
                                     render(delivery, dialect, variant, event)};
    return known[place].line;
}

static void give(struct dialogue *dialogue, struct line *line, uint64_t batch) {
    dialogue_send_after(dialogue, line_hold(line), batch);
}

/* Which batch of the journal must be on disk before anybody hears of it. */
static uint64_t batch_of(const struct delivery *delivery,
                         const struct event *event) {
    const struct house *house = delivery->house;
    bool waits = kept_code(event->happening) || event->reaction.length ||
                 (event->happening >= BANNED && event->happening <= UNMUTED) ||
                 event->id > house->reserved;
    return waits ? house->batch : 0;
}

/* Was it said to one alone, and not by this session? */
static bool is_private(const struct dialogue *dialogue,
                       const struct event *event) {
    return !event->room && event->whom.length &&
           event->origin != &dialogue->session;
}

/* Not before its welcome, nor in a room that its user is in but not with this
 * token, nor what is for the user alone where the token is for rooms. */
static bool is_for(const struct dialogue *dialogue, const struct event *event) {
    if (dialogue->arriving) return false;
    if (is_private(dialogue, event)) return !dialogue_is_limited(dialogue);
    return !event->room || event->happening == INVITED ||
           dialogue_may_enter(dialogue, text_of(event->room->name));
}

/* A person who was written to alone can /reply. */
static void note_writer(struct dialogue *dialogue, const struct event *event) {
    if (!event->target || event->happening > ACTED) return;
    const struct user *self = dialogue->session.user;
    if (event->target != self || event->user == self) return;
    text_copy(event->who, dialogue->answer_to, sizeof dialogue->answer_to);
}

/* What nobody did, the server did. */
static struct event named(const struct event *event, struct session *const *to,
                          size_t count, char server[IRC_SERVER_SIZE]) {
    struct event told = *event;
    if (!event->user && count)
        told.who = text_of(irc_server_name(dialogue_of(to[0]), server));
    return told;
}

static void hear(struct witness *witness, const struct event *happened,
                 struct session *const *to, size_t count) {
    struct delivery *delivery = container_of(witness, struct delivery, witness);
    char server[IRC_SERVER_SIZE];
    const struct event told = named(happened, to, count, server);
    const struct event *event = &told;
    struct rendered known[VARIANTS] = {{0}};
    size_t kept = 0;
    uint64_t batch = batch_of(delivery, event);
    for (size_t i = 0; i < count; i++) {
        struct dialogue *dialogue = dialogue_of(to[i]);
        const struct dialect *dialect = dialogue->dialect;
        if (!is_for(dialogue, event)) continue;
        unsigned variant = dialect->variant(dialogue, event);
        if (variant == VARIANT_SILENT) continue;
        struct line *line =
            find(delivery, known, &kept, dialect, variant, event);
        give(dialogue, line, batch);
        note_writer(dialogue, event);
        delivery->delivered++;
        /* Also what waits for no batch may wait behind what does. */
        delivery->house->batch_lines += 1 + line->text.length / USUAL_LENGTH;
    }
    for (size_t i = 0; i < kept; i++)
        line_drop(known[i].line);
}

void delivery_init(struct delivery *delivery, struct house *house) {
    *delivery = (struct delivery){.witness.hear = hear, .house = house};
}
