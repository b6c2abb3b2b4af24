package browser

import (
	"crypto/sha256"
	"encoding/base64"
)

// StyleSource is the one style sheet of all pages as a source of a content
// security policy (CSP 3, hash-source), quotes included.
func StyleSource() string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// The colours have a contrast of at least 4.5 for text and 3 for what bounds a
// control (WCAG 2.2 1.4.3, 1.4.11); controls are at least 44 px high.
const style = `:root{color-scheme:light dark;--back:#f3f4f7;--card:#fff;--text:#1a1f29;--soft:#4f5868;--line:#d9dde4;--edge:#6f7988;--accent:#1f4fd0;--strong:#173ea6;--on:#fff;--bad:#a8200d;--badback:#fdf1ef;--good:#0a6b42;--goodback:#e9f7f0;--wait:#7a4b00;--waitback:#fdf4e3;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}` +
	`@media(prefers-color-scheme:dark){:root{--back:#0d1015;--card:#171b22;--text:#eceff4;--soft:#adb6c5;--line:#303846;--edge:#7f8a9c;--accent:#8fb4ff;--strong:#b3ccff;--on:#0b1220;--bad:#ff9d92;--badback:#2d1715;--good:#66d6a0;--goodback:#12261d;--wait:#f0c069;--waitback:#2a2113}}` +
	`*{box-sizing:border-box}` +
	`body{margin:0;background:var(--back);color:var(--text);overflow-wrap:anywhere}` +
	`main{max-width:34rem;margin:clamp(1rem,8vh,5rem) auto;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:1rem}` +
	`@media(max-width:36rem){body{background:var(--card)}main{margin:0;padding:1.5rem 1.25rem 2.5rem;border:0;border-radius:0}}` +
	`.mark{display:block;border-radius:.65rem}` +
	`.sign{width:3rem;height:3rem;border-radius:50%;font-size:1.5rem;line-height:3rem;text-align:center;font-weight:700}` +
	`.done{color:var(--good);background:var(--goodback)}.failed{color:var(--bad);background:var(--badback)}.pending{color:var(--wait);background:var(--waitback)}` +
	`h1{margin:1rem 0 .5rem;font-size:1.5rem;line-height:1.25;text-wrap:balance}` +
	`h2{margin:1.75rem 0 .5rem;font-size:1rem}` +
	`p{margin:.5rem 0}.lead{color:var(--soft)}` +
	`dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.5rem 1rem;margin:1.25rem 0;padding:1rem 0;border-block:1px solid var(--line)}` +
	`dt{color:var(--soft)}dd{margin:0;font-weight:600}` +
	`ul,ol{margin:.5rem 0;padding-inline-start:1.25rem}li{margin:.35rem 0}li::marker{color:var(--soft)}` +
	`code{font:.8125rem/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--soft)}` +
	`.note,small{font-size:.875rem;color:var(--soft)}.note{margin-top:1.25rem}` +
	`.alert{margin:1rem 0;padding:.75rem 1rem;color:var(--bad);background:var(--badback);border-inline-start:4px solid;border-radius:.35rem}` +
	`.field{margin:1.25rem 0;padding:0;border:0;min-width:0}.field>*{display:block}label,legend{font-weight:600;padding:0}label.sub{margin-top:.5rem;font-weight:400;font-size:.875rem;color:var(--soft)}` +
	`.field small{margin-top:.35rem}.field [role=alert]{margin-top:.35rem;color:var(--bad)}` +
	`input,select,textarea{width:100%;min-height:2.75rem;margin-top:.35rem;padding:.5rem .75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);border-radius:.5rem}` +
	`textarea{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875rem;resize:vertical}` +
	`::placeholder{color:var(--soft);opacity:1}` +
	`input[type=file]{padding:.35rem}input[type=file]::file-selector-button{min-height:2rem;margin-inline-end:.75rem;padding:0 .75rem;font:inherit;color:var(--text);background:var(--back);border:1px solid var(--edge);border-radius:.35rem}` +
	`[aria-invalid=true]{border:2px solid var(--bad)}` +
	`.option{display:flex;align-items:center;gap:.85rem;min-height:4rem;margin-top:.5rem;padding:.65rem .85rem;border:1px solid var(--edge);border-radius:.65rem;cursor:pointer}` +
	`.option:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}.option input{flex:none;width:1.25rem;min-height:1.25rem;margin:0;accent-color:var(--accent)}` +
	`.option .mark{width:2.25rem;height:2.25rem}.option small{display:block;margin:0;font-weight:400}` +
	`button,.button{display:block;width:100%;min-height:2.75rem;margin-top:1.5rem;padding:.6rem 1.25rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;color:var(--on);background:var(--accent);border:1px solid var(--accent);border-radius:.6rem;cursor:pointer}` +
	`button:hover,.button:hover{background:var(--strong);border-color:var(--strong)}` +
	`.code{margin:1.25rem 0;padding:1rem;text-align:center;border:1px dashed var(--edge);border-radius:.65rem}.code span{display:block;font-size:.875rem;color:var(--soft)}.code strong{font:700 clamp(1.5rem,8vw,2.25rem)/1.3 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.08em}` +
	`form.second button{color:var(--accent);background:transparent;border-color:var(--edge)}form.second button:hover{border-color:var(--accent)}form+form button{margin-top:.75rem}` +
	`:focus-visible{outline:3px solid var(--accent);outline-offset:2px}.option:has(:focus-visible){outline:3px solid var(--accent);outline-offset:2px}.option :focus-visible{outline:0}` +
	`@media(prefers-reduced-motion:no-preference){button,.button,.option{transition:background-color .12s,border-color .12s}}`
