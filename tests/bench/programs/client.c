/*
 * The one client of all servers, on epoll, so that it is as little as possible of what is measured.
 *
 *   client echo PORT CONNECTIONS BYTES MS: sends a message on each connection, and the next when all of it has come back.
 *   client sleepers PORT COUNT SECONDS: asks for `GET /aio?delay=SECONDS` on COUNT connections at once.
 *
 * Prints one line of JSON.
 */
#define _GNU_SOURCE
#include "loop.h"

#define MOST 65536
/* So many connections may be on their way at a time. One that the system has dropped, since the server's queue is
 * full, would be tried again only after a second; here it is after a few ms, as an impatient crowd does. */
#define WINDOW 256
#define PATIENCE_MS 5
#define RAMP_MS 150
/* So many connections come from one address, 127.0.0.2 and on. A system that has given away half of its ports for one
 * address looks through all of them for each further one, which would be measured. */
#define AN_ADDRESS 2000
/* An answer that takes so much longer than its delay is lost. */
#define GRACE_MS 30000

enum state { CONNECTING, ASKED, DONE };

struct connection {
  enum state state;
  int number;
  double since;
  int got;
  char text[512];
};

static struct connection *at; /* by file descriptor */
static struct epoll_event events[EVENTS];
static char buffer[64 * 1024];

static int start_connect(int poll, int port, int number) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (fd < 0 || fd >= MOST) fail("socket");
  no_delay(fd);
  /* Closed by a reset: thousands of connections that linger would use up the ports of the next round. */
  struct linger none = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  struct sockaddr_in from = loopback(0), address = loopback(port);
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + number / AN_ADDRESS);
  int yes = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  if (bind(fd, (struct sockaddr *)&from, sizeof from) < 0) fail("bind");
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) fail("connect");
  at[fd].number = number;
  at[fd].state = CONNECTING;
  at[fd].since = now_ms();
  at[fd].got = 0;
  watch(poll, EPOLL_CTL_ADD, fd, EPOLLOUT);
  return fd;
}

static int is_connected(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0;
}

static void send_message(int fd, int bytes) {
  if (write(fd, buffer, bytes) != bytes) fail("the message did not fit");
}

static void echo(int port, int connections, int bytes, double ms) {
  int poll = epoll_create1(0);
  memset(buffer, 'a', sizeof buffer);
  for (int i = 0; i < connections; i += 1) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(port);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    fcntl(fd, F_SETFL, O_NONBLOCK);
    no_delay(fd);
    at[fd].got = 0;
    watch(poll, EPOLL_CTL_ADD, fd, EPOLLIN);
    send_message(fd, bytes);
  }
  long messages = 0, before = -1;
  double begin = now_ms(), from = 0, busy = 0;
  for (;;) {
    int count = epoll_wait(poll, events, EVENTS, 100);
    double now = now_ms();
    if (before < 0 && now - begin >= RAMP_MS) {
      before = messages;
      from = now;
      busy = cpu_ms();
    }
    if (before >= 0 && now - from >= ms) {
      double seconds = (now - from) / 1000;
      printf("{\"perSecond\": %.1f, \"handled\": %ld, \"clientBusy\": %.3f}\n", (messages - before) / seconds,
             messages, (cpu_ms() - busy) / (now - from));
      return;
    }
    if (count == 0 && now - begin > ms + 5000) fail("no message came back for 5 s");
    for (int i = 0; i < count; i += 1) {
      int fd = events[i].data.fd;
      ssize_t size = read(fd, buffer, sizeof buffer);
      if (size < 0 && errno == EAGAIN) continue;
      if (size <= 0) fail("the server has left");
      for (at[fd].got += size; at[fd].got >= bytes; at[fd].got -= bytes) {
        messages += 1;
        send_message(fd, bytes);
      }
    }
  }
}

static int is_whole(const char *text) {
  const char *end = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "content-length:");
  return end != NULL && length != NULL && strlen(end + 4) >= strtoul(length + 15, NULL, 10);
}

/* Reads what there is of an answer. 1: all of it has come; 0: not yet; -1: it is lost. */
static int hear(int fd) {
  struct connection *one = &at[fd];
  ssize_t size = read(fd, one->text + one->got, sizeof one->text - 1 - one->got);
  if (size < 0 && errno == EAGAIN) return 0;
  if (size <= 0) return -1;
  one->got += size;
  one->text[one->got] = 0;
  if (!is_whole(one->text)) return one->got == sizeof one->text - 1 ? -1 : 0;
  return strncmp(one->text, "HTTP/1.1 200", 12) == 0 ? 1 : -1;
}

static void sleepers(int port, int count, double seconds) {
  int poll = epoll_create1(0), *on_way = malloc(sizeof(int) * WINDOW);
  int opened = 0, waiting = 0, ended = 0, lost = 0;
  char request[256];
  int length = snprintf(request, sizeof request, "GET /aio?delay=%g HTTP/1.1\r\nhost: localhost\r\n\r\n", seconds);
  double begin = now_ms(), asked_all = 0;
  for (int asked = 0; ended < count;) {
    for (; waiting < WINDOW && opened < count; opened += 1) on_way[waiting++] = start_connect(poll, port, opened);
    int ready = epoll_wait(poll, events, EVENTS, PATIENCE_MS);
    double now = now_ms();
    if (now - begin > 1000 * seconds + GRACE_MS) break;
    for (int i = 0; i < ready; i += 1) {
      int fd = events[i].data.fd;
      if (at[fd].state == CONNECTING) {
        if (!is_connected(fd) || write(fd, request, length) != length) {
          ended += 1;
          lost += 1;
          at[fd].state = DONE;
          watch(poll, EPOLL_CTL_DEL, fd, 0);
          continue;
        }
        at[fd].state = ASKED;
        watch(poll, EPOLL_CTL_MOD, fd, EPOLLIN);
        if (++asked == count) asked_all = now - begin;
      } else if (at[fd].state == ASKED) {
        int heard = hear(fd);
        if (heard == 0) continue;
        ended += 1;
        lost += heard < 0;
        at[fd].state = DONE;
        /* Stays open until the end: closing is no part of what is measured. */
        watch(poll, EPOLL_CTL_DEL, fd, 0);
      }
    }
    int left = 0;
    for (int i = 0; i < waiting; i += 1) {
      int fd = on_way[i];
      if (at[fd].state != CONNECTING) continue;
      if (now - at[fd].since > PATIENCE_MS) {
        int number = at[fd].number;
        close(fd);
        fd = start_connect(poll, port, number);
      }
      on_way[left++] = fd;
    }
    waiting = left;
  }
  printf("{\"ms\": %.3f, \"lost\": %d, \"askedMs\": %.3f}\n", now_ms() - begin, lost + count - ended, asked_all);
}

int main(int argc, char **argv) {
  at = calloc(MOST, sizeof *at);
  if (argc == 6 && strcmp(argv[1], "echo") == 0) echo(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), atof(argv[5]));
  else if (argc == 5 && strcmp(argv[1], "sleepers") == 0) sleepers(atoi(argv[2]), atoi(argv[3]), atof(argv[4]));
  else {
    fprintf(stderr, "usage: client echo PORT CONNECTIONS BYTES MS | client sleepers PORT COUNT SECONDS\n");
    return 2;
  }
  return 0;
}
