/** Holds a database and says its address; the tests kill it. */
import { database } from "../../../support/helpers/postgres/database.ts";

const { url } = await database();
console.log(url);
setInterval(() => {}, 1000);
