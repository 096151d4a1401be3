import type { FormEvent, ReactNode } from 'react'
import { useDocumentTitle } from '@/ui/page'
import classes from './signing.module.css'
import { useSigning } from './signing-context'

interface ScreenProps {
  title: string
  /** Above the title: what has become of it, at a glance. */
  mark?: ReactNode
  lead?: ReactNode
  children: ReactNode
  /** The bottom bar. */
  bar?: ReactNode
  /** Makes the screen a form: Enter and the bar's submit button send it. */
  onSubmit?: () => void
}

/** One step: heading, what it asks, and the bar with its act. */
export function Screen({ title, mark, lead, children, bar, onSubmit }: ScreenProps) {
  const { ceremony } = useSigning()
  useDocumentTitle([title, ceremony.envelope.title].filter(Boolean).join(' · '))
  const content = (
    <>
      <main id="main" tabIndex={-1} className={classes.main}>
        {mark}
        <h1 className={classes.title}>{title}</h1>
        {lead ? <div className={classes.lead}>{lead}</div> : null}
        <div className={classes.stack}>{children}</div>
      </main>
      {bar}
    </>
  )
  if (!onSubmit) return content
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      {content}
    </form>
  )
}
