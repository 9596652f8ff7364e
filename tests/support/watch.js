// Collects everything a page says or does wrong, for engines whose drivers do not tell. The list lives in
// sessionStorage, so it outlasts navigation within one tab and one origin; every test has an origin of its own.
(() => {
  const KEY = "offprint-test-watch";
  const note = (kind, text) => {
    const list = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    list.push(`${kind}: ${text}`);
    sessionStorage.setItem(KEY, JSON.stringify(list));
  };
  const say = (value) => (value instanceof Error ? `${value.name}: ${value.message}` : String(value));

  for (const level of ["error", "warn", "info", "log", "debug"]) {
    const real = console[level].bind(console);
    console[level] = (...args) => {
      note(`console.${level}`, args.map(say).join(" "));
      real(...args);
    };
  }
  // Capturing sees failed loads of scripts, styles and images too; those events do not bubble.
  addEventListener("error", (event) => {
    // Not what the page itself dispatches under that name.
    if (event instanceof CustomEvent) return;
    const target = event.target;
    if (target instanceof Element) note("load", target.src ?? target.href ?? target.tagName);
    else note("error", event.message);
  }, true);
  addEventListener("unhandledrejection", (event) => note("unhandledrejection", say(event.reason)));
  document.addEventListener("securitypolicyviolation", (event) =>
    note("securitypolicyviolation", `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`));

  // What the engine says an answer took.
  document.addEventListener("results", (event) => (globalThis.offprintTestWork = event.detail?.work), true);

  // A worker's own errors reach only whoever listens on it.
  const Real = globalThis.Worker;
  globalThis.Worker = class extends Real {
    constructor(...args) {
      super(...args);
      (globalThis.offprintTestWorkers ??= []).push(String(args[0]));
      this.addEventListener("error", (event) => note("worker", event.message ?? "failed to load"));
      this.addEventListener("messageerror", () => note("worker", "messageerror"));
    }
  };
})();
