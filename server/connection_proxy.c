/* Who comes by a proxy is who it says, first of all; before that nothing else
 * of the connection is looked at, and nothing is guessed. */
#include <string.h>

#include "protocol/proxy.h"
#include "server/connection_inside.h"

/* refusal: "ERROR :why" and a line end. */
static void turn_away(struct connection *c, const char *refusal) {
    char words[BANISHMENT_WORDS_SIZE];
    struct text why = text_after(text_of(refusal), strlen("ERROR :"));
    why.length = text_find(why, '\r');
    (void)text_copy(why, words, sizeof words);
    connection_dismiss(c, words, "turned away");
}

/* It was counted where the proxy is, which makes room for nobody, and has its
 * place in the company. */
static bool move(struct connection *c, const unsigned char address[16]) {
    struct company *company = c->company;
    char words[BANISHMENT_WORDS_SIZE];
    struct peer peer;
    peer_at(&peer, address);
    newcomers_remove(&company->newcomers, &c->newcomer);
    c->dialogue.place = text_of("");
    crowd_leave(&company->crowd, c->place);
    c->place = NULL;
    text_copy(text_of(peer.host), c->dialogue.host, sizeof c->dialogue.host);
    const char *refusal =
        connection_place(company, &peer, true, &c->place, words);
    if (refusal) {
        turn_away(c, refusal);
        return false;
    }
    c->dialogue.place = text_of(c->place->name);
    newcomers_add(&company->newcomers, &c->newcomer, c->place);
    return true;
}

bool connection_introduce(struct connection *c) {
    struct proxy proxy;
    framer_keep(&c->framer); /* in one piece */
    enum proxy_kind kind = proxy_read(c->framer.input, &proxy);
    if (kind == PROXY_MORE) return false;
    if (kind == PROXY_WRONG) {
        connection_dismiss(c,
                           "a proxy must say first who connects (PROXY); see "
                           "proxies in minichatd.conf",
                           "said no PROXY");
        return false;
    }
    if (kind == PROXY_OTHER && !move(c, proxy.address)) return false;
    c->framer.input = text_after(c->framer.input, proxy.length);
    c->by_proxy = false;
    connection_greet(c);
    return true;
}
