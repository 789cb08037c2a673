#include "server/banishment.h"

#include "server/audit.h"
#include "server/dialect.h"
#include "server/scribe.h"

void banishment_init(struct banishment *banishment) {
    *banishment = (struct banishment){.next_end = BANS_FOR_EVER};
}

void banishment_finish(struct banishment *banishment) {
    bans_finish(&banishment->bans);
}

static void plan(struct banishment *banishment) {
    banishment->next_end = bans_next_end(&banishment->bans);
}

void banishment_begin(struct banishment *banishment) {
    plan(banishment);
}

/* Whom it hits ------------------------------------------------------------- */

/* One who wants to enter, or is here. An empty text hits nobody. */
struct somebody {
    struct text name, host;
};

static bool hits(const struct ban *ban, const struct somebody *somebody,
                 const struct subnet *host) {
    if (ban->is_subnet) return host && subnet_holds(&ban->subnet, host);
    return name_equals(text_of(ban->mask), somebody->name);
}

static const struct ban *find(const struct house *house,
                              const struct somebody *somebody, bool mute) {
    const struct banishment *banishment = house->banishment;
    struct subnet memory, *host = NULL;
    if (!banishment) return NULL;
    if (subnet_read(somebody->host, &memory)) host = &memory;
    for (size_t i = 0; i < banishment->bans.count; i++) {
        const struct ban *ban = &banishment->bans.list[i];
        if (ban->mute == mute && !ban_is_over(ban, house->chat->now) &&
            hits(ban, somebody, host))
            return ban;
    }
    return NULL;
}

static struct somebody who_is(const struct dialogue *dialogue,
                              const struct user *user) {
    const char *name = user->account[0] ? user->account : user->name;
    return (struct somebody){text_of(name), text_of(dialogue->host)};
}

/* Keeping out -------------------------------------------------------------- */

static struct text sentence(const struct house *house, const struct ban *ban,
                            char words[BANISHMENT_WORDS_SIZE]) {
    struct writer writer = writer_on(words, BANISHMENT_WORDS_SIZE);
    write_string(&writer, "you are banned from here");
    ban_write_terms(&writer, ban->until, text_of(ban->reason),
                    house->chat->now);
    return writer_text(&writer);
}

bool banishment_turns_away(const struct house *house, struct text host,
                           char words[BANISHMENT_WORDS_SIZE]) {
    const struct somebody somebody = {.host = host};
    char memory[BANISHMENT_WORDS_SIZE];
    struct writer writer = writer_on(words, BANISHMENT_WORDS_SIZE - 1);
    const struct ban *ban = find(house, &somebody, false);
    if (!ban) return false;
    write_string(&writer, "ERROR :");
    write_text(&writer, sentence(house, ban, memory));
    write_string(&writer, "\r\n");
    words[writer.length] = '\0';
    return true;
}

/* Others are only told that they were banned. */
static void end(struct dialogue *dialogue, const struct ban *ban) {
    char words[BANISHMENT_WORDS_SIZE];
    dialogue_farewell(dialogue, sentence(dialogue->house, ban, words));
    dialogue->leaving = true;
    dialogue->carrier->close(dialogue->carrier, text_of("banned"));
}

bool banishment_keeps_out(struct dialogue *dialogue, struct text name,
                          enum powers powers) {
    const struct somebody somebody = {name, text_of(dialogue->host)};
    const struct ban *ban =
        powers < POWERS_ADMIN ? find(dialogue->house, &somebody, false) : NULL;
    if (ban) end(dialogue, ban);
    return ban != NULL;
}

bool banishment_names(const struct house *house, struct text name) {
    const struct somebody somebody = {.name = name};
    return find(house, &somebody, false) != NULL;
}

static void end_session(struct dialogue *dialogue) {
    const struct user *user = dialogue->session.user;
    const struct somebody somebody = who_is(dialogue, user);
    const struct ban *ban = find(dialogue->house, &somebody, false);
    if (ban && !dialogue->leaving) end(dialogue, ban);
}

/* One session from a muted address silences its user. */
void banishment_silence(const struct house *house, struct user *user) {
    user->muted = false;
    if (user->powers >= POWERS_ADMIN) return;
    for (const struct session *s = user->sessions; s; s = s->next) {
        const struct somebody somebody = who_is(dialogue_of(s), user);
        if (find(house, &somebody, true)) user->muted = true;
    }
}

/* Nobody goes before the end of the round, so that the users stay. */
void banishment_judge(struct house *house) {
    for (struct user *u = NULL; (u = chat_next_user(house->chat, u));) {
        banishment_silence(house, u);
        if (u->powers >= POWERS_ADMIN) continue;
        for (struct session *s = u->sessions; s; s = s->next)
            end_session(dialogue_of(s));
    }
}

/* Changing ----------------------------------------------------------------- */

static void write(struct house *house, enum write_kind kind,
                  const struct ban *ban) {
    struct write what = {.kind = kind, .flag = ban->mute, .until = ban->until};
    what.kept.whom = text_of(ban->mask);
    what.kept.name = text_of(ban->by);
    what.kept.when = ban->when;
    what.kept.body = text_of(ban->reason);
    if (house->scribe) house->scribe->write(house->scribe, &what);
}

bool banishment_add(struct house *house, const struct ban *ban) {
    struct banishment *banishment = house->banishment;
    if (!banishment) return false;
    if (banishment->bans.count == BANS_OF_SERVER &&
        !bans_find(&banishment->bans, ban))
        return false;
    bans_put(&banishment->bans, ban);
    plan(banishment);
    write(house, WRITE_BAN, ban);
    banishment_judge(house);
    return true;
}

bool banishment_lift(struct house *house, const struct ban *like) {
    struct banishment *banishment = house->banishment;
    struct ban *ban = banishment ? bans_find(&banishment->bans, like) : NULL;
    if (!ban) return false;
    write(house, WRITE_BAN_GONE, ban);
    bans_drop(&banishment->bans, ban);
    plan(banishment);
    banishment_judge(house);
    return true;
}

void banishment_tick(struct house *house) {
    struct banishment *banishment = house->banishment;
    struct ban over;
    if (!banishment || banishment->next_end > house->chat->now) return;
    while (bans_take_over(&banishment->bans, house->chat->now, &over)) {
        write(house, WRITE_BAN_GONE, &over);
        audit_note(house, text_of("minichatd"), over.mute ? "unmute" : "unban",
                   text_of(over.mask), text_of("its time is over"));
    }
    plan(banishment);
    banishment_judge(house);
}
