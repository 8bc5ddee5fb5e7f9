import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LESSON_SECOND_MS, task } from "support";
import { request } from "undici";

/** What a page says: its status, and the addresses that it links to. */
export interface Page {
  status: number;
  links: string[];
}

/** Asks for a page. An abort of the signal closes the connection: it rejects with the signal's reason. */
export type FetchPage = (url: string, signal?: AbortSignal) => Promise<Page>;

/** How a crawler is to behave. */
export interface CrawlOptions {
  /** How many requests one host may have at a time. */
  perHost: number;
  /** How many times a page is asked for at most, where its host says 503. */
  tries: number;
  /** How long a page may take, in lesson seconds. */
  pageSeconds: number;
  /** From its abort on nothing new is asked for. */
  signal: AbortSignal;
}

/** What a crawl found: addresses, in any order. */
export interface Crawled {
  pages: string[];
  failed: string[];
}

export type Crawl = (fetchPage: FetchPage, start: string, options: CrawlOptions) => Promise<Crawled>;

/** One page of a site. Its name is a host's letter and a number: `a1`. */
export interface PagePlan {
  links: string[];
  /** Lesson seconds until it is answered; `Infinity` for one that never is. */
  seconds: number;
  /** How many times its host says 503 before it answers. */
  busy?: number;
}

/** One request as its host saw it. Times are lesson seconds since the site was started. */
export interface Seen {
  page: string;
  at: number;
  /** Whether the client closed the connection before there was an answer. */
  left: boolean;
}

/** A site of several hosts: real servers on the loopback, each on a port of its own. */
export interface Site {
  /** The address of a page. */
  url(page: string): string;
  fetchPage: FetchPage;
  /** What the hosts saw, in the order in which it came. */
  seen(): Seen[];
  /** The most requests that a host had at a time. */
  highest(host: string): number;
  close(): Promise<void>;
}

const linksIn = (html: string): string[] => [...html.matchAll(/href="([^"]*)"/g)].map(([, url = ""]) => url);

/** In a recording each request is a task: `a1`. */
function fetcher(nameOf: (url: string) => string): FetchPage {
  return (url, signal) =>
    task(nameOf(url), async () => {
      const { statusCode, body } = await request(url, { signal: signal ?? null });
      return { status: statusCode, links: linksIn(await body.text()) };
    });
}

async function listen(answer: (path: string, response: ServerResponse) => void): Promise<Server> {
  const server = createServer((asked, response) => answer(asked.url ?? "/", response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

const portOf = (server: Server): number => {
  const address = server.address();
  return isAddress(address) ? address.port : 0;
};

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === "object" && address !== null;

/** Starts the hosts of a site. Each has answered a request by then, so that no page is late because code is used for the first time. */
export async function startSite(pages: Readonly<Record<string, PagePlan>>): Promise<Site> {
  let began = 0;
  const seen: Seen[] = [];
  const now: Record<string, number> = {};
  const highest: Record<string, number> = {};
  const asked: Record<string, number> = {};
  const timers = new Set<NodeJS.Timeout>();
  const ports: Record<string, number> = {};
  const url = (page: string): string => `http://127.0.0.1:${ports[page[0] ?? ""]}/${page}`;
  const html = (plan: PagePlan): string =>
    plan.links.map((to) => `<a href="${to.startsWith("#") ? to : url(to)}">${to}</a>`).join(" ");

  function answer(path: string, response: ServerResponse): void {
    if (began === 0) return void response.end();
    const page = path.slice(1);
    const host = page[0] ?? "";
    const plan = pages[page];
    const entry: Seen = { page, at: (performance.now() - began) / LESSON_SECOND_MS, left: false };
    seen.push(entry);
    now[host] = (now[host] ?? 0) + 1;
    highest[host] = Math.max(highest[host] ?? 0, now[host]);
    asked[page] = (asked[page] ?? 0) + 1;
    response.once("close", () => {
      now[host] = (now[host] ?? 1) - 1;
      entry.left = !response.writableFinished;
    });
    const say = (status: number, text: string): void => {
      response.writeHead(status, { "content-type": "text/html" }).end(text);
    };
    if (plan === undefined) say(404, "");
    if (plan === undefined || plan.seconds === Number.POSITIVE_INFINITY) return;
    const isBusy = (asked[page] ?? 0) <= (plan.busy ?? 0);
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (isBusy) say(503, "");
      else say(200, html(plan));
    }, plan.seconds * LESSON_SECOND_MS);
    timers.add(timer);
  }

  const hosts = [...new Set(Object.keys(pages).map((page) => page[0] ?? ""))];
  const servers = await Promise.all(hosts.map(() => listen(answer)));
  hosts.forEach((host, at) => {
    const server = servers[at];
    if (server) ports[host] = portOf(server);
  });
  await Promise.all(hosts.map(async (host) => (await request(url(host))).body.dump()));
  began = performance.now();
  return {
    url,
    fetchPage: fetcher((address) => new URL(address).pathname.slice(1)),
    seen: () => [...seen],
    highest: (host) => highest[host] ?? 0,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}
