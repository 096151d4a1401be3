import { createFileRoute, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { sessionQuery } from '@/api/account'
import { CaConsole } from '@/features/certificates/ca-console'
import { AppShell } from '@/ui/app-shell'
import { PageLoading } from '@/ui/page-loading'

export const Route = createFileRoute('/ca')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: CaConsoleRoute,
})

function CaConsoleRoute() {
  return (
    <AppShell>
      <Suspense fallback={<PageLoading />}>
        <CaConsole />
      </Suspense>
    </AppShell>
  )
}
