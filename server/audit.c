#include "server/audit.h"

#include "protocol/utf8.h"
#include "protocol/writer.h"
#include "server/log.h"
#include "server/scribe.h"

struct text audit_author(const struct dialogue *dialogue,
                         char who[AUDIT_WHO_SIZE]) {
    const struct admission *proof = dialogue->proof;
    const struct user *user = dialogue->session.user;
    struct writer writer = writer_on(who, AUDIT_WHO_SIZE);
    if (!proof)
        write_format(&writer, "%s (guest)", user ? user->name : "nobody");
    else if (proof->token_key[0])
        write_format(&writer, "%s (token%s%s)", proof->account,
                     proof->jti[0] ? " " : "", proof->jti);
    else if (proof->ssh_key[0])
        write_format(&writer, "%s (ssh %s)", proof->account, proof->ssh_key);
    else if (proof->certificate[0])
        write_format(&writer, "%s (certificate %s)", proof->account,
                     proof->certificate);
    else
        write_format(&writer, "%s (unix)", proof->account);
    return writer_text(&writer);
}

static struct text clean(struct text text, char *to, size_t size) {
    text.length = utf8_cut(text, size / 3);
    return text_slice(to, utf8_clean(text, to, size));
}

void audit_note(struct house *house, struct text who, const char *deed,
                struct text subject, struct text words) {
    char subject_memory[3 * AUDIT_SUBJECT_SIZE];
    char words_memory[3 * AUDIT_WORDS_SIZE];
    struct write note = {.kind = WRITE_AUDIT};
    note.kept.when = house->chat->now;
    note.kept.name = who;
    note.kept.tags = text_of(deed);
    note.kept.whom = clean(subject, subject_memory, sizeof subject_memory);
    note.kept.body = clean(words, words_memory, sizeof words_memory);
    log_line(LOG_INFO, "audit", "who=%.*s deed=%s subject=%.*s words=%.*s",
             (int)who.length, who.at, deed, (int)note.kept.whom.length,
             note.kept.whom.at, (int)note.kept.body.length, note.kept.body.at);
    if (house->scribe) house->scribe->write(house->scribe, &note);
}

/* In rooms ----------------------------------------------------------------- */

static const char *const deeds[HAPPENINGS] = {
    [KICKED] = "kick",  [BANNED] = "ban",     [UNBANNED] = "unban",
    [MUTED] = "mute",   [UNMUTED] = "unmute", [OPPED] = "op",
    [DEOPPED] = "deop",
};

static bool is_about_mask(enum happening happening) {
    return happening >= BANNED && happening <= UNMUTED;
}

static void hear(struct witness *witness, const struct event *event,
                 struct session *const *to, size_t count) {
    struct audit *audit = container_of(witness, struct audit, witness);
    const char *deed = deeds[event->happening];
    char who[AUDIT_WHO_SIZE], memory[AUDIT_WORDS_SIZE];
    struct writer words = writer_on(memory, sizeof memory);
    bool about_mask = is_about_mask(event->happening);
    (void)to, (void)count;
    if (!deed || !event->room) return;
    write_string(&words, event->room->name);
    if (event->happening == BANNED || event->happening == MUTED)
        ban_write_terms(&words, event->until, event->reason, event->when);
    if (!about_mask && event->body.length) {
        write_string(&words, ": ");
        write_text(&words, event->body);
    }
    audit_note(audit->house,
               event->origin ? audit_author(dialogue_of(event->origin), who)
                             : text_of("minichatd"),
               deed, about_mask ? event->body : event->whom,
               writer_text(&words));
}

void audit_init(struct audit *audit, struct house *house) {
    *audit = (struct audit){.witness.hear = hear, .house = house};
    chat_attend(house->chat, &audit->witness);
}
