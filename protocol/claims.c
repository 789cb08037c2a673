#include "protocol/claims.h"

#include <jansson.h>

#include "protocol/timestamp.h"

struct rule {
    const char *name;
    bool required;
    bool (*read)(const json_t *value, struct claims *claims);
    const char *words;
};

static const char *const role_words[ROLES] = {
    [ROLE_GUEST] = "guest",
    [ROLE_USER] = "user",
    [ROLE_MOD] = "mod",
    [ROLE_ADMIN] = "admin",
};

/* Empty for what is no string. */
static struct text string_of(const json_t *value) {
    return text_slice(json_string_value(value), json_string_length(value));
}

/* Such a string goes on one line of a list or a log, as one word. */
static bool read_word(const json_t *value, char *to, size_t size) {
    struct text text = string_of(value);
    if (!text.length) return false;
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~') return false;
    return text_copy(text, to, size);
}

static bool read_subject(const json_t *value, struct claims *claims) {
    struct text name = string_of(value);
    return name_valid(name) &&
           text_copy(name, claims->subject, sizeof claims->subject);
}

static bool read_id(const json_t *value, struct claims *claims) {
    return read_word(value, claims->id, sizeof claims->id);
}

static bool read_issuer(const json_t *value, struct claims *claims) {
    return read_word(value, claims->issuer, sizeof claims->issuer);
}

static bool read_audience(const json_t *value, struct claims *claims) {
    return read_word(value, claims->audience, sizeof claims->audience);
}

static bool read_expires(const json_t *value, struct claims *claims) {
    return timestamp_read(string_of(value), &claims->expires);
}

static bool read_not_before(const json_t *value, struct claims *claims) {
    return timestamp_read(string_of(value), &claims->not_before);
}

static bool read_issued(const json_t *value, struct claims *claims) {
    return timestamp_read(string_of(value), &claims->issued);
}

static bool read_role(const json_t *value, struct claims *claims) {
    claims->role_said = true;
    return claims_role_of(string_of(value), &claims->role);
}

static bool read_room(const json_t *value, struct claims *claims) {
    struct text room = string_of(value);
    return room_valid(room) &&
           text_copy(room, claims->rooms[claims->rooms_count++], ROOM_SIZE);
}

static bool read_rooms(const json_t *value, struct claims *claims) {
    size_t count = json_array_size(value);
    if (count < 1 || count > CLAIMS_ROOMS_MAX) return false;
    for (size_t i = 0; i < count; i++)
        if (!read_room(json_array_get(value, i), claims)) return false;
    return true;
}

#define A_TIME "must be a time such as \"2026-08-01T12:00:00Z\" (RFC 3339)"
#define A_WORD " visible ASCII characters without spaces"

/* clang-format off */
static const struct rule rules[] = {
    {"sub",   true,  read_subject,    "must be a user's name of 1 to 32 bytes"},
    {"exp",   true,  read_expires,    A_TIME},
    {"jti",   false, read_id,         "must be 1 to 64" A_WORD},
    {"nbf",   false, read_not_before, A_TIME},
    {"iat",   false, read_issued,     A_TIME},
    {"iss",   false, read_issuer,     "must be 1 to 128" A_WORD},
    {"aud",   false, read_audience,   "must be 1 to 128" A_WORD},
    {"role",  false, read_role,       "must be admin, mod, user or guest"},
    {"rooms", false, read_rooms,      "must be an array of 1 to 8 names of rooms"},
};
/* clang-format on */

enum { RULES = sizeof rules / sizeof rules[0] };

/* Counts what opens and closes outside of strings; whether it is JSON at all
 * is for the parser, which recurses only as deep as this lets it. */
static bool is_shallow(struct text json) {
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < json.length; i++) {
        char byte = json.at[i];
        if (quoted && byte == '\\') {
            i++;
        } else if (byte == '"') {
            quoted = !quoted;
        } else if (!quoted && (byte == '{' || byte == '[')) {
            if (++depth > CLAIMS_DEPTH_MAX) return false;
        } else if (!quoted && (byte == '}' || byte == ']')) {
            depth--;
        }
    }
    return true;
}

static bool blame(struct claims_fault *fault, const char *claim,
                  const char *words) {
    *fault = (struct claims_fault){claim, words};
    return false;
}

static json_t *parse(struct text json, struct claims_fault *fault) {
    json_error_t error;
    if (json.length > CLAIMS_JSON_MAX || !is_shallow(json)) {
        blame(fault, "", "they are too long or too deep");
        return NULL;
    }
    json_t *object =
        json_loadb(json.at, json.length, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(object)) return object;
    bool twice = !object && json_error_code(&error) == json_error_duplicate_key;
    blame(fault, "",
          twice ? "they say one thing twice" : "they are not a JSON object");
    json_decref(object);
    return NULL;
}

static bool follow(const struct rule *rule, const json_t *object,
                   struct claims *claims, struct claims_fault *fault) {
    const json_t *value = json_object_get(object, rule->name);
    if (!value && rule->required) return blame(fault, rule->name, "is missing");
    if (value && !rule->read(value, claims))
        return blame(fault, rule->name, rule->words);
    return true;
}

struct claims claims_for(struct text subject, int64_t expires) {
    struct claims claims = {
        .expires = expires,
        .not_before = CLAIMS_NO_TIME,
        .issued = CLAIMS_NO_TIME,
        .role = ROLE_USER,
    };
    text_copy(subject, claims.subject, sizeof claims.subject);
    return claims;
}

bool claims_read(struct text json, struct claims *claims,
                 struct claims_fault *fault) {
    bool fine = true;
    *claims = claims_for(text_of(""), CLAIMS_NO_TIME);
    json_t *object = parse(json, fault);
    if (!object) return false;
    for (size_t i = 0; fine && i < RULES; i++)
        fine = follow(&rules[i], object, claims, fault);
    json_decref(object);
    return fine;
}

static void put(json_t *object, const char *claim, json_t *value) {
    json_object_set_new(object, claim, value);
}

static void put_word(json_t *object, const char *claim, const char *word) {
    if (*word) put(object, claim, json_string(word));
}

static void put_time(json_t *object, const char *claim, int64_t ms) {
    char written[TIMESTAMP_SIZE];
    if (ms == CLAIMS_NO_TIME) return;
    timestamp_write_seconds(ms, written);
    put(object, claim, json_string(written));
}

static void put_rooms(json_t *object, const struct claims *claims) {
    if (!claims->rooms_count) return;
    json_t *rooms = json_array();
    for (size_t i = 0; i < claims->rooms_count; i++)
        json_array_append_new(rooms, json_string(claims->rooms[i]));
    put(object, "rooms", rooms);
}

bool claims_write(const struct claims *claims, struct writer *json) {
    char bytes[CLAIMS_JSON_MAX];
    json_t *object = json_object();
    put_word(object, "sub", claims->subject);
    put_time(object, "exp", claims->expires);
    put_word(object, "jti", claims->id);
    put_time(object, "nbf", claims->not_before);
    put_time(object, "iat", claims->issued);
    put_word(object, "iss", claims->issuer);
    put_word(object, "aud", claims->audience);
    if (claims->role != ROLE_USER || claims->role_said)
        put_word(object, "role", claims_role_word(claims->role));
    put_rooms(object, claims);

    size_t length = json_dumpb(object, bytes, sizeof bytes, JSON_COMPACT);
    json_decref(object);
    if (length == 0 || length > sizeof bytes) return false;
    write_text(json, text_slice(bytes, length));
    return !json->full;
}

bool claims_key_id(struct text footer, char id[CLAIMS_ID_SIZE]) {
    struct claims_fault fault;
    if (!text_begins(footer, "{")) return false;
    json_t *object = parse(footer, &fault);
    bool fine = read_word(json_object_get(object, "kid"), id, CLAIMS_ID_SIZE);
    json_decref(object);
    return fine;
}

const char *claims_role_word(enum role role) {
    return role_words[role];
}

bool claims_role_of(struct text word, enum role *role) {
    for (int i = 0; i < ROLES; i++) {
        if (!text_is(word, role_words[i])) continue;
        *role = (enum role)i;
        return true;
    }
    return false;
}
