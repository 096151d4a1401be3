import { createFileRoute } from '@tanstack/react-router'
import { DocumentsStep } from '@/features/envelope/documents-step'

export const Route = createFileRoute('/envelopes/$envelopeId/edit/documents')({ component: DocumentsRoute })

function DocumentsRoute() {
  const { envelopeId } = Route.useParams()
  return <DocumentsStep key={envelopeId} id={envelopeId} />
}
