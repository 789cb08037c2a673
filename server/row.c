#include "server/row.h"

void row_join(struct row *row, struct row_link *link) {
    row_leave(link);
    *link = (struct row_link){.row = row, .before = row->last};
    *(link->before ? &link->before->after : &row->first) = link;
    row->last = link;
}

void row_leave(struct row_link *link) {
    struct row *row = link->row;
    if (!row) return;
    *(link->before ? &link->before->after : &row->first) = link->after;
    *(link->after ? &link->after->before : &row->last) = link->before;
    link->row = NULL;
}
