/* What minichatctl does to files is noted in the store's audit log, as the
 * server notes what is done through it (server/audit.h). */
#ifndef MINICHAT_CTL_AUDIT_H
#define MINICHAT_CTL_AUDIT_H

#include "server/ctl.h"

/* "ROOT (minichatctl)" did the deed to subject; subject and words may be
 * empty. Beside a running server it waits for its turn. That it cannot be
 * noted is said on standard error: the deed is done already. Where nothing is
 * kept yet (there is no minichat.db) there is nowhere to note it. */
void ctl_audit_note(struct ctl *ctl, const char *deed, const char *subject,
                    const char *words);

#endif
