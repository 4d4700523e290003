// What we use of htmx, which the page loads before us.

interface Internals {
  isSoftMatch(old: Node, fresh: Node): boolean;
}

interface Swap {
  text: string;
  target: Element;
  sourceElement: Element;
  swap: string;
}

interface Htmx {
  registerExtension(name: string, extension: { init(api: Internals): void }): void;
  swap(what: Swap): Promise<void>;
}

export const { htmx } = window as unknown as { htmx: Htmx };
