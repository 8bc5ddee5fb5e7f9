/* What the C programs of the bench share: sockets of the loopback interface, and the clock. */
#ifndef LOOP_H
#define LOOP_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 1024

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

static double cpu_ms(void) {
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * 1e3 + used.tv_nsec / 1e6;
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void no_delay(int socket) {
  int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

static void watch(int poll, int what, int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  if (epoll_ctl(poll, what, fd, &event) < 0) fail("epoll_ctl");
}

/* Listens on a free port and prints it. Watches stdin too: the program ends with whoever started it. */
static inline int listen_and_tell(int poll) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0) fail("bind");
  if (listen(listener, 65535) < 0) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  watch(poll, EPOLL_CTL_ADD, listener, EPOLLIN);
  watch(poll, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

/* Takes one connection; -1 when none waits. */
static inline int take(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd >= 0) no_delay(fd);
  return fd;
}

#endif
