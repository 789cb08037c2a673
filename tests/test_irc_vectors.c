/* The published vectors of IRC's parsers (ircdocs parser-tests), read from
 * $MINICHAT_VECTORS, else ../shared/vectors, in the folder irc; skipped where
 * there is no such folder. */
#include "protocol/ircmsg.h"
#include "protocol/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

/* The file with the tests in it; skips the scene where there is none. */
static json_t *open_vectors(const char *name) {
    const char *folder = getenv("MINICHAT_VECTORS");
    char path[512];
    snprintf(path, sizeof path, "%s/irc/%s",
             folder ? folder : "../shared/vectors", name);
    json_t *file = json_load_file(path, 0, NULL);
    if (!file) {
        print_message("skipped: no vectors (%s)\n", name);
        skip();
    }
    assert_true(json_array_size(json_object_get(file, "tests")) > 0);
    return file;
}

static struct text text_in(const json_t *object, const char *key) {
    return text_of(json_string_value(json_object_get(object, key)));
}

static void is(struct text text, struct text expected) {
    if (text_equals(text, expected)) return;
    fail_msg("%.*s instead of %.*s", (int)text.length, text.at,
             (int)expected.length, expected.at);
}

static void has_tags(const struct ircmsg *message, json_t *tags) {
    const char *key;
    json_t *value;
    json_object_foreach(tags, key, value) {
        char to[256];
        assert_true(ircmsg_tag(message->tags, key, to, sizeof to));
        assert_string_equal(to, json_string_value(value));
    }
}

static void has_params(const struct ircmsg *message, json_t *params) {
    size_t i;
    json_t *param;
    assert_int_equal(message->count, json_array_size(params));
    json_array_foreach(params, i, param) {
        is(message->params[i], text_of(json_string_value(param)));
    }
}

static void messages_are_split_as_published(void **state) {
    json_t *test, *file = open_vectors("msg-split.json");
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(file, "tests"), i, test) {
        struct ircmsg message;
        json_t *atoms = json_object_get(test, "atoms");
        assert_true(ircmsg_parse(&message, text_in(test, "input")));
        is(message.source, text_in(atoms, "source"));
        is(message.verb, text_in(atoms, "verb"));
        has_tags(&message, json_object_get(atoms, "tags"));
        has_params(&message, json_object_get(atoms, "params"));
    }
    json_decref(file);
}

static void write_tags(struct writer *writer, json_t *tags) {
    const char *key;
    json_t *value;
    json_object_foreach(tags, key, value) {
        if (writer->length > 0) write_char(writer, ';');
        write_string(writer, key);
        if (json_string_length(value) == 0) continue;
        write_char(writer, '=');
        ircmsg_write_escaped(writer, text_of(json_string_value(value)));
    }
}

static struct ircmsg assemble(json_t *atoms, struct writer *tags) {
    struct ircmsg message = {
        .source = text_in(atoms, "source"),
        .verb = text_in(atoms, "verb"),
    };
    json_t *param, *params = json_object_get(atoms, "params");
    size_t i;
    write_tags(tags, json_object_get(atoms, "tags"));
    message.tags = writer_text(tags);
    json_array_foreach(params, i, param) {
        message.params[message.count++] = text_of(json_string_value(param));
    }
    return message;
}

static bool is_among(struct text text, json_t *strings) {
    json_t *string;
    size_t i;
    json_array_foreach(strings, i, string) {
        if (text_is(text, json_string_value(string))) return true;
    }
    return false;
}

static void messages_are_joined_as_published(void **state) {
    json_t *test, *file = open_vectors("msg-join.json");
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(file, "tests"), i, test) {
        char memory[512], tag_memory[512];
        struct writer line = writer_on(memory, sizeof memory);
        struct writer tags = writer_on(tag_memory, sizeof tag_memory);
        struct ircmsg message = assemble(json_object_get(test, "atoms"), &tags);
        ircmsg_write(&line, &message);
        if (is_among(writer_text(&line), json_object_get(test, "matches"))) {
            continue;
        }
        fail_msg("%s: %.*s", text_in(test, "desc").at, (int)line.length,
                 line.at);
    }
    json_decref(file);
}

static void sources_are_split_as_published(void **state) {
    json_t *test, *file = open_vectors("userhost-split.json");
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(file, "tests"), i, test) {
        json_t *atoms = json_object_get(test, "atoms");
        struct ircmsg_source parts =
            ircmsg_split_source(text_in(test, "source"));
        is(parts.nick, text_in(atoms, "nick"));
        is(parts.user, text_in(atoms, "user"));
        is(parts.host, text_in(atoms, "host"));
    }
    json_decref(file);
}

static void all_match(struct text mask, json_t *names, bool expected) {
    json_t *name;
    size_t i;
    json_array_foreach(names, i, name) {
        const char *string = json_string_value(name);
        if (name_matches(mask, text_of(string)) == expected) continue;
        fail_msg("%s with mask %s", string, mask.at);
    }
}

static void masks_match_as_published(void **state) {
    json_t *test, *file = open_vectors("mask-match.json");
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(file, "tests"), i, test) {
        struct text mask = text_in(test, "mask");
        all_match(mask, json_object_get(test, "matches"), true);
        all_match(mask, json_object_get(test, "fails"), false);
    }
    json_decref(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_split_as_published),
        cmocka_unit_test(messages_are_joined_as_published),
        cmocka_unit_test(sources_are_split_as_published),
        cmocka_unit_test(masks_match_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
