import { defineConfig } from "vite";

// Two pages, wherever they are served from.
export default defineConfig({
  base: "./",
  build: { rollupOptions: { input: ["index.html", "instantsearch.html"] } },
});
