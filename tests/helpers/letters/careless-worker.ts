/**
 * A worker as many are written: it commits the effect, has something else to do, and says that the job is done
 * afterwards. It shows that the kills of `kills.ts` are such that a letter can be sent twice.
 */
import { parseArgs } from "node:util";
import { PgBoss } from "pg-boss";
import postgres from "postgres";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { letterOf } from "../../../support/helpers/letters/letter.ts";

const OFTEN = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 };

process.once("disconnect", () => process.exit(1));
const { values } = parseArgs({ options: { name: { type: "string", default: "careless" } } });
const address = process.env.DATABASE_URL ?? "";
const sql = postgres(address, { max: 1 });
const [row] = await sql<{ schema: string }[]>`select current_schema() as schema`;
const boss = new PgBoss({
  connectionString: address,
  schema: row?.schema ?? "public",
  migrate: false,
  schedule: false,
  useListenNotify: true,
  superviseIntervalSeconds: 1,
  monitorIntervalSeconds: 1,
});
boss.on("error", (error) => console.error(error));
await boss.start();
const id = await boss.work<unknown, void>("letters", OFTEN, async ([job]) => {
  boss.notifyWorker(id);
  if (job === undefined) return;
  const { letter, seconds } = letterOf(job.data);
  await sleep(seconds / 2);
  await sql`insert into sent (letter, worker) values (${letter}, ${values.name})`;
  await sleep(seconds / 2);
});
process.once("SIGTERM", async () => {
  await boss.stop();
  await sql.end();
  process.exit(0);
});
process.send?.({ joined: values.name });
