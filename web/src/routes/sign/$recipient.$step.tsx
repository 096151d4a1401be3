import { createFileRoute } from '@tanstack/react-router'

/** The step in the address; the parent shows it, or corrects it to the server's. */
export const Route = createFileRoute('/sign/$recipient/$step')({})
