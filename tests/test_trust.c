/* Whom we take for a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/trust.h"
#include "tests/temporary.h"

#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "22222222222222222222222222222222222222222222222222222222222222ff"

static const char SERVER[] = "irc.example.org:6697";
enum { DAY = 1795305600 }; /* 2026-11-22 */

struct scene {
    char home[TEMPORARY_SIZE], path[128];
    struct trust trust;
    struct tls_peer peer;
    struct trust_wish wish;
    struct trust_entry entry;
};

static struct scene scene;

static int begin(void **state) {
    scene = (struct scene){0};
    temporary_make(scene.home);
    setenv("XDG_STATE_HOME", scene.home, 1);
    snprintf(scene.path, sizeof scene.path, "%s/minichat/known_servers",
             scene.home);
    trust_init(&scene.trust);
    strcpy(scene.peer.key, ONE);
    strcpy(scene.peer.certificate, TWO);
    strcpy(scene.peer.wrong, "signed by itself");
    *state = &scene;
    return 0;
}

static int end(void **state) {
    struct scene *s = *state;
    trust_finish(&s->trust);
    temporary_remove(s->home);
    return 0;
}

static enum trust_verdict judge(struct scene *s) {
    return trust_judge(&s->trust, &s->wish, SERVER, &s->peer, &s->entry);
}

/* What a worker does. */
static void write_down(struct scene *s) {
    struct ledger_change *change;
    while ((change = ledger_take(&s->trust.ledger))) {
        assert_int_equal(ledger_write(change), 0);
        s->trust.ledger.unwritten--;
        ledger_change_free(change);
    }
}

static void accept(struct scene *s, enum trust_answer answer) {
    trust_accept(&s->trust, SERVER, s->peer.key, answer, DAY * 1000LL);
}

static void the_file_is(struct scene *s, const char *content) {
    char bytes[1000] = "";
    FILE *file = fopen(s->path, "re");
    if (file) bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
    if (file) fclose(file);
    assert_string_equal(bytes, content);
}

static void another_program_writes(struct scene *s, const char *content) {
    FILE *file = fopen(s->path, "we");
    fputs(content, file);
    fclose(file);
}

static void rules_are_read(void **state) {
    struct trust_wish wish;
    (void)state;
    assert_null(trust_wish_read(&wish, text_of("pin")));
    assert_int_equal(wish.rule, TRUST_PIN);
    assert_null(trust_wish_read(&wish, text_of("ca")));
    assert_int_equal(wish.rule, TRUST_CA);
    assert_null(trust_wish_read(&wish, text_of("sha256:" TWO)));
    assert_int_equal(wish.rule, TRUST_HASH);
    assert_string_equal(wish.hash, TWO);
    assert_null(trust_wish_read(
        &wish, text_of("SHA256:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:"
                       "22:22:22:22:22:22:22:22:22:22:22:22:22:22:22:FF")));
    assert_string_equal(wish.hash, TWO);
    assert_non_null(trust_wish_read(&wish, text_of("sha256:12")));
    assert_non_null(trust_wish_read(&wish, text_of("sha256:" ONE "1")));
    assert_non_null(trust_wish_read(&wish, text_of("sha256:x" ONE)));
    assert_non_null(trust_wish_read(&wish, text_of("always")));
    assert_null(trust_wish_read(&wish, text_of("")));
    assert_int_equal(wish.rule, TRUST_PIN);
}

static void who_an_authority_vouches_for_is_believed(void **state) {
    struct scene *s = *state;
    s->peer.trusted = true;
    assert_int_equal(judge(s), TRUST_FINE);
    s->wish.rule = TRUST_CA;
    assert_int_equal(judge(s), TRUST_FINE);
    s->peer.trusted = false;
    assert_int_equal(judge(s), TRUST_UNVOUCHED);
}

static void what_is_accepted_once_is_not_written_down(void **state) {
    struct scene *s = *state;
    assert_int_equal(judge(s), TRUST_UNKNOWN);
    accept(s, TRUST_ACCEPT_ONCE);
    write_down(s);
    assert_int_equal(judge(s), TRUST_FINE);
    the_file_is(s, "");
    strcpy(s->peer.key, TWO);
    assert_int_equal(judge(s), TRUST_UNKNOWN);
}

static void what_is_saved_outlives_the_program(void **state) {
    struct scene *s = *state;
    struct stat about;
    accept(s, TRUST_SAVE);
    assert_int_equal(judge(s), TRUST_FINE); /* before it is on the disk too */
    write_down(s);
    the_file_is(s, "irc.example.org:6697 sha256:" ONE " 2026-11-22\n");
    assert_int_equal(stat(s->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    trust_finish(&s->trust);
    trust_init(&s->trust);
    assert_int_equal(judge(s), TRUST_FINE);
    assert_int_equal(trust_judge(&s->trust, &s->wish, "irc.example.org:7000",
                                 &s->peer, NULL),
                     TRUST_UNKNOWN);
}

static void a_changed_key_is_refused_with_both(void **state) {
    struct scene *s = *state;
    char words[1000];
    struct writer writer = writer_on(words, sizeof words - 1);
    accept(s, TRUST_SAVE);
    write_down(s);
    strcpy(s->peer.key, TWO);
    assert_int_equal(judge(s), TRUST_CHANGED);
    trust_explain(&writer, TRUST_CHANGED, &s->wish, &s->entry, SERVER,
                  &s->peer);
    words[writer.length] = '\0';
    assert_non_null(strstr(words, "sha256:" ONE));
    assert_non_null(strstr(words, "sha256:" TWO));
    assert_non_null(strstr(words, "since 2026-11-22"));
    assert_non_null(strstr(words, "/trust irc.example.org forget"));
}

static void it_may_be_forgotten_by_host_or_with_the_port(void **state) {
    struct scene *s = *state;
    accept(s, TRUST_SAVE);
    trust_accept(&s->trust, "irc.example.org:7000", TWO, TRUST_SAVE, 0);
    trust_accept(&s->trust, "irc.example.org.evil:7000", TWO, TRUST_SAVE, 0);
    write_down(s);
    assert_int_equal(trust_forget(&s->trust, text_of("irc.example.org:7000")),
                     1);
    assert_int_equal(judge(s), TRUST_FINE);
    assert_int_equal(trust_forget(&s->trust, text_of("IRC.example.org")), 1);
    write_down(s);
    assert_int_equal(judge(s), TRUST_UNKNOWN);
    the_file_is(s, "irc.example.org.evil:7000 sha256:" TWO " 1970-01-01\n");
    assert_int_equal(trust_forget(&s->trust, text_of("nobody")), 0);
}

static void what_others_write_meanwhile_stays(void **state) {
    struct scene *s = *state;
    accept(s, TRUST_SAVE);
    write_down(s);
    another_program_writes(s,
                           "chat.example:1 sha256:" TWO " 2026-01-01\n"
                           "irc.example.org:6697 sha256:" TWO " 2026-01-01\n");
    assert_int_equal(judge(s), TRUST_CHANGED);
    accept(s, TRUST_SAVE);
    write_down(s);
    the_file_is(s, "chat.example:1 sha256:" TWO " 2026-01-01\n"
                   "irc.example.org:6697 sha256:" ONE " 2026-11-22\n");
}

/* A damaged line is as none: the person is asked again. */
static void a_damaged_file_believes_nobody(void **state) {
    struct scene *s = *state;
    accept(s, TRUST_SAVE);
    write_down(s);
    another_program_writes(s, "irc.example.org:6697 sha256:1111\n\n \n\0");
    assert_int_equal(judge(s), TRUST_UNKNOWN);
    another_program_writes(s, "irc.example.org:6697 " ONE "\n");
    assert_int_equal(judge(s), TRUST_UNKNOWN);
    another_program_writes(s, "irc.example.org:6697");
    assert_int_equal(judge(s), TRUST_UNKNOWN);
}

static void only_that_key_or_certificate_will_do(void **state) {
    struct scene *s = *state;
    s->wish.rule = TRUST_HASH;
    s->peer.trusted = true;
    strcpy(s->wish.hash, ONE);
    assert_int_equal(judge(s), TRUST_FINE);
    strcpy(s->wish.hash, TWO); /* the certificate's */
    assert_int_equal(judge(s), TRUST_FINE);
    s->wish.hash[0] = '0';
    assert_int_equal(judge(s), TRUST_MISMATCH);
}

static void without_a_home_it_is_kept_for_this_run(void **state) {
    struct scene *s = *state;
    trust_finish(&s->trust);
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    trust_init(&s->trust);
    accept(s, TRUST_SAVE);
    assert_null(ledger_take(&s->trust.ledger));
    assert_int_equal(judge(s), TRUST_FINE);
}

static void servers_have_names(void **state) {
    char name[LEDGER_NAME_SIZE];
    struct address address;
    (void)state;
    assert_null(address_parse(&address, text_of("ircs://Chat.Example")));
    trust_name(&address, name);
    assert_string_equal(name, "chat.example:6697");
    assert_null(address_parse(&address, text_of("tls://[2001:db8::1]:7")));
    trust_name(&address, name);
    assert_string_equal(name, "[2001:db8::1]:7");
}

#define play(claim) cmocka_unit_test_setup_teardown(claim, begin, end)

int main(void) {
    const struct CMUnitTest scenes[] = {
        play(rules_are_read),
        play(who_an_authority_vouches_for_is_believed),
        play(what_is_accepted_once_is_not_written_down),
        play(what_is_saved_outlives_the_program),
        play(a_changed_key_is_refused_with_both),
        play(it_may_be_forgotten_by_host_or_with_the_port),
        play(what_others_write_meanwhile_stays),
        play(a_damaged_file_believes_nobody),
        play(only_that_key_or_certificate_will_do),
        play(without_a_home_it_is_kept_for_this_run),
        play(servers_have_names),
    };
    return cmocka_run_group_tests(scenes, NULL, NULL);
}
