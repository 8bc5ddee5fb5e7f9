import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { whole } from "support";
import { checkOf, openPlace, visit } from "support/helpers/practice/kit";

type Loud = (pieces: AsyncIterable<Buffer>) => AsyncGenerator<string>;

const WORDS = ["get", "set", "sum", "list", "open"] as const;

export const check = checkOf<Loud>(async (loud, desk) => {
  const visible = [["help", "exit", "more"]];
  const inputs = desk.inputs(visible, (chance) => [...chance.shuffled(WORDS).slice(0, 2), "exit", "more"], 2);
  for (const words of inputs) {
    const { value } = await desk.run(`the words ${words.join(", ")}, a second apart`, async () => {
      let piped: Promise<unknown> = Promise.resolve();
      const serve = async (socket: Socket): Promise<void> => {
        const source: AsyncIterable<Buffer> = socket.iterator({ destroyOnReturn: false });
        await pipeline(source, loud, socket).catch((error: unknown) => {
          // A client that leaves before the end is no failure of the answer's.
          if (!(error instanceof Error && "code" in error)) throw error;
        });
      };
      const place = await openPlace((socket) => {
        piped = serve(socket);
        piped.catch(() => {});
      });
      try {
        const says = words.map((text, at) => ({ at, text }));
        const heard = await visit(place.port, { says, patience: words.length });
        await piped;
        return heard;
      } finally {
        place.close();
      }
    });
    const { pieces = [], end } = value ?? {};
    const answered = pieces.map((one) => one.text);
    const expected = words.slice(0, words.indexOf("exit") + 1).map((word) => word.toUpperCase());
    const late = pieces.findIndex((piece, at) => whole(piece.at) > at);
    desk.expect(
      late === -1 || answered.join("") !== expected.join(""),
      `${expected[Math.max(0, late)]} was answered after ${whole(pieces[late]?.at ?? 0)} s; it was said at ${late} s`,
      "The words are kept until the end. In a conversation each word is answered when it has come.",
    );
    const more = answered.length < expected.length ? " and nothing more" : "";
    const said =
      answered.length === 0 ? "the client heard nothing" : `it answered ${answered.join(", ")}${more}`;
    desk.expect(
      answered.join() === expected.join(),
      `${said}; expected is ${expected.join(", ")}`,
      answered.includes("MORE") ? "Nothing ended the conversation after exit." : undefined,
    );
    desk.expect(
      end === "server",
      "the connection is still open when all has been said",
      "The generator has not ended.",
    );
  }
});
