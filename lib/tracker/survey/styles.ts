/**
 * Pixels, since a page may set any size of text. What the page says of `div` must not reach the host: important rules of
 * a shadow root win over those of the page. Direction is the page's.
 */
export const css = `
:host{all:initial!important;position:fixed!important;inset-block-end:16px!important;inset-inline-end:16px!important;
inline-size:min(416px,calc(100vw - 32px))!important;z-index:2147483647!important}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit}
label{display:block}
.box{--face:#fff;--text:#172026;--pale:#55626c;--line:#93a0a8;--accent:#0b6473;--on:#fff;
font:15px/1.4 system-ui,-apple-system,'Segoe UI',sans-serif;color:var(--text);background:var(--face);
border:1px solid var(--line);border-radius:12px;padding:16px;box-shadow:0 8px 32px #0004;
max-block-size:calc(100vh - 32px);overflow:auto;overflow-wrap:anywhere;text-align:start;animation:up .25s}
@keyframes up{from{opacity:0;transform:translateY(12px)}}
.head{display:flex;gap:8px;align-items:start;margin-block-end:12px}
.question{flex:1;font-weight:600}
button{cursor:pointer;border:0;border-radius:6px;background:none;min-block-size:36px}
.close{inline-size:36px;margin-block:-8px;margin-inline-end:-8px;font-size:22px;line-height:1;color:var(--pale)}
.scores{display:flex;gap:3px}
.score{flex:1 1 0;min-inline-size:0;position:relative}
.score input{position:absolute;inset:0;inline-size:100%;block-size:100%;opacity:0;cursor:pointer}
.score span{display:grid;place-items:center;block-size:38px;border:1px solid var(--line);border-radius:6px;
font-variant-numeric:tabular-nums}
.score input:hover+span{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.score input:checked+span{background:var(--accent);border-color:var(--accent);color:var(--on);font-weight:600}
.score input:focus-visible+span,button:focus-visible,textarea:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.ends{display:flex;justify-content:space-between;gap:16px;margin-block-start:6px;font-size:13px;color:var(--pale)}
.more{margin-block-start:14px;animation:up .25s}
.more[hidden]{display:none}
textarea{display:block;inline-size:100%;margin-block:6px 12px;padding:8px;font-size:16px;resize:vertical;
background:var(--face);border:1px solid var(--line);border-radius:6px}
.send{padding-inline:18px;background:var(--accent);color:var(--on);font-weight:600}
.said{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}
.thanks{font-weight:600}
@media(prefers-color-scheme:dark){.box{--face:#1e262d;--text:#e6ebef;--pale:#b9c4cd;--line:#7d8b97;--accent:#74c4d0;--on:#0a0e11}}
@media(max-width:480px){:host{inset-inline:0!important;inset-block-end:0!important;inline-size:auto!important}
.box{border-radius:12px 12px 0 0;border-inline:0;border-block-end:0;padding-inline:12px;padding-block-end:calc(16px + env(safe-area-inset-bottom,0px))}}
@media(prefers-reduced-motion:reduce){*{animation:none!important}}
@media(forced-colors:active){.score input:checked+span{forced-color-adjust:none;background:Highlight;color:HighlightText}}
`
