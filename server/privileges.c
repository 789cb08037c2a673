#include "server/privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "server/config.h"
#include "server/log.h"

static bool fail(char *error, size_t size, const char *what) {
    snprintf(error, size, "cannot %s: %s", what, strerror(errno));
    return false;
}

/* Choosing --------------------------------------------------------------- */

static bool miss(struct service_user *user, const char *name, char *error,
                 size_t size) {
    if (strcmp(name, CONFIG_USER) == 0) {
        user->stays = true;
        log_say(LOG_WARN,
                "there is no user %s here: goes on as root; make one "
                "(useradd --system %s), or set `user` in [server]",
                name, name);
        return true;
    }
    snprintf(error, size, "[server] user: there is no user %s here", name);
    return false;
}

bool privileges_choose(struct service_user *user, const char *name, char *error,
                       size_t size) {
    *user = (struct service_user){.stays = geteuid() != 0 || !*name};
    if (user->stays) return true;
    errno = 0;
    const struct passwd *record = getpwnam(name);
    if (!record) return miss(user, name, error, size);
    user->user = record->pw_uid;
    user->group = record->pw_gid;
    user->stays = user->user == 0;
    if (user->stays || user->group != 0) return true;
    snprintf(error, size, "[server] user: %s has root's group; give it another",
             name);
    return false;
}

/* Dropping --------------------------------------------------------------- */

static bool become(const struct service_user *user, char *error, size_t size) {
    if (setgroups(0, NULL) != 0)
        return fail(error, size, "leave root's groups");
    if (setresgid(user->group, user->group, user->group) != 0)
        return fail(error, size, "leave root's group");
    if (setresuid(user->user, user->user, user->user) != 0)
        return fail(error, size, "become the user that is set");
    return true;
}

/* The kernel's word for it, not ours. */
static bool is_for_good(const struct service_user *user) {
    uid_t real, effective, saved;
    gid_t group, effective_group, saved_group;
    if (getresuid(&real, &effective, &saved) != 0) return false;
    if (getresgid(&group, &effective_group, &saved_group) != 0) return false;
    if (real != user->user || effective != real || saved != real) return false;
    if (group != user->group || effective_group != group ||
        saved_group != group)
        return false;
    return getgroups(0, NULL) == 0 && setuid(0) != 0 && seteuid(0) != 0 &&
           setgid(0) != 0;
}

#ifdef __linux__
/* By which root gets at files that are another's: a state directory that was
 * given to a user, and root's server goes on in it. */
static uint32_t needed_by(bool as_root) {
    return as_root ? 1u << CAP_CHOWN | 1u << CAP_DAC_OVERRIDE | 1u << CAP_FOWNER
                   : 0;
}

/* What is not in the bounding set no program can bring back. Who may not
 * change that set has no capabilities to lose. */
static void narrow(uint32_t needed) {
    for (unsigned long number = 0; prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0;
         number++)
        if (number >= 32 || !(needed & 1u << number))
            prctl(PR_CAPBSET_DROP, number, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static bool shed(uint32_t needed) {
    struct __user_cap_header_struct header = {.version =
                                                  _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capget, &header, data) != 0) return false;
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        uint32_t kept = i == 0 ? needed & data[i].permitted : 0;
        data[i] = (struct __user_cap_data_struct){.effective = kept,
                                                  .permitted = kept};
    }
    return syscall(SYS_capset, &header, data) == 0;
}

static bool has_none_but(uint32_t needed) {
    struct __user_cap_header_struct header = {.version =
                                                  _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return syscall(SYS_capget, &header, data) == 0 &&
           !(data[0].permitted & ~needed) && !data[1].permitted &&
           !data[0].inheritable && !data[1].inheritable;
}

/* Who started us wants it to reach us when they end, which the kernel forgets
 * where a process becomes another user's: PR_SET_PDEATHSIG, prctl(2). */
struct bequest {
    int signal; /* 0: none */
    pid_t parent;
};

static struct bequest remember_bequest(void) {
    struct bequest bequest = {.parent = getppid()};
    if (prctl(PR_GET_PDEATHSIG, &bequest.signal, 0, 0, 0) != 0)
        bequest.signal = 0;
    return bequest;
}

/* They may have ended meanwhile. */
static void restore_bequest(const struct bequest *bequest) {
    if (!bequest->signal) return;
    prctl(PR_SET_PDEATHSIG, bequest->signal, 0, 0, 0);
    if (getppid() != bequest->parent) raise(bequest->signal);
}

static bool shed_capabilities(bool as_root, char *error, size_t size) {
    uint32_t needed = needed_by(as_root);
    if ((has_none_but(needed) || (shed(needed) && has_none_but(needed))) &&
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        return true;
    return fail(error, size, "give up capabilities");
}
#else
static void narrow(uint32_t needed) {
    (void)needed;
}
static uint32_t needed_by(bool as_root) {
    return as_root;
}
struct bequest {
    int signal;
};
static struct bequest remember_bequest(void) {
    return (struct bequest){0};
}
static void restore_bequest(const struct bequest *bequest) {
    (void)bequest;
}
static bool shed_capabilities(bool as_root, char *error, size_t size) {
    (void)as_root, (void)error, (void)size;
    return true;
}
#endif

bool privileges_drop(const struct service_user *user, char *error,
                     size_t size) {
    bool as_root = user->stays && geteuid() == 0;
    struct bequest bequest = remember_bequest();
    narrow(needed_by(as_root));
    if (!user->stays && !become(user, error, size)) return false;
    if (!shed_capabilities(as_root, error, size)) return false;
    restore_bequest(&bequest);
    if (user->stays || is_for_good(user)) return true;
    snprintf(error, size, "cannot give up root: it could be had again");
    return false;
}
