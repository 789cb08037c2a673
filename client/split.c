#include "client/split.h"

/* What is said of it: behind "/me ", or behind the first '/' of "//". False:
 * it is a command. */
static bool find_body(struct text draft, enum news_kind *kind, size_t *from) {
    *kind = NEWS_SAID;
    *from = 0;
    if (!text_begins(draft, "/")) return true;
    if (text_begins_folded(draft, "/me ")) {
        *kind = NEWS_ACTED;
        *from = 4;
        return true;
    }
    *from = 1;
    return text_begins(draft, "//");
}

static size_t skip_line_ends(struct text draft, size_t at) {
    while (at < draft.length && draft.at[at] == '\n')
        at++;
    return at;
}

/* The rest of the line is marked, once. */
static void mark_cut(struct split *split, struct text draft, size_t at) {
    size_t end = at + text_find(text_after(draft, at), '\n');
    bool marked = split->count > 0 && split->cuts[split->count - 1].to == end;
    if (marked || split->count == SPLIT_CUTS) return;
    split->cuts[split->count].from = at;
    split->cuts[split->count++].to = end;
}

struct split split_of(const struct buffer *buffer) {
    struct split split = {0};
    const struct session *session = buffer->network->session;
    struct text draft = editor_text(&buffer->editor);
    enum news_kind kind;
    size_t at, fits = 1;
    if (!session || buffer->kind == BUFFER_SERVER) return split;
    if (!find_body(draft, &kind, &at)) return split;
    while ((at = skip_line_ends(draft, at)) < draft.length && fits > 0) {
        fits = session_fit(session, kind, text_of(buffer->name),
                           text_after(draft, at));
        at += fits;
        split.messages++;
        if (at < draft.length && draft.at[at] != '\n')
            mark_cut(&split, draft, at);
    }
    return split;
}
