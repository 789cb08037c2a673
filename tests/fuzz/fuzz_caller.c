/* Whatever is typed behind `ssh chat@box`: it is refused, or it asks for one
 * of the few things that may be asked for, in words that are bytes of it. */
#include <stdlib.h>
#include <string.h>

#include "client/caller.h"
#include "protocol/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static bool is_one_of(const char *word) {
    return strcmp(word, "send") == 0 || strcmp(word, "tail") == 0 ||
           strcmp(word, "wait") == 0 || strchr("#&+!", *word);
}

static void examine(const struct caller *caller, size_t length) {
    size_t count = 0, bytes = 0;
    must(name_valid(text_of(caller->account)));
    must(text_begins(text_of(caller->speaks_for), caller->account));
    must(text_begins(text_of(caller->address), "unix:/"));
    for (; count <= CALLER_WORDS && caller->words[count]; count++)
        bytes += strlen(caller->words[count]);
    must(count <= CALLER_WORDS && bytes <= length);
    if (count > 0) must(*caller->words[0] && is_one_of(caller->words[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *typed = memory_string((const char *)data, size);
    char *names = memory_string((const char *)data, size);
    char *usual[] = {"ada", "unix:/run/minichat/minichat.sock", NULL};
    char *odd[] = {names, "--key", names, names, NULL};
    struct caller caller;
    if (!caller_read(&caller, usual, typed)) examine(&caller, size);
    caller_finish(&caller);
    if (!caller_read(&caller, odd, typed)) examine(&caller, size);
    caller_finish(&caller);
    free(typed);
    free(names);
    return 0;
}
