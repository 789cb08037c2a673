/* What is left of this machine for whoever came in by the gateway. */
#include "client/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool is_plainly_confined(void) {
    const char *kept = getenv("LC_ALL"), *term = getenv("TERM");
    size_t count = 0;
    while (environ[count])
        count++;
    return count == 2 && kept && term && strcmp(kept, "C.UTF-8") == 0 &&
           strcmp(term, "dumb") == 0;
}

static bool can_open(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static bool is_locked(void) {
    bool fine = !can_open("/tmp/minichat-test-confine", O_WRONLY | O_CREAT) &&
                !can_open("/tmp", O_RDONLY) && can_open("/dev/null", O_RDWR) &&
                can_open("/etc/passwd", O_RDONLY) &&
                !can_open("/etc/passwd", O_RDWR);
    execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);
    return fine && errno == EACCES;
}

/* In a process of its own: there is no way back. */
static void holds_when_confined(bool (*holds)(void)) {
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        confine();
        _exit(holds() ? 7 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void only_the_terminal_and_the_language_are_kept(void **state) {
    (void)state;
    setenv("TERM", "../../etc/passwd", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("LANG", "/tmp/evil", 1);
    setenv("TERMINFO", "/tmp", 1);
    setenv("HOME", "/tmp", 1);
    setenv("MINICHAT_TOKEN", "v4.public.x", 1);
    holds_when_confined(is_plainly_confined);
}

static void nothing_is_executed_written_or_read_elsewhere(void **state) {
    (void)state;
    if (syscall(SYS_landlock_create_ruleset, NULL, 0,
                LANDLOCK_CREATE_RULESET_VERSION) < 1)
        skip();
    holds_when_confined(is_locked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_terminal_and_the_language_are_kept),
        cmocka_unit_test(nothing_is_executed_written_or_read_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
