/*
 * A delay server on epoll: answers `GET /aio?delay=SECONDS` after so many seconds, with a heap of those who sleep.
 * Prints its port; ends when stdin does.
 */
#define _GNU_SOURCE
#include "loop.h"

#define MOST 65536

struct sleeper {
  double due;
  double delay;
  int fd;
};

static struct sleeper heap[MOST];
static int asleep = 0;

static void swap(int a, int b) {
  struct sleeper was = heap[a];
  heap[a] = heap[b];
  heap[b] = was;
}

static void join(struct sleeper one) {
  int at = asleep++;
  heap[at] = one;
  for (; at > 0 && heap[at].due < heap[(at - 1) / 2].due; at = (at - 1) / 2) swap(at, (at - 1) / 2);
}

static struct sleeper leave(void) {
  struct sleeper first = heap[0];
  heap[0] = heap[--asleep];
  for (int at = 0;;) {
    int least = at;
    for (int child = 2 * at + 1; child <= 2 * at + 2; child += 1)
      if (child < asleep && heap[child].due < heap[least].due) least = child;
    if (least == at) return first;
    swap(at, least);
    at = least;
  }
}

static void hear(int fd) {
  char request[2048];
  ssize_t size = read(fd, request, sizeof request - 1);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) {
    close(fd);
    return;
  }
  request[size] = 0;
  const char *query = strstr(request, "delay=");
  double delay = query ? atof(query + 6) : 0;
  if (asleep < MOST) join((struct sleeper){now_ms() + 1000 * delay, delay, fd});
}

static void answer(struct sleeper one) {
  char body[64], text[256];
  int length = snprintf(body, sizeof body, "{\"delay\":%g}", one.delay);
  int size = snprintf(text, sizeof text,
                      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s",
                      length, body);
  if (write(one.fd, text, size) < 0) close(one.fd);
}

static int until_next(void) {
  if (asleep == 0) return -1;
  double left = heap[0].due - now_ms();
  return left > 0 ? (int)left + 1 : 0;
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int poll = epoll_create1(0);
  int listener = listen_and_tell(poll);
  struct epoll_event events[EVENTS];
  for (;;) {
    int count = epoll_wait(poll, events, EVENTS, until_next());
    for (int i = 0; i < count; i += 1) {
      int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) return 0;
      if (fd != listener) hear(fd);
      else for (int taken; (taken = take(listener)) >= 0;) watch(poll, EPOLL_CTL_ADD, taken, EPOLLIN);
    }
    for (double at = now_ms(); asleep > 0 && heap[0].due <= at;) answer(leave());
  }
}
