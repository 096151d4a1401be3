import { Button, Group } from '@mantine/core'
import { IconBuildingPlus, IconUserPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/empty-state'
import { OrderChoice } from './order-choice'
import { RecipientCard } from './recipient-card'
import classes from './recipients.module.css'
import { StepFrame } from './step-frame'
import { useEnvelope } from './use-envelope'
import { useRecipientDrafts } from './use-recipient-drafts'
import { useReorder } from './use-reorder'

export function RecipientsStep({ id }: { id: string }) {
  const { t } = useTranslation('envelope')
  const { envelope, keep } = useEnvelope(id)
  const drafts = useRecipientDrafts(envelope, keep)
  const reorder = useReorder(drafts.list.length, drafts.move)
  const sequential = drafts.order === 'sequential'

  const add = (
    <Group gap="sm">
      <Button
        variant="default"
        leftSection={<IconUserPlus size={20} aria-hidden />}
        onClick={() => drafts.add('person')}
      >
        {t('recipient.add_person')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconBuildingPlus size={20} aria-hidden />}
        onClick={() => drafts.add('organization')}
      >
        {t('recipient.add_organization')}
      </Button>
    </Group>
  )
  return (
    <StepFrame
      envelope={envelope}
      step="recipients"
      state={drafts.state}
      waiting={drafts.waiting ? t('recipient.waiting') : undefined}
      flush={drafts.flush}
      lead={t('recipient.lead')}
    >
      {drafts.list.length === 0 ? (
        <EmptyState icon={<IconUserPlus />} title={t('recipient.none')} actions={add}>
          {t('recipient.none_text')}
        </EmptyState>
      ) : (
        <>
          {drafts.list.length > 1 ? <OrderChoice value={drafts.order} onChange={drafts.setOrder} /> : null}
          <ol className={classes.list} ref={reorder.list}>
            {drafts.list.map((draft, index) => (
              <RecipientCard
                key={draft.key}
                draft={draft}
                place={index}
                count={drafts.list.length}
                ordered={sequential}
                dragged={reorder.dragged === index}
                focusFirst={drafts.added === draft.key}
                showGaps={drafts.checked}
                onChange={(patch) => drafts.change(draft.key, patch)}
                onMove={(to) => drafts.move(index, to)}
                onRemove={() => drafts.remove(draft.key)}
                onGrip={(event) => reorder.grip(event, index)}
              />
            ))}
          </ol>
          {add}
        </>
      )}
      <div aria-live="polite" className={classes.undo}>
        {drafts.removed ? (
          <>
            {t('recipient.removed', { name: drafts.removed.name || t('recipient.nameless') })}
            <Button variant="default" size="sm" onClick={drafts.undo}>
              {t('undo')}
            </Button>
          </>
        ) : null}
        <span className="visually-hidden">{drafts.said}</span>
      </div>
    </StepFrame>
  )
}
