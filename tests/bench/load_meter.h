/* What the measured server spends, seen from outside through proc(5).
 * Every figure is 0 where pid is 0 or may not be looked at. */
#ifndef MINICHAT_LOAD_METER_H
#define MINICHAT_LOAD_METER_H

#include <stdint.h>
#include <sys/types.h>

struct memory {
    /* KiB: VmRSS, Pss, VmHWM, and of VmRSS what is no file's (RssAnon). */
    uint64_t resident, proportional, peak, anonymous;
};

/* Nanoseconds on a processor of all its threads (schedstat). */
uint64_t meter_cpu(pid_t pid);
struct memory meter_memory(pid_t pid);
/* Lets VmHWM begin anew: proc_pid_clear_refs(5). */
void meter_forget_peak(pid_t pid);
/* Memory of all TCP sockets of this machine, KiB: /proc/net/sockstat. */
uint64_t meter_kernel_tcp(void);

#endif
