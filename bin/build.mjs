// Builds what the browser loads into static/build: a script, a small one that is there first, the worker, a style sheet, htmx, a sprite of icons.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const out = "static/build";
const require = createRequire(import.meta.url);

await mkdir(out, { recursive: true });
await Promise.all([
  bundle("static/js/app.ts", `${out}/app.js`),
  bundle("static/js/early.ts", `${out}/early.js`, "iife"),
  bundle("service_worker/worker.ts", `${out}/worker.js`, "iife"),
  bundle("service_worker/off.ts", `${out}/worker-off.js`, "iife"),
  bundle("static/css/app.css", `${out}/app.css`),
  copyFile("node_modules/htmx.org/dist/htmx.min.js", `${out}/htmx.min.js`),
  sprite("static/icons.txt", `${out}/icons.svg`),
]);

function bundle(entry, outfile, format = "esm") {
  return build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format,
    target: ["chrome109", "firefox115", "safari16.4"],
    external: ["*.woff2", "*.svg", "*.png"],
    logLevel: "warning",
  });
}

async function sprite(list, outfile) {
  const names = (await readFile(list, "utf8")).split(/\s+/).filter(Boolean);
  const symbols = await Promise.all([...new Set(names)].sort().map(symbol));
  const { version, license } = require("lucide-static/package.json");
  await writeFile(
    outfile,
    `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide ${version}, ${license} -->\n${symbols.join("\n")}\n</svg>\n`,
  );
}

async function symbol(name) {
  const file = `node_modules/lucide-static/icons/${name}.svg`;
  const svg = await readFile(file, "utf8").catch(() => {
    throw new Error(`static/icons.txt names "${name}", and Lucide has no such icon.`);
  });
  const drawing = svg.match(/<svg[^>]*>(.*)<\/svg>/s)[1].replace(/\s*\n\s*/g, "");
  return (
    // The style sheet says how icons are drawn: .icon
    `<symbol id="${name}" viewBox="0 0 24 24">${drawing}</symbol>`
  );
}
