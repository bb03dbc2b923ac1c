/*
 * Preloaded into Cyrus httpd: turns Nagle's algorithm off on every accepted connection. Cyrus 3.6
 * leaves it on, and an answer of several segments then waits some 40 ms for a delayed ACK.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

typedef int accept_function(int, struct sockaddr *, socklen_t *);
typedef int accept4_function(int, struct sockaddr *, socklen_t *, int);

static int without_delay(int connection)
{
    int on = 1;
    if (connection >= 0) setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connection;
}

int accept(int listener, struct sockaddr *address, socklen_t *length)
{
    static accept_function *next;
    if (next == NULL) next = (accept_function *)dlsym(RTLD_NEXT, "accept");
    return without_delay(next(listener, address, length));
}

int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags)
{
    static accept4_function *next;
    if (next == NULL) next = (accept4_function *)dlsym(RTLD_NEXT, "accept4");
    return without_delay(next(listener, address, length, flags));
}
