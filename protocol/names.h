/* What users and rooms may be called. ASCII only: nothing can be mistaken for
 * something else by its script, and every program sorts it alike.
 * Case folding is that of ISUPPORT CASEMAPPING=ascii. */
#ifndef MINICHAT_NAMES_H
#define MINICHAT_NAMES_H

#include "protocol/text.h"

enum {
    NAME_SIZE = 33, /* with NUL: 32 bytes, as Unix user names */
    ROOM_SIZE = 51, /* with NUL: 50 bytes, '#' included */
};

/* A user's name: letters, digits and - _ . [ ] \ ` ^ { } |, beginning with a
 * letter or one of _ [ ] \ ` ^ { } |, 1 to 32 bytes. */
bool name_valid(struct text name);
/* A room's name: '#' and 1 to 49 bytes that are letters, digits, or any other
 * printable ASCII but space , : " * ? / \ and %. The file name of a log can
 * be made of it by nobody's accident; "#." and "#.." are refused. */
bool room_valid(struct text room);
/* ASCII lower case; other bytes as they are. */
char name_fold(char byte);
bool name_equals(struct text a, struct text b);
/* FNV-1a over the folded bytes. */
uint32_t name_hash(struct text name);
/* A Unix user name as a user's name: each odd byte becomes '_', the end is
 * cut. An empty one gives "_". */
void name_from_unix(const char *unix_name, char name[NAME_SIZE]);
/* Glob match, folded: '*' any run, '?' one byte, '\' takes the next byte as
 * itself. Linear in time for each '*' (never exponential). */
bool name_matches(struct text mask, struct text name);

#endif
