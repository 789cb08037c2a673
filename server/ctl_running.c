/* What is asked of, or done to, the server that runs. */
#include "server/ctl_talk.h"

int ctl_users(struct ctl *ctl, char **words) {
    if (words[0] && words[1]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "users", words, 1);
}

int ctl_rooms(struct ctl *ctl, char **words) {
    if (words[0]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "rooms", words, 0);
}

int ctl_kick(struct ctl *ctl, char **words) {
    if (!words[0]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "kick", words, 1);
}

int ctl_reload(struct ctl *ctl, char **words) {
    if (words[0]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "reload", words, 0);
}

int ctl_ban(struct ctl *ctl, char **words) {
    if (!words[0]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "ban", words, 1);
}

int ctl_mute(struct ctl *ctl, char **words) {
    if (!words[0]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "mute", words, 1);
}

int ctl_unban(struct ctl *ctl, char **words) {
    if (!words[0] || words[1]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "unban", words, 1);
}

int ctl_unmute(struct ctl *ctl, char **words) {
    if (!words[0] || words[1]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "unmute", words, 1);
}

int ctl_bans(struct ctl *ctl, char **words) {
    if (words[0]) return CTL_USAGE;
    return ctl_talk_print_text(ctl, "bans", words, 0);
}
