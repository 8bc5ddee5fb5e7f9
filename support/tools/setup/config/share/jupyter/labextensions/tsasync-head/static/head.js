/**
 * The line at the head of each notebook in JupyterLab: which kernel is running, and what it tells of the run. It comes in the
 * metadata of the kernel's messages (`facts` in support/kernel/kernel.ts), so it is true for this run, and nothing of it is in
 * the notebook. A kernel that tells nothing, such as stock tslab, is named with its version.
 *
 * JupyterLab loads this file as it stands. It wants an object in `_JUPYTERLAB`: `init` gets the modules that are shared,
 * `get` gives the plugin.
 *
 * @typedef {readonly [what: string, here: string]} Fact
 * @typedef {{ header: { msg_type: string }, metadata: Record<string, unknown>, content: Record<string, unknown> }} Message
 * @typedef {{ connectionStatus: string, requestKernelInfo(): Promise<Message | undefined> }} Kernel
 * @typedef {{ node: HTMLElement, addClass(name: string): void, dispose(): void }} Widget
 * @typedef {{ Widget: new () => Widget }} Widgets
 * @typedef {{ sessionContext: SessionContext, contentHeader: { addWidget(one: Widget): void } }} Panel
 * @typedef {{ docRegistry: { addWidgetExtension(kind: string, one: { createNew(panel: Panel): Widget }): void } }} App
 * @typedef {Record<string, Record<string, { get(): Promise<() => Widgets> }>>} Shared
 */
/**
 * @template T
 * @typedef {{ connect(slot: (sender: unknown, value: T) => void): void }} Signal
 */
/**
 * @typedef {object} SessionContext
 * @property {{ kernel: Kernel | null } | null} session
 * @property {string} kernelDisplayName
 * @property {Signal<unknown>} kernelChanged
 * @property {Signal<unknown>} connectionStatusChanged
 * @property {Signal<string>} statusChanged
 * @property {Signal<Message>} iopubMessage
 */
{
  /** States in which a kernel can't be asked, and what it told is over. */
  const GONE = ["restarting", "autorestarting", "terminating", "dead"];

  /** @param {unknown} value @returns {value is Fact} */
  const isFact = (value) =>
    Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "string");

  /** @param {Message | undefined} message @returns {Fact[] | undefined} */
  const told = (message) => {
    const facts = message?.metadata.tsasync;
    return Array.isArray(facts) && facts.every(isFact) ? facts : undefined;
  };

  /** What every kernel says of itself. @param {string} name @param {Message} message @returns {Fact[]} */
  const plain = (name, { content }) => [
    ["Kernel", `${name}, ${content.implementation} ${content.implementation_version}`],
  ];

  /** @param {HTMLElement} node @param {readonly Fact[]} facts */
  const draw = (node, facts) => {
    node.replaceChildren(
      ...facts.map(([what, here]) => {
        const [fact, name] = [document.createElement("span"), document.createElement("b")];
        name.textContent = what;
        fact.append(name, ` ${here}`);
        return fact;
      }),
    );
  };

  /** Keeps the line true for as long as the notebook is open. @param {SessionContext} context @param {HTMLElement} node */
  const follow = (context, node) => {
    let isGone = false;
    const ask = async () => {
      const kernel = context.session?.kernel;
      if (kernel?.connectionStatus !== "connected")
        return draw(node, [["Kernel", kernel ? "starting" : "none"]]);
      // It fails when the kernel goes away meanwhile; then something else is to be shown, and is asked for.
      const reply = await kernel.requestKernelInfo().catch(() => undefined);
      if (reply && kernel === context.session?.kernel)
        draw(node, told(reply) ?? plain(context.kernelDisplayName, reply));
    };
    context.kernelChanged.connect(ask);
    context.connectionStatusChanged.connect(ask);
    context.statusChanged.connect((_, status) => {
      const wasGone = isGone;
      isGone = GONE.includes(status);
      if (isGone) draw(node, [["Kernel", status]]);
      else if (wasGone) void ask();
    });
    context.iopubMessage.connect((_, message) => {
      const facts = message.header.msg_type === "status" ? told(message) : undefined;
      if (facts) draw(node, facts);
    });
    void ask();
  };

  /** @type {Widgets | undefined} */
  let widgets;

  /** @param {Panel} panel */
  const createNew = (panel) => {
    if (widgets === undefined) throw new Error("JupyterLab shares no @lumino/widgets");
    const line = new widgets.Widget();
    line.addClass("tsasync-head");
    line.node.setAttribute("role", "group");
    line.node.setAttribute("aria-label", "What is running");
    panel.contentHeader.addWidget(line);
    follow(panel.sessionContext, line.node);
    return line;
  };

  const plugin = {
    id: "tsasync-head:plugin",
    autoStart: true,
    /** @param {App} app */
    activate: (app) => app.docRegistry.addWidgetExtension("Notebook", { createNew }),
  };

  const container = {
    /** @param {Shared} shared */
    async init(shared) {
      const [copy] = Object.values(shared["@lumino/widgets"] ?? {});
      widgets = (await copy?.get())?.();
    },
    get: async () => () => plugin,
  };
  const all = Reflect.get(globalThis, "_JUPYTERLAB") ?? {};
  Reflect.set(globalThis, "_JUPYTERLAB", { ...all, "tsasync-head": container });
}
