import type { OrganizationState } from '@/features/signing/ceremony-types'

/** Whether too many wrong amounts were told: until then no payment is sent, and other ways stay open. */
export const isLocked = ({ locked_until }: OrganizationState): boolean =>
  typeof locked_until === 'string' && new Date(locked_until) > new Date()
