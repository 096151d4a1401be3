import { createFileRoute } from '@tanstack/react-router'
import { ReviewStep } from '@/features/envelope/review-step'

export const Route = createFileRoute('/envelopes/$envelopeId/edit/review')({ component: ReviewRoute })

function ReviewRoute() {
  const { envelopeId } = Route.useParams()
  return <ReviewStep key={envelopeId} id={envelopeId} />
}
