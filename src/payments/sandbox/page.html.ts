import { createHash } from "node:crypto";
import { toDecimal } from "../../platform/money";
import type { Movement } from "./movement";

/** Text for HTML, also inside of quoted attributes. */
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#fff, #1f2937); color: light-dark(#111827, #f9fafb); }
main { box-sizing: border-box; width: min(26rem, 100%); padding: 2rem 1.5rem; background: light-dark(#fff, #1f2937); }
@media (min-width: 28rem) { body { background: light-dark(#f3f4f6, #111827); } main { padding: 2rem; border-radius: 1rem; box-shadow: 0 1px 3px #0003, 0 8px 24px #0001; } }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: .5rem 0; }
dl { margin: 1.5rem 0; padding: 1rem 0; border: solid light-dark(#e5e7eb, #374151); border-width: 1px 0; display: grid; grid-template-columns: auto 1fr; gap: .5rem 1rem; }
dt { color: light-dark(#4b5563, #9ca3af); }
dd { margin: 0; text-align: right; font-weight: 600; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
button, .back { box-sizing: border-box; display: block; width: 100%; min-height: 3rem; margin-top: .75rem; padding: .6rem 1rem; border: 1px solid light-dark(#6b7280, #9ca3af); border-radius: .5rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; color: inherit; background: none; cursor: pointer; }
button.yes { border-color: #1d4ed8; background: #1d4ed8; color: #fff; }
button:focus-visible, .back:focus-visible { outline: 3px solid light-dark(#1d4ed8, #93c5fd); outline-offset: 3px; }
.note { margin: 1.5rem 0 0; font-size: .875rem; color: light-dark(#4b5563, #9ca3af); }`;

/** What the pages may do: show themselves, and send their form here, from where the buyer goes on to `backOrigin`. */
export const contentSecurity = (backOrigin: string | null) =>
  [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
    `form-action 'self'${backOrigin ? ` ${backOrigin}` : ""}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** A page with a heading, some text and what may be done. */
export function page(title: string, text: string, body = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
${body}<p class="note">This is the sandbox payment provider. No real money moves.</p>
</main>
</body>
</html>
`;
}

/** An authorisation that waits for its buyer, or what became of it. */
export function paymentPage(call: Movement, shop: string, backUrl: string | null): string {
  const facts = `<dl>
<dt>Amount</dt><dd>${escaped(`${toDecimal(call)} ${call.currency}`)}</dd>
<dt>Order</dt><dd>${escaped(call.orderNumber ?? "–")}</dd>
<dt>Shop</dt><dd>${escaped(shop)}</dd>
</dl>
`;
  if (call.state === "ACTION_REQUIRED")
    return page(
      "Confirm your payment",
      "Your bank wants to know that it is you.",
      `${facts}<form method="post">
<button class="yes" name="decision" value="confirm">Confirm payment</button>
<button name="decision" value="refuse">Refuse</button>
</form>
`,
    );
  const back = backUrl ? `<a class="back" href="${escaped(backUrl)}">Back to the shop</a>\n` : "";
  return page(...told(call), facts + back);
}

const told = ({ state, reason }: Movement): [title: string, text: string] => {
  if (state === "SUCCEEDED" || state === "LAPSED")
    return ["Payment confirmed", "You have confirmed this payment. There is nothing left to do here."];
  if (reason === "authentication_failed")
    return ["Payment refused", "You have refused this payment. Nothing was charged."];
  if (reason === "expired")
    return ["Payment expired", "The time to confirm this payment is over. Nothing was charged."];
  return ["Payment called off", "The shop has called this payment off. Nothing was charged."];
};
