/* A stranger who comes with TLS to a company: it shakes hands, or not, says
 * lines, or what is no record, and ends well, or not. Whatever it does, nobody
 * is left when it is gone. A socket is between the two, for that is what a
 * connection has. The first byte chooses (see the enum), the rest is said. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "server/connection_inside.h"
#include "server/delivery.h"
#include "tests/certificate.h"

enum {
    GREETS = 1, /* the handshake comes to its end; else it never does */
    SEALS = 2,  /* what it says then */
    SPLITS = 4, /* that comes in pieces */
    ENDS = 8,   /* it says that nothing more comes (close_notify) */
    SHUTS = 16, /* and waits for the other's end */
    PIECE = 7,
    PATIENCE_S = 10, /* on a machine that others use, too */
    REST_US = 100,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct world {
    uv_loop_t loop;
    struct config config;
    struct chat chat;
    struct delivery delivery;
    struct house house;
    struct company company;
    struct tls_context *clients;
} * world;

struct stranger {
    int fd;
    struct tls *tls;
    bool over; /* the other's end was read */
};

static void must(bool holds) {
    if (!holds) abort();
}

static void make_contexts(void) {
    char path[] = "/tmp/minichat-fuzz-XXXXXX", wrong[TLS_WORDS_SIZE];
    int file = mkstemp(path);
    must(file >= 0);
    close(file);
    certificate_make(path, (struct certificate_wish){"fuzz.example", -1, 30});
    world->clients = tls_context_client(NULL, wrong);
    world->company.identity = tls_context_server(path, path, wrong);
    unlink(path);
    must(world->clients && world->company.identity);
}

static void begin(void) {
    world = memory_new(1, sizeof *world);
    must(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    must(uv_loop_init(&world->loop) == 0);
    config_defaults(&world->config);
    world->config.guests = true;
    world->config.arrivals.rate = 0;
    /* All it says is carried out, at its time, also when it is gone: soon. */
    world->config.rate.rate = world->config.guest_rate.rate = 1000;
    chat_init(&world->chat);
    text_copy(text_of(world->config.lobby), world->chat.home,
              sizeof world->chat.home);
    delivery_init(&world->delivery, &world->house);
    chat_attend(&world->chat, &world->delivery.witness);
    world->house =
        (struct house){.chat = &world->chat, .config = &world->config};
    world->company.most = 1;
    make_contexts();
    company_init(&world->company, &world->loop, &world->house);
    round_stay(&world->company.round, true); /* as who listens does */
}

/* What has come is taken; the loop has had a turn. */
static void take_turn(struct stranger *stranger) {
    char bytes[16384], plain[4096];
    ssize_t got;
    uv_run(&world->loop, UV_RUN_NOWAIT);
    while ((got = read(stranger->fd, bytes, sizeof bytes)) > 0) {
        if (!stranger->tls) continue;
        tls_feed(stranger->tls, text_slice(bytes, (size_t)got));
        while (tls_read(stranger->tls, plain, sizeof plain) > 0)
            ;
    }
    if (got == 0 || errno != EAGAIN) stranger->over = true;
}

/* What the kernel does not take at once is lost: so it may break off. */
static void send_bytes(struct stranger *stranger, struct text bytes) {
    ssize_t sent = write(stranger->fd, bytes.at, bytes.length);
    if (sent < 0) stranger->over = true;
}

static void send_output(struct stranger *stranger) {
    struct text out = tls_output(stranger->tls);
    if (out.length > 0) send_bytes(stranger, out);
    tls_sent(stranger->tls);
}

static uint64_t patience(void) {
    return uv_hrtime() + PATIENCE_S * UINT64_C(1000000000);
}

static void shake_hands(struct stranger *stranger) {
    stranger->tls = tls_client(world->clients, "fuzz.example");
    uint64_t until = patience();
    while (uv_hrtime() < until && !stranger->over) {
        send_output(stranger);
        if (tls_state(stranger->tls) == TLS_OPEN) return;
        take_turn(stranger);
        usleep(REST_US);
    }
    must(false);
}

static void say(struct stranger *stranger, struct text bytes, uint8_t mode) {
    if (stranger->tls && mode & SEALS) {
        tls_write(stranger->tls, bytes);
        send_output(stranger);
    } else {
        send_bytes(stranger, bytes);
    }
    take_turn(stranger);
}

static void say_all(struct stranger *stranger, struct text bytes,
                    uint8_t mode) {
    while (bytes.length > 0) {
        size_t length =
            mode & SPLITS && bytes.length > PIECE ? PIECE : bytes.length;
        say(stranger, text_slice(bytes.at, length), mode);
        bytes = text_after(bytes, length);
    }
}

static void leave(struct stranger *stranger, uint8_t mode) {
    if (stranger->tls && mode & ENDS) {
        tls_end(stranger->tls);
        send_output(stranger);
    }
    if (mode & SHUTS) {
        shutdown(stranger->fd, SHUT_WR);
        take_turn(stranger);
    }
    close(stranger->fd);
    tls_free(stranger->tls);
}

/* It was taken for a local one, whom no TLS is spoken with. */
static void let_in(struct stranger *stranger) {
    int ends[2];
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    *stranger = (struct stranger){.fd = ends[0]};
    connection_accept(&world->company, ends[1], ADDRESS_AUTO, false);
    struct connection *c = world->company.first;
    must(c);
    c->dialogue.is_unix = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char record[] = "\x16\x03\x01"; /* so it is taken for TLS */
    struct stranger stranger;
    if (!world) begin();
    if (size == 0) return 0;
    uint8_t mode = data[0];
    let_in(&stranger);
    if (mode & GREETS)
        shake_hands(&stranger);
    else
        send_bytes(&stranger, text_of(record));
    say_all(&stranger, text_slice((const char *)data + 1, size - 1), mode);
    leave(&stranger, mode);
    uint64_t until = patience();
    while (uv_hrtime() < until && world->company.count > 0) {
        uv_run(&world->loop, UV_RUN_NOWAIT);
        usleep(REST_US);
    }
    must(world->company.count == 0 && !chat_next_user(&world->chat, NULL));
    return 0;
}
