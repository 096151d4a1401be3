import { Button } from '@mantine/core'
import type { FormEvent } from 'react'
import { createContext, useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type FrameProps, type IdentityHost, IdentityHostContext } from '@/features/signing/identity/identity-host'
import { IdentitySteps } from '@/features/signing/identity/identity-steps'
import { Dialog, DialogActs } from '@/ui/dialog'
import {
  addMyPicture,
  checkMine,
  confirmMine,
  type MyIdentity,
  myIdentityQuery,
  pollMine,
  refuseMine,
  resendMine,
  restartMine,
  submitMyPictures,
} from './api'
import classes from './identity.module.css'

const CloseContext = createContext<() => void>(() => {})

/** The same steps as in a ceremony, on a card of the account's page. */
export function VerifyCard({ mine, close }: { mine: MyIdentity; close: () => void }) {
  const { account_name: name, check } = mine
  const verifiedBefore = mine.person?.checks.length ?? 0
  const host = useMemo<IdentityHost>(
    () => ({
      identity: check,
      name,
      isAgent: false,
      inAccount: true,
      Frame: CardFrame,
      Bar: CardBar,
      Refused,
      acts: {
        check: checkMine,
        code: confirmMine,
        resend: resendMine,
        restart: restartMine,
        poll: pollMine,
        refuse: refuseMine,
        addPicture: addMyPicture,
        submitPictures: submitMyPictures,
      },
      queryKey: myIdentityQuery.queryKey,
      answered: (answer) => {
        const { person } = answer as MyIdentity
        if ((person?.checks.length ?? 0) > verifiedBefore) close()
      },
    }),
    [check, name, verifiedBefore, close],
  )
  return (
    <CloseContext value={close}>
      <IdentityHostContext value={host}>
        <IdentitySteps />
      </IdentityHostContext>
    </CloseContext>
  )
}

function CardFrame({ title, mark, lead, children, bar, onSubmit }: FrameProps) {
  const content = (
    <>
      {mark}
      <h2>{title}</h2>
      {lead}
      <div className={classes.stack}>{children}</div>
      {bar}
    </>
  )
  if (!onSubmit) return <section className={classes.card}>{content}</section>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form className={classes.card} onSubmit={submit} noValidate aria-label={title}>
      {content}
    </form>
  )
}

function CardBar({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation()
  const close = useContext(CloseContext)
  return (
    <div className={classes.acts}>
      {children}
      <Button variant="default" onClick={close}>
        {t('cancel')}
      </Button>
    </div>
  )
}

function Refused({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation('identity')
  const leave = useContext(CloseContext)
  return (
    <Dialog opened={opened} close={close} title={t('refused.title')}>
      <p style={{ margin: 0 }}>{t('refused.text')}</p>
      <DialogActs>
        <Button variant="default" onClick={close}>
          {t('refused.back')}
        </Button>
        <Button
          onClick={() => {
            close()
            leave()
          }}
        >
          {t('refused.leave')}
        </Button>
      </DialogActs>
    </Dialog>
  )
}
