/* The system calls that the server makes, and why; seccomp(2).
 *
 * What is in the table is allowed. What could only be somebody else's work, as
 * starting a program, ends the process: its audit line in the kernel's log is
 * all that it can still say. Everything else is answered as by a kernel that
 * does not have it (ENOSYS), so that a library with a newer way falls back to
 * the older one, and is logged by the kernel as well (audit: type=1326). */
#include "server/sandbox_inside.h"

#ifdef __linux__
#include <errno.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/text.h"

/* By name, for not every machine has each of them, and their numbers differ. */
struct group {
    uint32_t action;
    const char *why;
    const char *names;
};

/* clang-format off */
static const struct group groups[] = {
    {SCMP_ACT_ALLOW, "the event loop",
     "epoll_wait epoll_pwait epoll_pwait2 epoll_ctl epoll_create1 eventfd2 "
     "poll ppoll pipe2 read write close dup dup3 fcntl "
     "restart_syscall"},
    {SCMP_ACT_ALLOW, "keys/ is watched",
     "inotify_init1 inotify_add_watch inotify_rm_watch"},
    {SCMP_ACT_ALLOW, "peers come, talk and leave; who they are",
     "accept accept4 shutdown recvfrom recvmsg sendto sendmsg readv "
     "writev getsockname getpeername getsockopt setsockopt"},
    {SCMP_ACT_ALLOW, "name services answer on Unix sockets",
     "connect"},
    {SCMP_ACT_ALLOW, "SQLite, and files that are replaced whole",
     "open openat openat2 lseek pread64 pwrite64 preadv pwritev fsync "
     "fdatasync ftruncate fallocate flock stat lstat fstat newfstatat statx "
     "access faccessat faccessat2 readlink readlinkat getcwd umask "
     "mkdir mkdirat unlink unlinkat rmdir rename renameat renameat2 "
     "getdents64 fchmod fchown fstatfs utimensat"},
    {SCMP_ACT_ALLOW, "memory that holds no code; pages that are locked",
     "brk munmap mremap madvise mlock mlock2 munlock mincore"},
    {SCMP_ACT_ALLOW, "worker threads, the journal's thread",
     "futex set_robust_list get_robust_list rseq set_tid_address "
     "sched_yield sched_getaffinity gettid exit membarrier"},
    {SCMP_ACT_ALLOW, "signals: stop, reload, abort",
     "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack exit_group"},
    {SCMP_ACT_ALLOW, "clocks and sleep",
     "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time"},
    {SCMP_ACT_ALLOW, "random numbers",
     "getrandom"},
    {SCMP_ACT_ALLOW, "who we are, and how much we use",
     "getpid getppid getuid geteuid getgid getegid getgroups getresuid "
     "getresgid getrusage sysinfo uname"},
    {SCMP_ACT_KILL_PROCESS, "programs and processes",
     "execve execveat fork vfork"},
    {SCMP_ACT_KILL_PROCESS, "other processes' memory and files",
     "ptrace process_vm_readv process_vm_writev process_madvise kcmp "
     "pidfd_getfd"},
    {SCMP_ACT_KILL_PROCESS, "other rights",
     "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid "
     "setgroups capset keyctl add_key request_key"},
    {SCMP_ACT_KILL_PROCESS, "other namespaces, file systems and roots",
     "mount umount umount2 move_mount open_tree fsopen fsconfig fsmount fspick "
     "mount_setattr pivot_root chroot setns unshare open_by_handle_at mknod "
     "mknodat swapon swapoff quotactl"},
    {SCMP_ACT_KILL_PROCESS, "the kernel itself",
     "init_module finit_module delete_module kexec_load kexec_file_load bpf "
     "perf_event_open userfaultfd iopl ioperm modify_ldt reboot syslog acct "
     "settimeofday clock_settime adjtimex clock_adjtime sethostname "
     "setdomainname"},
};

/* What is asked of each argument of a call that is allowed only so. */
struct condition {
    const char *why;
    const char *name;
    unsigned count;
    struct scmp_arg_cmp arguments[3];
};
enum { SOCKET_KIND = 0xf }; /* without SOCK_CLOEXEC and SOCK_NONBLOCK */
static const struct condition conditions[] = {
    {"no memory to put code in", "mmap", 1,
     {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}},
    {"no memory turned into code", "mprotect", 1,
     {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}},
    {"threads, not processes", "clone", 1,
     {{0, SCMP_CMP_MASKED_EQ, CLONE_VM | CLONE_THREAD,
       CLONE_VM | CLONE_THREAD}}},
    {"name services", "socket", 2,
     {{0, SCMP_CMP_EQ, AF_UNIX},
      {1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_STREAM}}},
    {"sd_notify(3)", "socket", 2,
     {{0, SCMP_CMP_EQ, AF_UNIX},
      {1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_DGRAM}}},
    {"who is at a loopback port: sock_diag(7)", "socket", 3,
     {{0, SCMP_CMP_EQ, AF_NETLINK},
      {1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_RAW},
      {2, SCMP_CMP_EQ, NETLINK_SOCK_DIAG}}},
    {"sockets that do not wait", "ioctl", 1, {{1, SCMP_CMP_EQ, FIONBIO}}},
    {"and do not outlive us", "ioctl", 1, {{1, SCMP_CMP_EQ, FIOCLEX}}},
    {"how much there is to read", "ioctl", 1, {{1, SCMP_CMP_EQ, FIONREAD}}},
    {"is the log a terminal?", "ioctl", 1, {{1, SCMP_CMP_EQ, TCGETS}}},
    {"names of threads", "prctl", 1, {{0, SCMP_CMP_EQ, PR_SET_NAME}}},
    {"our own limits, to look at", "prlimit64", 2,
     {{0, SCMP_CMP_EQ, 0}, {2, SCMP_CMP_EQ, 0}}},
    {"the same", "getrlimit", 0, {{0}}},
};

/* What LeakSanitizer does at the end, and what tells where a fault is. */
static const char for_sanitizers[] =
    "ptrace clone wait4 prctl personality process_vm_readv kill tkill tgkill "
    "getdents ioctl";
/* clang-format on */

static bool is_one_of(struct text name, const char *names) {
    struct text rest = text_of(names);
    while (rest.length > 0)
        if (text_equals(text_word(&rest), name)) return true;
    return false;
}

/* What this machine has no such call for needs no rule. */
static int number_of(struct text name) {
    char copy[32];
    if (!text_copy(name, copy, sizeof copy)) return __NR_SCMP_ERROR;
    return seccomp_syscall_resolve_name(copy);
}

static bool add(scmp_filter_ctx filter, const struct group *group) {
    struct text rest = text_of(group->names);
    while (rest.length > 0) {
        struct text name = text_word(&rest);
        int number = number_of(name);
        bool spared = group->action != SCMP_ACT_ALLOW && SANDBOX_SANITIZED &&
                      is_one_of(name, for_sanitizers);
        if (number == __NR_SCMP_ERROR || spared) continue;
        if (seccomp_rule_add(filter, group->action, number, 0) != 0)
            return false;
    }
    return true;
}

static bool add_condition(scmp_filter_ctx filter,
                          const struct condition *condition) {
    struct text name = text_of(condition->name);
    if (SANDBOX_SANITIZED && is_one_of(name, for_sanitizers)) return true;
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number_of(name),
                                  condition->count, condition->arguments) == 0;
}

/* abort(3) and assert(3). */
static bool add_own_signals(scmp_filter_ctx filter) {
    if (SANDBOX_SANITIZED) return true;
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) == 0;
}

/* A thread that is no thread of ours is a process: it gets no further. */
static bool add_no_processes(scmp_filter_ctx filter) {
    if (SANDBOX_SANITIZED) return true;
    return seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0;
}

static bool add_all(scmp_filter_ctx filter) {
    const struct group more = {SCMP_ACT_ALLOW, "sanitizers", for_sanitizers};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (!add(filter, &groups[i])) return false;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (!add_condition(filter, &conditions[i])) return false;
    if (SANDBOX_SANITIZED && !add(filter, &more)) return false;
    return add_own_signals(filter) && add_no_processes(filter);
}

/* All threads, should a library have begun one; a log line for what is not
 * allowed; a tree, not a list, to find a call in. */
static bool load(scmp_filter_ctx filter) {
    return seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
           seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1) == 0 &&
           seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
           add_all(filter) && seccomp_load(filter) == 0;
}

/* 3: that a call can be the end of a process, and is logged (Linux 4.14). */
bool sandbox_can_filter_calls(void) {
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 && seccomp_api_get() >= 3;
}

bool sandbox_filter_calls(char *error, size_t size) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    bool loaded = filter && load(filter);
    seccomp_release(filter);
    if (!loaded)
        snprintf(error, size,
                 "cannot filter system calls; `sandbox = no` in [server] goes "
                 "on without");
    return loaded;
}
#else
/* 3: that a call can be the end of a process, and is logged (Linux 4.14). */
bool sandbox_can_filter_calls(void) {
    return false;
}

bool sandbox_filter_calls(char *error, size_t size) {
    (void)error, (void)size;
    return false;
}
#endif
