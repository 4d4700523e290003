// Scripts, styles and icons, and the few pages that stand where nothing else can: in the Cache, so that they open without the rest.

/** What the server wrote before this script: the address of each file, and its version. */
declare const FILES: Record<string, string>;
declare const PAGES: string[];

const SHELL = "shell-";

function name(): string {
  return SHELL + (FILES["/static/build/app.js"] ?? "");
}

/** Fails as a whole when one of them does not come: the worker before this one stays. */
export async function fetchShell(): Promise<void> {
  const cache = await caches.open(name());
  const files = Object.entries(FILES).map(([path, version]) => `${path}?v=${version}`);
  await cache.addAll([...files, ...PAGES].map((url) => new Request(url, { cache: "no-cache" })));
}

export async function dropOldShells(): Promise<void> {
  for (const one of await caches.keys()) {
    if (one.startsWith(SHELL) && one !== name()) await caches.delete(one);
  }
}

/** A file, or a page of the shell. An address of an older build is not ours to answer. */
export async function fromShell(request: Request | string): Promise<Response | undefined> {
  const cache = await caches.open(name());
  return cache.match(request, { ignoreVary: true });
}

/** What is built stands in a packed page as `?v=*`. */
export function withBuild(html: string): string {
  return html
    .replace(/(\/static\/[\w./-]+)\?v=\*/g, (whole, path: string) =>
      FILES[path] ? `${path}?v=${FILES[path]}` : whole,
    )
    .replace('name="build" content="*"', `name="build" content="${FILES["/static/build/app.js"]}"`);
}
