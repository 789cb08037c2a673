/* Memory for secrets. */
#include "protocol/vault.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIZE = 64 };

static void it_begins_with_zeroes(void **state) {
    const char zeroes[SIZE] = {0};
    char *secret = vault_new(SIZE);
    (void)state;
    assert_memory_equal(secret, zeroes, SIZE);
    vault_free(secret);
    vault_free(NULL);
}

static void who_reads_beyond_it_is_ended(void **state) {
    volatile char *secret = vault_new(SIZE);
    int status;
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        vault_close_process();
        signal(SIGSEGV, SIG_DFL);
        _exit(secret[SIZE]);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    vault_free((void *)(uintptr_t)secret);
}

#ifdef __linux__
/* proc(5): lo is locked in memory, dd is not dumped. */
static void flags_of(const void *at, char *flags, size_t size) {
    char line[512];
    unsigned long from, to;
    bool within = false;
    FILE *maps = fopen("/proc/self/smaps", "r");
    *flags = '\0';
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps)) {
        char *end;
        from = strtoul(line, &end, 16);
        if (*end == '-') {
            to = strtoul(end + 1, NULL, 16);
            within = (uintptr_t)at >= from && (uintptr_t)at < to;
        } else if (within && strncmp(line, "VmFlags:", 8) == 0) {
            snprintf(flags, size, "%s", line + 8);
        }
    }
    fclose(maps);
}

static void it_goes_to_no_core_file_and_no_swap(void **state) {
    char flags[512];
    char *secret = vault_new(SIZE);
    (void)state;
    flags_of(secret, flags, sizeof flags);
    assert_non_null(strstr(flags, " dd"));
#ifndef __SANITIZE_ADDRESS__ /* it makes mlock(2) do nothing */
    assert_non_null(strstr(flags, " lo"));
#endif
    vault_free(secret);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_with_zeroes),
        cmocka_unit_test(who_reads_beyond_it_is_ended),
#ifdef __linux__
        cmocka_unit_test(it_goes_to_no_core_file_and_no_swap),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
