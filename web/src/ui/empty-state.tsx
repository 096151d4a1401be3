import type { ReactNode } from 'react'
import classes from './empty-state.module.css'

interface EmptyStateProps {
  icon: ReactNode
  title: string
  children: ReactNode
  actions?: ReactNode
  /** The page has no other heading. */
  main?: boolean
}

/** Nothing here yet, what this place is for, and the next step. */
export function EmptyState({ icon, title, children, actions, main = false }: EmptyStateProps) {
  const Heading = main ? 'h1' : 'h2'
  return (
    <section className={classes.box}>
      <div className={classes.icon} aria-hidden="true">
        {icon}
      </div>
      <Heading className={classes.title}>{title}</Heading>
      <div className={classes.text}>{children}</div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </section>
  )
}
