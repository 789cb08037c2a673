#include "tests/crash/judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

static struct spoken *line_of(struct ledger *ledger,
                              const struct heard *heard) {
    return ledger_line(ledger, heard->author, heard->number);
}

static void forget_kept(struct ledger *ledger) {
    for (unsigned author = 0; author < ledger->members; author++)
        for (size_t i = 0; i < ledger->speakers[author].count; i++) {
            ledger->speakers[author].lines[i].kept = 0;
            ledger->speakers[author].lines[i].kept_id = 0;
        }
}

/* What was said on a connection that is lost may arrive after what was said on
 * the next one, but not where it was said again there before. */
static void judge_said_order(struct ledger *ledger, unsigned place,
                             const struct heard *heard,
                             const struct heard *before) {
    bool bound = ledger->speakers[heard->author].careful ||
                 line_of(ledger, heard)->connection ==
                     line_of(ledger, before)->connection;
    if (bound && heard->number <= before->number)
        ledger_fault(ledger, "place %u: line %u of %u is kept after line %u",
                     place, heard->number, heard->author, before->number);
}

static void judge_kept(struct ledger *ledger, const struct heard *heard) {
    struct spoken *line = line_of(ledger, heard);
    line->kept++;
    line->kept_id = heard->id;
    if (line->sendings == 0)
        ledger_fault(ledger, "line %u of %u is kept and was never sent",
                     heard->number, heard->author);
    if (line->id != 0 && line->id != heard->id && !ledger->forgiving)
        ledger_fault(ledger,
                     "line %u of %u was heard as %" PRIx64
                     " and is kept as %" PRIx64,
                     heard->number, heard->author, line->id, heard->id);
}

static void judge_history(struct ledger *ledger, unsigned place) {
    const struct transcript *history = &ledger->places[place].history;
    const struct heard *before[MEMBERS] = {NULL};
    uint64_t last = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct heard *heard = &history->lines[i];
        if (heard->id <= last)
            ledger_fault(ledger, "place %u: %" PRIx64 " is kept after %" PRIx64,
                         place, heard->id, last);
        if (before[heard->author])
            judge_said_order(ledger, place, heard, before[heard->author]);
        judge_kept(ledger, heard);
        last = heard->id;
        before[heard->author] = heard;
    }
}

static void judge_line(struct ledger *ledger, unsigned author,
                       unsigned number) {
    const struct spoken *line = ledger_line(ledger, author, number);
    bool careful = ledger->speakers[author].careful;
    if (line->kept > 1)
        ledger_fault(ledger, "line %u of %u is kept %u times", number, author,
                     line->kept);
    if (line->heard && line->kept == 0) {
        ledger->lost++;
        if (!ledger->forgiving)
            ledger_fault(ledger,
                         "line %u of %u (id %" PRIx64 ") was heard and is lost",
                         number, author, line->id);
    }
    if (careful && !line->receipted)
        ledger_fault(ledger, "line %u of %u has no receipt after %u sendings",
                     number, author, line->sendings);
}

static int compare_ids(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return a < b ? -1 : a > b;
}

/* Its ids, sorted, each once. */
static size_t gather_ids(const struct transcript *transcript, uint64_t *ids) {
    size_t count = 0;
    for (size_t i = 0; i < transcript->count; i++)
        ids[i] = transcript->lines[i].id;
    qsort(ids, transcript->count, sizeof *ids, compare_ids);
    for (size_t i = 0; i < transcript->count; i++)
        if (count == 0 || ids[count - 1] != ids[i]) ids[count++] = ids[i];
    return count;
}

/* With ids: all that it heard and read is the history. */
static void judge_whole(struct ledger *ledger, unsigned hearer,
                        unsigned place) {
    const struct transcript *own = &ledger->transcripts[hearer][place];
    const struct transcript *history = &ledger->places[place].history;
    uint64_t *ids = memory_new(own->count + 1, sizeof *ids);
    size_t count = gather_ids(own, ids), same = 0;
    while (same < count && same < history->count &&
           ids[same] == history->lines[same].id)
        same++;
    if (same < count || same < history->count)
        ledger_fault(ledger,
                     "member %u knows %zu lines of place %u, the "
                     "history has %zu: they differ from %zu on",
                     hearer, count, place, history->count, same);
    free(ids);
}

/* Without ids: what it heard on one connection is in the history's order. */
static void judge_order(struct ledger *ledger, unsigned hearer,
                        unsigned place) {
    const struct transcript *own = &ledger->transcripts[hearer][place];
    uint64_t last = 0;
    for (size_t i = 0; i < own->count; i++) {
        uint64_t id = line_of(ledger, &own->lines[i])->kept_id;
        bool again =
            i > 0 && own->lines[i].connection == own->lines[i - 1].connection;
        if (again && id <= last)
            ledger_fault(ledger,
                         "plain member %u in place %u heard line %u "
                         "of %u out of order",
                         hearer, place, own->lines[i].number,
                         own->lines[i].author);
        last = id;
    }
}

static void judge_transcripts(struct ledger *ledger, unsigned hearer) {
    for (unsigned place = 0; place < ledger->place_count; place++) {
        const struct transcript *own = &ledger->transcripts[hearer][place];
        if (own->count == 0) continue;
        if (own->lines[0].hearing == HEARD_PLAIN)
            judge_order(ledger, hearer, place);
        else
            judge_whole(ledger, hearer, place);
    }
}

bool judge(struct ledger *ledger) {
    uint64_t before = ledger->faults;
    ledger->lost = 0;
    forget_kept(ledger);
    for (unsigned place = 0; place < ledger->place_count; place++)
        judge_history(ledger, place);
    for (unsigned author = 0; author < ledger->members; author++)
        for (size_t i = 0; i < ledger->speakers[author].count; i++)
            judge_line(ledger, author, (unsigned)i);
    for (unsigned i = 0; i < ledger->members && !ledger->forgiving; i++)
        judge_transcripts(ledger, i);
    return ledger->faults == before;
}

/* Sent, but nobody was told: kept or not, both are right. */
static void count_doubtful(const struct ledger *ledger, size_t *kept,
                           size_t *not_kept) {
    for (unsigned author = 0; author < ledger->members; author++)
        for (size_t i = 0; i < ledger->speakers[author].count; i++) {
            const struct spoken *line = &ledger->speakers[author].lines[i];
            if (line->heard) continue;
            *(line->kept ? kept : not_kept) += 1;
        }
}

void judge_report(const struct ledger *ledger, const char *name) {
    size_t kept = 0, not_kept = 0, in_history = 0;
    for (unsigned place = 0; place < ledger->place_count; place++)
        in_history += ledger->places[place].history.count;
    count_doubtful(ledger, &kept, &not_kept);
    printf("%s: %" PRIu64 " lines said, %" PRIu64 " sent again, %zu kept; "
           "untold: %zu kept, %zu not; %" PRIu64 " lost, %" PRIu64
           " ids used again, %" PRIu64 " reads refused, %" PRIu64
           " faults; seed %" PRIu64 "\n",
           name, ledger->said, ledger->sent_again, in_history, kept, not_kept,
           ledger->lost, ledger->reused, ledger->refused, ledger->faults,
           ledger->seed);
    fflush(stdout);
}
