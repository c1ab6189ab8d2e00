import { CliError } from '../terminal/cli-error.js';
import { problemLine } from '../client/api-client.js';

/** The administrator over the same API as the dashboard: signs in when first needed. */
export class AdminSession {
  private cookie = '';

  constructor(private readonly url: string, private readonly email: string, private readonly password: string) {}

  async put(path: string, value: unknown): Promise<void> {
    await this.call('PUT', path, value);
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.call('GET', path)) as T;
  }

  private async call(method: string, path: string, value?: unknown): Promise<string> {
    if (this.cookie === '') await this.signIn();
    const response = await fetch(this.url + path, {
      method, headers: { cookie: this.cookie, origin: this.url, accept: 'application/json', ...(value === undefined ? {} : { 'content-type': 'application/json' }) }, ...(value === undefined ? {} : { body: JSON.stringify(value) }),
    });
    const body = await response.text();
    if (!response.ok) throw new CliError(`${method} ${path}: ${problemLine({ status: response.status, body })}`);
    return body;
  }

  private async signIn(): Promise<void> {
    const response = await fetch(`${this.url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json', origin: this.url }, body: JSON.stringify({ email: this.email, password: this.password }) });
    const body = await response.text();
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith('wary_session='));
    if (!response.ok || cookie === undefined) throw new CliError(`signing in as ${this.email}: ${problemLine({ status: response.status, body })}`);
    this.cookie = cookie.split(';')[0]!;
  }
}
