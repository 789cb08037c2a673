#include "server/descriptors.h"

#include <sys/resource.h>

#include "server/log.h"

unsigned descriptors_sessions(unsigned wanted) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
    rlim_t most = files.rlim_cur > DESCRIPTORS_SPARE
                      ? files.rlim_cur - DESCRIPTORS_SPARE
                      : 1;
    if (wanted <= most) return wanted;
    log_line(LOG_WARN, "limited", "sessions=%u reason=%s", (unsigned)most,
             "limit of open files");
    return (unsigned)most;
}

void descriptors_raise(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        log_say(LOG_WARN, "cannot raise the limit of open files");
}
