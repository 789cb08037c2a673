/* What the roster's own files share: what it has the scribe write. Nobody
 * outside of roster*.c includes this. */
#ifndef MINICHAT_ROSTER_INSIDE_H
#define MINICHAT_ROSTER_INSIDE_H

#include "server/roster.h"

void roster_write_account(struct roster *roster,
                          const struct kept_account *account);
void roster_write_seen(struct roster *roster,
                       const struct kept_account *account);
/* when 0: the mark is gone. */
void roster_write_read(struct roster *roster,
                       const struct kept_account *account, struct text target,
                       int64_t when);
void roster_write_room(struct roster *roster, const struct kept_room *room);
void roster_write_room_gone(struct roster *roster,
                            const struct kept_room *room);
void roster_write_ban(struct roster *roster, const struct kept_room *room,
                      const struct ban *ban);
void roster_write_ban_gone(struct roster *roster, const struct kept_room *room,
                           struct text mask, bool mute);
void roster_write_bans_gone(struct roster *roster,
                            const struct kept_room *room);
void roster_write_member(struct roster *roster,
                         const struct kept_account *account,
                         const struct membership *membership);
void roster_write_member_gone(struct roster *roster,
                              const struct kept_account *account,
                              const struct kept_room *room);

#endif
