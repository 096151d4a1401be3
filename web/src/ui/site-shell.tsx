import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { sessionQuery } from '@/api/account'
import { AppShell } from './app-shell'
import { SiteHeader } from './site-header'

/** A page for anyone: whoever is logged in keeps the side navigation that leads there. */
export function SiteShell({ title, children }: { title?: string; children: ReactNode }) {
  const { data: account, isPending } = useQuery(sessionQuery)
  if (account) return <AppShell>{children}</AppShell>
  return (
    <>
      <SiteHeader title={title} />
      {/* Not before the frame is known: a page that moves from one to the other would lose what was put into it. */}
      {isPending ? null : children}
    </>
  )
}
