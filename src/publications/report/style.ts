import { createHash } from 'node:crypto'

/**
 * The look of the report: black on white, one column, large enough; links and lines in a blue of 8:1. On paper a table
 * keeps its heading on every page, and no row, chart or heading is torn from what belongs to it.
 */
export const STYLE = `
:root{color-scheme:light}
body{font:1.0625rem/1.5 sans-serif;color:#0b0c0c;background:#fff;max-width:60rem;margin:0 auto;padding:1rem}
a{color:#1d4f91}
a:focus,.scroll:focus{outline:3px solid #0b0c0c;outline-offset:2px}
h1,h2,h3,h4{line-height:1.25;margin:2rem 0 .75rem}
h1{font-size:2rem;margin-top:1rem}h2{font-size:1.5rem;border-top:2px solid #0b0c0c;padding-top:1rem}
h3{font-size:1.2rem}h4{font-size:1.0625rem}
p,dd,li{max-width:44rem}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
.audience{border:3px solid #0b0c0c;padding:.75rem 1rem;font-weight:bold}
.quiet{color:#505a5f}
.commentary{border-left:5px solid #1d4f91;padding-left:1rem}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:bold;padding:.25rem 0}
th,td{border-bottom:1px solid #b1b4b6;padding:.35rem .75rem .35rem 0;text-align:right;vertical-align:top}
th:first-child,.words th,.words td{text-align:left}
tbody th{font-weight:normal}
thead th{border-bottom:2px solid #0b0c0c}
abbr{text-decoration:underline dotted}
figure{margin:1rem 0}svg{width:100%;max-width:40rem;height:auto}
dt{font-weight:bold}dd{margin:0 0 .5rem}
code{overflow-wrap:anywhere}
@page{size:A4;margin:18mm 15mm}
@media print{
body{font-size:10.5pt;max-width:none;padding:0}
.contents,.skip{display:none}
.scroll{overflow:visible}
thead{display:table-header-group}
tr,figure,.audience,.commentary{break-inside:avoid}
table{break-inside:auto}
h1,h2,h3,h4,caption{break-after:avoid}
a{color:inherit;text-decoration:none}
}
`

/** Nothing loads and nothing runs; the one style is named by its hash. */
export const REPORT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
