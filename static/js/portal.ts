// A page of somebody else's, such as a hotel's sign-in, is no answer: it must not come into ours.

import { htmx } from "./htmx";

interface Answered {
  ctx: { response?: { raw?: Response } };
}

htmx.registerExtension("portal", {
  htmx_before_response(_source: Element, { ctx }: Answered) {
    const raw = ctx.response?.raw;
    if (raw && !raw.headers.has("Roadbook")) throw new TypeError("This was not our server.");
  },
});
