#include "client/confinement.h"

#include <stddef.h>
#include <string.h>

static bool is_one_of(const char *word, const char *const list[]) {
    for (size_t i = 0; list[i]; i++)
        if (strcmp(word, list[i]) == 0) return true;
    return false;
}

bool confinement_forbids(const char *command) {
    static const char *const leads_out[] = {"cert",  "connect", "exec",
                                            "login", "network", "open",
                                            "save",  "trust",   NULL};
    return is_one_of(command, leads_out);
}

bool confinement_may_set(const char *setting, bool of_network) {
    static const char *const leads_out[] = {"accessible",   "log",
                                            "log-days",     "notify-command",
                                            "open-command", NULL};
    static const char *const of_rooms[] = {"mute", NULL};
    return of_network ? is_one_of(setting, of_rooms)
                      : !is_one_of(setting, leads_out);
}
