/* The page's looks: one column, quiet colours, light and dark by the reader's own setting. No script, no font, nothing
 * fetched. */
#include "engine/report/page.h"

static const char *const style[] = {
    ":root{color-scheme:light dark;--ink:#1d2330;--soft:#626b7a;--line:#e3e6ea;--back:#fbfbfa;--card:#fff;"
    "--s0:#2f6fb2;--s1:#c8702a;--s2:#3d8b5f;--s3:#8a5cab;--good:#2c8152;--bad:#b8503c;--odd:#a07a16}\n",
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e6ea;--soft:#98a1ae;--line:#2c323b;--back:#14171c;--card:#1a1e24;"
    "--s0:#6aa9e8;--s1:#e39a5a;--s2:#6cbf91;--s3:#bb92dc;--good:#6cbf91;--bad:#e0826d;--odd:#d6b25a}}\n",
    "*{box-sizing:border-box}body{margin:0 auto;max-width:1180px;padding:2.2rem 1.4rem "
    "4rem;background:var(--back);color:var(--ink);"
    "font:15px/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu Sans\",sans-serif}\n",
    "h1{font-size:1.7rem;font-weight:650;margin:0 0 "
    ".2rem;letter-spacing:-.01em}h2{font-size:1.15rem;font-weight:650;margin:2.6rem 0 .6rem}"
    "h3{font-size:.9rem;font-weight:600;color:var(--soft);margin:1.2rem 0 .5rem}p{margin:.3rem 0}\n",
    ".small{color:var(--soft);font-size:.84rem}code,pre,.prompt,.response{font-family:ui-monospace,\"SF "
    "Mono\",Menlo,\"DejaVu Sans Mono\",monospace;"
    "font-size:.82rem}\n",
    "dl{columns:3 240px;column-gap:2rem;margin:1rem 0 "
    "0}dt{color:var(--soft);font-size:.78rem;break-after:avoid;padding-top:.45rem}dd{margin:0;"
    "break-before:avoid;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}\n",
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}.results th,.results td{padding:.36rem 1.3rem "
    ".36rem 0;text-align:right;"
    "border-bottom:1px solid var(--line);font-weight:400;white-space:nowrap}\n",
    ".results thead th{color:var(--soft);font-size:.84rem}.results tbody th,.results .doc{text-align:left}.results "
    ".doc{color:var(--soft);"
    "font-size:.84rem;white-space:normal}.results tbody tr:first-child{font-size:1.35rem}.results tbody tr:first-child "
    "td{font-weight:650}"
    ".results tbody tr:first-child .doc{font-weight:400;font-size:.84rem}.none{color:var(--soft)}\n",
    ".charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(330px,1fr));gap:1.1rem}figure{margin:0;display:"
    "flex;flex-direction:column;justify-content:space-between;padding:.8rem .8rem .4rem;"
    "background:var(--card);border:1px solid "
    "var(--line);border-radius:8px}figcaption{line-height:1.35;margin-bottom:.3rem}figcaption b{font-weight:600;"
    "margin-right:.4rem}\n",
    ".key{font-size:.76rem;white-space:nowrap;margin-right:.5rem}.t0{color:var(--s0)}.t1{color:var(--s1)}.t2{color:var("
    "--s2)}.t3{color:var(--s3)}"
    "svg{display:block;width:100%;height:auto}\n",
    ".axis line{stroke:var(--line)}.axis "
    "text{fill:var(--soft);font-size:10.5px;font-variant-numeric:tabular-nums}.line{fill:none;stroke-width:1.7;"
    "stroke-linejoin:round;stroke-linecap:round}.spread{opacity:.16}\n",
    ".s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}.f0{fill:var(--s0)}.f1{fill:"
    "var(--s1)}"
    ".f2{fill:var(--s2)}.f3{fill:var(--s3)}.strips rect{fill:transparent}.strips "
    "rect:hover{fill:var(--soft);fill-opacity:.18}\n",
    ".bar{margin:.35rem 0}.bar "
    "b{font-weight:500}.bar>div{display:flex;height:18px;background:var(--line);border-radius:4px;overflow:hidden}"
    ".bar i{display:block;height:100%;box-shadow:inset -1px 0 var(--back)}.legend "
    "span{display:inline-block;margin-right:1rem;font-size:.8rem;"
    "color:var(--soft)}.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:.35rem}\n",
    ".c0{background:#4a7fb5}.c1{background:#d08b4c}.c2{background:#5d9c76}.c3{background:#9575b5}.c4{background:#"
    "c46d75}.c5{background:#7b8a99}"
    ".c6{background:#b9a24a}.c7{background:#4fa3a5}.c8{background:#a3785a}.c9{background:#8f9e5b}\n",
    ".samples{display:grid;grid-template-columns:repeat(auto-fill,minmax(440px,1fr));gap:.8rem}article{background:var(-"
    "-card);border:1px solid "
    "var(--line);border-left:3px solid var(--bad);border-radius:6px;padding:.55rem "
    ".8rem;overflow-wrap:anywhere}article.solved{border-left-color:"
    "var(--good)}\n",
    ".prompt{font-weight:600}.verdict{float:right;font-weight:500;color:var(--bad)}.solved "
    ".verdict{color:var(--good)}.response{white-space:"
    "pre-wrap;line-height:1.8}.response>span{border-bottom:2px solid;padding-bottom:1px}.response "
    "sup{white-space:nowrap;font-size:.68rem;margin-left:.2rem}.response>.right{border-color:var(--good)}"
    ".right sup{color:var(--good)}\n",
    ".response>.wrong{border-color:var(--bad)}.wrong "
    "sup{color:var(--bad)}.response>.illegal{border-color:var(--odd)}.illegal sup{color:var(--odd)}.response "
    "sup.false{color:var(--bad);font-weight:700}\n",
    ".warnings{border:1px solid var(--odd);border-radius:8px;padding:.1rem 1.1rem .6rem;margin-top:1.6rem}.warnings "
    "h2{margin-top:.8rem}"
    ".warnings "
    "ul{margin:0;padding-left:1.1rem}details{margin-top:1rem}summary{cursor:pointer;font-weight:600}pre{overflow:auto;"
    "max-height:32rem;"
    "background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.8rem}\n",
    "@media(max-width:560px){.charts,.samples{grid-template-columns:1fr}.results .doc{display:none}}\n",
};

void page_style(struct page *page) {
  page_put(page, "<style>\n");
  for (u32 i = 0; i < COUNT_OF(style); i++) page_put(page, style[i]);
  page_put(page, "</style>\n");
}
