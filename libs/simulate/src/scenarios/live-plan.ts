/** A stretch in which a demo plays its attacks, epoch ms and ms, and how many rounds were before it. */
export interface LivePlan { readonly start: number; readonly spanMs: number; readonly round: number }
