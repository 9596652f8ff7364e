/** The folder of the collection's site. */
export const PAPERS = new URL(import.meta.env.VITE_PAPERS ?? "https://host.example/papers/", location.href).href;
