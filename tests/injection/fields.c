#include "tests/injection/fields.h"

#include <stddef.h>

/* clang-format off */
const char *const fields_plain[] = {
    "\f", "a\fb", "e\f", "//\f", "/\f", "/\f bob",
    "/me \f", "/msg bob \f", "/msg \f hello", "/msg ivan,\f hello",
    "/msg #lobby \f", "/reply \f",
    "/topic \f", "/topic #lobby \f", "/topic #\f x",
    "/away \f", "/help \f", "/set \f on", "/set color \f",
    "/who \f", "/whois \f", "/rooms \f", "/names \f",
    "/join \f", "/join #\f", "/join #x\f,#y\f", "/join #room \f",
    "/room \f", "/room #\f", "/leave #\f", "/leave #room \f",
    "/nick \f", "/nick x\f", "/login \f", "/login v4.public.\f",
    "v4.public.\f",
    "/invite \f", "/invite #\f bob", "/op \f", "/op bob \f",
    "/ban \f", "/ban x\f*", "/mute \f", "/mute x\f*", "/unban \f",
    "/unmute \f", "/ban #\f x", "/kick \f", "/kick #\f bob",
    "/admin \f", "/admin kick \f x", "/admin kick bob \f",
    "/admin kick ivan \f", "/search \f", "/history \f",
    "/history #\f 5",
    "/kick bob \f", "/kick ivan \f", "/leave #lobby \f", "/quit \f", NULL,
};

const char *const fields_irc[] = {
    "\f", ":\f PING x", "@\f PING x", "@+x=\f PRIVMSG #lobby :hello",
    "@+\f=1 PRIVMSG #lobby :hello", "@+typing=\f TAGMSG #lobby",
    "@label=\f PING x", "@label=\f WHO #lobby",
    "PRIVMSG #lobby :\f", "PRIVMSG #lobby :a\fb", "PRIVMSG #lobby \f",
    "PRIVMSG #lobby :e\f", "PRIVMSG bob :\f", "PRIVMSG ivan :\f",
    "PRIVMSG \f :hello", "PRIVMSG #\f :hello", "PRIVMSG bob,\f :hello",
    "PRIVMSG #lobby :\001ACTION \f\001", "PRIVMSG bob :\001ACTION \f\001",
    "PRIVMSG ivan :\001\f\001", "NOTICE #lobby :\f", "NOTICE bob :\f",
    "NOTICE ivan :\f", "NOTICE \f :hello", "TAGMSG \f",
    "TOPIC #lobby :\f", "TOPIC \f", "TOPIC #\f :x", "AWAY :\f",
    "SETNAME :\f", "NICK :\f", "NICK x\f", "USER \f 0 * :\f", "PASS :\f",
    "JOIN :\f", "JOIN #\f", "JOIN #x,#\f", "JOIN #room :\f",
    "PART #\f :x", "PART #room :\f", "INVITE \f #lobby", "INVITE bob #\f",
    "KICK \f bob :x", "KICK #lobby \f :x",
    "MODE \f", "MODE #lobby \f", "MODE #lobby +b \f", "MODE #lobby +b x\f*",
    "MODE #lobby +q \f", "MODE #lobby -b \f", "MODE #lobby +o \f",
    "MODE #lobby +\f x", "MODE ivan \f",
    "WHO \f", "WHO #lobby \f", "WHO #lobby %\f", "WHO #lobby %tn,\f",
    "WHOIS \f", "WHOIS \f \f", "WHOWAS \f", "NAMES \f", "NAMES #lobby,#\f",
    "LIST \f", "LIST #\f*", "PING :\f", "PING \f \f", "PONG :\f",
    "USERHOST \f", "ISON \f", "ISON :a \f b", "MOTD \f", "VERSION \f",
    "TIME \f", "INFO \f", "ADMIN \f", "LUSERS \f", "STATS \f", "HELP \f",
    "LINKS \f", "OPER \f \f", "KILL bob :\f", "WALLOPS :\f", "SUMMON \f",
    "CAP \f", "CAP LS \f", "CAP REQ :\f", "CAP REQ :echo-message \f",
    "CAP LIST :\f", "AUTHENTICATE \f", "AUTHENTICATE PLAIN",
    "CHATHISTORY LATEST #lobby \f 5", "CHATHISTORY \f #lobby * 5",
    "MARKREAD #lobby \f", "MONITOR + \f", "MONITOR \f x", "REDACT #lobby \f",
    "BATCH +\f draft/multiline #lobby", "BATCH -\f", "REGISTER \f * :\f",
    "KICK #lobby bob :\f", "KICK #lobby ivan :\f", "PART #lobby :\f",
    "QUIT :\f", NULL,
};

const char *const fields_plain_first[] = {
    "\f", "/\f", "/nick \f", "/nick x\f", "/login \f", "/login v4.public.\f",
    "v4.public.\f", "/help \f", "/quit \f", NULL,
};

const char *const fields_irc_first[] = {
    "\f", "NICK \f", "NICK :\f", "NICK x\f", "USER \f 0 * :real",
    "USER x\fy 0 * :real", "USER u \f \f :real", "USER u 0 * :\f",
    "USER u 0 * :a\fb", "USER u 0 * \f", "PASS :\f", "PASS v4.public.\f",
    "CAP \f", "CAP LS \f", "CAP REQ :\f", "CAP END \f", "AUTHENTICATE \f",
    "AUTHENTICATE PLAIN", "WEBIRC \f \f \f \f", "PING :\f", "PRIVMSG bob :\f",
    "JOIN \f", "@\f NICK eve", ":\f NICK eve", "@label=\f NICK eve",
    "QUIT :\f", NULL,
};

const char *const questions_plain[] = {
    "/who", "/who #lobby", "/whois eve", "/whois guest", "/rooms",
    "/topic", "/ban", "/mute", NULL,
};

const char *const questions_irc[] = {
    "WHO *", "WHO #lobby %tcuihsnfdlaor,7", "WHO #lobby", "WHOIS eve",
    "WHOIS guest", "NAMES #lobby", "NAMES", "LIST", "TOPIC #lobby",
    "MODE #lobby +b", "MODE #lobby +q", "USERHOST eve guest", "MOTD",
    "PRIVMSG eve :away?", NULL,
};
/* clang-format on */
