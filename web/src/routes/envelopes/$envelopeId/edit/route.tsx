import { createFileRoute, Outlet, redirect } from '@tanstack/react-router'
import { envelopeQuery } from '@/api/envelopes'

export const Route = createFileRoute('/envelopes/$envelopeId/edit')({
  loader: async ({ context, params }) => {
    const envelope = await context.queryClient.ensureQueryData(envelopeQuery(params.envelopeId))
    if (envelope.status !== 'draft') {
      throw redirect({ to: '/envelopes/$envelopeId', params, replace: true })
    }
  },
  component: Outlet,
})
