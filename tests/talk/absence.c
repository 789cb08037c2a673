/* What is not there for a scene, though this machine has it. */
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/talk/talk.h"

/* From now on for this process and those that it starts. */
static bool cover(const char *folder) {
    return unshare(CLONE_NEWNS) == 0 &&
           mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") ==
               0;
}

bool absence_of(struct talk *talk, struct peer *peer, struct text rest) {
    char *folder = talk_expand_string(talk, rest);
    (void)peer;
    talk->skip = access(folder, F_OK) == 0 && !cover(folder);
    free(folder);
    return true;
}
