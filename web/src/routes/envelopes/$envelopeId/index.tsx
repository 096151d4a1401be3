import { createFileRoute } from '@tanstack/react-router'
import { envelopeQuery } from '@/api/envelopes'
import { EnvelopePage } from '@/features/envelope/envelope-page'

export const Route = createFileRoute('/envelopes/$envelopeId/')({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(envelopeQuery(params.envelopeId)),
  component: EnvelopeRoute,
})

function EnvelopeRoute() {
  const { envelopeId } = Route.useParams()
  return <EnvelopePage key={envelopeId} id={envelopeId} />
}
