/* What stands under another's key: what is read and written is read as the
 * same, and allows the same. */
#include <stdlib.h>
#include <string.h>

#include "server/key_limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct key_limits first, second;
    char lines[KEY_LIMITS_SIZE];
    struct writer writer = writer_on(lines, sizeof lines);
    if (!key_limits_read(text_slice((const char *)data, size), &first))
        return 0;
    key_limits_write(&first, &writer);
    if (writer.full || !key_limits_read(writer_text(&writer), &second)) abort();
    if (strcmp(first.accounts, second.accounts) != 0) abort();
    for (enum role role = ROLE_GUEST; role < ROLES; role++)
        if (key_limits_allow(&first, "ada", role) !=
            key_limits_allow(&second, "ada", role))
            abort();
    return 0;
}
