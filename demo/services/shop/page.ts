import { catalogue } from '../catalogue.js';

export interface PageContext {
  /** Where Lemni is, for the widget. */
  readonly lemniUrl: string;
  readonly publicKey: string;
  readonly version: string;
  /** W3C traceparent of the request that the page answers. */
  readonly traceparent: string;
}

/** The shop's only page. It carries the feedback widget by one script tag. */
export function shopPage({ lemniUrl, publicKey, version, traceparent }: PageContext): string {
  const articles = catalogue
    .map(
      ({ sku, name, cents }) => `<li>
        <span class="name">${name}</span><span class="price">${(cents / 100).toFixed(2)} €</span>
        <input type="number" name="${sku}" value="0" min="0" max="9" aria-label="How many: ${name}">
      </li>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="traceparent" content="${traceparent}">
    <title>Pour Over: a shop of Lemni's demo</title>
    <link rel="stylesheet" href="/shop.css">
    <script src="/shop.js" defer></script>
    <script src="${lemniUrl}/widget.js" data-key="${publicKey}" data-service="shop" data-environment="production" data-version="${version}" defer></script>
  </head>
  <body>
    <main>
      <h1>Pour Over</h1>
      <p>Three or more of one article are ten percent cheaper.</p>
      <form id="cart"><ul>${articles}</ul><button>Buy</button></form>
      <p id="outcome" role="status"></p>
    </main>
  </body>
</html>
`;
}

export const shopStyle = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1c1a17; background: #faf7f2; }
main { max-width: 36rem; margin: 3rem auto; padding: 0 1rem; }
ul { list-style: none; padding: 0; }
li { display: flex; gap: 1rem; padding: .5rem 0; border-bottom: 1px solid #e4ddd2; align-items: center; }
.name { flex: 1; }
input { width: 4rem; font: inherit; }
button { font: inherit; padding: .5rem 1.5rem; background: #6b3f1d; color: #fff; border: 0; border-radius: .4rem; cursor: pointer; }
`;

/** Buys what the form says, with the session in the baggage, as OpenTelemetry's browser SDK would send it. */
export const shopScript = `
const session = sessionStorage.session ??= crypto.randomUUID();
window.lemni ||= function () { (lemni.q ||= []).push(arguments); };
lemni('set', { sessionId: session });
document.getElementById('cart').addEventListener('submit', async (event) => {
  event.preventDefault();
  const lines = [...new FormData(event.target)]
    .map(([sku, quantity]) => ({ sku, quantity: Number(quantity) }))
    .filter(({ quantity }) => quantity > 0);
  const outcome = document.getElementById('outcome');
  if (lines.length === 0) return void (outcome.textContent = 'Choose something first.');
  const answer = await fetch('/api/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json', baggage: 'session.id=' + session },
    body: JSON.stringify({ lines }),
  });
  const { cents, error } = await answer.json();
  outcome.textContent = answer.ok ? 'Thank you: ' + (cents / 100).toFixed(2) + ' € paid.' : 'Paying failed: ' + error;
});
`;
