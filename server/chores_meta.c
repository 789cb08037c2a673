#include "server/chores.h"

#include "protocol/writer.h"

/* A token of letters and digits only, so that the index keeps it whole. */
static void write_token(struct writer *meta, char kind, int64_t number) {
    if (meta->length > 0) write_char(meta, ' ');
    write_char(meta, kind);
    write_number(meta, (uint64_t)number);
}

size_t chores_place(int64_t place, char to[CHORES_PLACE_SIZE]) {
    struct writer token = writer_on(to, CHORES_PLACE_SIZE);
    write_token(&token, place < 0 ? 'q' : 'p', place < 0 ? -place : place);
    return token.length;
}

size_t chores_name(struct text name, char to[CHORES_NAME_SIZE]) {
    struct writer token = writer_on(to, CHORES_NAME_SIZE);
    static const char digits[] = "0123456789abcdef";
    write_char(&token, 'n');
    for (size_t i = 0; i < name.length && i < NAME_SIZE; i++) {
        unsigned char byte = (unsigned char)name_fold(name.at[i]);
        write_char(&token, digits[byte >> 4]);
        write_char(&token, digits[byte & 15]);
    }
    return token.length;
}

size_t chores_meta(int64_t place, int64_t author, struct text author_name,
                   int64_t a, int64_t b, char to[CHORES_META_SIZE]) {
    char token[CHORES_NAME_SIZE > CHORES_PLACE_SIZE ? CHORES_NAME_SIZE
                                                    : CHORES_PLACE_SIZE];
    struct writer meta = writer_on(to, CHORES_META_SIZE);
    write_text(&meta, text_slice(token, chores_place(place, token)));
    write_token(&meta, 'a', author);
    write_char(&meta, ' ');
    write_text(&meta, text_slice(token, chores_name(author_name, token)));
    if (a) write_token(&meta, 'm', a);
    if (b && b != a) write_token(&meta, 'm', b);
    return meta.length;
}
