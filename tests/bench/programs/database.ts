/** A PostgreSQL of the bench's own. Prints its address; ends when its input does. */
import { database } from "../../../support/helpers/postgres/database.ts";

const { url, stop } = await database();
console.log(url);
process.stdin.resume();
process.stdin.once("end", async () => {
  await stop();
  process.exit();
});
