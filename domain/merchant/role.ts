/** Who a key speaks for. A merchant's key sees and touches that merchant's transactions only. */
export type Role = 'merchant' | 'finance' | 'auditor' | 'operator'
export const roles: readonly Role[] = ['merchant', 'finance', 'auditor', 'operator']

/** The merchant whose stream holds the keys of finance, auditors and operators; no payment can be made under it. */
export const house = 'daybook'
