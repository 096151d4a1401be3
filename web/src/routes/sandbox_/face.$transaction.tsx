import { createFileRoute } from '@tanstack/react-router'
import { FacePage } from '@/features/sandbox/face-page'

export const Route = createFileRoute('/sandbox_/face/$transaction')({ component: FaceRoute })

function FaceRoute() {
  const { transaction } = Route.useParams()
  return <FacePage transaction={transaction} />
}
