import { createFileRoute, redirect } from '@tanstack/react-router'
import { sessionQuery } from '@/api/account'
import { PoliciesPage } from '@/features/policies/policies-page'
import { AppShell } from '@/ui/app-shell'

export const Route = createFileRoute('/policies')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: PoliciesRoute,
})

function PoliciesRoute() {
  return (
    <AppShell>
      <PoliciesPage />
    </AppShell>
  )
}
