/* index_lines DIR: does what the server's chores would do with the store
 * there until nothing is left to be indexed. */
#include <stdio.h>

#include "server/chores.h"
#include "server/store.h"

int main(int argc, char **argv) {
    struct state state;
    char error[STORE_ERROR_SIZE] = "index_lines DIR";
    if (argc != 2 || !state_open(&state, argv[1], error, sizeof error))
        return fprintf(stderr, "%s\n", error), 1;
    sqlite3 *db = store_open(&state, STORE_WRITE, error, sizeof error);
    struct chores *chores = db ? chores_new(db, error, sizeof error) : NULL;
    if (!chores) return fprintf(stderr, "%s\n", error), 1;
    do
        chores_step(chores, 0);
    while (chores_unindexed(chores));
    chores_free(chores);
    store_close(db);
    return 0;
}
