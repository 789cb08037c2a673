#include "client/dial.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "client/quiet.h"
#include "protocol/container.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

struct lookup {
    uv_getaddrinfo_t request;
    struct dial *dial; /* NULL: nobody waits for it any more */
};

static void begin_next(struct dial *dial);

static void keep_reason(struct dial *dial, const char *why) {
    if (!text_copy(text_of(why), dial->reason, sizeof dial->reason))
        text_copy(text_of("it cannot be reached"), dial->reason,
                  sizeof dial->reason);
}

static void drop_racers(struct dial *dial) {
    for (size_t i = 0; i < DIAL_ADDRESSES; i++) {
        link_drop(dial->racing[i]);
        dial->racing[i] = NULL;
    }
}

void dial_stop(struct dial *dial) {
    struct lookup *lookup = dial->lookup;
    uv_timer_stop(&dial->patience);
    uv_timer_stop(&dial->apart);
    drop_racers(dial);
    dial->count = dial->begun = dial->over = 0;
    dial->lookup = NULL;
    if (!lookup) return;
    lookup->dial = NULL;
    /* It may be running; then its answer finds nobody. */
    (void)uv_cancel((uv_req_t *)&lookup->request);
}

static void give_up(struct dial *dial) {
    char reason[DIAL_REASON_SIZE];
    memcpy(reason, dial->reason, sizeof reason);
    dial_stop(dial);
    dial->owner->fail(dial->owner, reason);
}

static void fail(struct dial *dial, const char *why) {
    keep_reason(dial, why);
    give_up(dial);
}

static void on_patience(uv_timer_t *timer) {
    struct dial *dial = container_of(timer, struct dial, patience);
    fail(dial, dial->lookup ? "its name is not found in time" : "no answer");
}

static bool is_loopback(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
    const struct in6_addr *in6 = &v6->sin6_addr;
    return address->ss_family == AF_INET6 &&
           (IN6_IS_ADDR_LOOPBACK(in6) ||
            (IN6_IS_ADDR_V4MAPPED(in6) && in6->s6_addr[12] == IN_LOOPBACKNET));
}

static size_t index_of(const struct dial *dial, const struct link *link) {
    size_t i = 0;
    while (i + 1 < DIAL_ADDRESSES && dial->racing[i] != link)
        i++;
    return i;
}

static void on_connect(struct link_owner *owner, struct link *link,
                       const char *wrong) {
    struct dial *dial = container_of(owner, struct dial, link_owner);
    dial->racing[index_of(dial, link)] = NULL;
    if (!wrong) {
        dial_stop(dial);
        dial->owner->reach(dial->owner, link);
        return;
    }
    link_drop(link);
    keep_reason(dial, wrong);
    dial->over++;
    begin_next(dial);
}

static void on_apart(uv_timer_t *timer) {
    begin_next(container_of(timer, struct dial, apart));
}

/* One more joins the race; who cannot even begin has lost it. */
static void begin_next(struct dial *dial) {
    const char *wrong = NULL;
    while (dial->begun < dial->count) {
        size_t i = dial->begun++;
        dial->racing[i] =
            link_to_address(dial->loop, &dial->link_owner,
                            (const struct sockaddr *)&dial->found[i], &wrong);
        if (dial->racing[i]) {
            uv_timer_start(&dial->apart, on_apart, DIAL_APART_MS, 0);
            return;
        }
        keep_reason(dial, wrong);
        dial->over++;
    }
    if (dial->over == dial->count) give_up(dial);
}

static void race(struct dial *dial) {
    uv_timer_start(&dial->patience, on_patience, DIAL_STEP_MS, 0);
    dial->owner->change(dial->owner, DIAL_CONNECT);
    begin_next(dial);
}

static void add(struct dial *dial, const struct sockaddr *address,
                size_t length) {
    struct sockaddr_storage *to = &dial->found[dial->count];
    if (dial->count == DIAL_ADDRESSES || length > sizeof *to) return;
    *to = (struct sockaddr_storage){0};
    memcpy(to, address, length);
    if (!dial->local || is_loopback(to)) dial->count++;
}

static const struct addrinfo *next_of(const struct addrinfo *list, int family,
                                      bool same) {
    while (list && (list->ai_family == family) != same)
        list = list->ai_next;
    return list;
}

/* The family that the system puts first begins, and then they take turns
 * (RFC 8305 4). */
static void take_turns(struct dial *dial, const struct addrinfo *list) {
    int family = list->ai_family;
    const struct addrinfo *one = list, *other = next_of(list, family, false);
    while (one || other) {
        if (one) add(dial, one->ai_addr, one->ai_addrlen);
        if (other) add(dial, other->ai_addr, other->ai_addrlen);
        if (one) one = next_of(one->ai_next, family, true);
        if (other) other = next_of(other->ai_next, family, false);
    }
}

static void on_looked_up(uv_getaddrinfo_t *request, int status,
                         struct addrinfo *found) {
    struct lookup *lookup = container_of(request, struct lookup, request);
    struct dial *dial = lookup->dial;
    free(lookup);
    if (dial) {
        dial->lookup = NULL;
        if (found) take_turns(dial, found);
    }
    uv_freeaddrinfo(found);
    if (!dial) return;
    if (status)
        fail(dial, uv_strerror(status));
    else if (dial->count == 0 && dial->local)
        fail(dial, "the secret is not sent there unencrypted (--plaintext "
                   "allows it)");
    else if (dial->count == 0)
        fail(dial, "this name has no address");
    else
        race(dial);
}

static void look_up(struct dial *dial, const struct address *address) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct lookup *lookup = memory_new(1, sizeof *lookup);
    char port[8];
    sigset_t before;
    struct writer writer = writer_on(port, sizeof port);
    write_format(&writer, "%u", (unsigned)address->port);
    lookup->dial = dial;
    dial->owner->change(dial->owner, DIAL_LOOK_UP);
    uv_timer_start(&dial->patience, on_patience, DIAL_STEP_MS, 0);
    quiet_begin(&before);
    int error = uv_getaddrinfo(dial->loop, &lookup->request, on_looked_up,
                               address->host, port, &hints);
    quiet_end(&before);
    dial->lookup = error ? NULL : lookup;
    if (!error) return;
    free(lookup);
    fail(dial, uv_strerror(error));
}

/* An address in figures needs no look-up, and so no thread that might be
 * waiting when we want to leave. False where it is a name. */
static bool take_figures(struct dial *dial, const struct address *address) {
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (uv_ip4_addr(address->host, address->port, &v4) == 0)
        add(dial, (const struct sockaddr *)&v4, sizeof v4);
    else if (uv_ip6_addr(address->host, address->port, &v6) == 0)
        add(dial, (const struct sockaddr *)&v6, sizeof v6);
    else
        return false;
    return true;
}

static void to_path(struct dial *dial, const char *path) {
    const char *wrong = NULL;
    uv_timer_start(&dial->patience, on_patience, DIAL_STEP_MS, 0);
    dial->owner->change(dial->owner, DIAL_CONNECT);
    dial->racing[0] = link_to_path(dial->loop, &dial->link_owner, path, &wrong);
    if (!dial->racing[0]) {
        fail(dial, wrong);
        return;
    }
    dial->count = dial->begun = 1;
}

void dial_start(struct dial *dial, const struct address *address, bool local) {
    dial_stop(dial);
    dial->local = local;
    if (address->kind == ADDRESS_UNIX)
        to_path(dial, address->path);
    else if (!take_figures(dial, address))
        look_up(dial, address);
    else if (dial->count == 0)
        fail(dial, "the secret is not sent there unencrypted (--plaintext "
                   "allows it)");
    else
        race(dial);
}

void dial_init(struct dial *dial, uv_loop_t *loop, struct dial_owner *owner) {
    *dial = (struct dial){.owner = owner, .loop = loop};
    dial->link_owner = (struct link_owner){.connect = on_connect};
    uv_timer_init(loop, &dial->patience);
    uv_timer_init(loop, &dial->apart);
    dial->timers = 2;
}

static void on_closed(struct dial *dial) {
    if (--dial->timers == 0) dial->owner->close(dial->owner);
}

static void on_patience_closed(uv_handle_t *handle) {
    on_closed(container_of((uv_timer_t *)handle, struct dial, patience));
}

static void on_apart_closed(uv_handle_t *handle) {
    on_closed(container_of((uv_timer_t *)handle, struct dial, apart));
}

void dial_close(struct dial *dial) {
    dial_stop(dial);
    uv_close((uv_handle_t *)&dial->patience, on_patience_closed);
    uv_close((uv_handle_t *)&dial->apart, on_apart_closed);
}
