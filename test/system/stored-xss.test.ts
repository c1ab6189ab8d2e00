import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, startForTest, type TestWary } from '../e2e/support/start-for-test.js';
import { markOf, xssPayloads } from './support/xss-payloads.js';

const PAYLOADS = xssPayloads(200);
/** As many as an entity page lists. */
const PROMPTS_EACH = 50;
const AT_ONCE = 8;
const NAME_CHARS_MAX = 200;

/** What a page did that no text of a stranger may do: kept by its first script, before anything else runs. */
interface Trace { hits: number[]; violations: string[] }

describe('200 stored-XSS payloads, opened in Chromium', () => {
  let wary: TestWary;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const shown: Record<string, Set<number>> = {};

  /** Every payload that stands in the text of the page, and that nothing but text came of it. */
  async function look(where: string): Promise<void> {
    const { text, alien, trace } = await page.evaluate(`(() => ({
      text: document.body.innerText + ' ' + [...document.querySelectorAll('input, textarea')].map((one) => one.value).join(' ') + ' ' + [...document.querySelectorAll('[title], [aria-label]')].map((one) => one.title + ' ' + one.ariaLabel).join(' '),
      alien: [...document.querySelectorAll('*')].filter((one) => /^(script|iframe|object|embed|base|marquee|template|math|foreignobject|animate|xmp|plaintext)$/i.test(one.localName) && !(one.localName === 'script' && one.src.startsWith(location.origin)) || [...one.attributes].some(({ name, value }) => name.startsWith('on') || name === 'srcdoc' || (/^(href|src|action|formaction|data|xlink:href|ping|background|style)$/.test(name) && /^[\\s\\x00-\\x20]*(javascript|vbscript|data:text|livescript)/i.test(value)))).map((one) => one.outerHTML.slice(0, 120)),
      trace: window.trace,
    }))()`) as { text: string; alien: string[]; trace: Trace };
    expect({ alien, ...trace }, where).toEqual({ alien: [], hits: [], violations: [] });
    const seen = shown[where] ??= new Set();
    for (const [, index] of text.matchAll(/mark(\d+)end/g)) seen.add(Number(index));
  }
  async function open(where: string, path: string): Promise<void> {
    await page.goto(`${wary.url}${path}`);
    await page.locator('h1').first().waitFor();
    await page.waitForLoadState('networkidle');
    await look(where);
  }
  const PAGES_MAX = 8;
  async function showMore(where: string): Promise<void> {
    const more = page.getByRole('button', { name: 'Show more' });
    for (let pages = 0; pages < PAGES_MAX && (await more.count()) > 0; pages += 1) {
      const loaded = page.waitForResponse((response) => response.url().includes('cursor='));
      await more.click();
      await loaded;
      await page.waitForTimeout(100);
    }
    await openRows();
    await look(where);
  }
  /** What is drawn only when it is open. */
  async function openRows(): Promise<void> {
    await page.evaluate(`document.querySelectorAll('details:not([open]) > summary').forEach((summary) => summary.click())`);
    await page.waitForTimeout(200);
  }
  async function all(work: (payload: string, index: number) => Promise<unknown>): Promise<void> {
    for (let start = 0; start < PAYLOADS.length; start += AT_ONCE) await Promise.all(PAYLOADS.slice(start, start + AT_ONCE).map((payload, offset) => work(payload, start + offset)));
  }

  beforeAll(async () => {
    wary = await startForTest({ WARY_PII_POLICY: 'keep', WARY_SECRETS_POLICY: 'keep' });
    browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-gpu'] });
    page = await (await browser.newContext({ viewport: { width: 1440, height: 2_000 } })).newPage();
    await page.addInitScript(`
      window.trace = { hits: [], violations: [] };
      window.hit = (index) => { window.trace.hits.push(index); };
      window.alert = window.hit;
      addEventListener('securitypolicyviolation', (event) => { window.trace.violations.push(event.violatedDirective + ' ' + event.blockedURI); });
    `);
    page.on('console', (message) => { if (/content security policy/i.test(message.text())) complaints.push(message.text()); });
    page.on('pageerror', (error) => { complaints.push(String(error)); });
    page.on('dialog', (dialog) => { complaints.push(`dialog ${dialog.message()}`); void dialog.dismiss(); });
    page.on('request', (request) => { if (!new URL(request.url()).host.startsWith('127.0.0.1') && !request.url().startsWith('data:')) complaints.push(`request to ${request.url()}`); });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await wary?.dispose();
  });

  it('the page notices a payload that works', async () => {
    await page.goto(`${wary.url}/sign-in`);
    // From the debugger, which the policy does not bind, so that the trap is known to be armed; the policy itself stops the inline handler.
    await page.evaluate('window.hit(-1)');
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hit(-2)">')`);
    await page.waitForFunction('window.trace.violations.length > 0');
    expect(await page.evaluate('window.trace')).toEqual({ hits: [-1], violations: [expect.stringContaining('script-src-attr')] });
    complaints.length = 0;
    const answer = await page.goto(wary.url);
    const policy = answer!.headers()['content-security-policy']!;
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|http:|https:/);
  });

  it('are taken in as prompts, entities, tags, notes, reasons, titles and names', async () => {
    expect(new Set(PAYLOADS).size).toBe(200);
    const time = Date.now();
    await wary.admin.patch('/v1/registers/canaries').send([{ id: 'pot', kind: 'resource', value: 'honey/pot' }]).expect(200);
    await wary.admin.patch('/v1/registers/people').send(PAYLOADS.map((text, index) => ({ id: `p${index} ${text}`, name: text, group: text, email: text }))).expect(200);
    await wary.admin.patch('/v1/registers/assets').send(PAYLOADS.map((text, index) => ({ id: `a${index} ${text}`, owner: text, labels: [text], note: text }))).expect(200);
    await wary.send(PAYLOADS.map((text, index) => ({
      id: `prompt-${index}`, time, kind: 'inference', action: 'chat', actor: { id: `prompter-${Math.floor(index / PROMPTS_EACH)}`, type: 'user', name: text, roles: [text] }, resource: { id: text, type: 'model', labels: [text] }, reason: text, purpose: text,
      source: { user_agent: text }, attributes: { tag: text, [text]: 'key' }, gen_ai: { 'request.model': text, 'input.messages': [{ role: 'user', parts: [{ type: 'text', content: text }] }], 'output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: text }] }] },
    })));
    const { accepted } = await wary.send(PAYLOADS.map((text, index) => ({ id: `touch-${index}`, time, kind: 'access', action: 'read', actor: { id: `eve ${text}` }, resource: { id: 'honey/pot', type: 'file' } })));
    expect(accepted).toBe(200);
    for (let tries = 0; tries < 100; tries += 1) {
      if (((await wary.admin.get('/v1/alerts/counts').expect(200)).body.total as number) >= 200) break;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    const { body: { items: alerts } } = await wary.admin.get('/v1/alerts?limit=200').expect(200) as { body: { items: Array<{ id: string }> } };
    expect(alerts).toHaveLength(200);
    const { body: incident } = await wary.admin.get('/v1/incidents?limit=1').expect(200) as { body: { items: Array<{ id: string }> } };
    await all(async (text, index) => {
      await wary.admin.post(`/v1/incidents/${incident.items[0]!.id}/notes`).send({ text }).expect((answer) => { if (answer.status >= 300) throw new Error(answer.text); });
      await wary.admin.post('/v1/api-keys').send({ name: `${text.slice(0, NAME_CHARS_MAX - 20)} ${markOf(index)}`, scopes: ['read'] }).expect(201);
      // Some of these are enough: the prompts, names and notes above have all of them.
      if (index % 4 !== 0) return;
      await wary.admin.post(`/v1/alerts/${alerts[0]!.id}/notes`).send({ text }).expect((answer) => { if (answer.status >= 300) throw new Error(answer.text); });
      await wary.admin.post(`/v1/alerts/${alerts[199 - index]!.id}/resolve`).send({ verdict: 'inconclusive', reason: text }).expect(200);
    });
  }, 240_000);

  it('stay text on every page: nothing runs, nothing is even tried', async () => {
    await page.goto(`${wary.url}/sign-in`);
    await page.getByLabel('Email').fill(ADMIN.email);
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/alerts/);
    const { body: alerts } = await wary.admin.get('/v1/alerts?limit=1').expect(200) as { body: { items: Array<{ id: string; entity: { id: string } }> } };
    const { body: incidents } = await wary.admin.get('/v1/incidents?limit=1').expect(200) as { body: { items: Array<{ id: string }> } };

    for (let prompter = 0; prompter * PROMPTS_EACH < PAYLOADS.length; prompter += 1) {
      await open('prompts', `/entities/user/prompter-${prompter}`);
      await openRows();
      await look('prompts');
    }
    await open('entities', '/entities?q=eve');
    await showMore('entities');
    for (const filter of ['resolved', 'triggered']) {
      await open('alerts', `/alerts?status=${filter}`);
      for (let y = 0; y < 40; y += 1) {
        await page.evaluate(`[...document.querySelectorAll('*')].filter((one) => one.scrollHeight > one.clientHeight + 100 && one.clientHeight > 200).forEach((one) => one.scrollBy(0, 600))`);
        await page.waitForTimeout(40);
        await look('alerts');
        if (shown['alerts']!.size >= PAYLOADS.length) break;
      }
    }
    await open('alert notes', `/alerts/${alerts.items[0]!.id}`);
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await page.waitForLoadState('networkidle');
      await look('alert notes');
    }
    await open('incidents', '/incidents?show=all');
    await showMore('incidents');
    await open('incident notes', `/incidents/${incidents.items[0]!.id}`);
    await showMore('incident notes');
    for (const [where, path] of Object.entries({ people: '/settings/registers/people', assets: '/settings/registers/assets', 'API keys': '/settings/api-keys', audit: '/settings/audit' })) {
      await open(where, path);
      await showMore(where);
    }
    await open('entity', `/entities/user/${encodeURIComponent(alerts.items[0]!.entity.id)}`);
    for (const where of ['prompts', 'entities', 'alerts', 'incident notes', 'people', 'assets', 'API keys']) expect({ where, missing: PAYLOADS.filter((_, index) => !shown[where]!.has(index)) }).toEqual({ where, missing: [] });
    console.log(`payloads seen as text: ${Object.entries(shown).map(([where, seen]) => `${where} ${seen.size}`).join(', ')}`);
  }, 240_000);

  it('never complained: no policy violation, no error, no dialog, no request to another host', () => {
    expect(complaints).toEqual([]);
  });
});
