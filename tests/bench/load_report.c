#include "tests/bench/load_report.h"

#include <stdio.h>

/* Counts without decimals, small measures with as many as say something. */
static int decimals(double value) {
    if (value == (double)(long long)value) return 0;
    if (value >= 100) return 0;
    return value >= 1 ? 2 : 4;
}

static void put_quoted(const char *string) {
    putchar('"');
    for (; *string; string++) {
        unsigned char byte = (unsigned char)*string;
        if (byte == '"' || byte == '\\') putchar('\\');
        putchar(byte < ' ' || byte > '~' ? '?' : byte);
    }
    putchar('"');
}

void report_begin(const struct report *report, const char *scenario,
                  const char *mode) {
    printf("{\"server\":");
    put_quoted(report->server);
    printf(",\"scenario\":\"%s\",\"mode\":\"%s\"", scenario, mode);
    fprintf(stderr, "%-10s %-8s %-7s", report->server, scenario, mode);
}

void report_number(const char *name, double value) {
    printf(",\"%s\":%.*f", name, decimals(value), value);
    fprintf(stderr, "  %s %.*f", name, decimals(value), value);
}

void report_string(const char *name, const char *value) {
    printf(",\"%s\":", name);
    put_quoted(value);
    fprintf(stderr, "  %s \"%s\"", name, value);
}

void report_end(struct report *report, bool ok) {
    printf(",\"ok\":%s}\n", ok ? "true" : "false");
    fprintf(stderr, "%s\n", ok ? "" : "  BROKEN");
    fflush(stdout);
    if (!ok) report->broken = true;
}
