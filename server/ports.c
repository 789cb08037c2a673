#include "server/ports.h"

#include <stdio.h>

bool ports_open(struct ports *ports, uv_loop_t *loop, struct company *company,
                const struct config *config, char *error, size_t size) {
    char why[LISTENER_ERROR_SIZE];
    for (unsigned i = 0; i < config->listeners; i++) {
        unsigned opened =
            listener_open(ports->listeners + ports->count, PORTS - ports->count,
                          loop, company, &config->listen[i], why);
        ports->count += opened;
        if (opened > 0) continue;
        snprintf(error, size, "%s", why);
        return false;
    }
    return true;
}

bool ports_take(struct ports *ports, uv_loop_t *loop, struct company *company,
                int sockets, char *error, size_t size) {
    char why[LISTENER_ERROR_SIZE];
    for (int i = 0; i < sockets; i++) {
        if (!listener_take(&ports->listeners[ports->count], loop, company,
                           NOTIFY_FIRST_SOCKET + i, why)) {
            snprintf(error, size, "%s", why);
            return false;
        }
        ports->count++;
    }
    return true;
}

bool ports_begin(struct ports *ports) {
    for (unsigned i = 0; i < ports->count; i++)
        if (!listener_begin(&ports->listeners[i])) return false;
    return true;
}

void ports_close(struct ports *ports) {
    for (unsigned i = 0; i < ports->count; i++)
        listener_close(&ports->listeners[i]);
    ports->count = 0;
}

void ports_path(const struct ports *ports, char path[ADDRESS_SIZE]) {
    struct address address;
    path[0] = '\0';
    for (unsigned i = 0; i < ports->count && !*path; i++)
        if (ports->listeners[i].dialect != ADDRESS_PLAIN &&
            !address_parse(&address, text_of(ports->listeners[i].name)) &&
            address.kind == ADDRESS_UNIX)
            snprintf(path, ADDRESS_SIZE, "%s", address.path);
}

uint16_t ports_secure(const struct ports *ports) {
    struct address address;
    uint16_t port = 0;
    for (unsigned i = 0; i < ports->count; i++) {
        if (address_parse(&address, text_of(ports->listeners[i].name)))
            continue;
        if (address.kind == ADDRESS_TLS) return address.port;
        if (address.kind == ADDRESS_TCP && !port) port = address.port;
    }
    return port;
}
