// What must hold of any run, on any machine: counts, never times.

/**
 * @param {any} run
 * @returns {string[]} what is wrong
 */
export function complaints(run) {
  /** @type {string[]} */
  const wrong = [];
  for (const [papers, { engines }] of Object.entries(run.papers)) {
    for (const engine of engines) {
      /** @param {boolean} holds @param {string} what */
      const expect = (holds, what) => {
        if (!holds) wrong.push(`${engine.label ?? engine.engine}, ${papers} papers: ${what}`);
      };
      for (const { phase, reason } of engine.failures) expect(false, `${phase}: ${reason}`);
      const first = engine.cold?.slow?.first;
      const next = engine.cold?.slow?.next;
      const loaded = engine.loaded?.slow;
      expect(engine.build?.files > 2 && engine.build?.bytes > 10_000, "the build wrote nothing");
      expect(engine.build?.cpu >= 0 && engine.build?.rss > 1e6, "the build was not measured");
      expect(first?.shown.max >= 1 && first?.shown.max <= 10, "no query brought lines");
      expect(first?.client_bytes.p50 > 1000 && first?.client_bytes.p50 <= first?.client_raw.p50, "client bytes");
      expect(first?.index_bytes.p50 > 100 && first?.index_requests.p50 >= 1, "index bytes");
      expect(first?.requests.p50 > 2, "requests");
      expect(first?.steps.p50 >= 2 && first?.steps.max <= first?.requests.max, "sequential steps");
      // Every step waits for the delay of the host.
      expect(first?.ms.p50 >= run.delay * 2, "the delay did not delay");
      expect(engine.cold?.fast?.first.ms.p50 > 0, "time without delay");
      expect(next?.requests !== undefined && next.index_bytes.p50 < first.all_bytes.p50, "the next query costs as much as the first");
      expect(loaded?.start_index_bytes.p50 > 0 && loaded.start_steps.p50 >= 2, "start-up");
      expect(engine.typed?.ms.p50 > 0 && engine.typed.ms.p50 <= loaded?.ms.max, "typed queries");
      expect(engine.http2 === undefined || engine.http2.cold?.first.steps.p50 <= first?.steps.max, "HTTP/2");
      expect(!engine.whole || next.requests.max === 0, "a whole index asks for more");
      for (const kind of ["frequent", "short", "middle", "long"]) {
        expect(engine.kinds?.[kind]?.first.requests.p50 > 2, `queries of the kind ${kind}`);
      }
      expect(engine.warm?.titles.p50 >= 0 && engine.warm?.titles.of > 0, "warm queries");
      expect(engine.memory?.used.heap > 1e5 && engine.memory?.used.process > 1e6, "memory");
      expect(engine.prefixes?.middle.share.p50 > 0 && engine.prefixes?.middle.share.p50 < 3, "prefixes");
      expect(engine.histories?.of >= 1, "histories");
    }
  }
  return wrong;
}
