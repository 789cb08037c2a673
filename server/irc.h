/* What only IRC asks: registration, capabilities, SASL, queries.
 * The functions that carry out requests are rows of the command table; the
 * rest is shared by the irc_* files. modern.ircdocs.horse */
#ifndef MINICHAT_IRC_H
#define MINICHAT_IRC_H

#include "server/dialect.h"

enum {
    SASL_SIZE = 8192, /* a whole decoded-later answer, base64 */
    IRC_SERVER_SIZE = 48,
    IRC_BATCH_SIZE = 20,
    PASS_SIZE = IRCMSG_BODY,
};

enum sasl_mechanism { SASL_NONE, SASL_PLAIN, SASL_EXTERNAL, SASL_OAUTHBEARER };

/* Lives from the first line to the welcome. One block. */
struct registration {
    char nick[NAME_SIZE];
    char ident[NAME_SIZE];
    char realname[REALNAME_SIZE];
    bool has_user;
    bool negotiating; /* CAP LS or REQ seen, END not yet */
    bool sasl_done;   /* sasl holds the account */
    bool told_how;    /* the hint about logging in was sent */
    struct admission sasl;
    enum sasl_mechanism mechanism;
    size_t pass_length;
    char pass[PASS_SIZE]; /* wiped when used */
    size_t answer_length, answer_size;
    char answer[]; /* room for it from the first AUTHENTICATE on */
};

/* Writing ---------------------------------------------------------------- */

/* The server's name as a source: the network's, with a dot in it. */
const char *irc_server_name(const struct dialogue *dialogue,
                            char name[IRC_SERVER_SIZE]);
/* Our name for the peer in numerics: its nick, "*" before it has one. */
const char *irc_nick(const struct dialogue *dialogue);
/* ":server " + printf, CR LF; cut at 510 bytes at a character's end. */
void irc_say(struct dialogue *dialogue, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same, for what shows that we are alive: while the disk refuses it
 * overtakes what waits for the disk. */
void irc_say_alive(struct dialogue *dialogue, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* ":server NNN nick " + printf. */
void irc_reply(struct dialogue *dialogue, unsigned numeric, const char *format,
               ...) __attribute__((format(printf, 3, 4)));
/* ircv3.net/specs/extensions/standard-replies; to all, for UTF8ONLY wants it
 * and every client shows what it does not know. */
void irc_fail(struct dialogue *dialogue, struct text verb, const char *code,
              const char *words);
/* The same, with what it is about: words of the request, each cut so that it
 * fits and cannot be taken for anything else. */
void irc_fail_about(struct dialogue *dialogue, const char *verb,
                    const char *code, const struct text *about, size_t count,
                    const char *words);
/* nick!account@host */
void irc_write_source(struct writer *writer, const struct user *user);

/* Registration and capabilities ------------------------------------------- */

struct registration *irc_registration(struct dialogue *dialogue);
/* Enters when nothing is missing any more. What is refused it tells itself, but
 * ATTEMPT_WAITS: then the request must be carried out again. */
enum refusal irc_try_to_enter(struct dialogue *dialogue);
void irc_welcome(struct dialogue *dialogue);

enum refusal irc_cap(struct dialogue *, const struct request *);
/* May this one log in by what is known of its connection? */
bool irc_offers_external(const struct dialogue *dialogue);
enum refusal irc_authenticate(struct dialogue *, const struct request *);
enum refusal irc_pass(struct dialogue *, const struct request *);
enum refusal irc_nick_command(struct dialogue *, const struct request *);
enum refusal irc_user(struct dialogue *, const struct request *);
enum refusal irc_ping(struct dialogue *, const struct request *);
enum refusal irc_pong(struct dialogue *, const struct request *);

/* Batches ------------------------------------------------------------------ */

/* What answers one request, as one (ircv3.net/specs/extensions/batch). To a
 * client without batches the lines go as they are. */
struct irc_batch {
    struct dialogue *dialogue;
    char id[IRC_BATCH_SIZE]; /* empty: the client has no batches */
};
/* what: its type and parameters. A labeled request is answered by this batch
 * alone, which carries the label. */
void irc_batch_open(struct irc_batch *batch, struct dialogue *dialogue,
                    const char *what);
/* The same; tags: of its opening, without '@', or empty. */
void irc_batch_open_with(struct irc_batch *batch, struct dialogue *dialogue,
                         struct text tags, const char *what);
/* One or more whole lines, sent at once. */
void irc_batch_add(const struct irc_batch *batch, struct text lines);
void irc_batch_close(const struct irc_batch *batch);
/* Does the line belong to a batch of its own within, a text of several lines?
 * Then it does not belong to the outer one. */
bool irc_is_in_batch(struct text line);
void irc_batch_name(const struct dialogue *dialogue, char id[IRC_BATCH_SIZE]);
/* The line with one more tag in front. */
void irc_write_tagged(struct writer *writer, struct text line, const char *key,
                      const char *value);

/* Labels ------------------------------------------------------------------ */

void irc_label_begin(struct dialogue *dialogue, struct text tags);
void irc_label_end(struct dialogue *dialogue);

/* The past ----------------------------------------------------------------- */

enum refusal irc_chathistory(struct dialogue *, const struct request *);
enum refusal irc_search(struct dialogue *, const struct request *);
enum refusal irc_redact(struct dialogue *, const struct request *);
enum refusal irc_markread(struct dialogue *, const struct request *);
/* Up to when the room was read, to whoever wants to know. */
void irc_tell_mark(struct dialogue *dialogue, const struct room *room);
/* The lines of an answer, in the order in which they are given, or backwards,
 * as a batch of this type and parameters. */
void irc_tell_past(struct dialogue *dialogue, const struct answer *answer,
                   const char *what);

/* Queries ------------------------------------------------------------------ */

enum refusal irc_mode(struct dialogue *, const struct request *);
enum refusal irc_lusers(struct dialogue *, const struct request *);
enum refusal irc_motd(struct dialogue *, const struct request *);
enum refusal irc_version(struct dialogue *, const struct request *);
enum refusal irc_time(struct dialogue *, const struct request *);
enum refusal irc_info(struct dialogue *, const struct request *);
enum refusal irc_admin(struct dialogue *, const struct request *);
enum refusal irc_userhost(struct dialogue *, const struct request *);
enum refusal irc_ison(struct dialogue *, const struct request *);
enum refusal irc_setname(struct dialogue *, const struct request *);

void irc_tell_room(struct dialogue *dialogue, const struct room *room);
void irc_tell_names(struct dialogue *dialogue, const struct room *room,
                    struct text asked);
void irc_tell_who(struct dialogue *dialogue, struct text asked,
                  const struct request *request);
void irc_tell_whois(struct dialogue *dialogue, const struct user *user,
                    struct text asked);
void irc_tell_rooms(struct dialogue *dialogue, struct text mask);
void irc_tell_absent(struct dialogue *dialogue, struct text name);
void irc_tell_inbox(struct dialogue *dialogue, const struct kept *kept,
                    size_t count, bool is_cut);
void irc_tell_topic(struct dialogue *dialogue, const struct room *room);
void irc_tell_bans(struct dialogue *dialogue, const struct room *room,
                   bool mute);

#endif
