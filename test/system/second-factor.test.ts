import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { generateSync } from 'otplib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, startForTest, type TestWary } from '../e2e/support/start-for-test.js';

const EMAIL = 'fay@wary.test';
const PASSWORD = 'a quite long passphrase';
const SHOTS = process.env['WARY_TEST_SCREENSHOTS'] ?? fileURLToPath(new URL('../../node_modules/.wary-screenshots', import.meta.url));
const STEP_MS = 30_000;

describe('the second factor in a real browser', () => {
  let wary: TestWary;
  let browser: Browser;
  let page: Page;
  let secret = '';
  let recoveryCode = '';
  const complaints: string[] = [];

  const axe = async (name: string): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
    await page.screenshot({ path: `${SHOTS}/second-factor-${name.replaceAll(' ', '-')}.png` });
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(', ')}`)).toEqual([]);
  };
  const code = (offsetSteps: number): string => generateSync({ secret, epoch: Math.floor((Date.now() + offsetSteps * STEP_MS) / 1_000) });
  const signIn = async (email: string, password: string): Promise<void> => {
    await page.goto(`${wary.url}/sign-in`);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    wary = await startForTest();
    await wary.admin.post('/v1/users').send({ email: EMAIL, name: 'Fay', role: 'analyst', password: PASSWORD }).expect(201);
    browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-gpu'] });
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    page.setDefaultTimeout(8_000);
    page.on('pageerror', (error) => { complaints.push(String(error)); });
    page.on('console', (message) => { if (message.type() === 'error' && !/status of 401/.test(message.text())) complaints.push(message.text()); });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await wary?.dispose();
  });

  it('is set up on the account page: password, key as QR code and text, a code, recovery codes', async () => {
    await signIn(EMAIL, PASSWORD);
    await page.waitForURL(/\/alerts/);
    await page.goto(`${wary.url}/account`);
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('dialog').getByLabel('Current password').fill('mistyped');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').getByText('The present password is wrong').waitFor();
    // Mistyping it does not end the session.
    expect(page.url()).toMatch(/\/account$/);
    await page.getByRole('dialog').getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await axe('set up');
    secret = await page.getByRole('dialog').locator('pre').innerText();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await page.getByRole('dialog').getByRole('textbox', { name: 'Code', exact: true }).fill(code(-1));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Second factor is on' }).waitFor();
    await axe('recovery codes');
    const codes = (await page.getByRole('dialog').locator('pre').innerText()).split('\n');
    expect(codes).toHaveLength(10);
    recoveryCode = codes[0]!;
    await page.getByRole('button', { name: 'I have them' }).click();
    await page.getByText('10 recovery codes left').waitFor();
    await axe('account');
  }, 60_000);

  it('is asked for after the password, refuses a wrong code in words, and takes the right one', async () => {
    await page.context().clearCookies();
    await signIn(EMAIL, PASSWORD);
    await page.getByRole('heading', { name: 'Enter your code', level: 1 }).waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('code');
    await axe('second step');
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(String((Number(code(0)) + 1) % 1_000_000).padStart(6, '0'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The code is wrong').waitFor();
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(code(0));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/alerts/);
  }, 60_000);

  it('takes a recovery code instead, and is turned off with password and code', async () => {
    await page.context().clearCookies();
    await signIn(EMAIL, PASSWORD);
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(recoveryCode);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/alerts/);
    await page.goto(`${wary.url}/account`);
    await page.getByText('9 recovery codes left').waitFor();
    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('dialog').getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('dialog').getByRole('textbox', { name: 'Code', exact: true }).fill(code(1));
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('button', { name: 'Set up' }).waitFor();
    await page.context().clearCookies();
    await signIn(EMAIL, PASSWORD);
    await page.waitForURL(/\/alerts/);
  }, 60_000);

  it('is reset by an administrator', async () => {
    const agent = await wary.signIn(EMAIL, PASSWORD);
    const { body } = await agent.post('/v1/me/second-factor').send({ password: PASSWORD }).expect(200);
    secret = body.secret as string;
    await agent.post('/v1/me/second-factor/confirm').send({ code: code(0) }).expect(200);
    await page.context().clearCookies();
    await signIn(ADMIN.email, ADMIN.password);
    await page.waitForURL(/\/alerts/);
    await page.goto(`${wary.url}/settings/users`);
    await page.getByRole('button', { name: `Reset second factor of ${EMAIL}` }).click();
    await axe('reset');
    await page.getByRole('dialog').getByRole('button', { name: 'Reset second factor' }).click();
    await page.getByText('Second factor reset').waitFor();
    await page.getByRole('button', { name: `Reset second factor of ${EMAIL}` }).waitFor({ state: 'detached' });
    await agent.get('/v1/me').expect(401);
  }, 60_000);

  it('never complained', () => {
    expect(complaints).toEqual([]);
  });
});
