/* Results go out twice: as one JSON object a line on standard output, for
 * programs, and as words and figures on standard error, for people. */
#ifndef MINICHAT_LOAD_REPORT_H
#define MINICHAT_LOAD_REPORT_H

#include <stdbool.h>

struct report {
    const char *server; /* the name it is told under */
    bool broken;        /* one of the results was not as promised */
};

void report_begin(const struct report *report, const char *scenario,
                  const char *mode);
void report_number(const char *name, double value);
void report_string(const char *name, const char *value);
/* ok: the server kept what the scenario checks. */
void report_end(struct report *report, bool ok);

#endif
