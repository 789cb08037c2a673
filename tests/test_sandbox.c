/* What the sandbox lets through, and what it does not. Each deed is done by a
 * child that has entered it: it was done (0), the kernel said no (errno), or
 * that was the child's end (-SIGSYS). */
#include "server/sandbox_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scratch.h"

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <pwd.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

enum { NOT_ENTERED = 255 };

struct scene {
    struct state top; /* in it: state/, settings/, sockets/, other/ */
    char folder[STATE_PATH_SIZE], settings[STATE_PATH_SIZE],
        socket[STATE_PATH_SIZE], secret[STATE_PATH_SIZE];
    struct sandbox sandbox;
    struct sandbox_strength strength;
};

static void put(struct scene *scene, const char *folder, const char *file,
                char path[STATE_PATH_SIZE]) {
    char name[64];
    assert_true(state_path(&scene->top, folder, path));
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(name, sizeof name, "%s/%s", folder, file);
    scratch_write(&scene->top, name, "words\n");
    assert_true(state_path(&scene->top, name, path));
}

static int start(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    if (!scene) return -1;
    scratch_make(&scene->top);
    put(scene, "state", "kept", scene->folder);
    *strrchr(scene->folder, '/') = '\0';
    put(scene, "settings", "minichatd.conf", scene->settings);
    put(scene, "sockets", "socket", scene->socket);
    put(scene, "other", "secret", scene->secret);
    scene->sandbox.state = scene->folder;
    sandbox_add_file(&scene->sandbox, scene->settings);
    sandbox_add_socket(&scene->sandbox, scene->socket);
    sandbox_look(&scene->strength);
    *state = scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    scratch_remove(&scene->top);
    free(scene);
    return 0;
}

/* Inside ------------------------------------------------------------------- */

typedef int deed(const struct scene *);

static int attempt(const struct scene *scene, deed *what) {
    char error[256];
    struct sandbox_strength strength;
    const struct rlimit none = {0, 0};
    int status;
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &none);
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (!sandbox_enter(&scene->sandbox, &strength, error, sizeof error))
            _exit(NOT_ENTERED);
        _exit(what(scene));
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int tell(long result) {
    return result < 0 ? errno : 0;
}

static int see(const char *path, int flags) {
    return tell(open(path, flags | O_CLOEXEC, 0600));
}

static void within(const struct scene *scene, const char *name,
                   char path[STATE_PATH_SIZE]) {
    snprintf(path, STATE_PATH_SIZE, "%.900s/%s", scene->folder, name);
}

static void needs_calls(const struct scene *scene) {
    if (!scene->strength.calls) skip();
}
static void needs_files(const struct scene *scene) {
    if (!scene->strength.files) skip();
}

/* What it needs ------------------------------------------------------------ */

static int keep_files(const struct scene *scene) {
    char draft[STATE_PATH_SIZE], path[STATE_PATH_SIZE], deep[STATE_PATH_SIZE];
    within(scene, "draft", draft);
    within(scene, "kept", path);
    within(scene, "keys", deep);
    int fd = open(draft, O_RDWR | O_CREAT | O_EXCL, 0600);
    bool fine = fd >= 0 && write(fd, "x", 1) == 1 && fdatasync(fd) == 0 &&
                ftruncate(fd, 0) == 0 && rename(draft, path) == 0 &&
                mkdir(deep, 0700) == 0 && see(path, O_RDWR | O_TRUNC) == 0 &&
                unlink(path) == 0;
    return fine ? 0 : errno;
}

static int ask_who(const struct scene *scene) {
    (void)scene;
    int people = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int notices = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int ports = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    bool fine = people >= 0 && notices >= 0 && ports >= 0 && getpwuid(0) &&
                !getpwnam("nobody of that name");
    return fine ? 0 : errno;
}

static void *idle(void *nothing) {
    return nothing;
}

static int have_threads(const struct scene *scene) {
    (void)scene;
    pthread_t thread;
    time_t now = time(NULL);
    struct tm parts;
    int error = pthread_create(&thread, NULL, idle, NULL);
    if (!error) error = pthread_join(thread, NULL);
    return localtime_r(&now, &parts) ? error : EIO;
}

static void what_the_server_does_goes_on(void **state) {
    assert_int_equal(attempt(*state, keep_files), 0);
    assert_int_equal(attempt(*state, ask_who), 0);
    assert_int_equal(attempt(*state, have_threads), 0);
}

/* The signal that ends who fails an assertion is its own. */
static int fail_an_assertion(const struct scene *scene) {
    (void)scene;
    signal(SIGABRT, SIG_DFL);
    abort();
}

static void an_assertion_can_fail(void **state) {
    assert_int_equal(attempt(*state, fail_an_assertion), -SIGABRT);
}

static int read_settings(const struct scene *scene) {
    return see(scene->settings, O_RDONLY);
}

static void settings_are_read_again_when_an_editor_replaced_them(void **state) {
    struct scene *scene = *state;
    char fresh[STATE_PATH_SIZE];
    pid_t child;
    int go[2], status;
    char byte = 0, error[256];
    struct sandbox_strength strength;
    assert_int_equal(pipe(go), 0);
    child = fork();
    if (child == 0) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        bool in =
            sandbox_enter(&scene->sandbox, &strength, error, sizeof error);
        /* Ready, and then once it has been replaced. */
        if (!in || write(go[1], "r", 1) != 1) _exit(NOT_ENTERED);
        raise(SIGSTOP);
        _exit(read_settings(scene));
    }
    assert_int_equal(read(go[0], &byte, 1), 1);
    scratch_write(&scene->top, "settings/new", "others\n");
    assert_true(state_path(&scene->top, "settings/new", fresh));
    assert_int_equal(rename(fresh, scene->settings), 0);
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    kill(child, SIGCONT);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    close(go[0]);
    close(go[1]);
}

static int remove_socket(const struct scene *scene) {
    return tell(unlink(scene->socket));
}

static void its_sockets_go_with_it(void **state) {
    assert_int_equal(attempt(*state, remove_socket), 0);
}

/* What it does not need ---------------------------------------------------- */

static int start_a_program(const struct scene *scene) {
    (void)scene;
    char *const words[] = {"true", NULL};
    return tell(execv("/bin/true", words));
}

static int split_off(const struct scene *scene) {
    (void)scene;
    return tell(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static int become_another(const struct scene *scene) {
    (void)scene;
    return tell(syscall(SYS_setuid, 0));
}

static int trace(const struct scene *scene) {
    (void)scene;
    return tell(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int look_into_another(const struct scene *scene) {
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)scene, 1};
    return tell(process_vm_readv(getppid(), &here, 1, &there, 1, 0));
}

static int mount_something(const struct scene *scene) {
    return tell(syscall(SYS_mount, "none", scene->folder, "tmpfs", 0, NULL));
}

static int leave_for_a_namespace(const struct scene *scene) {
    (void)scene;
    return tell(syscall(SYS_unshare, 0x10000000)); /* CLONE_NEWUSER */
}

static void what_nobody_asked_for_is_the_end(void **state) {
    needs_calls(*state);
    assert_int_equal(attempt(*state, start_a_program), -SIGSYS);
    assert_int_equal(attempt(*state, become_another), -SIGSYS);
    assert_int_equal(attempt(*state, mount_something), -SIGSYS);
    assert_int_equal(attempt(*state, leave_for_a_namespace), -SIGSYS);
}

/* Sanitizers do these themselves. */
static void other_processes_are_no_business_of_its(void **state) {
    needs_calls(*state);
    if (SANDBOX_SANITIZED) skip();
    assert_int_equal(attempt(*state, split_off), -SIGSYS);
    assert_int_equal(attempt(*state, trace), -SIGSYS);
    assert_int_equal(attempt(*state, look_into_another), -SIGSYS);
}

static int kill_another(const struct scene *scene) {
    (void)scene;
    return tell(syscall(SYS_kill, getppid(), 0));
}

static int talk_to_the_net(const struct scene *scene) {
    (void)scene;
    return tell(socket(AF_INET, SOCK_STREAM, 0));
}

static int listen_to_the_wire(const struct scene *scene) {
    (void)scene;
    return tell(socket(AF_PACKET, SOCK_RAW, 0));
}

static int reach_other_netlinks(const struct scene *scene) {
    (void)scene;
    return tell(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

static int bring_code(const struct scene *scene) {
    (void)scene;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? errno : 0;
}

static int turn_into_code(const struct scene *scene) {
    (void)scene;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 0;
    return tell(mprotect(memory, 4096, PROT_READ | PROT_EXEC));
}

static void what_it_has_no_use_for_is_not_there(void **state) {
    static deed *const deeds[] = {talk_to_the_net, listen_to_the_wire,
                                  reach_other_netlinks, bring_code,
                                  turn_into_code};
    needs_calls(*state);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        assert_int_equal(attempt(*state, deeds[i]), ENOSYS);
    if (!SANDBOX_SANITIZED)
        assert_int_equal(attempt(*state, kill_another), ENOSYS);
}

static int read_a_secret(const struct scene *scene) {
    return see(scene->secret, O_RDONLY);
}

static int write_over_a_secret(const struct scene *scene) {
    return see(scene->secret, O_WRONLY);
}

static int write_settings(const struct scene *scene) {
    return see(scene->settings, O_WRONLY);
}

static int leave_something(const struct scene *scene) {
    char path[STATE_PATH_SIZE];
    snprintf(path, sizeof path, "%.900s.new", scene->secret);
    return see(path, O_WRONLY | O_CREAT);
}

static int read_a_program(const struct scene *scene) {
    (void)scene;
    return see("/bin/true", O_RDONLY);
}

static int look_at_processes(const struct scene *scene) {
    (void)scene;
    return see("/proc/self/environ", O_RDONLY);
}

static int get_out_by_a_link(const struct scene *scene) {
    char path[STATE_PATH_SIZE];
    within(scene, "link", path);
    return see(path, O_RDONLY);
}

static int make_a_link(const struct scene *scene) {
    char path[STATE_PATH_SIZE];
    within(scene, "way-out", path);
    return tell(symlink(scene->secret, path));
}

static void other_files_are_out_of_reach(void **state) {
    struct scene *scene = *state;
    char path[STATE_PATH_SIZE];
    needs_files(scene);
    within(scene, "link", path);
    assert_int_equal(symlink(scene->secret, path), 0);
    assert_int_equal(attempt(scene, read_a_secret), EACCES);
    assert_int_equal(attempt(scene, write_over_a_secret), EACCES);
    assert_int_equal(attempt(scene, write_settings), EACCES);
    assert_int_equal(attempt(scene, leave_something), EACCES);
    assert_int_equal(attempt(scene, get_out_by_a_link), EACCES);
    assert_int_not_equal(attempt(scene, make_a_link), 0);
    if (SANDBOX_SANITIZED) return; /* they look at programs and processes */
    assert_int_equal(attempt(scene, read_a_program), EACCES);
    assert_int_equal(attempt(scene, look_at_processes), EACCES);
}

/* Without a filter of calls the kernel still keeps files apart by thread. */
static void *read_in_a_thread(void *argument) {
    const struct scene *scene = argument;
    errno = 0;
    return see(scene->secret, O_RDONLY) == EACCES ? argument : NULL;
}

static int try_from_a_thread(const struct scene *scene) {
    pthread_t thread;
    void *held = NULL;
    if (pthread_create(&thread, NULL, read_in_a_thread,
                       (void *)(uintptr_t)scene) != 0)
        return EIO;
    pthread_join(thread, &held);
    return held ? 0 : EPERM;
}

static void its_threads_are_held_as_well(void **state) {
    needs_files(*state);
    assert_int_equal(attempt(*state, try_from_a_thread), 0);
}

/* In a container whose own filter does not let it, say. */
static int rehearse_without_landlock(const struct scene *scene) {
    char error[256];
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int call = scene->strength.files ? SCMP_SYS(landlock_restrict_self)
                                     : SCMP_SYS(seccomp);
    if (!filter ||
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) != 0 ||
        seccomp_load(filter) != 0)
        return EIO;
    return !sandbox_rehearse(error, sizeof error) &&
                   strstr(error, "`sandbox = no`")
               ? 0
               : EINVAL;
}

static void whether_it_can_be_entered_is_found_out(void **state) {
    struct scene *scene = *state;
    char error[256];
    int status;
    needs_calls(scene);
    assert_true(sandbox_rehearse(error, sizeof error));
    assert_string_equal(error, "");
    pid_t child = fork();
    if (child == 0) _exit(rehearse_without_landlock(scene));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void what_it_can_be_is_said(void **state) {
    char words[SANDBOX_WORDS_SIZE];
    struct sandbox_strength all = {.calls = true, .files = 7}, none = {0};
    (void)state;
    sandbox_describe(&all, words);
    assert_string_equal(words,
                        "system calls filtered, files confined (landlock 7)");
    sandbox_describe(&none, words);
    assert_string_equal(words, "system calls not filtered, files not confined "
                               "(no landlock here)");
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(what_the_server_does_goes_on),
        SCENE(an_assertion_can_fail),
        SCENE(settings_are_read_again_when_an_editor_replaced_them),
        SCENE(its_sockets_go_with_it),
        SCENE(what_nobody_asked_for_is_the_end),
        SCENE(other_processes_are_no_business_of_its),
        SCENE(what_it_has_no_use_for_is_not_there),
        SCENE(other_files_are_out_of_reach),
        SCENE(its_threads_are_held_as_well),
        SCENE(whether_it_can_be_entered_is_found_out),
        SCENE(what_it_can_be_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void) {
    return 0;
}
#endif
