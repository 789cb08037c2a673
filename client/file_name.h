/* What a room, a person or a network is called, as names of folders, and back.
 * Whatever it holds, the path leads down from where it begins, and two names
 * never have one path.
 *
 *     #dev            #dev
 *     ../a            %2E.%2Fa
 *     300 times x     200 times x, '%', '/', 100 times x
 *
 * Letters, digits, bytes above 0x7F and most marks stand for themselves; a dot
 * does except in front. All else is % and two hexadecimal digits. A part that
 * ends with a lone % goes on in the next one. Pure. */
#ifndef MINICHAT_CLIENT_FILE_NAME_H
#define MINICHAT_CLIENT_FILE_NAME_H

#include "protocol/writer.h"

enum {
    FILE_NAME_PART = 200,  /* bytes of one part; file systems take 255 */
    FILE_NAME_SIZE = 2048, /* holds the path of a name of 512 bytes */
};

void file_name_write(struct writer *path, struct text name);
/* False where the path is none that file_name_write has written. */
bool file_name_read(struct writer *name, struct text path);

#endif
