/* What is pending, as it stands on disk, so that it outlives the program:
 * records (record.h) that are added at the end as things happen.
 *
 *     say NONCE WHEN KIND STATE TARGET BODY [REPLY]
 *                                             a line; or what became of it
 *     now NONCE STATE                         its state is another
 *     end NONCE                               confirmed, dropped or taken back
 *
 * KIND is said or acted; REPLY is the msgid of the line that it answers. STATE
 * is what may be true after a crash: `waiting`, never sent; `sent`, perhaps;
 * `doubted`, `refused`. While we are online what waits is written down as
 * `sent` before it is: better to ask the history, or a person, than to say a
 * line twice. What looks like a secret is left out (secrecy.h). Pure: the bytes
 * go to and come from others. */
#ifndef MINICHAT_CLIENT_PENDING_FILE_H
#define MINICHAT_CLIENT_PENDING_FILE_H

#include "client/pending.h"

/* Writes what has changed since it was written last. True where that holds
 * lines, not just what is over: it shall be on disk soon. */
bool pending_file_write(struct pending *pending, bool online, struct bytes *to);
/* All of it, as the whole of a new file. */
void pending_file_write_all(struct pending *pending, bool online,
                            struct bytes *to);
/* Lines of a file that `pending` does not know are pending again, in the order
 * in which they were said; those that may have been sent are LOST. What cannot
 * be read goes to `damaged`, what there is no more room for to `full`. Returns
 * how many came. */
size_t pending_file_read(struct pending *pending, struct text file,
                         struct bytes *damaged, struct bytes *full);

#endif
