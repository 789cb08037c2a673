/* What the files of the model share. Nobody else includes this. */
#ifndef MINICHAT_CLIENT_MODEL_PARTS_H
#define MINICHAT_CLIENT_MODEL_PARTS_H

#include "client/model.h"

/* Where it is heard. */
struct scene {
    struct model *model;
    struct network *network;
    const struct news *news; /* its texts are clean and end with a NUL */
    struct text formatted;   /* its body with formatting, if it has any */
    const struct news *raw;  /* as it came; gone once a line is confirmed */
};

/* model_lines.c: what is said. */
void model_take_line(const struct scene *scene, enum message_kind kind);
/* Something live is unread, unless it is looked at. */
void model_count(struct model *model, struct buffer *buffer,
                 const struct message *message);
/* Counts what was said after it was last read, here or elsewhere. */
void model_recount(struct model *model, struct buffer *buffer);

/* model_log.c: what is logged. */
void model_log(const struct scene *scene, const struct buffer *buffer,
               const struct message *message);

/* model_say.c: what we say. */
/* Sends what waits there, once that may be. */
void model_speak(struct model *model, struct network *network,
                 struct text target);
void model_speak_everywhere(struct model *model, struct network *network);
/* Marks what has no receipt; in how many ms again, 0: no need. */
int64_t model_miss_receipts(struct model *model, struct network *network);
/* Its buffer is being closed. */
void model_forget_talk(struct model *model, struct buffer *buffer);

/* model_catchup.c: what we have missed. */
void model_begin_catchup(struct model *model, struct network *network);
void model_catch_up(struct model *model, struct buffer *buffer);
/* Is what is said there now held back? */
bool model_holds(const struct network *network, struct text name);
void model_end_history(const struct scene *scene);
void model_take_target(const struct scene *scene);
void model_end_targets(const struct scene *scene);
/* Gives up what was not answered; in how many ms again, 0: no need. */
int64_t model_lose_patience(struct model *model, struct network *network);

/* model_typing.c: what is being written. In how many ms again, 0: no need. */
int64_t model_pause_typing(struct model *model, struct buffer *buffer);

/* model_read.c: what is read. */
void model_take_marker(const struct scene *scene);
/* "new" stands behind what was read elsewhere. */
void model_place_mark(struct buffer *buffer);

#endif
