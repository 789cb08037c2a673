#include "client/clerk.h"

#include <stdlib.h>

#include "protocol/container.h"
#include "protocol/memory.h"

struct entry {
    struct disk_job job;
    struct ledger_change *change;
    int error;
};

static void run(struct disk_job *job) {
    struct entry *entry = container_of(job, struct entry, job);
    entry->error = ledger_write(entry->change);
}

static void done(struct disk_job *job) {
    struct entry *entry = container_of(job, struct entry, job);
    struct ledger *ledger = entry->change->ledger;
    ledger->unwritten--;
    if (entry->error) ledger->error = entry->error;
    ledger_change_free(entry->change);
    free(entry);
}

void clerk_write(struct disk *disk, struct ledger *ledger) {
    struct ledger_change *change;
    while ((change = ledger_take(ledger))) {
        struct entry *entry = memory_new(1, sizeof *entry);
        entry->change = change;
        entry->job = (struct disk_job){.run = run, .done = done};
        disk_put(disk, &entry->job);
    }
}
