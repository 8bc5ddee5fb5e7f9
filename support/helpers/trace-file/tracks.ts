/** The process and the thread that an event belongs to, as the trace numbers them. */
export interface Track {
  pid: number;
  tid: number;
}

/** A name of a process or of a thread. */
export interface TrackName {
  kind: "process_name" | "thread_name";
  name: string;
  track: Track;
}

/** Numbers processes and threads from 1 upwards, each thread once in the whole trace, and knows their names. */
export interface Tracks {
  /** The thread of the recording that all is about. */
  own(process: number): Track;
  /** A thread that recorded itself; the same one again for the same numbers. */
  thread(lane: string, process: number, thread: number): Track;
  /** A process of which only spans are known. */
  process(lane: string): Track;
  names(): TrackName[];
}

export function newTracks(): Tracks {
  const names: TrackName[] = [];
  const processes = new Map<number, number>();
  const threads = new Map<string, Track>();
  let pids = 0;
  let tids = 0;

  const named = (kind: TrackName["kind"], name: string, track: Track): Track => {
    names.push({ kind, name, track });
    return track;
  };
  const next = (pid: number): Track => {
    tids += 1;
    return { pid, tid: tids };
  };
  const newProcess = (name: string): Track => {
    pids += 1;
    return named("process_name", name, next(pids));
  };

  return {
    own(process) {
      const track = newProcess("the recording");
      processes.set(process, track.pid);
      return named("thread_name", "event loop", track);
    },
    thread(lane, process, thread) {
      const key = `${process} ${thread}`;
      const known = threads.get(key);
      if (known !== undefined) return known;
      const pid = processes.get(process);
      const track = pid === undefined ? newProcess(`${lane}, process ${process}`) : next(pid);
      processes.set(process, track.pid);
      threads.set(key, track);
      return named("thread_name", `${lane}, thread ${thread}`, track);
    },
    process: newProcess,
    names: () => names,
  };
}
