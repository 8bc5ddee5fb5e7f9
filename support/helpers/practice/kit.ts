/** What the checks of exercises are made with: all that they import, beside what lessons import. */
export { delayServer } from "../delay-server-client/delay-server.ts";
export { type Check, checkOf } from "./check-of.ts";
export type { Desk, Ran, RunOptions } from "./desk.ts";
export { type Get, type GetOptions, getFrom } from "./get.ts";
export { type Heard, openPlace, type Place, type Visit, visit } from "./place.ts";
export { type Chance, chance } from "./random.ts";
