// The page's look. Colours are variables, so that the light and the dark page differ in this one place; the names that
// begin with --jp- are Jupyter's own, by which tables of results find their colours.

const light = `--ground:#fff;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--panel:#f6f8fa;--link:#0a58ca;--bad:#b42318;--bad-ground:#fff1f0;--warn-ground:#fff8e6;
--keyword:#8250a8;--string:#0a6b3c;--number:#0550ae;--comment:#69727d;--call:#7a4b00;--type:#0f5c78;
--red:#b42318;--green:#116329;--yellow:#7d4e00;--blue:#0550ae;--magenta:#8250df;--cyan:#1b6a75;--grey:#59636e;color-scheme:light`;

const dark = `--ground:#16191e;--ink:#e3e7ec;--soft:#9aa4b0;--line:#39414b;--panel:#1f242b;--link:#7ab7ff;--bad:#ff9c92;--bad-ground:#35201f;--warn-ground:#2f2a1c;
--keyword:#d0a8ff;--string:#8ddb8c;--number:#80c2ff;--comment:#8b95a1;--call:#e8bf7a;--type:#7fd1e6;
--red:#ff8f84;--green:#7ee08a;--yellow:#e3b857;--blue:#80b9ff;--magenta:#d2a8ff;--cyan:#76d4e0;--grey:#9aa4b0;color-scheme:dark`;

export const style = `
:root{${light}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
@media screen{:root[data-theme=dark]{${dark}}}
:root{--jp-content-font-color1:var(--ink);--jp-content-font-color2:var(--soft);--jp-border-color1:var(--line);--jp-layout-color0:var(--ground);
--mono:ui-monospace,"SF Mono",SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:860px;margin:0 auto;padding:2.5rem 1.25rem 3rem}
h1,h2,h3,h4{line-height:1.25;margin:2em 0 .6em;text-wrap:balance}
h1{font-size:2rem;margin-top:0;letter-spacing:-.015em}
h2{font-size:1.4rem;padding-bottom:.3em;border-bottom:1px solid var(--line)}
h3{font-size:1.12rem}h4{font-size:1rem}
p,ul,ol,blockquote,.md table,.md pre{margin:0 0 1em}
li+li{margin-top:.2em}li>p{margin-bottom:.4em}
a{color:var(--link);text-underline-offset:.15em}
blockquote{margin-left:0;padding:.1em 1em;border-left:3px solid var(--line);color:var(--soft)}
blockquote>:last-child{margin-bottom:0}
hr{border:0;border-top:1px solid var(--line);margin:2em 0}
img,svg,video{max-width:100%}
img{height:auto}
code,pre{font-family:var(--mono);font-size:.84em}
pre{line-height:1.5;margin:0;tab-size:2}
:not(pre)>code{background:var(--panel);border-radius:4px;padding:.12em .34em;overflow-wrap:break-word}
.md pre{background:var(--panel);border-radius:6px;padding:.75em 1em;overflow-x:auto}
pre>code{font-size:1em}
.md table,table.dataframe{border-collapse:collapse;font-variant-numeric:tabular-nums}
.md table{display:block;overflow-x:auto;max-width:100%}
.md details{margin:0 0 1em}.md details[open]>summary{margin-bottom:.5em}summary{cursor:pointer}
.md :is(th,td),table.dataframe :is(th,td){padding:.28em .75em;border:0;border-bottom:1px solid var(--line)}
.md th,table.dataframe thead th{font-weight:600;border-bottom:1.5px solid var(--soft)}
table.dataframe tbody th{font-weight:400;color:var(--soft)}
table.dataframe{font-size:.88em;white-space:nowrap}
table.dataframe+p{margin:.35em 0 0;color:var(--soft)}
math{font-size:1.08em}math[display=block]{margin:1em 0;overflow-x:auto;overflow-y:hidden;padding:.15em 0}
.m-left mtd{text-align:left}.m-align mtd:nth-child(odd){text-align:right;padding-right:0}.m-align mtd:nth-child(even){text-align:left;padding-left:0}
code.math{background:none;border:1px dashed var(--line)}
.code{margin:1.4em 0;position:relative}
.code pre.in{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.8em 1em;overflow-x:auto}
.count{position:absolute;right:100%;top:.95em;margin-right:.7em;font:.72rem/1.5 var(--mono);color:var(--soft);white-space:nowrap}
.out{margin:.7em 0 0;overflow-x:auto}
.out>pre{white-space:pre;padding:.1em 0}
.out.long>pre{max-height:30em;overflow:auto;border:1px solid var(--line);border-radius:6px;padding:.6em .9em}
.out.stderr>pre{background:var(--warn-ground);border-radius:6px;padding:.6em .9em;overflow-x:auto}
.out.error>pre{background:var(--bad-ground);border-left:3px solid var(--bad);border-radius:0 6px 6px 0;padding:.75em 1em;overflow-x:auto;white-space:pre-wrap;overflow-wrap:break-word}
.line,.frame{display:block}.frame{white-space:pre}
.out img.figure{display:block;background:#fff;border-radius:6px}
.failed pre.in{border-color:var(--bad)}
.skipped pre.in{opacity:.65}.skipped::after{content:"not run";display:block;margin-top:.3em;font-size:.78rem;color:var(--soft)}
.banner{background:var(--bad-ground);border:1px solid var(--bad);border-radius:6px;padding:.7em 1em;margin:0 0 2em}
.banner a{color:inherit}
.t-keyword{color:var(--keyword)}.t-string{color:var(--string)}.t-number{color:var(--number)}
.t-comment{color:var(--comment);font-style:italic}.t-call{color:var(--call)}.t-type{color:var(--type)}
.ansi-bold{font-weight:700}.ansi-dim{opacity:.7}.ansi-italic{font-style:italic}.ansi-underline{text-decoration:underline}
.ansi-red{color:var(--red)}.ansi-green{color:var(--green)}.ansi-yellow{color:var(--yellow)}
.ansi-blue{color:var(--blue)}.ansi-magenta{color:var(--magenta)}.ansi-cyan{color:var(--cyan)}.ansi-black,.ansi-white{color:var(--grey)}
footer{margin-top:3.5em;padding-top:1em;border-top:1px solid var(--line);font-size:.8rem;color:var(--soft)}
nav{max-width:860px;margin:0 auto;padding:1.25rem 1.25rem 0;font-size:.85rem;line-height:1.4}nav+main{padding-top:1.5rem}
nav details{border:1px solid var(--line);border-radius:6px;padding:.5em .9em}nav summary{font-weight:600}nav details[open]>summary{margin-bottom:.5em}
nav ul{list-style:none;margin:0;padding:0}nav li+li{margin:0}nav b{display:block;margin-bottom:.6em;font-weight:600}nav b a{border:0;padding:0}
nav a{display:block;padding:.22em 0 .22em .8em;border-left:2px solid var(--line);color:var(--soft);text-decoration:none}nav .d3{padding-left:1.9em}
nav a:hover,nav a:focus-visible{color:var(--ink);border-color:var(--ink)}
nav .side{display:none}
@media (min-width:1240px){nav details{display:none}nav .side{display:block}nav+main{padding-top:2.5rem}
nav{margin:0;padding:0;max-width:none;position:fixed;top:2.8rem;left:max(1.25rem,calc(50vw - 690px));width:210px;max-height:calc(100vh - 5rem);overflow-y:auto}}
@media (min-width:1240px) and (max-width:1399px){main{margin-left:max(260px,calc(50vw - 400px))}}
@media (max-width:960px){.count{position:static;display:block;margin:0 0 .25em}}
@media print{main{max-width:none;padding:0}nav{display:none}body{font-size:11pt}
.code,.out{break-inside:avoid}pre,.out,.out.long>pre{overflow:visible;max-height:none;white-space:pre-wrap}a{color:inherit}}
`;
