// Keeps a collection for use without a network, and offers what is new. Loaded by the hosted page
// once its search rests.

import { Keeper, bytesIn } from "./offline-keeper.js";
import { OfflinePanel } from "./offline-panel.js";
import { Store } from "./offline-store.js";

/** How long after a look for updates a reader's return is no reason for another, in milliseconds. */
const LOOK_AGAIN = 600000;

/** How long changes of the progress gather, in milliseconds. */
const GATHER = 100;

/**
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<void>} once no other worker is on its way
 */
function settled(registration) {
  const coming = registration.installing ?? registration.waiting;
  return new Promise((resolve) => {
    const look = () => (!coming || /activated|redundant/.test(coming.state)) && resolve();
    coming?.addEventListener("statechange", look);
    look();
  });
}

/**
 * WebKit shows a page that lies fresh in its memory without asking the service worker, which has a
 * newer one, maybe the only one whose files are left.
 * @param {Store} store
 * @param {string} build of the page
 * @returns {Promise<boolean>} once for a build in each tab at most: the worker may lack the newer page
 */
async function passedTheWorker(store, build) {
  const { current } = (await store.read("keep")) ?? {};
  const latest = await store.read("latest");
  const newer = current ?? (latest?.before === build && latest);
  if (!newer || newer.build === build || !navigator.serviceWorker.controller) return false;
  const known = `offprint ${store.home} ${newer.build}`;
  try {
    if (sessionStorage.getItem(known)) return false;
    sessionStorage.setItem(known, "");
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} home absolute URL of the site's folder
 * @param {string} build of the page
 */
export async function showOffline(place, home, build) {
  const panel = new OfflinePanel(place);
  if (!isSecureContext) return panel.refuse("keepInsecure");
  const store = new Store(home);
  if (await passedTheWorker(store, build)) return location.reload();
  /** @type {ServiceWorkerRegistration} */
  let registration;
  try {
    registration = await navigator.serviceWorker.register(home + "sw.js");
    // As long as this page is open, what it needs stays.
    navigator.locks.request(store.page(build), { mode: "shared" }, () => new Promise(() => {}));
    await settled(registration);
  } catch {
    return panel.refuse("keepRefused");
  }
  /** The build that the site has; none where it cannot be reached. @type {string | undefined} */
  let served;
  let away = false;
  let looked = 0;
  let timer = 0;
  /** Updates that the reader put off. */
  const put = new Set();

  const keeper = new Keeper(store, () => (timer ||= setTimeout(show, GATHER)));

  async function show() {
    timer = 0;
    const latest = await store.read("latest");
    const about = latest && (await store.about(latest.build));
    if (!about) return;
    panel.show(keeper, about, away, (await navigator.storage?.persisted?.()) ?? false);
    const { current, coming } = (await store.read("keep")) ?? {};
    /** @type {import("./offline-panel.js").News | undefined} */
    let news;
    let take = () => location.reload();
    if (keeper.gone && coming?.build !== about.build) {
      keeper.gone = false;
      keeper.keep(about);
    } else if (coming) {
      // It is told of when it is there.
    } else if (current && current.build !== build) {
      news = { text: "updateReady", bytes: 0 };
    } else if (served && served !== build && !current) {
      news = { text: "updateReload", bytes: 0 };
    } else if (served === about.build && served !== build) {
      const there = new Set(current?.segments.map(({ name }) => name));
      const bytes = bytesIn({ ...about, segments: about.segments.filter(({ name }) => !there.has(name)) });
      news = { text: "updateLoad", bytes };
      take = () => keeper.keep(about);
    } else if (away && !current) {
      news = { text: "keepAway", bytes: 0 };
    }
    const name = `${news?.text} ${served}`;
    if (put.has(name)) news = undefined;
    panel.announce(news, () => {
      take();
      show();
    }, () => {
      put.add(name);
      show();
    });
  }

  /** Asks the site which build it has, past every cache, and lets the worker follow. */
  async function look() {
    looked = Date.now();
    try {
      const response = await fetch(home + "offline.json", { cache: "no-store" });
      served = response.ok ? (await response.json()).build : undefined;
      away = false;
    } catch {
      served = undefined;
      away = true;
    }
    if (served && served !== (await store.read("latest"))?.build) {
      await registration.update().catch(() => {});
      await settled(registration);
    }
    await show();
  }

  store.channel().onmessage = async () => {
    await keeper.look();
    await show();
  };
  addEventListener("online", look);
  addEventListener("offline", look);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - looked > LOOK_AGAIN) look();
  });
  await look();
  await keeper.look();
  // What only the page before this one needed.
  return store.sweep();
}
