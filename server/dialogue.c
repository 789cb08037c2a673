#include "server/dialogue.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "server/attempt.h"
#include "server/banishment.h"
#include "server/dialect.h"
#include "server/homecoming.h"
#include "server/log.h"
#include "server/roster.h"

/* Life ------------------------------------------------------------------ */

/* Most guests never have one, so it stands apart. */
static void set_proof(struct dialogue *dialogue,
                      const struct admission *proof) {
    if (!dialogue->proof)
        dialogue->proof = memory_new(1, sizeof *dialogue->proof);
    *dialogue->proof = *proof;
}

void dialogue_init(struct dialogue *dialogue, struct house *house,
                   struct carrier *carrier, struct text host, bool is_unix,
                   const struct admission *proof) {
    *dialogue = (struct dialogue){
        .house = house, .carrier = carrier, .is_unix = is_unix};
    text_copy(host, dialogue->host, sizeof dialogue->host);
    if (proof) set_proof(dialogue, proof);
    limits_init(&dialogue->limits, house->tick);
    chat_meet(house->chat, &dialogue->session);
}

void dialogue_vouch(struct dialogue *dialogue,
                    const struct admission *admission) {
    if (!dialogue_entered(dialogue)) set_proof(dialogue, admission);
}

static void log_presence(const struct dialogue *dialogue, const char *event,
                         struct text why) {
    log_line(LOG_INFO, event, "session=%llu name=%s from=%s why=%.*s",
             (unsigned long long)dialogue->session.id,
             dialogue->session.user->name, dialogue->host, (int)why.length,
             why.at);
}

static void free_label(struct label *label) {
    if (!label) return;
    for (size_t i = 0; i < label->count; i++)
        line_drop(label->lines[i]);
    free(label->lines);
    free(label);
}

void dialogue_drop_label(struct dialogue *dialogue) {
    free_label(dialogue->label);
    dialogue->label = NULL;
}

void dialogue_drop_multiline(struct dialogue *dialogue) {
    struct multiline *multiline = dialogue->multiline;
    if (!multiline) return;
    free_label(multiline->label);
    free((char *)(uintptr_t)multiline->target.at);
    free((char *)(uintptr_t)multiline->tags.at);
    free(multiline->body);
    free(multiline);
    dialogue->multiline = NULL;
}

static void leave_waiting(struct dialogue *dialogue) {
    struct dialogue **at = &dialogue->house->waiting;
    while (*at != dialogue)
        at = &(*at)->errand->next;
    *at = dialogue->errand->next;
    dialogue->errand = NULL;
}

static void free_errand(struct errand *errand) {
    free_label(errand->label);
    if (errand->line.length) free((char *)(uintptr_t)errand->line.at);
    free(errand);
}

/* The answer will find nobody. */
static void drop_errand(struct dialogue *dialogue) {
    struct errand *errand = dialogue->errand;
    if (!errand) return;
    leave_waiting(dialogue);
    free_errand(errand);
}

/* Of its user's sessions others may be left, and they may speak again. */
static void depart(struct dialogue *dialogue, struct text reason) {
    struct session *session = &dialogue->session;
    struct user *user = session->user;
    bool stays = user && (user->sessions != session || session->next);
    chat_depart(dialogue->house->chat, session, reason);
    if (stays) banishment_silence(dialogue->house, user);
}

void dialogue_finish(struct dialogue *dialogue, struct text reason) {
    if (dialogue->session.user) log_presence(dialogue, "left", reason);
    homecoming_end(dialogue);
    depart(dialogue, reason);
    free(dialogue->registration);
    dialogue->registration = NULL;
    free(dialogue->proof);
    dialogue->proof = NULL;
    dialogue_drop_label(dialogue);
    dialogue_drop_multiline(dialogue);
    drop_errand(dialogue);
    attempt_drop(dialogue);
}

void dialogue_begin(struct dialogue *dialogue, enum speech speech) {
    dialogue->dialect = speech == SPEECH_IRC ? &dialect_irc : &dialect_plain;
    dialogue->dialect->greet(dialogue);
}

void dialogue_spoil(struct dialogue *dialogue) {
    if (dialogue->multiline) dialogue->multiline->is_spoilt = true;
}

void dialogue_refuse_long(struct dialogue *dialogue) {
    dialogue_spoil(dialogue);
    dialogue->dialect->refuse(dialogue, NULL, LINE_TOO_LONG, text_of(""));
}

size_t dialogue_line_limit(const struct dialogue *dialogue) {
    enum { BEFORE_LOGIN = 8192 };
    if (dialogue->dialect != &dialect_irc) return dialogue->house->config->line;
    if (!dialogue_entered(dialogue)) return BEFORE_LOGIN + IRCMSG_BODY;
    return IRCMSG_CLIENT_TAGS + 2 + IRCMSG_BODY;
}

bool dialogue_entered(const struct dialogue *dialogue) {
    return dialogue->session.user != NULL;
}

bool dialogue_ping(struct dialogue *dialogue) {
    if (!dialogue->dialect || !dialogue->dialect->ping) return false;
    return dialogue->dialect->ping(dialogue);
}

void dialogue_farewell(struct dialogue *dialogue, struct text reason) {
    const struct dialect *dialect =
        dialogue->dialect ? dialogue->dialect : &dialect_irc;
    dialogue_drop_label(dialogue);
    dialect->farewell(dialogue, reason);
}

const struct limits_rule *dialogue_rate(const struct dialogue *dialogue) {
    const struct config *config = dialogue->house->config;
    const struct user *user = dialogue->session.user;
    return user && !user->account[0] ? &config->guest_rate : &config->rate;
}

uint64_t dialogue_wait(const struct dialogue *dialogue) {
    return limits_wait(&dialogue->limits, dialogue_rate(dialogue),
                       dialogue->house->tick);
}

static void keep_one(struct label *label, struct line *line) {
    if (label->count == label->size) {
        label->size = label->size ? label->size * 2 : 8;
        label->lines =
            memory_grow(label->lines, label->size, sizeof(struct line *));
    }
    label->lines[label->count++] = line;
}

/* Takes over the hold. A long text stands in one line as several: each is to
 * have its tag. */
static void keep(struct label *label, struct line *line) {
    struct text rest = line->text;
    while (rest.length) {
        size_t length = text_find(rest, '\n') + 1;
        if (length >= line->text.length) {
            keep_one(label, line);
            return;
        }
        if (length > rest.length) length = rest.length;
        keep_one(label, line_new(text_slice(rest.at, length)));
        rest = text_after(rest, length);
    }
    line_drop(line);
}

void dialogue_send_after(struct dialogue *dialogue, struct line *line,
                         uint64_t batch) {
    struct label *label = dialogue->label;
    if (label) {
        if (label->batch < batch) label->batch = batch;
        keep(label, line);
        return;
    }
    dialogue->carrier->send(dialogue->carrier, line, batch);
    line_drop(line);
}

void dialogue_send(struct dialogue *dialogue, struct line *line) {
    dialogue_send_after(dialogue, line, 0);
}

/* What is kept for a label keeps its place. */
void dialogue_send_ahead(struct dialogue *dialogue, struct line *line) {
    struct carrier *carrier = dialogue->carrier;
    if (dialogue->label || !carrier->send_ahead) {
        dialogue_send(dialogue, line);
        return;
    }
    carrier->send_ahead(carrier, line);
    line_drop(line);
}

void dialogue_tell(struct dialogue *dialogue, const char *format, ...) {
    char words[DIALECT_LINE];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(words, sizeof words, format, list);
    va_end(list);
    if (length < 0) return;
    dialogue->dialect->tell(dialogue, text_of(words), text_of(""));
}

/* Errands ------------------------------------------------------------------ */

bool dialogue_waits(const struct dialogue *dialogue) {
    return dialogue->errand || attempt_waits(dialogue);
}

static struct text copy_of(struct text text) {
    if (!text.length) return text_of("");
    return text_slice(memory_string(text.at, text.length), text.length);
}

/* Who it is opens what was said to it alone; in rooms it only tells its own
 * lines from those of others. */
static bool asks_as_itself(const struct dialogue *dialogue, enum ask ask) {
    if (!dialogue->session.user) return false;
    return !dialogue_is_limited(dialogue) || ask == ASK_UNREAD ||
           ask == ASK_NONCE;
}

enum refusal dialogue_ask(struct dialogue *dialogue, struct question *question,
                          errand_tell *tell, struct text line) {
    struct house *house = dialogue->house;
    const struct user *user = dialogue->session.user;
    if (!house->archive) return NO_HISTORY;
    question->session = dialogue->session.id;
    question->until = house->chat->last_id;
    if (asks_as_itself(dialogue, question->ask))
        memcpy(question->self, user->account, sizeof question->self);
    dialogue->errand = memory_new(1, sizeof *dialogue->errand);
    *dialogue->errand = (struct errand){
        .next = house->waiting, .tell = tell, .line = copy_of(line)};
    memcpy(dialogue->errand->nonce, question->nonce, NONCE_SIZE);
    if (question->ask == ASK_LINE) dialogue->errand->asked = question->after;
    house->waiting = dialogue;
    if (question->ask == ASK_TARGETS) homecoming_fetched(dialogue, question);
    house->archive->ask(house->archive, question);
    return REFUSED_NOTHING;
}

void dialogue_part_label(struct dialogue *dialogue) {
    dialogue->errand->label = dialogue->label;
    dialogue->label = NULL;
}

static struct dialogue *find_waiting(const struct house *house, uint64_t id) {
    struct dialogue *dialogue = house->waiting;
    while (dialogue && dialogue->session.id != id)
        dialogue = dialogue->errand->next;
    return dialogue;
}

void dialogue_await(struct dialogue *dialogue) {
    dialogue->errand = memory_new(1, sizeof *dialogue->errand);
    dialogue->errand->next = dialogue->house->waiting;
    dialogue->house->waiting = dialogue;
}

static void take_label_back(struct dialogue *dialogue, struct errand *errand) {
    if (errand->label) dialogue->label = errand->label;
    errand->label = NULL;
}

struct dialogue *dialogue_awaited(struct house *house, uint64_t session) {
    struct dialogue *dialogue = find_waiting(house, session);
    if (!dialogue) return NULL;
    struct errand *errand = dialogue->errand;
    leave_waiting(dialogue);
    take_label_back(dialogue, errand);
    free_errand(errand);
    return dialogue;
}

void dialogue_go_on(struct dialogue *dialogue) {
    if (dialogue->dialect->answered) dialogue->dialect->answered(dialogue);
    if (dialogue->carrier->resume) dialogue->carrier->resume(dialogue->carrier);
}

void dialogue_answered(struct house *house, const struct answer *answer) {
    struct dialogue *dialogue = find_waiting(house, answer->question->session);
    if (!dialogue) return;
    struct errand *errand = dialogue->errand;
    leave_waiting(dialogue);
    take_label_back(dialogue, errand);
    struct answer told = *answer;
    if (errand->is_gone) told.count = 0;
    errand->tell(dialogue, &told, errand->line);
    free_errand(errand);
    dialogue_go_on(dialogue);
}

/* Entering --------------------------------------------------------------- */

static struct text shown_host(const struct dialogue *dialogue,
                              bool is_account) {
    return text_of(is_account ? dialogue->house->config->name : dialogue->host);
}

/* It is in its rooms before it is welcomed, and shown them by the welcome. */
static void arrive(struct dialogue *dialogue) {
    dialogue->arriving = true;
    homecoming_begin(dialogue);
    dialogue->arriving = false;
    dialogue->dialect->welcome(dialogue);
    homecoming_tell(dialogue);
}

/* Another guest who is here by the name of the account that comes; NULL: none.
 */
static struct user *guest_called(const struct dialogue *dialogue,
                                 struct text account) {
    struct user *user =
        account.length ? chat_find_user(dialogue->house->chat, account) : NULL;
    bool is_guest = user && !user->account[0];
    return is_guest && user != dialogue->session.user ? user : NULL;
}

static void tell_displaced(const struct user *guest, struct text account) {
    for (const struct session *s = guest->sessions; s; s = s->next)
        dialogue_tell(dialogue_of(s),
                      "%.*s has come, whose account that name is: you are "
                      "called %s now",
                      (int)account.length, account.at, guest->name);
}

/* Nobody comes for the first time as whoever they only look like; but what the
 * kernel says is so. */
static enum refusal judge_name(const struct dialogue *dialogue,
                               const struct admission *admission) {
    const struct house *house = dialogue->house;
    if (!admission || !house->roster) return REFUSED_NOTHING;
    bool by_kernel = !admission->token_key[0] && !admission->ssh_key[0] &&
                     !admission->certificate[0];
    bool is_known =
        roster_account(house->roster, text_of(admission->account)) != NULL;
    if (by_kernel || is_known ||
        config_allows_name(house->config, admission->account))
        return REFUSED_NOTHING;
    return roster_judge(house->roster, text_of(admission->account));
}

/* As much as it came by; more where `admins` has the account. */
static enum powers powers_by(const struct config *config,
                             const struct admission *admission) {
    bool is_admin =
        !admission->is_bound && config_is_admin(config, admission->account);
    return is_admin ? POWERS_ADMIN : admission->powers;
}

enum refusal dialogue_enter(struct dialogue *dialogue,
                            const struct admission *admission,
                            const struct introduction *introduction) {
    const struct config *config = dialogue->house->config;
    if (!admission && dialogue->is_gateway) return GATEWAY_ALONE;
    if (!admission && !config->guests) return NO_GUESTS;
    if (admission && dialogue->house->door) { /* it may have taken its time */
        door_refresh(dialogue->house->door);
        enum refusal late = door_recheck(dialogue->house->door, admission,
                                         dialogue->house->chat->now);
        if (late) return late;
    }
    struct arrival arrival = {.name = introduction->name,
                              .ident = introduction->ident,
                              .realname = introduction->realname,
                              .host = shown_host(dialogue, admission)};
    if (admission) {
        arrival.account = text_of(admission->account);
        arrival.powers = powers_by(config, admission);
    }
    struct text name = admission ? arrival.account : arrival.name;
    if (banishment_keeps_out(dialogue, name, arrival.powers))
        return YOU_ARE_BANISHED;
    enum refusal refusal = judge_name(dialogue, admission);
    if (refusal) return refusal;
    struct user *guest = guest_called(dialogue, arrival.account);
    refusal = chat_enter(dialogue->house->chat, &dialogue->session, &arrival);
    if (refusal) return refusal;
    if (guest) tell_displaced(guest, arrival.account);
    banishment_silence(dialogue->house, dialogue->session.user);
    if (admission) set_proof(dialogue, admission);
    log_presence(dialogue, "entered",
                 text_of(!admission                  ? "guest"
                         : admission->token_key[0]   ? "token"
                         : admission->ssh_key[0]     ? "ssh key"
                         : admission->certificate[0] ? "certificate"
                                                     : "kernel"));
    arrive(dialogue);
    return REFUSED_NOTHING;
}

enum refusal dialogue_login(struct dialogue *dialogue, struct text token,
                            const struct introduction *introduction) {
    struct admission admission;
    enum refusal refusal =
        attempt_admit(dialogue, introduction->name, token, &admission);
    if (refusal) return refusal;
    return dialogue_enter(dialogue, &admission, introduction);
}

enum powers dialogue_powers(const struct dialogue *dialogue) {
    if (dialogue_entered(dialogue)) return dialogue->session.powers;
    bool is_known = dialogue->is_unix && dialogue->proof;
    return is_known ? dialogue->proof->powers : POWERS_GUEST;
}

/* A token for some rooms gives its powers in them, and no others. */
static bool may_everywhere(const struct dialogue *dialogue,
                           enum powers powers) {
    return !dialogue_is_limited(dialogue) &&
           dialogue_powers(dialogue) >= powers;
}

bool dialogue_may_administrate(const struct dialogue *dialogue) {
    return may_everywhere(dialogue, POWERS_ADMIN);
}

bool dialogue_may_moderate(const struct dialogue *dialogue) {
    return may_everywhere(dialogue, POWERS_MOD);
}

void dialogue_judge_powers(struct house *house) {
    for (struct user *u = NULL; (u = chat_next_user(house->chat, u));)
        for (struct session *s = u->sessions; s; s = s->next)
            if (*u->account)
                chat_empower(s,
                             powers_by(house->config, dialogue_of(s)->proof));
    banishment_judge(house);
}

bool dialogue_is_limited(const struct dialogue *dialogue) {
    return dialogue->proof && dialogue->proof->rooms_count;
}

bool dialogue_may_enter(const struct dialogue *dialogue, struct text room) {
    const struct admission *proof = dialogue->proof;
    if (!dialogue_is_limited(dialogue)) return true;
    for (size_t i = 0; i < proof->rooms_count; i++)
        if (name_equals(text_of(proof->rooms[i]), room)) return true;
    return false;
}

bool dialogue_may_see(const struct dialogue *dialogue,
                      const struct room *room) {
    bool may_enter = dialogue_may_enter(dialogue, text_of(room->name));
    return chat_may_see(&dialogue->session, room) &&
           (!room->is_private || may_enter);
}

enum refusal dialogue_join(struct dialogue *dialogue, struct text name) {
    struct chat *chat = dialogue->house->chat;
    if (!dialogue_may_enter(dialogue, name)) return ROOM_NOT_ALLOWED;
    enum refusal refusal = chat_join(chat, &dialogue->session, name);
    if (refusal) return refusal;
    const struct room *room = chat_find_room(chat, name);
    struct session *s = dialogue->session.user->sessions;
    for (; s; s = s->next) {
        struct dialogue *other = dialogue_of(s);
        if (dialogue_may_enter(other, name))
            other->dialect->tell_room(other, room);
    }
    return REFUSED_NOTHING;
}
