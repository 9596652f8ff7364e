// A page just large enough to test the test host and the console watch with.
class Mini extends HTMLElement {
  #asked = "";

  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    const field = document.createElement("input");
    const list = document.createElement("ol");
    root.append(field, list);
    field.addEventListener("input", () => this.#answer(field.value, list));
    this.dataset.state = "ready";
  }

  async #answer(query, list) {
    this.dataset.state = "searching";
    this.#asked = query;
    const answer = await fetch("segments/0/t/0.bin").then((r) => (r.ok ? r.arrayBuffer() : null)).catch(() => null);
    if (answer?.byteLength === 1000) await fetch("segments/0/c/0.bin").catch(() => null);
    // Another key was faster.
    if (this.#asked !== query) return;
    list.replaceChildren(...[0, 1].map((n) => {
      const line = document.createElement("li");
      line.dataset.paperId = `${query}-${n}`;
      line.textContent = `Paper  ${n} about ${query}`;
      return line;
    }));
    this.dataset.state = answer ? "done" : "error";
  }
}
customElements.define("offprint-search", Mini);
