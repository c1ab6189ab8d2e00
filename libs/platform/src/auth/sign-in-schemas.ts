import { z } from 'zod';

export const PresentPasswordSchema = z.string().min(1).max(1_000);
/** Six digits of the app, or a recovery code. */
export const CodeSchema = z.string().min(6).max(64).describe('six digits of the authenticator app, or a recovery code');
