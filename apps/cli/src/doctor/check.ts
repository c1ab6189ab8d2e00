export interface Check { readonly name: string; readonly ok: boolean; readonly found: string; /** What to do about it. */ readonly advice?: string }
