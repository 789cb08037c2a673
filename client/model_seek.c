/* What was said, looked for as one types: here, in all buffers, then on the
 * server; and the buffers themselves, by a few letters of their names. What is
 * found elsewhere is kept as copies: it may be gone when it is gone to. */
#include <stdlib.h>
#include <string.h>

#include "client/bytes.h"
#include "client/cluster.h"
#include "client/model_parts.h"
#include "client/plain.h"
#include "client/search.h"
#include "protocol/ircmsg.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

static struct text words_of(const struct seek *seek) {
    return text_slice(seek->words, seek->length);
}

static void free_finding(struct finding *finding) {
    free(finding->room);
    free(finding->nick);
    free(finding->body);
    free(finding->msgid);
}

static void forget_list(struct seek *seek) {
    for (size_t i = 0; i < seek->count; i++)
        free_finding(&seek->list[i]);
    seek->count = seek->picked = 0;
}

/* What is still awaited is then for nobody. */
void model_seek_end(struct model *model) {
    struct seek *seek = &model->seek;
    forget_list(seek);
    free(seek->list);
    *seek = (struct seek){.awaited = seek->awaited, .network = seek->network};
    model->stale = true;
}

void model_seek_lose(struct model *model, const struct network *network) {
    if (model->seek.network != network) return;
    model->seek.network = NULL;
    model->seek.awaited = 0;
    model->seek.asked = false;
}

/* Line by line, as their ends stay. */
static char *plain_lines(struct text text) {
    struct bytes plain = {0};
    while (text.length > 0) {
        char *line = plain_copy(text_piece(&text, '\n'), MESSAGE_BODY_MAX);
        bytes_add_string(&plain, line);
        if (text.length > 0) bytes_add_char(&plain, '\n');
        free(line);
    }
    bytes_add_char(&plain, '\0');
    return plain.at;
}

static void add(struct seek *seek, struct network *network,
                const struct finding *borrowed) {
    if (seek->count == SEEK_FOUND) return;
    struct finding *finding = &seek->list[seek->count++];
    *finding = (struct finding){
        .network = network,
        .when = borrowed->when,
        .room = plain_copy(text_of(borrowed->room), MESSAGE_NAME_MAX),
        .nick = plain_copy(text_of(borrowed->nick), MESSAGE_NAME_MAX),
        .body = plain_lines(text_of(borrowed->body)),
        .msgid = plain_copy(text_of(borrowed->msgid), SESSION_MSGID_SIZE),
    };
}

/* In all buffers ----------------------------------------------------------- */

struct hit {
    struct buffer *buffer;
    const struct message *message;
};

struct hits {
    struct hit list[SEEK_FOUND]; /* the newest first */
    size_t count;
};

static bool is_findable(const struct message *message) {
    return message->importance > IMPORTANCE_NOISE &&
           message->kind != MESSAGE_GAP;
}

static bool is_found(const struct needle *needle,
                     const struct message *message) {
    return is_findable(message) &&
           needle_find(needle, message->body).length > 0;
}

static void put_hit(struct hits *hits, struct hit hit) {
    size_t at = hits->count;
    while (at > 0 && hits->list[at - 1].message->when < hit.message->when)
        at--;
    if (hits->count == SEEK_FOUND) hits->count--;
    memmove(&hits->list[at + 1], &hits->list[at],
            (hits->count - at) * sizeof hits->list[0]);
    hits->list[at] = hit;
    hits->count++;
}

static bool is_too_old(const struct hits *hits, const struct message *message) {
    return hits->count == SEEK_FOUND &&
           message->when <= hits->list[SEEK_FOUND - 1].message->when;
}

static void find_in(struct hits *hits, const struct needle *needle,
                    struct buffer *buffer) {
    for (uint64_t n = buffer->last; n >= buffer->first; n--) {
        const struct message *message = buffer_message(buffer, n);
        if (is_too_old(hits, message)) return;
        if (is_found(needle, message))
            put_hit(hits, (struct hit){buffer, message});
    }
}

static char *copy_of(struct text text) {
    return memory_string(text.at, text.length);
}

static void keep_hit(struct seek *seek, const struct hit *hit) {
    struct finding finding = {
        .when = hit->message->when,
        .room = hit->buffer->name,
        .nick = copy_of(hit->message->nick),
        .body = copy_of(hit->message->body),
        .msgid = copy_of(hit->message->msgid),
    };
    add(seek, hit->buffer->network, &finding);
    free(finding.nick);
    free(finding.body);
    free(finding.msgid);
}

static void find_everywhere(struct model *model) {
    struct seek *seek = &model->seek;
    struct hits hits = {.count = 0};
    if (seek->needle.length == 0) return;
    for (size_t i = 0; i < model->buffer_count; i++)
        find_in(&hits, &seek->needle, model->buffers[i]);
    for (size_t i = 0; i < hits.count; i++)
        keep_hit(seek, &hits.list[i]);
}

/* By name ------------------------------------------------------------------ */

/* 0: not at all; more: better. Its letters stand there in this order. */
static unsigned likeness(struct text name, const struct needle *letters) {
    struct text found = needle_find(letters, name);
    size_t at = 0;
    if (letters->length == 0) return 1;
    if (found.length > 0) return found.at - name.at <= 1 ? 3 : 2;
    for (size_t i = 0; i < name.length && at < letters->length; i++)
        if (text_fold(name.at[i]) == letters->bytes[at]) at++;
    return at == letters->length ? 1 : 0;
}

static void find_names(struct model *model) {
    struct seek *seek = &model->seek;
    for (unsigned like = 3; like > 0; like--)
        for (size_t i = 0; i < model->buffer_count; i++) {
            struct buffer *buffer = model->buffers[i];
            struct finding finding = {.room = buffer->name};
            if (likeness(text_of(buffer->name), &seek->needle) == like)
                add(seek, buffer->network, &finding);
        }
}

/* On the server ------------------------------------------------------------ */

static struct network *network_here(const struct model *model) {
    return model->current->network;
}

static bool can_ask(const struct network *network) {
    return network->online && network->session &&
           session_can(network->session, CAP_SEARCH);
}

bool model_seek_ask(struct model *model) {
    char attributes[2 * MODEL_STATE_SIZE + 64];
    struct writer writer = writer_on(attributes, sizeof attributes);
    struct seek *seek = &model->seek;
    struct network *network = network_here(model);
    if (seek->scope != SEEK_SERVER || seek->asked || seek->length == 0)
        return false;
    if (!can_ask(network)) return false;
    write_string(&writer, "text=");
    ircmsg_write_escaped(&writer, words_of(seek));
    write_format(&writer, ";limit=%d", SEARCH_LINES);
    forget_list(seek);
    if (seek->network != network) seek->awaited = 0;
    seek->asked = true;
    seek->awaited++;
    seek->network = network;
    session_search(network->session, writer_text(&writer));
    model->stale = true;
    return true;
}

/* Of the answers only the last that is awaited counts. */
bool model_seek_take(const struct scene *scene) {
    struct seek *seek = &scene->model->seek;
    const struct news *news = scene->news;
    struct finding finding = {
        .when = news->when,
        .room = (char *)(uintptr_t)news->room.at,
        .nick = (char *)(uintptr_t)news->who.at,
        .body = (char *)(uintptr_t)news->body.at,
        .msgid = (char *)(uintptr_t)news->msgid.at,
    };
    char msgid[SESSION_MSGID_SIZE];
    if (seek->awaited == 0 || seek->network != scene->network) return false;
    if (!text_copy(news->msgid, msgid, sizeof msgid)) msgid[0] = '\0';
    finding.msgid = msgid;
    if (seek->awaited == 1 && seek->asked) add(seek, scene->network, &finding);
    scene->model->stale = true;
    return true;
}

static int by_age(const void *left, const void *right) {
    const struct finding *a = left, *b = right;
    if (a->when != b->when) return a->when < b->when ? 1 : -1;
    return 0;
}

bool model_seek_answered(const struct scene *scene) {
    struct seek *seek = &scene->model->seek;
    if (seek->awaited == 0 || seek->network != scene->network) return false;
    seek->awaited--;
    if (seek->count > 0)
        qsort(seek->list, seek->count, sizeof seek->list[0], by_age);
    scene->model->stale = true;
    return true;
}

/* -------------------------------------------------------------------------- */

static void look(struct model *model) {
    struct seek *seek = &model->seek;
    needle_init(&seek->needle, words_of(seek));
    forget_list(seek);
    seek->asked = false;
    if (seek->scope == SEEK_EVERYWHERE) find_everywhere(model);
    if (seek->scope == SEEK_NAMES) find_names(model);
    model->stale = true;
}

void model_seek(struct model *model, enum seek_scope scope) {
    struct buffer *buffer = model->current;
    model_seek_end(model);
    model->seek.open = true;
    model->seek.scope = scope;
    model->seek.origin = buffer->scroll;
    model->seek.list = memory_new(SEEK_FOUND, sizeof(struct finding));
    look(model);
}

void model_seek_widen(struct model *model) {
    static const enum seek_scope wider[] = {
        [SEEK_HERE] = SEEK_EVERYWHERE,
        [SEEK_EVERYWHERE] = SEEK_SERVER,
        [SEEK_SERVER] = SEEK_HERE,
        [SEEK_NAMES] = SEEK_HERE,
    };
    model->seek.scope = wider[model->seek.scope];
    look(model);
    model_seek_ask(model);
}

/* What holds more words is among what held fewer. */
static void narrow(struct seek *seek) {
    size_t kept = 0;
    needle_init(&seek->needle, words_of(seek));
    for (size_t i = 0; i < seek->count; i++) {
        struct finding *finding = &seek->list[i];
        if (needle_find(&seek->needle, text_of(finding->body)).length > 0)
            seek->list[kept++] = *finding;
        else
            free_finding(finding);
    }
    seek->count = kept;
    seek->picked = 0;
}

void model_seek_type(struct model *model, struct text text) {
    struct seek *seek = &model->seek;
    size_t room = sizeof seek->words - seek->length;
    bool all = seek->scope == SEEK_EVERYWHERE && seek->length > 0 &&
               seek->count < SEEK_FOUND;
    seek->length += utf8_plain(text, seek->words + seek->length, room);
    model->stale = true;
    if (all)
        narrow(seek);
    else
        look(model);
}

void model_seek_rub(struct model *model) {
    struct seek *seek = &model->seek;
    seek->length = cluster_before(words_of(seek), seek->length);
    look(model);
}

void model_seek_pick(struct model *model, int step) {
    struct seek *seek = &model->seek;
    if (step > 0 && seek->picked + 1 < seek->count) seek->picked++;
    if (step < 0 && seek->picked > 0) seek->picked--;
    model->stale = true;
}

uint64_t model_seek_step(const struct model *model, uint64_t from, int step) {
    const struct buffer *buffer = model->current;
    const struct message *message;
    if (model->seek.needle.length == 0) return 0;
    for (uint64_t n = from; (message = buffer_message(buffer, n));
         n += (uint64_t)(int64_t)step)
        if (is_found(&model->seek.needle, message)) return n;
    return 0;
}

static bool is_there(const struct model *model, const struct network *network) {
    for (size_t i = 0; i < model->network_count; i++)
        if (model->networks[i] == network) return true;
    return false;
}

bool model_seek_go(struct model *model) {
    struct seek *seek = &model->seek;
    if (seek->picked >= seek->count) return false;
    struct finding finding = seek->list[seek->picked];
    enum seek_scope scope = seek->scope;
    memmove(&seek->list[seek->picked], &seek->list[seek->count - 1],
            sizeof finding);
    seek->count--;
    model_seek_end(model);
    bool there = is_there(model, finding.network);
    struct text room = text_of(there ? finding.room : "");
    struct buffer *buffer =
        there ? model_find(model, finding.network, room) : NULL;
    if (there && text_is(room, finding.network->server->name))
        buffer = finding.network->server;
    if (there && !buffer) buffer = model_open(model, finding.network, room);
    if (buffer) model_show(model, buffer);
    if (buffer && scope != SEEK_NAMES)
        model_go_to(model, buffer, text_of(finding.msgid), finding.when);
    free_finding(&finding);
    return buffer != NULL;
}
