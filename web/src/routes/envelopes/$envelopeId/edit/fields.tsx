import { createFileRoute } from '@tanstack/react-router'
import { FieldsStep } from '@/features/editor/fields-step'

export const Route = createFileRoute('/envelopes/$envelopeId/edit/fields')({ component: FieldsRoute })

function FieldsRoute() {
  const { envelopeId } = Route.useParams()
  return <FieldsStep key={envelopeId} id={envelopeId} />
}
