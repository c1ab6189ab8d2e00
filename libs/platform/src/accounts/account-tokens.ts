/** The one bundle that the controllers of accounts get. */
export const ACCOUNTS = Symbol.for('wary.Accounts');
export interface SessionCookies { readonly secure: boolean }
export const SESSION_COOKIES = Symbol.for('wary.SessionCookies');
