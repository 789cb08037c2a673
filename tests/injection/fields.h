/* Everything that a peer may put its own words into. */
#ifndef MINICHAT_FIELDS_H
#define MINICHAT_FIELDS_H

/* Lines without their end, as corpus_fill takes them; NULL ends. They are said
 * by an operator of #lobby; bob and ivan are there too. */
extern const char *const fields_plain[], *const fields_irc[];
/* Said by a guest who has no name yet. */
extern const char *const fields_plain_first[], *const fields_irc_first[];

/* What bob asks in the plain dialect and ivan in IRC, to be told of it. */
extern const char *const questions_plain[], *const questions_irc[];
/* And to be told of what was kept. */
extern const char *const questions_past_plain[], *const questions_past_irc[];

/* What a server may say to a client that is called ada. */
extern const char *const fields_server[];
/* And how it may welcome it, before ada has a name and a room. */
extern const char *const fields_welcome[];

#endif
