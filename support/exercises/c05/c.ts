import { checkOf } from "support/helpers/practice/kit";
import { expectRecorded, stepsOf } from "./tools.ts";

type Report = (log: (line: string) => void) => unknown;

const PLACES = {
  poll: "from a callback for input",
  microtask: "from a promise job",
  nextTick: "from a tick",
  timers: "from a timer",
  check: "from an immediate",
} as const;

type Place = keyof typeof PLACES;

export const check = checkOf<Report>(async (report, desk) => {
  const visible: Place[] = ["poll", "microtask"];
  const others = desk.chance.shuffled<Place>(["nextTick", "timers", "check"]);
  for (const place of desk.inputs<Place>(visible, () => others.shift() ?? "check", 3)) {
    const { value } = await desk.run(`a call ${PLACES[place]}`, () =>
      stepsOf((step) => {
        setImmediate(() => step("somebody else's immediate"));
        report(step);
        step("the call has returned");
      }, place),
    );
    expectRecorded(desk, value);
    const order = value ?? [];
    for (const line of ["begun", "saved", "closed"]) {
      const times = order.filter((label) => label === line).length;
      desk.expect(times === 1, `“${line}” was logged ${times} times`);
    }
    const [begun = 0, saved = 0, closed = 0, returned = 0, other = 0] = [
      "begun",
      "saved",
      "closed",
      "the call has returned",
      "somebody else's immediate",
    ].map((label) => order.indexOf(label));
    desk.expect(begun < returned, "“begun” was logged after the call had returned");
    const inside = saved < returned ? "saved" : "closed";
    desk.expect(
      saved > returned && closed > returned,
      `“${inside}” was logged before the call had returned`,
      "Then it is no report of what has been done later.",
    );
    const late = saved > other ? "saved" : "closed";
    desk.expect(
      saved < other && closed < other,
      `“${late}” was logged after somebody else's immediate`,
      "It left the two queues: the loop went on to other callbacks first.",
    );
    desk.expect(
      saved < closed,
      "“closed” was logged before “saved”",
      "The two lines stand in two queues. Which of the queues comes first depends on the place of the call.",
    );
  }
});
