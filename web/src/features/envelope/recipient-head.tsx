import { ActionIcon } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconBuilding, IconGripVertical, IconTrash, IconUser } from '@tabler/icons-react'
import type { PointerEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './recipients.module.css'

interface RecipientHeadProps {
  title: string
  company: boolean
  place: number
  count: number
  ordered: boolean
  onMove: (to: number) => void
  onRemove: () => void
  onGrip: (event: PointerEvent) => void
}

/** The top of a recipient's card: place in the order, name, and what can be done with the card. */
export function RecipientHead(props: RecipientHeadProps) {
  const { title, company, place, count, ordered, onMove, onRemove, onGrip } = props
  const { t } = useTranslation('envelope')
  const movable = count > 1 && ordered
  return (
    <div className={classes.head}>
      {movable ? (
        <span className={classes.grip} onPointerDown={onGrip} aria-hidden="true">
          <IconGripVertical size={20} />
        </span>
      ) : null}
      {ordered ? <span className={classes.number}>{place + 1}</span> : null}
      <h2 className={classes.title}>
        {company ? <IconBuilding size={20} aria-hidden /> : <IconUser size={20} aria-hidden />}
        <span>{title}</span>
      </h2>
      {movable ? (
        <>
          <CardAct label={t('recipient.up', { name: title })} off={place === 0} onClick={() => onMove(place - 1)}>
            <IconArrowUp size={20} aria-hidden />
          </CardAct>
          <CardAct
            label={t('recipient.down', { name: title })}
            off={place === count - 1}
            onClick={() => onMove(place + 1)}
          >
            <IconArrowDown size={20} aria-hidden />
          </CardAct>
        </>
      ) : null}
      <CardAct label={t('recipient.remove', { name: title })} onClick={onRemove}>
        <IconTrash size={20} aria-hidden />
      </CardAct>
    </div>
  )
}

interface CardActProps {
  label: string
  off?: boolean
  onClick: () => void
  children: ReactNode
}

function CardAct({ label, off, onClick, children }: CardActProps) {
  return (
    <ActionIcon variant="subtle" color="gray" c="gray.7" size={44} disabled={off} aria-label={label} onClick={onClick}>
      {children}
    </ActionIcon>
  )
}
