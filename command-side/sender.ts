import type { Principal } from '../http/principal.ts'

/** Who sends a command, over whichever edge. */
export type Sender = { readonly principal: Principal; readonly traceId: string }
