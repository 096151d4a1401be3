import type { ReactNode } from 'react'
import classes from './chip.module.css'

export type ChipTone = 'plain' | 'jade' | 'amber' | 'seal'

export function Chip({ tone = 'plain', icon, children }: { tone?: ChipTone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={`${classes.chip} ${classes[tone]}`}>
      {icon}
      {children}
    </span>
  )
}
