#include "client/outlet.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/feed.h"
#include "client/plain.h"
#include "client/transcript.h"

enum { COMPLAINT_MAX = 16 * 1024 };

/* Waits until it can be written to. False, and EINTR: we are told to end. */
static bool await_room(const struct outlet *outlet, int fd) {
    struct pollfd ready[] = {{.fd = fd, .events = POLLOUT},
                             {.fd = outlet->stop, .events = POLLIN}};
    while (poll(ready, 2, -1) < 0)
        if (errno != EINTR) return false;
    if (ready[0].revents) return true;
    errno = EINTR;
    return false;
}

/* All of it, whatever the descriptor is: a pipe that can be written to takes so
 * much without making us wait. */
static bool put_out(const struct outlet *outlet, int fd, struct text text) {
    while (text.length > 0) {
        if (!await_room(outlet, fd)) return false;
        size_t piece = text.length < PIPE_BUF ? text.length : PIPE_BUF;
        ssize_t count = write(fd, text.at, piece);
        if (count >= 0)
            text = text_after(text, (size_t)count);
        else if (errno != EAGAIN && errno != EINTR)
            return false;
    }
    return true;
}

static bool put_lines(const struct outlet *outlet, int fd,
                      const struct news *news, struct text here) {
    char lines[TRANSCRIPT_SIZE];
    struct writer writer = writer_on(lines, sizeof lines);
    return !transcript_write(&writer, news, here) ||
           put_out(outlet, fd, writer_text(&writer));
}

static bool put_object(const struct outlet *outlet, const struct news *news) {
    struct feed feed;
    struct bytes line = {0};
    if (!feed_of_news(&feed, news, &outlet->taste)) return true;
    feed.network = text_of(outlet->network);
    feed_write(&line, &feed);
    bool told = put_out(outlet, STDOUT_FILENO, bytes_text(&line));
    int error = errno;
    bytes_finish(&line);
    errno = error;
    return told;
}

void outlet_set_name(struct outlet *outlet, struct text us) {
    (void)text_copy(us, outlet->us, sizeof outlet->us);
    outlet->taste.nick = text_of(outlet->us);
}

/* Whoever reads may go; what cannot be written is lost, and not by their will.
 */
static void give_up(struct outlet *outlet, int error) {
    char words[256];
    struct writer writer = writer_on(words, sizeof words);
    outlet->unheard = true;
    outlet->broken = error != EPIPE;
    if (!outlet->broken) return;
    write_format(&writer, "standard output: %s",
                 error == EINTR ? "nobody has read it" : strerror(error));
    outlet_complain(outlet, writer_text(&writer));
}

bool outlet_tell(struct outlet *outlet, const struct news *news) {
    bool joined = news->kind == NEWS_JOINED && news->own;
    if (outlet->unheard) return false;
    if (joined && !outlet->json) return true;
    bool told = outlet->json
                    ? put_object(outlet, news)
                    : put_lines(outlet, STDOUT_FILENO, news, outlet->here);
    if (!told) give_up(outlet, errno);
    return told;
}

void outlet_tell_error(const struct outlet *outlet, const struct news *news) {
    (void)put_lines(outlet, STDERR_FILENO, news, text_of(""));
}

void outlet_complain(const struct outlet *outlet, struct text what) {
    char *clean = shown_lines(what, COMPLAINT_MAX);
    struct bytes line = {0};
    bytes_add(&line, text_of("minichat: "));
    bytes_add(&line, text_of(clean));
    bytes_add_char(&line, '\n');
    (void)put_out(outlet, STDERR_FILENO, bytes_text(&line));
    bytes_finish(&line);
    free(clean);
}
