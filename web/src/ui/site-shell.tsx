import type { ReactNode } from 'react'
import { useAccount } from '@/features/account/session'
import { AppShell } from './app-shell'
import { SiteHeader } from './site-header'

/** A page for anyone: whoever is logged in keeps the side navigation that leads there. */
export function SiteShell({ title, children }: { title?: string; children: ReactNode }) {
  const account = useAccount()
  if (account) return <AppShell>{children}</AppShell>
  return (
    <>
      <SiteHeader title={title} />
      {children}
    </>
  )
}
