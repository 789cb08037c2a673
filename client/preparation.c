#include "client/preparation.h"

#include <stdlib.h>
#include <string.h>

#include "client/quiet.h"
#include "protocol/container.h"
#include "protocol/memory.h"

struct preparation {
    uv_work_t work;
    struct preparation_owner *owner; /* NULL: forgotten */
    char *pem;
    struct tls_context *context;
    char wrong[TLS_WORDS_SIZE];
};

static void prepare(uv_work_t *work) {
    struct preparation *p = container_of(work, struct preparation, work);
    p->context = tls_context_client(p->pem, p->wrong);
}

static void preparation_free(struct preparation *p) {
    free(p->pem);
    free(p);
}

static void on_prepared(uv_work_t *work, int status) {
    struct preparation *p = container_of(work, struct preparation, work);
    (void)status; /* cancelled: then nobody is there either */
    if (p->owner)
        p->owner->prepare(p->owner, p->context, p->wrong);
    else
        tls_context_free(p->context);
    preparation_free(p);
}

struct preparation *preparation_begin(uv_loop_t *loop,
                                      struct preparation_owner *owner,
                                      const char *pem) {
    struct preparation *p = memory_new(1, sizeof *p);
    sigset_t before;
    p->owner = owner;
    p->pem = pem ? memory_string(pem, strlen(pem)) : NULL;
    quiet_begin(&before);
    int error = uv_queue_work(loop, &p->work, prepare, on_prepared);
    quiet_end(&before);
    if (!error) return p;
    preparation_free(p);
    return NULL;
}

void preparation_forget(struct preparation *preparation) {
    if (!preparation) return;
    preparation->owner = NULL;
    (void)uv_cancel((uv_req_t *)&preparation->work);
}
