import { createFileRoute } from '@tanstack/react-router'
import { RecipientsStep } from '@/features/envelope/recipients-step'

export const Route = createFileRoute('/envelopes/$envelopeId/edit/recipients')({ component: RecipientsRoute })

function RecipientsRoute() {
  const { envelopeId } = Route.useParams()
  return <RecipientsStep key={envelopeId} id={envelopeId} />
}
