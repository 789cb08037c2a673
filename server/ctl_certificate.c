/* What the server shows under TLS, and what people may show it. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "protocol/tls.h"
#include "protocol/writer.h"
#include "server/certificate.h"
#include "server/client_certificates.h"
#include "server/ctl.h"
#include "server/ctl_audit.h"

static void print_json(json_t *value) {
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
}

/* The server's --------------------------------------------------------------
 */

static void print_day(const char *before, int64_t ms) {
    time_t seconds = (time_t)(ms / 1000);
    char day[16] = "";
    struct tm parts;
    if (gmtime_r(&seconds, &parts))
        (void)strftime(day, sizeof day, "%Y-%m-%d", &parts);
    printf("%s%s", before, day);
}

/* The lines of the question that minichat asks. */
static void print_shown(const struct tls_peer *shown) {
    printf("subject     %s\n", shown->subject);
    if (*shown->names) printf("hosts       %s\n", shown->names);
    printf("issuer      %s\n", shown->issuer);
    print_day("valid       from ", shown->from);
    print_day(" until ", shown->until);
    printf("\nSHA-256     %s\n", shown->key);
    printf("certificate %s\n", shown->certificate);
}

static json_t *describe_shown(const char *path, const struct tls_peer *shown) {
    return json_pack("{ss ss ss ss ss ss}", "file", path, "subject",
                     shown->subject, "hosts", shown->names, "issuer",
                     shown->issuer, "key", shown->key, "certificate",
                     shown->certificate);
}

static bool read_shown(struct ctl *ctl, const char *path,
                       struct tls_peer *shown) {
    char wrong[TLS_WORDS_SIZE];
    if (tls_identity_read(path, shown, wrong)) return true;
    ctl_fail(ctl, "%s", wrong);
    return false;
}

/* The next of several: in the list, or printed. */
static bool show_next(struct ctl *ctl, const char *path, json_t *list) {
    struct tls_peer shown;
    if (!read_shown(ctl, path, &shown)) return false;
    if (ctl->json)
        json_array_append_new(list, describe_shown(path, &shown));
    else
        print_shown(&shown);
    return true;
}

int ctl_fingerprint(struct ctl *ctl, char **words) {
    struct certificates certificates;
    if (words[0]) return CTL_USAGE;
    if (!certificates_noted(&certificates, &ctl->state, ctl->network,
                            ctl->error, CTL_ERROR_SIZE))
        return CTL_FAILED;
    json_t *list = json_array();
    bool fine = true;
    for (unsigned i = 0; i < certificates.count && fine; i++) {
        if (i > 0 && !ctl->json) putchar('\n');
        fine = show_next(ctl, certificates.all[i].certificate, list);
    }
    if (fine && ctl->json) print_json(json_incref(list));
    json_decref(list);
    return fine ? CTL_FINE : CTL_FAILED;
}

/* Those of people -----------------------------------------------------------
 */

static json_t *describe(const struct client_certificate *certificate) {
    return json_pack("{ss ss ss}", "account", certificate->account, "sha256",
                     certificate->hash, "comment", certificate->comment);
}

int ctl_certificate_list(struct ctl *ctl, char **words) {
    struct client_certificate certificate;
    struct roll roll;
    if (words[0] && (words[1] || !ctl_is_plain(words[0]))) return CTL_USAGE;
    if (!client_certificates_read(&roll, &ctl->state, ctl->error,
                                  CTL_ERROR_SIZE))
        return CTL_FAILED;
    json_t *list = json_array();
    while (client_certificates_next(&roll, &certificate)) {
        struct text account = text_of(certificate.account);
        if (words[0] && !name_equals(text_of(words[0]), account)) continue;
        if (ctl->json)
            json_array_append_new(list, describe(&certificate));
        else
            printf("%-16s %s%s%s\n", certificate.account, certificate.hash,
                   *certificate.comment ? "  " : "", certificate.comment);
    }
    roll_close(&roll);
    if (ctl->json) print_json(json_incref(list));
    json_decref(list);
    return CTL_FINE;
}

/* A fingerprint, or a file with the certificate. */
static bool take_hash(struct ctl *ctl, const char *word,
                      struct client_certificate *certificate) {
    struct tls_peer shown;
    if (certificate_hash_read(text_of(word), certificate->hash)) return true;
    if (!read_shown(ctl, word, &shown)) return false;
    text_copy(text_of(shown.certificate), certificate->hash,
              sizeof certificate->hash);
    return true;
}

static void take_comment(struct client_certificate *certificate, char **words) {
    struct writer writer =
        writer_on(certificate->comment, sizeof certificate->comment - 1);
    for (; *words; words++)
        write_format(&writer, "%s%s", writer.length ? " " : "", *words);
    certificate->comment[writer.length] = '\0';
}

int ctl_certificate_add(struct ctl *ctl, char **words) {
    struct client_certificate certificate = {.account = ""};
    if (!words[0] || !words[1]) return CTL_USAGE;
    struct text account = text_of(words[0]);
    if (!name_valid(account))
        return ctl_fail(ctl, "\"%.64s\" is not the name of an account",
                        words[0]);
    text_copy(account, certificate.account, sizeof certificate.account);
    if (!take_hash(ctl, words[1], &certificate)) return CTL_FAILED;
    take_comment(&certificate, words + 2);
    if (!client_certificates_add(&ctl->state, &certificate, ctl->error,
                                 CTL_ERROR_SIZE))
        return CTL_FAILED;
    ctl_audit_note(ctl, "certificate-add", certificate.account,
                   certificate.hash);
    if (ctl->json)
        print_json(describe(&certificate));
    else
        printf("%s may come in with certificate %s\n", certificate.account,
               certificate.hash);
    return CTL_FINE;
}

int ctl_certificate_remove(struct ctl *ctl, char **words) {
    if (!words[0]) return CTL_USAGE;
    for (; *words; words++) {
        size_t removed;
        if (!ctl_is_plain(*words)) return CTL_USAGE;
        if (!client_certificates_remove(&ctl->state, text_of(*words), &removed,
                                        ctl->error, CTL_ERROR_SIZE))
            return CTL_FAILED;
        if (!removed)
            return ctl_fail(ctl, "nobody has a certificate called %.64s",
                            *words);
        ctl_audit_note(ctl, "certificate-remove", *words, "");
        printf("removed %zu certificate%s of %s\n", removed,
               removed == 1 ? "" : "s", *words);
    }
    return CTL_FINE;
}
