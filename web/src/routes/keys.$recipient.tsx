import { createFileRoute } from '@tanstack/react-router'
import { MyKeysPage } from '@/features/signing/key/my-keys-page'

export const Route = createFileRoute('/keys/$recipient')({ component: Keys })

function Keys() {
  const { recipient } = Route.useParams()
  return <MyKeysPage rcp={recipient} />
}
