/* Ticks by timerfd: `timers-c PERIOD_MS TICKS`. Prints how late each tick was, in ms, as a JSON array. */
#define _GNU_SOURCE
#include <sys/timerfd.h>

#include "loop.h"

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  double period = atof(argv[1]);
  int ticks = atoi(argv[2]), poll = epoll_create1(0);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  long ns = (long)(period * 1e6);
  struct itimerspec each = {{ns / 1000000000, ns % 1000000000}, {ns / 1000000000, ns % 1000000000}};
  watch(poll, EPOLL_CTL_ADD, timer, EPOLLIN);
  double start = now_ms();
  timerfd_settime(timer, 0, &each, NULL);
  printf("[");
  for (int done = 0; done < ticks;) {
    struct epoll_event event;
    uint64_t fired;
    if (epoll_wait(poll, &event, 1, -1) != 1 || read(timer, &fired, sizeof fired) != sizeof fired) continue;
    for (; fired > 0 && done < ticks; fired -= 1) {
      done += 1;
      printf("%s%.3f", done == 1 ? "" : ",", now_ms() - start - done * period);
    }
  }
  printf("]\n");
  return 0;
}
