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

/* model.c: a step of connecting has taken long. In how many ms that is so, 0:
 * no need. */
int64_t model_take_steps(struct model *model, struct network *network);

/* model_ask.c: an answer that is the token which was asked for is shown in a
 * question. False: it is another. */
bool model_show_token(struct model *model, struct network *network,
                      struct text body);

/* model_lines.c: what is said. */
void model_take_line(const struct scene *scene, enum message_kind kind);
/* Something live is unread, unless it is looked at. */
void model_count(struct model *model, struct buffer *buffer,
                 const struct message *message);
/* Counts what was said after it was last read, here or elsewhere. */
void model_recount(struct model *model, struct buffer *buffer);

/* model_weigh.c: how much it matters. */
void model_weigh(const struct model *model, const struct buffer *buffer,
                 struct message *message);
/* It tells of somebody else who came, went, or has another name. */
void model_mark_coming(const struct scene *scene, const struct buffer *buffer,
                       struct message *message, enum coming coming);
/* Is what they say or do there ignored? */
bool model_ignores(const struct scene *scene, struct text who);
/* Somebody who is ignored begins to talk with us: no buffer is opened. */
bool model_is_intrusion(const struct scene *scene);

/* model_deeds.c: what is done with lines. */
void model_take_reaction(const struct scene *scene);
void model_take_redaction(const struct scene *scene);
void model_take_typing(const struct scene *scene);
/* In how many milliseconds what is shown of those who write is not true any
 * more, 0: as long as nothing happens. */
int64_t model_age_typers(struct model *model);

/* model_pick.c */
void pick_init(struct pick *pick);

/* model_search.c: a line that the server has found. */
void model_tell_found(const struct scene *scene);

/* model_seek.c: a line that the server has found, and the end of them. False:
 * nobody waits for it there. */
bool model_seek_take(const struct scene *scene);
bool model_seek_answered(const struct scene *scene);
/* Of that network no answer will come. */
void model_seek_lose(struct model *model, const struct network *network);

/* model_notify.c: what is told to who looks elsewhere. */
void model_notify(const struct scene *scene, const struct buffer *buffer,
                  const struct message *message);
/* They look here now. */
void model_forget_notice(struct model *model);
/* Makes an errand of it, or says in how many ms; 0: there is nothing. */
int64_t model_tell_notice(struct model *model);

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

/* model_catchup.c: when what we have missed is asked for. */
void model_begin_catchup(struct model *model, struct network *network);
void model_catch_up(struct model *model, struct buffer *buffer);
/* Is what is said there now held back? */
bool model_holds(const struct network *network, struct text name);
bool model_has_history(const struct network *network);
/* Nothing more is asked; what was held goes on. */
void model_close_inquiry(struct model *model, struct network *network,
                         struct inquiry *inquiry);
void model_take_target(const struct scene *scene);
void model_end_targets(const struct scene *scene);
/* Gives up what was not answered; in how many ms again, 0: no need. */
int64_t model_lose_patience(struct model *model, struct network *network);

/* model_past.c: what is asked, and what follows the answer. */
void model_inquire(struct model *model, struct buffer *buffer,
                   struct inquiry *inquiry);
void model_end_history(const struct scene *scene);
/* Nothing more will come of it: what is missing then is left as a gap. After
 * a loss what is newer is asked for anew. */
void model_break_off(struct model *model, struct network *network,
                     const struct inquiry *inquiry);

/* model_gaps.c: where the lines of the past belong. */
/* The next line of the answer is known: it is that one. */
void model_pass(struct buffer *buffer, struct inquiry *inquiry,
                uint64_t number);
void model_close_hole(struct buffer *buffer);
/* The answer ends right before the next line. */
void model_close_below(struct buffer *buffer);
/* A line of the answer has come that was missing. */
void model_count_filled(struct buffer *buffer, const struct inquiry *inquiry);
/* After its last line there may be others: a gap is left where there is none
 * and nothing is known of it. */
void model_cut_below(struct buffer *buffer, const struct inquiry *inquiry);
/* Before its first line there may be others, unless one of its lines was known:
 * a gap is left. */
void model_cut_above(struct buffer *buffer, const struct inquiry *inquiry);
/* Where a line belongs that nobody asked for. */
uint64_t model_place_by_time(const struct buffer *buffer, int64_t when);

/* model_places.c: what a person asks of the past. */
void model_show_place(struct model *model, struct buffer *buffer,
                      struct text msgid, int64_t when);

/* model_typing.c: what is being written. In how many ms again, 0: no need. */
int64_t model_pause_typing(struct model *model, struct buffer *buffer);

/* model_read.c: what is read. */
void model_take_marker(const struct scene *scene);
/* "new" stands behind what was read elsewhere. */
void model_place_mark(struct buffer *buffer);

#endif
