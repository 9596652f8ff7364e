// What keeps a collection offline is loaded once the hosted page's search has come to rest. Pages
// of others have no place for it, and so never get a service worker.

import { loadModule } from "./client-host.js";

/**
 * @param {string} home absolute URL of the site's folder
 * @param {string} build as it stands in the script's address
 */
export function startOffline(home, build) {
  /** @type {HTMLElement | null} */
  const place = document.querySelector("offprint-offline");
  if (!place || !build || (isSecureContext && !navigator.serviceWorker)) return;
  const wait = () => setTimeout(() => {
    /** @type {HTMLElement | null} */
    const search = document.querySelector("offprint-search");
    if (!/ready|done|error/.test(search?.dataset.state ?? "")) wait();
    else loadModule("offline.js").then(({ showOffline }) => showOffline(place, home, build), () => {});
  }, 500);
  wait();
}
