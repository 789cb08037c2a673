/* Everything one can ask for by name: one complete table.
 * A line that begins with '/' is a command and is never said; '//x' says
 * '/x'. Any unambiguous start of a name will do. */
#ifndef MINICHAT_CLIENT_COMMANDS_H
#define MINICHAT_CLIENT_COMMANDS_H

#include "client/changes.h"
#include "client/model.h"
#include "client/session.h"
#include "client/trust.h"

/* The program, as far as commands need it. */
struct commands_owner {
    /* NULL while there is no connection. */
    struct session *(*find_session)(struct commands_owner *owner,
                                    struct network *network);
    /* Goes there now, or again. */
    void (*connect)(struct commands_owner *owner, struct network *network);
    /* Leaves, and does not come back by itself. */
    void (*disconnect)(struct commands_owner *owner, struct network *network,
                       struct text reason);
    /* Goes there anew, and proves with this secret who we are. */
    void (*log_in)(struct commands_owner *owner, struct network *network,
                   struct text secret);
    /* Runs it and shows what it prints; or puts it into the draft. NULL, or
     * why it does not run. */
    const char *(*exec)(struct commands_owner *owner, struct text command,
                        bool say);
    /* Shows, in the server's buffer, what is sent and received, or no longer.
     * Returns whether it does now. */
    bool (*trace)(struct commands_owner *owner, struct network *network);
    /* Ends the program in an orderly way: sessions say QUIT with reason. */
    void (*quit)(struct commands_owner *owner, struct text reason);
    /* Who is trusted; what changes in it is written down afterwards. */
    struct trust *(*find_trust)(struct commands_owner *owner);
    /* What the server there has shown, and what it is called among those that
     * are trusted; NULL where there was no TLS. */
    const struct tls_peer *(*find_peer)(struct commands_owner *owner,
                                        const struct network *network,
                                        char server[LEDGER_NAME_SIZE]);
};

enum { COMMANDS_UNASKED = 3 };

struct commands {
    struct model *model;
    struct commands_owner *owner;
    const char *path;       /* of the configuration; NULL, "": there is none */
    struct changes changes; /* for /save */
    size_t warned; /* of so many lines that would be lost: /quit again quits */
    bool asked;    /* whether that line is meant so; no other key came since */
};

void commands_init(struct commands *commands, struct model *model,
                   struct commands_owner *owner);
void commands_finish(struct commands *commands);
/* Enter was pressed: carries out or says what stands in the current buffer's
 * editor and empties it; alone it tries again to connect, where that is waited
 * for. What is said without a connection is pending until
 * there is one; what cannot be done now stays in the editor and a line in the
 * buffer says why. A paste of several lines is never a command; more than
 * COMMANDS_UNASKED messages are sent when it is pressed once more. */
void commands_enter(struct commands *commands);
/* One line as typed, command or not. False where it was refused. */
bool commands_carry_out(struct commands *commands, struct text line);

/* For completion and help: the name of the command with that index, NULL
 * after the last. */
const char *command_name(size_t index);
/* Its parameters, "" where it has none. */
const char *command_usage(size_t index);

#endif
