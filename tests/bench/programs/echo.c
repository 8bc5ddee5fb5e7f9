/* An echo server on epoll: the least that a server can do. Prints its port; ends when stdin does. */
#define _GNU_SOURCE
#include "loop.h"

static char buffer[64 * 1024];

/* Waits for a slow reader by blocking: the bench has none, and the lessons' own servers are judged for that elsewhere. */
static int send_all(int fd, ssize_t size) {
  for (ssize_t sent = 0; sent < size;) {
    ssize_t now = write(fd, buffer + sent, size - sent);
    if (now > 0) sent += now;
    else if (errno != EAGAIN) return -1;
  }
  return 0;
}

static void serve(int fd) {
  ssize_t size = read(fd, buffer, sizeof buffer);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0 || send_all(fd, size) < 0) close(fd);
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int poll = epoll_create1(0);
  int listener = listen_and_tell(poll);
  struct epoll_event events[EVENTS];
  for (;;) {
    int count = epoll_wait(poll, events, EVENTS, -1);
    for (int i = 0; i < count; i += 1) {
      int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) return 0;
      if (fd != listener) serve(fd);
      else for (int taken; (taken = take(listener)) >= 0;) watch(poll, EPOLL_CTL_ADD, taken, EPOLLIN);
    }
  }
}
