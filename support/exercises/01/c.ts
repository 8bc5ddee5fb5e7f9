import type { Socket } from "node:net";
import { type Client, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { type Meeting, meeting, recv } from "./tools.ts";

interface Door {
  accept: () => Promise<Socket | null>;
  talk: (guest: Socket) => Promise<void>;
  refuse: (guest: Socket) => void;
}
type ServeTwo = (door: Door) => Promise<void>;

/** How many may be inside. */
const ROOM = 2;

/** How long a guest stays, in lesson seconds, and from when on an answer at the door is late. */
const STAYS = 2;
const LATE = 1.5;

/** A guest stays for a while, and then leaves or vanishes. */
interface Guest {
  name: string;
  vanishes: boolean;
}
/** Rounds of guests: those of a round come at once, when those of the round before have gone. */
type Rounds = Guest[][];

const clientOf = ({ name, vanishes }: Guest): Client => ({
  name,
  steps: [
    { hear: 4 },
    { wait: STAYS },
    vanishes ? { vanish: true } : { endSending: true },
    { hear: "the end" },
  ],
});

const words = (rounds: Rounds): string =>
  rounds
    .map((guests) => guests.map(({ name, vanishes }) => name + (vanishes ? " (vanishes)" : "")).join(", "))
    .join("; then ");

const stays = (...names: string[]): Guest[] => names.map((name) => ({ name, vanishes: false }));

async function evening({ accept, visit, closeAfter }: Meeting, serveTwo: ServeTwo, rounds: Rounds) {
  const counts = { inside: 0, most: 0, insideAtEnd: 0 };
  const talk = async (guest: Socket): Promise<void> => {
    counts.inside += 1;
    counts.most = Math.max(counts.most, counts.inside);
    try {
      guest.write("come");
      while ((await recv(guest, 1024)) !== null);
      guest.end();
    } finally {
      counts.inside -= 1;
    }
  };
  const refuse = (guest: Socket): void => {
    guest.end("full");
    guest.resume();
  };
  const serving = serveTwo({ accept, talk, refuse }).then(
    () => {
      counts.insideAtEnd = counts.inside;
      return undefined;
    },
    (error: unknown) => ({ error }),
  );
  // Who is not asked in by then goes home without a word.
  void serving.then(async () => {
    for (let guest = await accept(); guest !== null; guest = await accept()) guest.destroy();
  });
  const heard: { name: string; text: string; at: number }[][] = [];
  // The door is shut while the last ones are still inside.
  closeAfter(rounds.flat().length);
  for (const guests of rounds) {
    const { value } = await visit(guests.map(clientOf));
    heard.push(
      value.map((one) => ({ name: one.name, text: one.heard[0]?.text ?? "", at: one.heard[0]?.at ?? 0 })),
    );
  }
  const failed = await serving;
  return { counts, heard, failed };
}

export const check = checkOf<ServeTwo>(async (serveTwo, desk) => {
  const visible: Rounds[] = [[stays("Ada", "Bob", "Eve"), stays("Max", "Ned", "Sue")]];
  const unseen: Rounds = [[{ name: "Ada", vanishes: true }], stays("Max", "Ned", "Sue", "Tom")];
  for (const rounds of desk.inputs(visible, () => unseen, 1)) {
    const { value } = await meeting((met) =>
      desk.run(words(rounds), () => evening(met, serveTwo, rounds), { mayLeave: true }),
    );
    if (value === undefined) continue;
    const { counts, heard, failed } = value;
    desk.expect(
      counts.most <= ROOM,
      `${counts.most} talked at once; ${ROOM} are allowed`,
      "Nobody counts who is inside.",
    );
    for (const [at, guests] of rounds.entries()) {
      const round = heard[at] ?? [];
      const late = round.find((one) => one.at > LATE);
      desk.expect(
        late === undefined,
        `${late?.name} was answered after ${whole(late?.at ?? 0)} s, with “${late?.text}”`,
        "A guest is let in or refused at once. Does the loop wait for somebody meanwhile?",
      );
      const greeted = round.filter(({ text }) => text === "come").length;
      const room = Math.min(guests.length, ROOM);
      desk.expect(
        greeted === room,
        `in round ${at + 1}, ${greeted} of ${guests.length} were let in; there was room for ${room}`,
        at === 0
          ? "The first two have to be let in."
          : "A place is free again when its guest has gone, however that was.",
      );
      const refused = round.filter(({ text }) => text === "full").length;
      desk.expect(
        refused === guests.length - room,
        `in round ${at + 1}, ${refused} were told “full”; ${guests.length - room} found no room`,
      );
    }
    desk.expect(
      failed === undefined,
      `a guest vanished, and the server ended: ${String(failed?.error)}`,
      "What goes wrong with one guest concerns nobody else.",
    );
    desk.expect(
      counts.insideAtEnd === 0,
      `it ended while ${counts.insideAtEnd} ${counts.insideAtEnd === 1 ? "was" : "were"} still talking`,
      "When nobody comes any more, somebody may still be inside.",
    );
  }
});
