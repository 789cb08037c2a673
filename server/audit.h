/* Who did what to whom: what those who have powers do is noted, in the log and
 * (where anything is kept) in the store's table `audit`, for `minichatctl
 * audit`. A year, or the latest 100,000 notes of rooms and as many others
 * (server/chores.h).
 *
 * Deeds, in the words that are kept:
 *   in a room, noted by itself as the chat tells of it: kick, ban, unban,
 *        mute, unmute, op, deop; the words begin with the room's name
 *   of the whole server: what carries out the deed calls audit_note: kick,
 *        ban, unban, mute, unmute; token-issue, token-revoke; ssh-key-add,
 *        ssh-key-remove; reload
 * Whatever minichatctl does to files it notes itself (server/ctl_audit.h):
 * these; key-…, certificate-add, certificate-remove, forget. */
#ifndef MINICHAT_AUDIT_H
#define MINICHAT_AUDIT_H

#include "server/dialogue.h"

enum {
    AUDIT_WHO_SIZE = NAME_SIZE + JTI_SIZE + SSH_FINGERPRINT_SIZE,
    AUDIT_DEED_SIZE = 32,
    AUDIT_SUBJECT_SIZE = 128, /* what is longer is cut */
    AUDIT_WORDS_SIZE = 512,
};

/* Who does it, and how that is known: "ada (unix)", "bob (token 5f3a…)",
 * "carl (ssh SHA256:…)", "dora (certificate 5f3a…)", "eve (guest)". Also before
 * they have entered, where the kernel knows. */
struct text audit_author(const struct dialogue *dialogue,
                         char who[AUDIT_WHO_SIZE]);
/* who: of audit_author, or "minichatd" for what the server does by itself.
 * deed: a word of letters and '-'. subject: to whom (a name, a token's jti, a
 * key's name, a range of addresses), may be empty. words: more about it, a
 * reason; may be empty. What cannot be shown is left out of all of them. */
void audit_note(struct house *house, struct text who, const char *deed,
                struct text subject, struct text words);

/* Notes what happens in rooms. */
struct audit {
    struct witness witness;
    struct house *house;
};
/* Attends the house's chat; both must outlive it. */
void audit_init(struct audit *audit, struct house *house);

#endif
