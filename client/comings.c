#include "client/comings.h"

#include <assert.h>
#include <string.h>

#include "protocol/names.h"
#include "protocol/utf8.h"

static const char BECAME[] = " is now ";

void comings_init(struct comings *comings) {
    memset(comings->slots, 0, sizeof comings->slots);
    comings->count = comings->used = 0;
    comings->came = comings->went = 0;
}

/* Where a person of that name is, or would be. Who took another name leaves
 * the slot of the old one behind. */
static uint16_t *slot_of(struct comings *comings, struct text name) {
    uint32_t at = name_hash(name) % COMINGS_SLOTS;
    while (comings->slots[at]) {
        const struct coming_person *person =
            &comings->persons[comings->slots[at] - 1];
        if (name_equals(person->now, name)) break;
        at = (at + 1) % COMINGS_SLOTS;
    }
    return &comings->slots[at];
}

static bool is_full(const struct comings *comings) {
    return comings->count == COMINGS_PERSONS ||
           comings->used > COMINGS_SLOTS / 2;
}

/* Found, or new and `in` until now; NULL where there are too many. */
static struct coming_person *person_of(struct comings *comings,
                                       struct text name, bool in) {
    uint16_t *slot = slot_of(comings, name);
    if (*slot) return &comings->persons[*slot - 1];
    if (is_full(comings)) return NULL;
    struct coming_person *person = &comings->persons[comings->count++];
    *person = (struct coming_person){name, name, in, in};
    *slot = (uint16_t)comings->count;
    comings->used++;
    return person;
}

static void move(struct comings *comings, struct text name, bool in) {
    assert(comings);
    struct coming_person *person = person_of(comings, name, !in);
    if (person)
        person->is_in = in;
    else if (in)
        comings->came++;
    else
        comings->went++;
}

static void rename_to(struct comings *comings, struct text from,
                      struct text to) {
    struct coming_person *person = person_of(comings, from, true);
    if (!person || is_full(comings)) return;
    person->now = to;
    uint16_t *slot = slot_of(comings, to);
    if (!*slot) comings->used++;
    *slot = (uint16_t)(person - comings->persons + 1);
}

void comings_add(struct comings *comings, const struct message *message) {
    struct text who = message_who(message);
    struct text rest = text_after(message->body, who.length);
    if (message->coming == COMING_JOINED) move(comings, who, true);
    if (message->coming == COMING_LEFT) move(comings, who, false);
    if (message->coming == COMING_RENAMED && text_begins(rest, BECAME))
        rename_to(comings, who, text_after(rest, strlen(BECAME)));
}

enum sort { CAME, WENT, CAME_AND_WENT, WENT_AND_CAME, BECAME_OTHER, SAME };

static enum sort sort_of(const struct coming_person *person) {
    if (!person->was_in) return person->is_in ? CAME : CAME_AND_WENT;
    if (!person->is_in) return WENT;
    if (!text_equals(person->first, person->now)) return BECAME_OTHER;
    return WENT_AND_CAME;
}

static const char *const WORDS[] = {
    [CAME] = "joined",
    [WENT] = "left",
    [CAME_AND_WENT] = "came and went",
    [WENT_AND_CAME] = "left and came back",
    [BECAME_OTHER] = "took other names",
};

static size_t count_sort(const struct comings *comings, enum sort sort) {
    size_t count = 0;
    for (size_t i = 0; i < comings->count; i++)
        count += sort_of(&comings->persons[i]) == sort;
    return count;
}

static void write_name(struct writer *writer, struct text name) {
    write_text(writer, text_slice(name.at, utf8_cut(name, COMINGS_NAME_MAX)));
}

/* By the name that others have seen last. */
static void write_person(struct writer *writer,
                         const struct coming_person *person, enum sort sort) {
    write_name(writer, sort == WENT ? person->first : person->now);
}

static void write_names(const struct comings *comings, enum sort sort,
                        struct writer *writer) {
    size_t written = 0;
    for (size_t i = 0; i < comings->count && written < COMINGS_NAMES; i++) {
        if (sort_of(&comings->persons[i]) != sort) continue;
        if (written++ > 0) write_string(writer, ", ");
        write_person(writer, &comings->persons[i], sort);
    }
}

static void write_break(struct writer *writer) {
    if (writer->length > 0) write_string(writer, " · ");
}

/* Few by their names, "40 left: ana, ben …" of many. */
static void write_sort(const struct comings *comings, enum sort sort,
                       size_t nameless, struct writer *writer) {
    size_t named = count_sort(comings, sort), all = named + nameless;
    if (all == 0) return;
    write_break(writer);
    if (all <= COMINGS_NAMES) {
        write_names(comings, sort, writer);
        write_format(writer, " %s", WORDS[sort]);
        return;
    }
    write_format(writer, "%zu %s: ", all, WORDS[sort]);
    write_names(comings, sort, writer);
    write_string(writer, " …");
}

static void write_renamed(const struct comings *comings,
                          struct writer *writer) {
    for (size_t i = 0; i < comings->count; i++) {
        const struct coming_person *person = &comings->persons[i];
        if (sort_of(person) != BECAME_OTHER) continue;
        write_break(writer);
        write_name(writer, person->first);
        write_string(writer, BECAME);
        write_name(writer, person->now);
    }
}

void comings_write(const struct comings *comings, struct writer *writer) {
    write_sort(comings, CAME, comings->came, writer);
    write_sort(comings, WENT, comings->went, writer);
    write_sort(comings, CAME_AND_WENT, 0, writer);
    write_sort(comings, WENT_AND_CAME, 0, writer);
    if (count_sort(comings, BECAME_OTHER) > COMINGS_NAMES)
        write_sort(comings, BECAME_OTHER, 0, writer);
    else
        write_renamed(comings, writer);
}
