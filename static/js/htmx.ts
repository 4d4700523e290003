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

interface Extension {
  init?(api: Internals): void;
  htmx_before_request?(source: Element, detail: never): void;
  htmx_before_response?(source: Element, detail: never): void;
}

interface Htmx {
  registerExtension(name: string, extension: Extension): void;
  swap(what: Swap): Promise<void>;
  process(part: Element): void;
}

export const { htmx } = window as unknown as { htmx: Htmx };
