/** All of it lies in the shadow root: the page's rules do not reach in, and none of these reach out. */
const light = `--bg:#fff;--fg:#1a1d21;--muted:#545b67;--line:#818a97;--soft:#f1f3f5;--accent:#0b7285;--on:#fff;--bad:#c22626;--star:#b45309;color-scheme:light`;
const dark = `--bg:#1b1e24;--fg:#eceef2;--muted:#a8b0bd;--line:#7b8493;--soft:#272b33;--accent:#4fd1e3;--on:#06282d;--bad:#ff9a94;--star:#fbbf24;color-scheme:dark`;

export const css = `
:host{all:initial!important;display:contents!important}
:host([hidden]){display:none!important}
*{box-sizing:border-box}
.root{${light};font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--fg);text-align:start}
.root[data-theme=dark]{${dark}}
@media (prefers-color-scheme:dark){.root[data-theme=auto]{${dark}}}
button,input,textarea{font:inherit;color:inherit}
button{cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
svg{width:1.25em;height:1.25em;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;flex:none}
.open{position:fixed;bottom:max(16px,env(safe-area-inset-bottom));right:16px;z-index:2147483000;display:inline-flex;gap:8px;align-items:center;min-height:44px;padding:8px 16px;border:1px solid var(--bg);border-radius:22px;background:var(--accent);color:var(--on);font-weight:600;box-shadow:0 2px 10px rgba(0,0,0,.25)}
.root[data-position=bottom-left] .open{right:auto;left:16px}
.root[data-position=none] .open{display:none}
.open[data-unread]::after{content:"";width:10px;height:10px;border-radius:50%;background:var(--on)}
dialog{width:min(460px,calc(100vw - 24px));max-width:none;max-height:calc(100dvh - 24px);padding:0;border:1px solid var(--line);border-radius:12px;background:var(--bg);color:var(--fg);overflow:auto;overscroll-behavior:contain}
dialog::backdrop{background:rgba(0,0,0,.5)}
.body{padding:20px;display:grid;gap:16px}
header{display:flex;align-items:start;gap:12px}
h2,h3{margin:0;font-size:18px;line-height:1.3;font-weight:650;flex:1}
h3{font-size:15px}
form{display:grid;gap:16px;margin:0}
p{margin:0}
.note{color:var(--muted);font-size:13px}
.bad{color:var(--bad)}
.bad:empty,.status:empty{margin-top:-16px}
.quiet{border:1px solid var(--line);border-radius:8px;background:transparent;min-height:40px;padding:6px 12px;display:inline-flex;gap:8px;align-items:center}
.quiet:hover{background:var(--soft)}
.icon{border:0;min-width:40px;justify-content:center;margin:-6px -6px 0 0;padding:0}
.send{border:0;border-radius:8px;min-height:44px;padding:8px 20px;background:var(--accent);color:var(--on);font-weight:650}
[aria-disabled=true]{opacity:.65;cursor:default}
label,legend{display:block;font-weight:600;padding:0;margin:0 0 6px}
label small,legend small{font-weight:400;color:var(--muted);font-size:13px}
fieldset{border:0;margin:0;padding:0;min-width:0}
.stars{display:flex;gap:4px}
.stars label{margin:0;position:relative;width:44px;height:44px;display:grid;place-items:center;border-radius:8px;color:var(--star);cursor:pointer}
.stars input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.stars label:hover{background:var(--soft)}
.stars label:focus-within{outline:3px solid var(--accent);outline-offset:-1px}
.stars svg{width:28px;height:28px;stroke-width:1.6;pointer-events:none}
.stars [data-on] svg{fill:currentColor}
.chosen{min-height:1.45em;color:var(--muted);font-size:13px}
textarea,input[type=email]{display:block;width:100%;border:1px solid var(--line);border-radius:8px;padding:9px 11px;background:var(--bg)}
textarea{min-height:104px;resize:vertical}
[aria-invalid=true]{border-color:var(--bad)!important}
.shot img{display:block;max-width:100%;max-height:180px;border:1px solid var(--line);border-radius:8px;margin-bottom:8px}
.shot .note{margin-top:6px}
.answers{display:grid;gap:12px;border-bottom:1px solid var(--line);padding-bottom:16px}
blockquote{margin:0;padding:10px 12px;border-radius:8px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
blockquote p+p{margin-top:6px}
[hidden]{display:none!important}
@media (prefers-reduced-motion:no-preference){dialog[open]{animation:in .16s ease-out}.open{transition:transform .12s}.open:hover{transform:translateY(-1px)}@keyframes in{from{opacity:0;transform:translateY(8px)}}}
@media (max-width:520px){dialog{margin:auto 0 0;width:100vw;border-radius:12px 12px 0 0;max-height:92dvh}}
@media (forced-colors:active){.open,.send{border:2px solid ButtonText}.stars [data-on] svg{fill:Highlight}}
@media print{.open{display:none}}
`;

/**
 * A constructed style sheet is no inline style, so `style-src 'self'` allows it. Browsers before 2023 (Safari
 * 16.3) get an element with the script's nonce.
 */
export function addStyles(root: ShadowRoot, nonce: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.nonce = nonce;
    style.textContent = css;
    root.append(style);
  }
}
