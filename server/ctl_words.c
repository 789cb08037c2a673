/* What all commands take words from, and say what went wrong with. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "server/ctl.h"

int ctl_fail(struct ctl *ctl, const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(ctl->error, CTL_ERROR_SIZE, format, values);
    va_end(values);
    return CTL_FAILED;
}

bool ctl_option(char ***words, const char *name, const char **value) {
    const char *word = **words;
    size_t length = strlen(name);
    if (!word || strncmp(word, name, length) != 0) return false;
    if (word[length] == '=') {
        *value = word + length + 1;
        ++*words;
        return true;
    }
    if (word[length]) return false;
    *value = (*words)[1];
    *words += *value ? 2 : 1;
    return true;
}

bool ctl_is_plain(const char *word) {
    return strncmp(word, "--", 2) != 0;
}

bool ctl_read_word(char *to, size_t size) {
    size_t length = fread(to, 1, size, stdin);
    if (length == size) return false;
    to[length] = '\0';
    size_t start = strspn(to, " \t\r\n");
    size_t word = strcspn(to + start, " \t\r\n");
    size_t after = start + word;
    if (!word || after + strspn(to + after, " \t\r\n") != length) return false;
    memmove(to, to + start, word);
    to[word] = '\0';
    return true;
}

void ctl_tell_first_key(const struct ctl *ctl, const char *name,
                        const char *kid) {
    fprintf(stderr, "minichatctl: made a first key, %s (%s), in %s/keys\n",
            name, kid, ctl->state.path);
}
