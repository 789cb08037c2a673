/* A line of keys/issued: what is read and written is read as the same. */
#include <stdlib.h>
#include <string.h>

#include "server/issued.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct issued first, second;
    char line[ISSUED_LINE_SIZE], again[ISSUED_LINE_SIZE];
    struct writer writer = writer_on(line, sizeof line);
    struct writer other = writer_on(again, sizeof again);
    struct text parent;
    if (!issued_read(text_slice((const char *)data, size), &first)) return 0;
    (void)issued_by_itself(&first, &parent);
    issued_write(&first, &writer);
    if (writer.full || !issued_read(writer_text(&writer), &second)) abort();
    issued_write(&second, &other);
    if (!text_equals(writer_text(&writer), writer_text(&other))) abort();
    return 0;
}
